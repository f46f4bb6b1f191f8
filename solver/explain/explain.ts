import { seededOrder } from '../problem/canonical.ts'
import { hundredths, isHeavy, seatHours, seatsOf } from '../problem/load.ts'
import type {
  Problem,
  ProblemCase,
  ProblemWorker,
  Proposal,
  ProposalLine,
  RuleCode,
  Seat,
} from '../problem/problem.ts'
import { type CodeNames, fill, percent, type Sentence } from '../problem/sentences.ts'
import { broken, ruleSentence, rulesAtHand } from '../rules/broken.ts'
import { pairCost, workloadCost } from '../rules/costs.ts'
import { contributions, totalUnits } from '../rules/criteria.ts'
import { goesBefore } from '../rules/leaving.ts'
import { type Going, lookup } from '../rules/lookup.ts'
import { ruleOf, type SetAside, setAsideOf, type TakenSeat } from '../rules/rules.ts'
import type { Fit } from './fit.ts'
import { decidedByPoints, type Margin, marginOfPrice } from './margin.ts'
import { reasonSentence } from './reasons.ts'
import { SwapPrices } from './swap-prices.ts'
import { chosenSentence, familyOf } from './why.ts'
import { comparePrices } from './worth.ts'

export interface CaseExplanation {
  caseId: string
  seat: Seat
  /** `{worker}` stands for the name of the proposed worker. */
  sentence: Sentence
  /** The rules that have something to say about the proposed worker in this seat; for an empty seat, empty. */
  checklist: { rule: RuleCode; passed: boolean; sentence: Sentence; setAside: SetAside }[]
  proposed: Fit | null
  /**
   * By the price of the best other worker who may, everything else left as it is, on the strict levels: clear, narrow or equal
   * as in margin.ts; only: nobody else may; behind: with another the draft is better.
   */
  margin: Margin | 'only' | null
  /** In points; null when an earlier level decides. */
  marginPoints: number | null
  /** Place of the proposed worker among all who may, 1 is the best fit for this case. */
  position: number | null
  /** Every worker: those who may, by the strict levels and so by fit; then above the band and not allowed, best fit first. */
  alternatives: Fit[]
  /** For an empty seat: why. */
  blocked: { rule: RuleCode; workers: number; sentence: Sentence }[]
  /** What is not known and was counted as neutral. */
  unknowns: Sentence[]
}

const ranks = { allowed: 0, aboveBand: 1, notAllowed: 2 }

/** Finds case and worker, or says clearly that they are not there. */
export function findCase(problem: Problem, caseId: string): ProblemCase {
  const found = problem.cases.find(one => one.id === caseId)
  if (!found) throw new Error(`Case ${caseId} is not in this problem.`)
  return found
}

export function findWorker(problem: Problem, workerId: string): ProblemWorker {
  const found = problem.workers.find(one => one.id === workerId)
  if (!found) throw new Error(`Worker ${workerId} is not in this problem.`)
  return found
}

/** The seats that a proposal gives, one seat left out. */
export function seatsBeside(proposal: Pick<Proposal, 'lines'>, caseId: string, seat: Seat): TakenSeat[] {
  return proposal.lines.flatMap(line =>
    line.workerId === null || (line.caseId === caseId && line.seat === seat)
      ? []
      : [{ caseId: line.caseId, seat: line.seat, workerId: line.workerId }],
  )
}

/** The problem with this seat not locked, to weigh others for it. */
function unlocked(problem: Problem, caseId: string, seat: Seat): Problem {
  if (!problem.locks.some(lock => lock.caseId === caseId && lock.seat === seat)) return problem
  return { ...problem, locks: problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat) }
}

/**
 * How well one worker fits one seat, given the other seats of the round. `difference` is left null; `names` are those of
 * the codes, for the sentences.
 */
export function assess(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
  names?: CodeNames,
): Fit {
  const { cases } = lookup(problem)
  const norm = hundredths(worker.normHours)
  const hours = seatHours(problem.policy, theCase, seat, worker)
  const inUse = hundredths(worker.hoursInUse)
  let without = inUse
  let heavy = 0
  for (const other of others) {
    const otherCase = other.workerId === worker.id ? cases.get(other.caseId) : undefined
    if (!otherCase) continue
    without += seatHours(problem.policy, otherCase, other.seat, worker)
    if (isHeavy(problem.policy, otherCase)) heavy++
  }
  const { heavyCases } = worker
  const more = isHeavy(problem.policy, theCase) ? 1 : 0
  const rise =
    norm > 0
      ? workloadCost(problem.policy, worker, without + hours, heavyCases + heavy + more) -
        workloadCost(problem.policy, worker, without, heavyCases + heavy)
      : 0
  const { change, move } = pairCost(problem, theCase, seat, worker)
  const parts = contributions(problem, theCase, worker, seat)
  const breaches = broken(problem, theCase, seat, worker, others)
  const status =
    breaches.length === 0
      ? 'allowed'
      : breaches.every(one => one.rule === 'band')
        ? 'aboveBand'
        : 'notAllowed'
  return {
    workerId: worker.id,
    status,
    points: totalUnits(parts) / 100,
    contributions: parts.map(part => ({ ...part, sentence: reasonSentence(part.reason, names) })),
    hours: hours / 100,
    loadBefore: norm > 0 ? percent(inUse, norm) : null,
    loadAfter: norm > 0 ? percent(without + hours, norm) : null,
    loadCost: rise / 100,
    score: (totalUnits(parts) - rise - change - move) / 100,
    difference: null,
    broken: breaches.map(one => ({
      ...one,
      sentence: ruleSentence(one, names),
      setAside: setAsideOf(one.rule),
    })),
  }
}

