import { seatsOf } from '../problem/load.ts'
import type { Problem, Proposal, ProposalLine, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'
import { broken } from '../rules/broken.ts'
import { isPlaced } from '../search/proposal.ts'
import { findCase } from './explain.ts'
import type { Fit } from './fit.ts'
import { decidedByPoints, marginOfPrice } from './margin.ts'
import {
  chainSentence,
  type Move,
  plainLock,
  priceSentence,
  type Resolved,
  resolve,
  solveGiven,
  withLock,
} from './resolve.ts'
import { type Breach, swapsFor } from './swaps.ts'
import { comparePrices, type Price } from './worth.ts'

/** One worker for one seat, with two prices against the draft. */
export interface PricedAlternative {
  workerId: string
  status: Fit['status']
  /** The worker who has the seat in the draft. */
  current: boolean
  /** Only this seat changes hands. Exact. */
  swapAlone: Price & { breaks: Breach[] }
  /**
   * The worker gets the seat and all the rest is solved again. Not exact: the least that it costs or brings, on the level that
   * decides. null: it may not be, nobody could have the other seat of the case then, or the time was up before that was known.
   */
  solvedAgain: (Price & { exact: boolean; moves: Move[]; sentence: Sentence }) | null
}

export interface PricedAlternatives {
  caseId: string
  seat: Seat
  /**
   * How clear the choice of the draft is, by the price of the best other worker on the strict levels; null: nobody has the seat,
   * or the time was up before it was known.
   */
  margin: 'clear' | 'narrow' | 'equal' | 'behind' | 'only' | null
  /** What the best other worker costs in points, exactly; null when an earlier level decides, or nobody else may. */
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

/** Solving takes at least so many times as long as weighing everybody by a swap (measured from 300 x 400 to 1,500 x 1,000). */
const solveShare = 3

const ranks = { allowed: 0, aboveBand: 1, notAllowed: 2 }

/**
 * Everybody for one seat with two exact prices: this swap alone, and the rest solved again with that worker fixed there.
 * The draft may be an answer of the engine or changed by people (`draftOf`). The most promising are solved first, so what the
 * clock cuts off is what matters least. Throws when case or seat is not in the draft.
 */
export async function priceAlternatives(
  problem: Problem,
  draft: Pick<Proposal, 'lines' | 'loads'>,
  caseId: string,
  options: PriceOptions = {},
): Promise<PricedAlternatives> {
  const seat = options.seat ?? 'primary'
  const line = draft.lines.find(one => one.caseId === caseId && one.seat === seat)
  if (!line || !seatsOf(findCase(problem, caseId)).includes(seat)) {
    throw new Error(`Case ${caseId} has no ${seat} seat here.`)
  }
  const name = options.name ?? ((id: string) => id)
  const started = performance.now()
  const until = started + (options.timeLimitMs ?? 5000)
  const alternatives = swapsFor(problem, draft.lines, line, options.codeNames).map(
    ({ price, breaks, ...one }): PricedAlternative => ({
      ...one,
      swapAlone: { ...price, breaks },
      solvedAgain: null,
    }),
  )
  // In a very large round solving begins with longer than there is: then what is known is better than an answer that is too late.
  const leastMs = solveShare * (performance.now() - started)
  const may = whoMay(problem, caseId, seat)
  const asked = alternatives.filter(one => may.has(one.workerId)).sort(bySwap)
  /** Whose price is not known. */
  const open = new Set(asked)
  let tried = 0
  for (const one of asked) {
    const left = until - performance.now()
    if (left <= leastMs) break
    const given = { caseId, seat, workerId: one.workerId }
    // Above the band only people decide, so there their freedom is part of the price.
    const resolved =
      may.get(one.workerId) === 'aboveBand'
        ? await resolve(problem, draft, withLock(problem, plainLock(caseId, seat, one.workerId)), left)
        : await solveGiven(problem, draft, given, left)
    tried++
    // A duo of one is no placement: without anybody for the other seat there is no price.
    const isWhole = isPlaced(resolved.proposal.lines, caseId)
    if (resolved.price === null || (!isWhole && !resolved.exact)) continue
    open.delete(one)
    // Nothing is gained with who has the seat: then the draft itself is that answer, and nothing need move.
    const moves = one.current && resolved.price.levels.length === 0 ? [] : resolved.moves
    if (isWhole) one.solvedAgain = solved({ ...resolved, moves }, resolved.price, caseId, seat, name)
  }
  alternatives.sort(byPrices)
  return {
    caseId,
    seat,
    ...marginOf(line, alternatives, may, open, name),
    alternatives,
    complete: tried === asked.length,
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
  resolved: Resolved,
  known: Price,
  caseId: string,
  seat: Seat,
  name: (workerId: string) => string,
): PricedAlternative['solvedAgain'] {
  const along = resolved.moves.filter(move => move.caseId !== caseId || move.seat !== seat)
  const price = priceSentence(known, resolved.exact)
  const chain = chainSentence(along, name)
  const say = (language: keyof Sentence, nothing: string) =>
    `${price[language][0]?.toUpperCase()}${price[language].slice(1)}. ${along.length > 0 ? `${chain[language]}.` : nothing}`
  return {
    ...known,
    exact: resolved.exact,
    moves: resolved.moves,
    sentence: { nl: say('nl', 'Verder verschuift er niets.'), en: say('en', 'Nothing else moves.') },
  }
}

const bySwap = (a: PricedAlternative, b: PricedAlternative) =>
  ranks[a.status] - ranks[b.status] ||
  Number(a.swapAlone.breaks.length > 0) - Number(b.swapAlone.breaks.length > 0) ||
  comparePrices(b.swapAlone, a.swapAlone)

/** Those that were solved again first, by that price; the draft's own first among equals. */
function byPrices(a: PricedAlternative, b: PricedAlternative): number {
  // Who has the seat in the draft costs nothing, whatever the clock left unsolved.
  const [first, second] = [a, b].map(one => one.solvedAgain ?? (one.current ? one.swapAlone : null))
  if (first && second)
    return comparePrices(second, first) || Number(b.current) - Number(a.current) || bySwap(a, b)
  return Number(Boolean(second)) - Number(Boolean(first)) || bySwap(a, b)
}

/**
 * Over those who may have the seat without a person who decides so. What another costs on a level before points is clear, whatever
 * the points say; and while somebody's price is not known, nothing is called clear or narrow.
 */
function marginOf(
  line: Pick<ProposalLine, 'workerId'>,
  alternatives: readonly PricedAlternative[],
  may: ReadonlyMap<string, 'allowed' | 'aboveBand'>,
  open: ReadonlySet<PricedAlternative>,
  name: (workerId: string) => string,
): Pick<PricedAlternatives, 'margin' | 'marginPoints' | 'marginSentence'> {
  if (line.workerId === null) return { margin: null, marginPoints: null, marginSentence: null }
  const others = alternatives.filter(one => !one.current && may.get(one.workerId) === 'allowed')
  const best = others.find(one => one.solvedAgain !== null)
  const isOpen = others.some(one => open.has(one))
  if (!best?.solvedAgain) {
    if (isOpen || others.length > 0) return { margin: null, marginPoints: null, marginSentence: null }
    return { margin: 'only', marginPoints: null, marginSentence: marginWords.only }
  }
  const price = best.solvedAgain
  const margin = marginOfPrice(price, price.exact)
  if (margin === null || (isOpen && (margin === 'clear' || margin === 'narrow'))) {
    return { margin: null, marginPoints: null, marginSentence: null }
  }
  const inAll = priceSentence(price, price.exact)
  const words = fill(marginWords[margin], { other: name(best.workerId) })
  return {
    margin,
    marginPoints: price.exact && decidedByPoints(price) ? 0 - price.points : null,
    marginSentence: { nl: words.nl.replace('{price}', inAll.nl), en: words.en.replace('{price}', inAll.en) },
  }
}

const marginWords = {
  clear: {
    nl: 'Duidelijk: het beste alternatief is {other}, en dat maakt het geheel slechter ({price}).',
    en: 'Clear: the best alternative is {other}, and that makes the whole worse ({price}).',
  },
  narrow: {
    nl: 'Nipt: {other} kan het ook ({price}).',
    en: 'Narrow: {other} could do it too ({price}).',
  },
  equal: {
    nl: 'Gelijkwaardig: {other} kan het net zo goed ({price}). Jouw kennis telt hier het zwaarst.',
    en: 'Equal: {other} could do it just as well ({price}). Your knowledge counts most here.',
  },
  behind: {
    nl: 'Met {other} wordt het geheel beter ({price}). Bereken opnieuw om dat mee te nemen.',
    en: 'With {other} the whole gets better ({price}). Recalculate to include that.',
  },
  only: {
    nl: 'Niemand anders mag deze zaak krijgen.',
    en: 'Nobody else may get this case.',
  },
} satisfies Record<string, Sentence>
