import type { Executor } from '../../db/database.ts'
import type { Problem, ProblemWorker } from '../../solver/problem/problem.ts'
import type { StoredChoice } from './choice-row.ts'
import {
  type DraftSeat,
  type FreeLines,
  type StandingChoice,
  seatsOfDraft,
  withoutCases,
} from './draft-view.ts'
import { draftsBefore, type EarlierSeat } from './drafts.ts'
import { constraintsOf, reckonedIn } from './judge-choices.ts'
import { type BuiltProblem, problemOf } from './problem-of.ts'
import {
  freeLines,
  newestProposal,
  type Round,
  type RoundWorker,
  roundCaseIds,
  roundWorkers,
  type StoredProposal,
  standingChoices,
} from './rounds.ts'
import { objectedPairs } from './shares.ts'
import { unseenCases } from './unseen.ts'

/** A round as it stands: what was calculated, what people chose on top of it, and what the tables say today. */
export interface RoundState {
  round: Round
  workers: RoundWorker[]
  choices: StoredChoice[]
  standing: StandingChoice[]
  proposal: StoredProposal | null
  free: FreeLines
  /** The tables today, with the standing choices as locks, exclusions and waits. */
  now: BuiltProblem
  /**
   * What every page about the round shows and judges: of an open round the tables of today, so that a seat has one percentage
   * everywhere; what changed since the calculation is told beside it. Of one that is over, what its proposal was made from.
   */
  shown: Problem
  /** The seats of the draft over `shown`. */
  seats: DraftSeat[]
  /** What earlier open rounds give the same people; it is in their loads. */
  drafts: EarlierSeat[]
  /** Pairs that a worker objected to and that the team did not overrule. */
  objected: { caseId: string; workerId: string }[]
  /** Seats that the newest calculation had to work around. */
  reckoned: ReadonlySet<string>
  /** Cases that `shown` and `seats` leave out: the team has still to give its own view of them. */
  unseen: ReadonlySet<string>
}

/**
 * Reads a round and lays the choices over its newest proposal. What the team may not see yet is left out here, so that no page
 * that reads a round can show it or count with it.
 */
export async function readState(db: Executor, round: Round, today: string): Promise<RoundState> {
  const workers = await roundWorkers(db, round.id)
  const choices = await standingChoices(db, round.id)
  const objections = await objectedPairs(db, round.id)
  const proposal = await newestProposal(db, round.id)
  const free = await freeLines(db, round.id)
  const isOpen = round.status === 'open'
  const workerIds = workers.map(worker => worker.id)
  const { organisationId } = round
  const drafts = isOpen ? await draftsBefore(db, { before: round.id, organisationId, workerIds }, today) : []
  const now = await problemOf(db, {
    organisationId,
    caseIds: await roundCaseIds(db, round.id),
    workerIds,
    drafts,
    startOn: round.startOn,
    seed: round.seed,
    profile: round.profile,
    ...constraintsOf(choices, objections),
    today,
    ...(round.status === 'settled' && { withoutRound: round.id }),
  })
  const { locks, exclusions, waiting } = now.problem
  const unseen = await unseenCases(db, round)
  const shown = withoutCases(
    proposal && !isOpen
      ? withCasesOf(now.problem, { ...proposal.problem, locks, exclusions, waiting })
      : now.problem,
    unseen,
  )
  const standing = choices.map(
    (choice): StandingChoice => ({ ...choice, caseId: choice.caseNumber, workerId: choice.staffNumber }),
  )
  return {
    round,
    workers,
    choices,
    standing,
    proposal,
    free,
    now,
    shown,
    seats: seatsOfDraft(shown, free, standing),
    drafts,
    objected: objections.map(one => ({
      caseId: now.caseNumbers.get(one.caseId) ?? '',
      workerId: now.staffNumbers.get(one.workerId) ?? '',
    })),
    reckoned: reckonedIn(proposal?.problem ?? null),
    unseen,
  }
}

/** The Problem of a proposal with the cases that the round has now: what came in since has no line yet, and what went has none any more. */
function withCasesOf(now: Problem, then: Problem): Problem {
  const known = new Set(then.cases.map(one => one.id))
  const there = new Set(now.cases.map(one => one.id))
  const came = now.cases.filter(one => !known.has(one.id))
  const gone = new Set([...known].filter(id => !there.has(id)))
  if (came.length === 0 && gone.size === 0) return then
  const kept = withoutCases(then, gone)
  return { ...kept, cases: [...kept.cases, ...came].sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

/** The same draft over today's tables: what confirming would do, and what a new choice is judged on. */
export function seatsToday(state: RoundState): DraftSeat[] {
  return seatsOfDraft(withoutCases(state.now.problem, state.unseen), state.free, state.standing)
}

/** A worker of the round by staff number, in today's Problem. */
export function workerToday(state: RoundState, staffNumber: string): ProblemWorker | undefined {
  return state.now.problem.workers.find(worker => worker.id === staffNumber)
}
