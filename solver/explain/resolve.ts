import { seatsOf } from '../problem/load.ts'
import type { Lock, Problem, Proposal, Seat } from '../problem/problem.ts'
import { listed, type Sentence } from '../problem/sentences.ts'
import { isUrgent } from '../problem/urgencies.ts'
import { broken } from '../rules/broken.ts'
import type { TakenSeat } from '../rules/rules.ts'
import { solve } from '../solve.ts'
import {
  compareWorth,
  isLow,
  type LevelDifference,
  type LevelName,
  type Price,
  priceBy,
  priceOf,
  type Worth,
  worthOf,
} from './worth.ts'

/** A seat that somebody else gets; null: nobody. */
export interface Move {
  caseId: string
  seat: Seat
  from: string | null
  to: string | null
}

/** What comes of solving again with something changed, held against the draft. */
export interface Resolved {
  proposal: Proposal
  worth: Worth
  /** Of the answer that was found. */
  found: Price
  /**
   * What is known for certain. Exact: the price on every level. Else the least by which it is better or worse on the level that
   * decides. null: the search ended too early to tell which of the two it is.
   */
  price: Price | null
  /** Above 0: better than the draft by the strict levels; 0: as good; below 0: worse; null: not known. */
  compared: number | null
  moves: Move[]
  /** Every level is proven. */
  exact: boolean
}

/** Solves the changed Problem and weighs the answer by `problem`, against `draft`. Cases that the draft does not know do not count. */
export async function resolve(
  problem: Problem,
  draft: Pick<Proposal, 'lines' | 'loads'>,
  changed: Problem,
  timeLimitMs: number,
): Promise<Resolved> {
  // By the first meaning what is fixed is no part of the highest load, so fixing the worker of the draft would change it.
  const asked: Problem = problem.policy.lowestMaximumFirst ? { ...changed, meaning: 2 } : changed
  return weigh(problem, draft, await solve(asked, { timeLimitMs }))
}

/**
 * The same for an answer that is there already. `tooGood`: it breaks a limit that counts here, so nothing can be better than its
 * bounds, and it is itself no proof that anything is as good.
 */
export function weigh(
  problem: Problem,
  draft: Pick<Proposal, 'lines' | 'loads'>,
  proposal: Proposal,
  tooGood = false,
): Resolved {
  const now = worthOf(problem, draft)
  const worth = worthOf(problem, proposal)
  const exact = proposal.status === 'optimal' && !tooGood
  const found = priceOf(worth, now)
  const compared = compareWorth(worth, now)
  const known = { proposal, worth, found, moves: movesBetween(draft, proposal), exact }
  const even = proposal.evenLoads
  if (exact && (even === undefined || even.status === 'optimal')) return { ...known, price: found, compared }
  // What is not proven of how even the loads are leaves what comes before it as it is.
  if (exact) {
    const levels = found.levels.filter(one => one.level !== 'evenLoads' || one.better)
    const isOpen = levels.length === 0 && even!.bound < 0 - (now.levels.at(-1)?.value ?? 0)
    return { ...known, price: { ...found, levels }, compared: isOpen ? null : compared }
  }
  const least = leastCertain(worth, now, openOf(proposal), tooGood)
  return { ...known, price: least && priceBy([least]), compared: least ? least.better : null }
}

/** How much each level may still gain, in the whole numbers of a Worth; what is not named is settled. */
function openOf({ levels, evenLoads }: Proposal): Map<LevelName, number> {
  const open = new Map<LevelName, number>()
  if (evenLoads) open.set('evenLoads', evenLoads.value - evenLoads.bound)
  for (const { level, value, bound, steps } of levels) {
    for (const step of steps ?? []) open.set(`${step.measure}.${step.urgency}`, step.bound - step.value)
    if (level === 'leavers') open.set(level, value - bound)
    if (level === 'highestLoad') open.set(level, Math.round((value - bound) * 10_000))
    if (level === 'pointsMinusLoad') open.set('points', Math.round((bound - value) * 100))
  }
  return open
}

/**
 * By how much an answer is certainly better or worse than the draft, on the first level that decides. A level that may still gain
 * hides whatever comes after it, unless the answer is better there: then so is the truth.
 */
