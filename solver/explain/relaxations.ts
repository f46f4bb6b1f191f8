import type { Change } from '../problem/changes.ts'
import { hundredths, seatsOf } from '../problem/load.ts'
import type { Problem, ProblemCase, Proposal, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'
import { broken } from '../rules/broken.ts'
import { isPlaced } from '../search/proposal.ts'
import { findCase } from './explain.ts'
import { type Candidate, candidatesFor, type Way, words } from './relaxation-candidates.ts'
import { type Again, chainSentence, type Move, priceSentence, solveAgain, solveGiven } from './resolve.ts'
import { applyChanges } from './what-if.ts'
import { compareWorth, type Price, placedCases } from './worth.ts'

/** The case placed as it is, at the price of others. */
export interface Trade extends Price {
  workerId: string
  /** The cases that wait instead. */
  displaced: string[]
  exact: boolean
  sentence: Sentence
  moves: Move[]
}

export interface Ways {
  caseId: string
  /** Smallest first, at most one of each kind and rule. */
  ways: Way[]
  trade: Trade | null
  /** Every candidate was tried. */
  complete: boolean
}

export interface WaysOptions {
  /** For everything together. Default 5,000. */
  timeLimitMs?: number
  name?: (workerId: string) => string
  codeNames?: CodeNames
  /** Stop at the smallest way, and do not look for a trade. */
  onlySmallest?: boolean
}

/** Of each kind so many are tried: the smallest ones. */
const TRIES = 4

/**
 * For a case that is not placed: the single changes that place it without placing fewer cases than the plan, each proven by
 * solving with it; and, when it could be placed as it is, which case would wait instead. Throws when the case is not there.
 */
export async function waysToPlace(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  caseId: string,
  options: WaysOptions = {},
): Promise<Ways> {
  const theCase = findCase(problem, caseId)
  const name = options.name ?? ((id: string) => id)
  const until = performance.now() + (options.timeLimitMs ?? 5000)
  const left = () => until - performance.now()
  const result: Ways = { caseId, ways: [], trade: null, complete: true }
  const candidates = candidatesFor(problem, plan, theCase, name, options.codeNames)
  const tried = new Map<string, number>()
  for (const candidate of candidates) {
    const { kind, rule, workerId, by } = candidate
    if (result.ways.some(way => way.kind === kind && way.rule === rule)) continue
    const key = `${kind} ${rule} ${candidate.beside}`
    const tries = tried.get(key) ?? 0
    if (tries >= TRIES) continue
    if (left() <= 0) {
      result.complete = false
      break
    }
    tried.set(key, tries + 1)
    const suppose = async ({ changes }: Candidate): Promise<Placed | null> => {
      const supposed = applyChanges(problem, changes)
      if (!('problem' in supposed)) return null
      const again = await solveAgain(problem, plan, supposed.problem, left())
      if (!isPlaced(again.proposal.lines, caseId)) return null
      // More cases, and nothing worse on a level that comes before what is gained.
      if (again.found.placed < 1 || again.compared === null || again.compared < 0 || !again.price) return null
      return { again, price: again.price }
    }
    const found = await suppose(candidate)
    if (!found) continue
    const { one, placed } = await smallest(candidate, found, suppose, left, name)
    const { sentence, changes } = one
    result.ways.push({
      kind,
      rule,
      workerId,
      by,
      sentence,
      changes,
      exact: placed.again.exact,
      moves: placed.again.moves,
      ...placed.price,
    })
    if (options.onlySmallest || kind === 'recalculate') return result
  }
  if (!options.onlySmallest) await findTrade(problem, plan, theCase, name, left, result)
  return result
}

interface Placed {
  again: Again
  price: Price
}

/** The same with as few hours of room as will do, by halves; any other way has no size that can be less. */
async function smallest(
  candidate: Candidate,
  found: Placed,
  suppose: (one: Candidate) => Promise<Placed | null>,
  left: () => number,
  name: (workerId: string) => string,
): Promise<{ one: Candidate; placed: Placed }> {
  let best = { one: candidate, placed: found }
  const { leastHours, workerId } = candidate
  if (leastHours === undefined || workerId === null) return best
  let high = hundredths(candidate.size)
  let low = hundredths(leastHours)
  while (low < high && left() > 0) {
    const middle = Math.floor((low + high) / 2)
    const hours = middle / 100
    const changes: Change[] = [{ kind: 'extraRoom', workerId, hours }]
    const sentence = fill(words.extraRoom, { hours, worker: name(workerId) })
    const one = { ...candidate, changes, sentence, size: hours }
    const placed = await suppose(one)
    if (placed) {
      best = { one, placed }
      high = middle
    } else low = middle + 1
  }
  return best
}

/** The least that others lose when this case goes first: every worker who may have it is tried. */
async function findTrade(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  theCase: ProblemCase,
  name: (workerId: string) => string,
  left: () => number,
  result: Ways,
): Promise<void> {
  const isFixed = (seat: Seat) => problem.locks.some(one => one.caseId === theCase.id && one.seat === seat)
  const seat = seatsOf(theCase).find(one => !isFixed(one))
  if (!seat) return
  let best: { again: Again; workerId: string } | null = null
  for (const worker of problem.workers) {
    if (broken(problem, theCase, seat, worker, problem.locks).length > 0) continue
    if (left() <= 0) {
      result.complete = false
      break
    }
    const again = await solveGiven(problem, plan, { caseId: theCase.id, seat, workerId: worker.id }, left())
    if (!isPlaced(again.proposal.lines, theCase.id)) continue
    if (!best || compareWorth(again.worth, best.again.worth) > 0) best = { again, workerId: worker.id }
  }
  if (!best) return
  const { again, workerId } = best
  const placed = placedCases(again.proposal)
  const displaced = [...placedCases(plan)].filter(id => !placed.has(id)).sort()
  if (displaced.length === 0) return
  const along = again.moves.filter(move => move.caseId !== theCase.id)
  const chain = chainSentence(along, name)
  if (!again.price) return
  const price = priceSentence(again.price, again.exact)
  const say = (language: keyof Sentence) =>
    fill(words.trade, { worker: name(workerId), chain: chain[language], price: price[language] })[language]
  result.trade = {
    workerId,
    displaced,
    exact: again.exact,
    sentence: { nl: say('nl'), en: say('en') },
    moves: again.moves,
    ...again.price,
  }
}
