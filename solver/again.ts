import { asPoints, seatsOf } from './load.ts'
import type { Lock, Problem, Proposal, Seat } from './problem.ts'
import { broken, type TakenSeat } from './rules.ts'
import { listed, type Sentence } from './sentences.ts'
import { solve } from './solve.ts'
import { compareWorth, type Price, priceOf, type Worth, worthOf } from './worth.ts'

/** A seat that somebody else gets; null: nobody. */
export interface Move {
  caseId: string
  seat: Seat
  from: string | null
  to: string | null
}

/** What comes of solving again with something changed, held against the plan. */
export interface Again {
  proposal: Proposal
  worth: Worth
  price: Price
  /** Above 0: better than the plan by the strict levels; 0: as good. */
  compared: number
  moves: Move[]
  /** Every level is proven. */
  exact: boolean
  /** Points can differ by no more than this; null when not even the number placed is proven. */
  atMost: number | null
}

/** Solves the changed Problem and weighs the answer by `problem`, against `plan`. Cases that the plan does not know do not count. */
export async function solveAgain(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  changed: Problem,
  timeLimitMs: number,
): Promise<Again> {
  return weigh(problem, plan, await solve(changed, { timeLimitMs }))
}

/** The same for an answer that is there already. */
export function weigh(problem: Problem, plan: Pick<Proposal, 'lines' | 'loads'>, proposal: Proposal): Again {
  const now = worthOf(problem, plan)
  const worth = worthOf(problem, proposal)
  const levels = proposal.levels.slice(0, -1)
  const placementProven = levels.every(
    level => level.value === level.bound && (level.steps ?? []).every(step => step.value === step.bound),
  )
  const last = proposal.levels.at(-1)
  const open = last ? last.bound - last.value : 0
  const price = priceOf(worth, now)
  return {
    proposal,
    worth,
    price,
    compared: compareWorth(worth, now),
    moves: movesBetween(plan, proposal),
    exact: proposal.status === 'optimal',
    atMost: placementProven ? asPoints(Math.round((price.points + open) * 100)) : null,
  }
}

/** Seats that somebody else gets in the second one, in the order of its lines. */
export function movesBetween(before: Pick<Proposal, 'lines'>, after: Pick<Proposal, 'lines'>): Move[] {
  const was = new Map(before.lines.map(line => [`${line.seat} ${line.caseId}`, line.workerId]))
  return after.lines.flatMap(line => {
    const from = was.get(`${line.seat} ${line.caseId}`) ?? null
    return from === line.workerId ? [] : [{ caseId: line.caseId, seat: line.seat, from, to: line.workerId }]
  })
}

/** The Problem with this worker fixed on this seat, in the place of whatever people fixed there. */
export function withLock(problem: Problem, lock: Lock): Problem {
  return {
    ...problem,
    locks: [...problem.locks.filter(one => one.caseId !== lock.caseId || one.seat !== lock.seat), lock],
  }
}

/**
 * Solves with this worker on this seat as if the engine had to give it: all rules hold, and the rest is as good as it can be.
 *
 * A lock alone would allow too much: what people fix may lie above the band, so an emergency could be put on top of it. The
 * emergencies that would lift the worker above the band are therefore ruled out for that worker, as they are in a proposal.
 * Where several of them together still do, the answer is better than may be: it is marked as not exact.
 */
export async function solveGiven(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  { caseId, seat, workerId }: { caseId: string; seat: Seat; workerId: string },
  timeLimitMs: number,
): Promise<Again> {
  const changed = withLock(problem, plainLock(caseId, seat, workerId))
  const theCase = problem.cases.find(one => one.id === caseId)
  const worker = problem.workers.find(one => one.id === workerId)
  if (!theCase || !worker || theCase.urgency === 'emergency') {
    return solveAgain(problem, plan, changed, timeLimitMs)
  }
  const asked = { ...problem, locks: problem.locks.filter(one => one.caseId !== caseId || one.seat !== seat) }
  const here: TakenSeat = { caseId, seat, workerId }
  const barred = problem.cases.filter(
    one =>
      one.urgency === 'emergency' &&
      seatsOf(one).every(each =>
        broken(asked, one, each, worker, [...asked.locks, here]).some(breach => breach.rule === 'band'),
      ),
  )
  const again = await solveAgain(
    problem,
    plan,
    {
      ...changed,
      exclusions: [...changed.exclusions, ...barred.map(one => ({ caseId: one.id, workerId }))],
    },
    timeLimitMs,
  )
  const taken = again.proposal.lines.flatMap(line =>
    line.workerId === null ? [] : [{ caseId: line.caseId, seat: line.seat, workerId: line.workerId }],
  )
  const above = broken(asked, theCase, seat, worker, taken).some(breach => breach.rule === 'band')
  return above ? { ...again, exact: false } : again
}