function leastCertain(
  worth: Worth,
  now: Worth,
  open: ReadonlyMap<LevelName, number>,
  tooGood: boolean,
): { level: LevelName; better: number } | null {
  let isSettled = true
  for (const [k, { level, value }] of worth.levels.entries()) {
    const better = value - now.levels[k]!.value
    const most = better + (open.get(level) ?? 0)
    if (better > 0) return tooGood ? null : { level, better }
    if (most < 0) return isSettled ? { level, better: most } : null
    if (most > 0) isSettled = false
    if (better < 0) return null
  }
  return null
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
  draft: Pick<Proposal, 'lines' | 'loads'>,
  { caseId, seat, workerId }: { caseId: string; seat: Seat; workerId: string },
  timeLimitMs: number,
): Promise<Resolved> {
  const changed = withLock(problem, plainLock(caseId, seat, workerId))
  const theCase = problem.cases.find(one => one.id === caseId)
  const worker = problem.workers.find(one => one.id === workerId)
  if (!theCase || !worker || isUrgent(theCase)) {
    return resolve(problem, draft, changed, timeLimitMs)
  }
  const asked = { ...problem, locks: problem.locks.filter(one => one.caseId !== caseId || one.seat !== seat) }
  const here: TakenSeat = { caseId, seat, workerId }
  const barred = problem.cases.filter(
    one =>
      isUrgent(one) &&
      seatsOf(one).every(each =>
        broken(asked, one, each, worker, [...asked.locks, here]).some(breach => breach.rule === 'band'),
      ),
  )
  const resolved = await resolve(
    problem,
    draft,
    {
      ...changed,
      exclusions: [...changed.exclusions, ...barred.map(one => ({ caseId: one.id, workerId }))],
    },
    timeLimitMs,
  )
  const taken = resolved.proposal.lines.flatMap(line =>
    line.workerId === null ? [] : [{ caseId: line.caseId, seat: line.seat, workerId: line.workerId }],
  )
  const above = broken(asked, theCase, seat, worker, taken).some(breach => breach.rule === 'band')
  return above ? weigh(problem, draft, resolved.proposal, true) : resolved
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

/**
 * "−1 geplaatste zaak met hoge urgentie en +4 punten": what differs, the level that decides first; "geen verschil" when nothing
 * does. A price that is not exact has its one level, and is said as the least: "minstens 4 punten minder".
 */
export function priceSentence(price: Price, exact = true): Sentence {
  const say = (language: keyof Sentence): string => {
    const told = price.levels.filter(one => isTold(one, price.levels))
    const parts = told.map(({ level, difference, better }) => {
      if (level === 'evenLoads') return evenWords[better ? 'more' : 'less'][language]
      const words = levelWords[level][language]
      const what = Math.abs(difference) === 1 ? words.one : words.more
      if (exact) return `${signed(difference, language)} ${what}`
      const rises = isLow(level) ? !better : better
      const { atLeast, more, fewer } = leastWords[language]
      return `${atLeast} ${signed(Math.abs(difference), language).slice(1)} ${what} ${rises ? more : fewer}`
    })
    return parts.length > 0 ? listed(parts, language) : nothingWords[language]
  }
  return { nl: say('nl'), en: say('en') }
}

/**
 * Days say something of their own only where as many cases of the class are placed; of overdue cases it is the days that count. How even
 * the loads are is told where nothing else differs.
 */
function isTold({ level, better }: LevelDifference, all: readonly LevelDifference[]): boolean {
  if (level === 'evenLoads') return all.length === 1
  const [measure, name] = level.split('.')
  const other = all.find(one => one.level !== level && name !== undefined && one.level.endsWith(`.${name}`))
  if (!other) return true
  return name === 'overdue' ? measure === 'waitingDays' || other.better !== better : measure === 'placed'
}

const evenWords: Record<'more' | 'less', Sentence> = {
  more: { nl: 'een gelijkere werklast', en: 'a more even workload' },
  less: { nl: 'een minder gelijke werklast', en: 'a less even workload' },
}
const nothingWords: Sentence = { nl: 'geen verschil', en: 'no difference' }
const leastWords = {
  nl: { atLeast: 'minstens', more: 'meer', fewer: 'minder' },
  en: { atLeast: 'at least', more: 'more', fewer: 'fewer' },
}

/** What one and what several of a level are called, after a number. */
const levelWords: Record<
  Exclude<LevelName, 'evenLoads'>,
  Record<keyof Sentence, { one: string; more: string }>
> = {
  'placed.current': {
    nl: { one: 'lopende zaak bij een jeugdbeschermer', more: 'lopende zaken bij een jeugdbeschermer' },
    en: { one: 'existing case with a worker', more: 'existing cases with a worker' },
  },
  'waitingDays.current': daysOf('lopende zaken', 'existing cases'),
  'placed.emergency': {
    nl: { one: 'geplaatste spoedzaak', more: 'geplaatste spoedzaken' },
    en: { one: 'placed emergency', more: 'placed emergencies' },
  },
  'waitingDays.emergency': daysOf('geplaatste spoedzaken', 'placed emergencies'),
  'waitingDays.overdue': daysOf('geplaatste zaken die te lang wachten', 'placed cases that wait too long'),
  'placed.overdue': {
    nl: { one: 'geplaatste zaak die te lang wacht', more: 'geplaatste zaken die te lang wachten' },
    en: { one: 'placed case that waits too long', more: 'placed cases that wait too long' },
  },
  'placed.high': {
    nl: { one: 'geplaatste zaak met hoge urgentie', more: 'geplaatste zaken met hoge urgentie' },
    en: { one: 'placed case of high urgency', more: 'placed cases of high urgency' },
  },
  'waitingDays.high': daysOf('geplaatste zaken met hoge urgentie', 'placed cases of high urgency'),
  'placed.normal': {
    nl: { one: 'geplaatste gewone zaak', more: 'geplaatste gewone zaken' },
    en: { one: 'placed normal case', more: 'placed normal cases' },
  },
  'waitingDays.normal': daysOf('geplaatste gewone zaken', 'placed normal cases'),
  leavers: {
    nl: { one: 'plek bij wie weggaat', more: 'plekken bij wie weggaat' },
    en: { one: 'seat with somebody who leaves', more: 'seats with people who leave' },
  },
  highestLoad: {
    nl: { one: '%-punt op de hoogste werklast', more: '%-punt op de hoogste werklast' },
    en: {
      one: 'percentage point on the highest workload',
      more: 'percentage points on the highest workload',
    },
  },
  points: { nl: { one: 'punt', more: 'punten' }, en: { one: 'point', more: 'points' } },
}

function daysOf(nl: string, en: string): Record<keyof Sentence, { one: string; more: string }> {
  return {
    nl: { one: `wachtdag van ${nl}`, more: `wachtdagen van ${nl}` },
    en: { one: `day waited by ${en}`, more: `days waited by ${en}` },
  }
}

/** A number with its sign, in the language's notation; zero without one. */
export function signed(value: number, language: keyof Sentence): string {
  const text = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
    maximumFractionDigits: 2,
    signDisplay: 'exceptZero',
  }).format(value)
  return text.replace('-', '−')
}
