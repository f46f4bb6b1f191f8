import {
  type Again,
  chainSentence,
  type Move,
  plainLock,
  priceSentence,
  solveAgain,
  solveGiven,
  withLock,
} from './again.ts'
import { assess, type ExplainedRule, type Fit, findCase } from './explain.ts'
import { seatsOf } from './load.ts'
import type { Problem, Proposal, ProposalLine, Seat } from './problem.ts'
import { isPlaced } from './proposal.ts'
import { broken, ruleSentence, setAsideOf, type TakenSeat } from './rules.ts'
import { type CodeNames, fill, type Sentence } from './sentences.ts'
import { type GivenSeat, linesOf, type Price, priceOf, worthOf } from './worth.ts'

/** A rule that breaks on a seat when another one changes hands. */
export interface Breach extends ExplainedRule {
  caseId: string
  seat: Seat
}

/** One worker for one seat, with two prices against the plan. */
export interface PricedAlternative {
  workerId: string
  status: Fit['status']
  /** The worker who has the seat in the plan. */
  current: boolean
  /** Only this seat changes hands. Exact. */
  swapAlone: Price & { breaks: Breach[] }
  /**
   * The worker gets the seat and all the rest is solved again; null: it may not be, nobody could have the other seat of the
   * case then, or the time was up before its turn.
   */
  solvedAgain: (Price & { exact: boolean; atMost: number | null; moves: Move[]; sentence: Sentence }) | null
}

export interface PricedAlternatives {
  caseId: string
  seat: Seat
  /** How clear the choice of the plan is, by the exact price of the best other worker; null: nobody has the seat. */
  margin: 'clear' | 'narrow' | 'equal' | 'behind' | 'only' | null
  /** What the best other worker costs in points; null when it costs a case or the highest load, or nobody else may. */
  marginPoints: number | null
  marginSentence: Sentence | null
  /** Least loss after solving again first, then by swap alone; those who may not have the seat last. */
  alternatives: PricedAlternative[]
  /** Everybody who may have the seat was solved again. */
  complete: boolean
}

export interface PriceOptions {
  seat?: Seat
  /** For all workers together. Default 5,000. */
  timeLimitMs?: number
  name?: (workerId: string) => string
  codeNames?: CodeNames
}

const ranks = { allowed: 0, aboveBand: 1, notAllowed: 2 }

/**
 * Everybody for one seat with two exact prices: this swap alone, and the rest solved again with that worker fixed there.
 * The plan may be an answer of the engine or changed by people (`planOf`). The most promising are solved first, so what the
 * clock cuts off is what matters least. Throws when case or seat is not in the plan.
 */
export async function priceAlternatives(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  caseId: string,
  options: PriceOptions = {},
): Promise<PricedAlternatives> {
  const seat = options.seat ?? 'primary'
  const line = plan.lines.find(one => one.caseId === caseId && one.seat === seat)
  if (!line || !seatsOf(findCase(problem, caseId)).includes(seat)) {
    throw new Error(`Case ${caseId} has no ${seat} seat here.`)
  }
  const name = options.name ?? ((id: string) => id)
  const alternatives = swapsAlone(problem, plan, line, options.codeNames)
  const until = performance.now() + (options.timeLimitMs ?? 5000)
  const may = whoMay(problem, caseId, seat)
  const open = new Set(alternatives.filter(one => may.has(one.workerId)))
  const compared = new Map<PricedAlternative, number>()
  for (const one of [...open].sort(bySwap)) {
    const left = until - performance.now()
    if (left <= 0) break
    const given = { caseId, seat, workerId: one.workerId }
    // Above the band only people decide, so there their freedom is part of the price.
    const again =
      may.get(one.workerId) === 'aboveBand'
        ? await solveAgain(problem, plan, withLock(problem, plainLock(caseId, seat, one.workerId)), left)
        : await solveGiven(problem, plan, given, left)
    open.delete(one)
    // A duo of one is no placement: without anybody for the other seat there is no price.
    if (!isPlaced(again.proposal.lines, caseId)) continue
    one.solvedAgain = solved(again, caseId, seat, name)
    compared.set(one, again.compared)
  }
  alternatives.sort(byPrices)
  return {
    caseId,
    seat,
    ...marginOf(line, alternatives, may, compared, name),
    alternatives,
    complete: open.size === 0,
  }
}