/**
 * Why this worker for this case, or why nobody; and everybody else for the same seat with the rest of the proposal left
 * as it is. Pure and quick: no solving. `names` fills in the codes of the Problem; without it they stand as they are.
 * Throws when the case or seat is not in the proposal.
 */
export function explainCase(
  problem: Problem,
  proposal: Pick<Proposal, 'lines'>,
  caseId: string,
  seat: Seat = 'primary',
  names?: CodeNames,
): CaseExplanation {
  const theCase = findCase(problem, caseId)
  const line = proposal.lines.find(one => one.caseId === caseId && one.seat === seat)
  if (!line || !seatsOf(theCase).includes(seat)) throw new Error(`Case ${caseId} has no ${seat} seat here.`)
  const others = seatsBeside(proposal, caseId, seat)
  const free = unlocked(problem, caseId, seat)
  const fits = problem.workers.map(worker =>
    assess(worker.id === line.workerId ? problem : free, theCase, seat, worker, others, names),
  )
  const proposed = fits.find(fit => fit.workerId === line.workerId) ?? null
  for (const fit of fits) fit.difference = proposed ? hundredths(fit.score - proposed.score) / 100 : null
  const prices = new SwapPrices(problem, proposal.lines, caseId, seat)
  const priceBy = new Map(
    fits.flatMap(fit => (fit.status === 'allowed' ? [[fit.workerId, prices.of(fit.workerId)] as const] : [])),
  )
  const order = (fit: Fit) => seededOrder(problem.seed, `worker ${fit.workerId}`)
  const byPrice = (a: Fit, b: Fit) => {
    const [first, second] = [priceBy.get(a.workerId), priceBy.get(b.workerId)]
    return first && second ? comparePrices(second, first) : b.score - a.score
  }
  fits.sort((a, b) => ranks[a.status] - ranks[b.status] || byPrice(a, b) || order(a) - order(b))
  const best = fits.find(fit => fit !== proposed && fit.status === 'allowed')
  const price = proposed && best ? priceBy.get(best.workerId) : undefined
  return {
    caseId,
    seat,
    sentence: proposed
      ? joined(
          goingSentence(problem, theCase, seat, findWorker(problem, proposed.workerId)),
          chosenSentence({
            fit: proposed,
            next: best ?? null,
            byLoad: price?.levels[0]?.level === 'highestLoad',
            byEven: price?.levels[0]?.level === 'evenLoads' && !price.levels[0].better,
            locked: line.locked,
            family: familyOf(problem, theCase, seat, proposed.workerId, others),
          }),
        )
      : emptySentence(line),
    checklist: proposed
      ? checklist(problem, theCase, seat, findWorker(problem, proposed.workerId), others, names)
      : [],
    proposed,
    margin: proposed === null ? null : price ? marginOfPrice(price) : 'only',
    marginPoints: price && decidedByPoints(price) ? 0 - price.points : null,
    position: proposed ? fits.filter(fit => fit !== proposed && isBetter(fit)).length + 1 : null,
    alternatives: fits,
    blocked: line.blocked.map(one => ({ ...one, sentence: blockedSentence(one.rule, one.workers) })),
    unknowns: proposed ? unknownsOf(proposed) : [],
  }

  function isBetter({ workerId }: Fit): boolean {
    return priceBy.get(workerId)?.levels[0]?.better ?? false
  }
}

function checklist(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
  names: CodeNames | undefined,
): CaseExplanation['checklist'] {
  return rulesAtHand(problem, theCase, seat, worker, others).map(({ rule, facts, kept }) => ({
    rule: rule.code,
    passed: facts === null,
    sentence: facts === null ? kept : ruleSentence({ rule: rule.code, facts }, names),
    setAside: rule.setAside,
  }))
}

function unknownsOf(fit: Fit): Sentence[] {
  const unknown = new Set(['noPreferences', 'travelUnknown'])
  return fit.contributions.filter(part => unknown.has(part.reason.code)).map(part => part.sentence)
}

/** What matters before everything else: that the proposed worker will not be there for long. Null: they will. */
function goingSentence(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
): Sentence | null {
  const going = goesBefore(problem, theCase, seat, worker)
  return going && fill(goingWords[going.why], { on: going.on })
}

const goingWords: Record<Going['why'], Sentence> = {
  leaves: {
    nl: 'Let op: is uit dienst vanaf {on}, en deze zaak duurt naar verwachting langer.',
    en: 'Note: leaves the organisation on {on}, and this case is expected to last longer.',
  },
  away: {
    nl: 'Let op: is langere tijd afwezig vanaf {on}, en deze zaak duurt naar verwachting langer.',
    en: 'Note: is away for a long time from {on}, and this case is expected to last longer.',
  },
}

const joined = (first: Sentence | null, then: Sentence): Sentence =>
  first ? { nl: `${first.nl} ${then.nl}`, en: `${first.en} ${then.en}` } : then

function emptySentence(line: ProposalLine): Sentence {
  const main = [...line.blocked].sort((a, b) => b.workers - a.workers)[0]
  if (!main) {
    return {
      nl: 'Niet verdeeld: er doet niemand mee aan deze ronde.',
      en: 'Not allocated: nobody takes part in this round.',
    }
  }
  const why = blockedSentence(main.rule, main.workers)
  return { nl: `Niet verdeeld. ${why.nl}`, en: `Not allocated. ${why.en}` }
}

/** "Komt boven de band: 4 medewerkers." */
export function blockedSentence(rule: RuleCode, workers: number): Sentence {
  const words = ruleOf[rule].blocked
  return {
    nl: `${words.nl}: ${workers} ${workers === 1 ? 'medewerker' : 'medewerkers'}.`,
    en: `${words.en}: ${workers} ${workers === 1 ? 'worker' : 'workers'}.`,
  }
}
