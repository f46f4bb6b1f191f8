import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { addDays } from '../contract/days.ts'
import { inNumbersOfToday } from '../events/case-keys.ts'
import { type Handlers, notFound } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { type DecidedSeat, reviewOf, thresholds } from './review.ts'

const WEEKS = 26
/** The latest departures are compared; each round of them is a Problem to read. */
const MAX_COMPARED = 200

type Names = keyof typeof import('../contract/decisions.ts')['decisionEndpoints']

export const decisionHandlers: Pick<Handlers, Names> = {
  async 'GET /decisions/review'({ db, user, query, today }) {
    const inScope = user.teamsFor('support.read')
    if (query.team !== undefined && !inScope.includes(query.team))
      throw notFound({ nl: 'Dit team', en: 'This team' })
    const teamIds = query.team === undefined ? [...inScope] : [query.team]
    const from = addDays(today, -7 * (query.weeks ?? WEEKS))
    const rounds = await settledRounds(db, user.organisationId, teamIds, from)
    const decided = await decidedSeats(
      db,
      rounds.map(one => one.id),
    )
    const { content } = await rulebookOn(db, user.organisationId, today)
    return {
      from,
      until: today,
      ...reviewOf(rounds, decided, await departures(db, user.organisationId, decided), content.criteria),
      thresholds,
    }
  },
}

/** Rounds of these teams and no other: what another team decided is not for the reader. */
async function settledRounds(db: Executor, organisationId: number, teamIds: readonly number[], from: string) {
  const { rows } = await sql<{ id: number; minutes: number; cases: number }>`
    select r.id,
      extract(epoch from r.settled_at - min(p.created_at))::float8 / 60 as minutes,
      (select count(distinct d.case_id)::int from decision d where d.round_id = r.id) as cases
    from round r join proposal p on p.round_id = r.id
    where r.organisation_id = ${organisationId} and r.status = 'settled' and r.settled_at >= ${from}::date
      and not exists (
        select 1 from round_team t where t.round_id = r.id and t.team_id <> all(${[...teamIds]}::int[]))
    group by r.id order by r.settled_at, r.id`.execute(db)
  return rows
}

interface Row extends DecidedSeat {
  proposalId: number | null
  caseNumber: string
  seat: 'primary' | 'second'
  proposedNumber: string | null
  chosenNumber: string | null
}

async function decidedSeats(db: Executor, roundIds: readonly number[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select d.kind, d.proposed_worker_id is not null as proposed, d.reason_code, d.proposal_id, c.case_number, d.seat,
      p.staff_number as proposed_number, w.staff_number as chosen_number
    from decision d join case_file c on c.id = d.case_id
    left join worker p on p.id = d.proposed_worker_id
    left join worker w on w.id = d.worker_id
    where d.round_id = any(${[...roundIds]}::int[]) and d.withdrawn_at is null and d.kind in ('agreed', 'deviation', 'waiting')
    order by d.decided_at desc, d.id desc`.execute(db)
  return rows
}

/** The newest seats that went to somebody else, with the Problems of their proposals. */
async function departures(db: Executor, organisationId: number, decided: readonly Row[]) {
  const some = decided
    .filter(one => one.kind === 'deviation' && one.proposedNumber !== null && one.chosenNumber !== null)
    .slice(0, MAX_COMPARED)
  const ids = [...new Set(some.flatMap(one => (one.proposalId === null ? [] : [one.proposalId])))]
  if (ids.length === 0) return []
  const runs = await db
    .selectFrom('proposal as p')
    .innerJoin('run as r', 'r.id', 'p.runId')
    .where('p.id', 'in', ids)
    .select(['p.id', 'r.problem', 'r.requestedAt'])
    .execute()
  const named = await inNumbersOfToday(
    db,
    organisationId,
    runs.map(run => ({ at: run.requestedAt, value: run.problem })),
  )
  const problems = new Map<number | null, Problem>(runs.map((run, index) => [run.id, named[index]!]))
  return some.flatMap(({ proposalId, caseNumber, seat, proposedNumber, chosenNumber }) => {
    const problem = problems.get(proposalId)
    return problem
      ? [{ problem, caseId: caseNumber, seat, proposed: proposedNumber!, chosen: chosenNumber! }]
      : []
  })
}
