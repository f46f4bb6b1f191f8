import type { Change } from '../problem/changes.ts'
import { hundredths, seatsOf } from '../problem/load.ts'
import type { Problem, ProblemCase, Proposal, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'
import { broken } from '../rules/broken.ts'
import { isPlaced } from '../search/proposal.ts'
import { findCase } from './explain.ts'
import { type Candidate, candidatesFor, type Relaxation, words } from './relaxation-candidates.ts'
import { chainSentence, type Move, priceSentence, type Resolved, resolve, solveGiven } from './resolve.ts'
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

export interface Relaxations {
  caseId: string
  /** Smallest first, at most one of each kind and rule. */
  relaxations: Relaxation[]
  trade: Trade | null
  /** Every candidate was tried. */
  complete: boolean
}

export interface RelaxationOptions {
  /** For everything together. Default 5,000. */
  timeLimitMs?: number
  name?: (workerId: string) => string
  codeNames?: CodeNames
  /** Stop at the smallest relaxation, and do not look for a trade. */
  onlySmallest?: boolean
}

/** Of each kind so many are tried: the smallest ones. */
const TRIES = 4

/**
 * For a case that is not placed: the single changes that place it without placing fewer cases than the draft, each proven by
 * solving with it; and, when it could be placed as it is, which case would wait instead. Throws when the case is not there.
 */
export async function relaxationsFor(
  problem: Problem,
  draft: Pick<Proposal, 'lines' | 'loads'>,
  caseId: string,
  options: RelaxationOptions = {},
): Promise<Relaxations> {
  const theCase = findCase(problem, caseId)
  const name = options.name ?? ((id: string) => id)
  const until = performance.now() + (options.timeLimitMs ?? 5000)
  const left = () => until - performance.now()
  const result: Relaxations = { caseId, relaxations: [], trade: null, complete: true }
  const candidates = candidatesFor(problem, draft, theCase, name, options.codeNames)
  const tried = new Map<string, number>()
  for (const candidate of candidates) {
    const { kind, rule, workerId, by } = candidate
    if (result.relaxations.some(relaxation => relaxation.kind === kind && relaxation.rule === rule)) continue
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
      const resolved = await resolve(problem, draft, supposed.problem, left())
      if (!isPlaced(resolved.proposal.lines, caseId)) return null
      // More cases, and nothing worse on a level that comes before what is gained.
      if (resolved.found.placed < 1 || resolved.compared === null || resolved.compared < 0 || !resolved.price)
        return null
      return { resolved, price: resolved.price }
    }
    const found = await suppose(candidate)
    if (!found) continue
    const { one, placed } = await smallest(candidate, found, suppose, left, name)
    const { sentence, changes } = one
    result.relaxations.push({
      kind,
      rule,
      workerId,
      by,
      sentence,
      changes,
      exact: placed.resolved.exact,
      moves: placed.resolved.moves,
      ...placed.price,
    })
    if (options.onlySmallest || kind === 'recalculate') return result
  }
  if (!options.onlySmallest) await findTrade(problem, draft, theCase, name, left, result)
  return result
}

interface Placed {
  resolved: Resolved
  price: Price
}

/** The same with as few hours of room as will do, by halves; any other relaxation has no size that can be less. */
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
  draft: Pick<Proposal, 'lines' | 'loads'>,
  theCase: ProblemCase,
  name: (workerId: string) => string,
  left: () => number,
  result: Relaxations,
): Promise<void> {
  const isFixed = (seat: Seat) => problem.locks.some(one => one.caseId === theCase.id && one.seat === seat)
  const seat = seatsOf(theCase).find(one => !isFixed(one))
  if (!seat) return
  let best: { resolved: Resolved; workerId: string } | null = null
  for (const worker of problem.workers) {
    if (broken(problem, theCase, seat, worker, problem.locks).length > 0) continue
    if (left() <= 0) {
      result.complete = false
      break
    }
    const resolved = await solveGiven(
      problem,
      draft,
      { caseId: theCase.id, seat, workerId: worker.id },
      left(),
    )
    if (!isPlaced(resolved.proposal.lines, theCase.id)) continue
    if (!best || compareWorth(resolved.worth, best.resolved.worth) > 0)
      best = { resolved, workerId: worker.id }
  }
  if (!best) return
  const { resolved, workerId } = best
  const placed = placedCases(resolved.proposal)
  const displaced = [...placedCases(draft)].filter(id => !placed.has(id)).sort()
  if (displaced.length === 0) return
  const along = resolved.moves.filter(move => move.caseId !== theCase.id)
  const chain = chainSentence(along, name)
  if (!resolved.price) return
  const price = priceSentence(resolved.price, resolved.exact)
  const say = (language: keyof Sentence) =>
    fill(words.trade, { worker: name(workerId), chain: chain[language], price: price[language] })[language]
  result.trade = {
    workerId,
    displaced,
    exact: resolved.exact,
    sentence: { nl: say('nl'), en: say('en') },
    moves: resolved.moves,
    ...resolved.price,
  }
}