/** A lock that sets nothing aside. */
export function plainLock(caseId: string, seat: Seat, workerId: string): Lock {
  return { caseId, seat, workerId, unregisteredException: false, aboveLimit: false, setAside: [] }
}

/** "0409 gaat naar P. Hakim en 0415 blijft wachten"; at most four, then how many more. Empty when nothing moves. */
export function chainSentence(moves: readonly Move[], name: (workerId: string) => string): Sentence {
  const shown = moves.slice(0, 4)
  const more = moves.length - shown.length
  const say = (language: keyof Sentence): string => {
    const words = chainWords[language]
    const parts = shown.map(({ caseId, seat, to }) => {
      const what = seat === 'second' ? words.second.replace('{case}', caseId) : caseId
      return to === null ? `${what} ${words.waits}` : `${what} ${words.goesTo} ${name(to)}`
    })
    if (more > 0) parts.push(words.more.replace('{more}', String(more)))
    return parts.length > 0 ? listed(parts, language) : ''
  }
  return { nl: say('nl'), en: say('en') }
}

const chainWords = {
  nl: {
    waits: 'blijft wachten',
    goesTo: 'gaat naar',
    second: 'de tweede plek van {case}',
    more: 'er verschuift nog {more} keer iets',
  },
  en: {
    waits: 'keeps waiting',
    goesTo: 'goes to',
    second: 'the second seat of {case}',
    more: '{more} more seats move',
  },
}

/** "+1 zaak en −4 punten": what differs, cases first; "niets" when nothing does. */
export function priceSentence(price: Price): Sentence {
  const say = (language: keyof Sentence): string => {
    const words = priceWords[language]
    const parts: string[] = []
    if (price.placed !== 0) {
      const noun = Math.abs(price.placed) === 1 ? words.case : words.cases
      parts.push(`${signed(price.placed, language)} ${noun}`)
    }
    // As many cases, but an emergency for another: what counts first is said too.
    if (price.emergencies !== 0 && price.emergencies !== price.placed) {
      const noun = Math.abs(price.emergencies) === 1 ? words.emergency : words.emergencies
      parts.push(`${signed(price.emergencies, language)} ${noun}`)
    }
    if (price.highestLoad) parts.push(words.highest.replace('{load}', signed(price.highestLoad, language)))
    if (price.points !== 0) parts.push(`${signed(price.points, language)} ${words.points}`)
    return parts.length > 0 ? listed(parts, language) : words.nothing
  }
  return { nl: say('nl'), en: say('en') }
}

const priceWords = {
  nl: {
    case: 'geplaatste zaak',
    cases: 'geplaatste zaken',
    emergency: 'spoedzaak',
    emergencies: 'spoedzaken',
    highest: '{load} %-punt op de hoogste werklast',
    points: 'punten',
    nothing: 'geen verschil',
  },
  en: {
    case: 'placed case',
    cases: 'placed cases',
    emergency: 'emergency',
    emergencies: 'emergencies',
    highest: '{load} percentage points on the highest workload',
    points: 'points',
    nothing: 'no difference',
  },
}

/** A number with its sign, in the language's notation; zero without one. */
export function signed(value: number, language: keyof Sentence): string {
  const text = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
    maximumFractionDigits: 2,
    signDisplay: 'exceptZero',
  }).format(value)
  return text.replace('-', '−')
}
