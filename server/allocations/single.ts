import type { Executor } from '../../db/database.ts'
import type { Problem, ProblemCase, ProblemWorker, Seat } from '../../solver/problem/problem.ts'
import type { WorkerName } from '../contract/common.ts'
import { problemOf } from '../draft/problem-of.ts'
import { Refusal, type SignedIn } from '../http/call.ts'
import type { FieldErrors } from '../http/field-errors.ts'
import type { CaseFacts } from '../weighing/facts.ts'

/** One case as a Problem of its own, and the people it could go to. */
export interface SingleCase {
  problem: Problem
  case: ProblemCase
  workerIds: ReadonlyMap<string, number>
  names: ReadonlyMap<string, WorkerName>
  /** The team of each worker, by staff number. */
  teamIds: ReadonlyMap<string, number>
}

/**
 * The Problem of allocating this case outside a round, from the tables as they stand: the same rules and the same load as
 * in a round. Everybody in the reader's teams who is in service on the start date can be asked.
 */
export async function singleCase(
  db: Executor,
  facts: CaseFacts,
  startOn: string,
  reader: { user: SignedIn; today: string },
): Promise<SingleCase> {
  const { organisationId } = reader.user
  const workers = await db
    .selectFrom('worker')
    .select(['id', 'staffNumber', 'name', 'teamId'])
    .where('organisationId', '=', organisationId)
    .where('teamId', 'in', [...reader.user.teamsFor('case.allocate')])
    .where('employedFrom', '<=', startOn)
    .where(eb => eb.or([eb('employedUntil', 'is', null), eb('employedUntil', '>=', startOn)]))
    .execute()
  const built = await problemOf(db, {
    organisationId,
    caseIds: [facts.id],
    workerIds: workers.map(worker => worker.id),
    startOn,
    seed: 0,
    profile: 'balanced',
    locks: [],
    exclusions: [],
    waiting: [],
    today: reader.today,
  })
  const theCase = built.problem.cases[0]
  if (!theCase) throw new Error(`Case ${facts.caseNumber} is not in its own Problem.`)
  return {
    problem: built.problem,
    case: theCase,
    workerIds: built.workerIds,
    names: new Map(workers.map(({ staffNumber, name }) => [staffNumber, { staffNumber, name }])),
    teamIds: new Map(workers.map(({ staffNumber, teamId }) => [staffNumber, teamId])),
  }
}

/** Names by staff number, for sentences. */
export function peopleOf({ names }: SingleCase): Record<string, string> {
  return Object.fromEntries([...names].map(([staffNumber, { name }]) => [staffNumber, name]))
}

export function workerIn(problem: Problem, staffNumber: string): ProblemWorker | undefined {
  return problem.workers.find(worker => worker.id === staffNumber)
}

/** The first seat that is still free; 409 when there is none. */
export function freeSeat(facts: CaseFacts): Seat {
  if (!facts.primary) return 'primary'
  if ((facts.duoNeeded || facts.threat) && !facts.second) return 'second'
  throw taken(facts.caseNumber)
}

/** 422 when the case has no such seat. */
export function requireSeat(
  facts: Pick<CaseFacts, 'duoNeeded' | 'threat'>,
  seat: Seat,
  errors: FieldErrors,
): void {
  if (seat === 'primary' || facts.duoNeeded || facts.threat) return
  errors.add('seat', {
    nl: 'Deze zaak heeft geen tweede plek. Zet eerst bij de zaak dat een duo nodig is.',
    en: 'This case has no second seat. First record that the case needs a duo.',
  })
}

/** 409 when somebody holds this seat, now or from a later day. */
export function requireFree(facts: CaseFacts, seat: Seat): void {
  if (seat === 'primary' ? facts.primary : facts.second) throw taken(facts.caseNumber)
}

function taken(caseNumber: string): Refusal {
  return new Refusal(409, {
    nl: `Zaak ${caseNumber} is op deze plek al toegedeeld. Bekijk de zaak opnieuw.`,
    en: `Somebody already has this seat of case ${caseNumber}. View the case again.`,
  })
}