/** Who may have this seat if the rest of the round is free, and whether that takes a person. */
export function whoMay(problem: Problem, caseId: string, seat: Seat): Map<string, 'allowed' | 'aboveBand'> {
  const theCase = findCase(problem, caseId)
  const locks = problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat)
  const free = { ...problem, locks }
  const may = new Map<string, 'allowed' | 'aboveBand'>()
  for (const worker of problem.workers) {
    const breaches = broken(free, theCase, seat, worker, locks)
    if (breaches.length === 0) may.set(worker.id, 'allowed')
    else if (breaches.every(one => one.rule === 'band')) may.set(worker.id, 'aboveBand')
  }
  return may
}

function solved(
  again: Again,
  caseId: string,
  seat: Seat,
  name: (workerId: string) => string,
): PricedAlternative['solvedAgain'] {
  const along = again.moves.filter(move => move.caseId !== caseId || move.seat !== seat)
  const price = priceSentence(again.price)
  const chain = chainSentence(along, name)
  const say = (language: keyof Sentence, nothing: string) =>
    `${price[language][0]?.toUpperCase()}${price[language].slice(1)}. ${along.length > 0 ? `${chain[language]}.` : nothing}`
  return {
    ...again.price,
    exact: again.exact,
    atMost: again.atMost,
    moves: again.moves,
    sentence: { nl: say('nl', 'Verder verschuift er niets.'), en: say('en', 'Nothing else moves.') },
  }
}

/** Everybody for this seat by swap alone, with what it would break on this seat and, because of it, on others. */
export function swapsAlone(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  line: Pick<ProposalLine, 'caseId' | 'seat' | 'workerId'>,
  codeNames?: CodeNames,
): PricedAlternative[] {
  const { caseId, seat } = line
  const theCase = findCase(problem, caseId)
  const given: GivenSeat[] = plan.lines.map(one => ({
    caseId: one.caseId,
    seat: one.seat,
    workerId: one.workerId,
  }))
  const isThis = (one: GivenSeat) => one.caseId === caseId && one.seat === seat
  const others = taken(given.filter(one => !isThis(one)))
  const free = {
    ...problem,
    locks: problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat),
  }
  const now = worthOf(problem, linesOf(problem, given))
  return problem.workers.map(worker => {
    const current = worker.id === line.workerId
    const fit = assess(current ? problem : free, theCase, seat, worker, others, codeNames)
    const after = given.map(one => (isThis(one) ? { ...one, workerId: worker.id } : one))
    const price = priceOf(worthOf(problem, linesOf(problem, after)), now)
    // A hidden reason stands alone, so that what is beside it gives nothing away.
    const hidden = fit.broken.filter(one => one.rule === 'conflict')
    const own = (hidden.length > 0 ? hidden : fit.broken).map(one => ({ ...one, caseId, seat }))
    return {
      workerId: worker.id,
      status: fit.status,
      current,
      swapAlone: {
        ...price,
        breaks:
          current || hidden.length > 0
            ? own
            : [...own, ...newlyBroken(free, given, after, worker.id, theCase.group, codeNames)],
      },
      solvedAgain: null,
    }
  })
}

/** Rules that break on other seats: of the worker who gets the seat, of the same case, and of the same family. */
function newlyBroken(
  problem: Problem,
  before: readonly GivenSeat[],
  after: readonly GivenSeat[],
  workerId: string,
  group: string | null,
  codeNames: CodeNames | undefined,
): Breach[] {
  const changed = after.find((one, index) => one.workerId !== before[index]?.workerId)
  const takenBefore = taken(before)
  const takenAfter = taken(after)
  return taken(after).flatMap(one => {
    if (changed && one.caseId === changed.caseId && one.seat === changed.seat) return []
    const theCase = findCase(problem, one.caseId)
    const family = group !== null && theCase.group === group
    if (one.workerId !== workerId && one.caseId !== changed?.caseId && !family) return []
    const worker = problem.workers.find(each => each.id === one.workerId)
    if (!worker) return []
    const was = new Set(broken(problem, theCase, one.seat, worker, takenBefore).map(each => each.rule))
    return broken(problem, theCase, one.seat, worker, takenAfter)
      .filter(each => !was.has(each.rule))
      .map(each => ({
        ...each,
        caseId: one.caseId,
        seat: one.seat,
        sentence: ruleSentence(each, codeNames),
        setAside: setAsideOf(each.rule),
      }))
  })
}

function taken(given: readonly GivenSeat[]): TakenSeat[] {
  return given.flatMap(({ caseId, seat, workerId }) =>
    workerId === null ? [] : [{ caseId, seat, workerId }],
  )
}

/** Above 0 when the first price is worse. */
function worse(a: Price, b: Price): number {
  return (
    b.emergencies - a.emergencies ||
    b.placed - a.placed ||
    (a.highestLoad ?? 0) - (b.highestLoad ?? 0) ||
    b.points - a.points
  )
}

const bySwap = (a: PricedAlternative, b: PricedAlternative) =>
  ranks[a.status] - ranks[b.status] || worse(a.swapAlone, b.swapAlone)

/** Those that were solved again first, by that price; the plan's own first among equals. */
function byPrices(a: PricedAlternative, b: PricedAlternative): number {
  if (a.solvedAgain && b.solvedAgain)
    return worse(a.solvedAgain, b.solvedAgain) || Number(b.current) - Number(a.current) || bySwap(a, b)
  return Number(b.solvedAgain !== null) - Number(a.solvedAgain !== null) || bySwap(a, b)
}

/** Over those who may have the seat without a person who decides so. */
function marginOf(
  line: Pick<ProposalLine, 'workerId'>,
  alternatives: readonly PricedAlternative[],
  may: ReadonlyMap<string, 'allowed' | 'aboveBand'>,
  compared: ReadonlyMap<PricedAlternative, number>,
  name: (workerId: string) => string,
): Pick<PricedAlternatives, 'margin' | 'marginPoints' | 'marginSentence'> {
  if (line.workerId === null) return { margin: null, marginPoints: null, marginSentence: null }
  const others = alternatives.filter(one => !one.current && may.get(one.workerId) === 'allowed')
  const best = others.find(one => one.solvedAgain !== null)
  if (!best?.solvedAgain) {
    if (others.length > 0) return { margin: null, marginPoints: null, marginSentence: null }
    return { margin: 'only', marginPoints: null, marginSentence: marginWords.only }
  }
  const price = best.solvedAgain
  const losesMore = price.placed < 0 || price.emergencies < 0 || (price.highestLoad ?? 0) > 0
  const loss = 0 - price.points
  const margin =
    (compared.get(best) ?? 0) > 0
      ? 'behind'
      : losesMore || loss >= 15
        ? 'clear'
        : loss >= 5
          ? 'narrow'
          : 'equal'
  const inAll = priceSentence(price)
  const facts = { other: name(best.workerId) }
  const words = fill(marginWords[margin], facts)
  return {
    margin,
    marginPoints: losesMore ? null : Math.round(loss * 100) / 100,
    marginSentence: { nl: words.nl.replace('{price}', inAll.nl), en: words.en.replace('{price}', inAll.en) },
  }
}

const marginWords = {
  clear: {
    nl: 'Duidelijk: de beste andere is {other}, en dat kost het geheel meer ({price}).',
    en: 'Clear: the best other is {other}, and that costs the whole more ({price}).',
  },
  narrow: {
    nl: 'Nipt: {other} kan het ook ({price}).',
    en: 'Narrow: {other} could do it too ({price}).',
  },
  equal: {
    nl: 'Gelijkwaardig: {other} kan het net zo goed ({price}). Jouw kennis telt hier het zwaarst.',
    en: 'Equal: {other} could do it just as well ({price}). What you know counts most here.',
  },
  behind: {
    nl: 'Met {other} wordt het geheel beter ({price}). Bereken opnieuw om dat mee te nemen.',
    en: 'With {other} the whole gets better ({price}). Calculate again to take that in.',
  },
  only: {
    nl: 'Niemand anders mag deze zaak krijgen.',
    en: 'Nobody else may get this case.',
  },
} satisfies Record<string, Sentence>
