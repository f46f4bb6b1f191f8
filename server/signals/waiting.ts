import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { type CaseListing, listedAs, TO_ALLOCATE } from '../../db/standing.ts'
import type { WaitTask } from '../contract/choices.ts'
import { openTasks } from '../weighing/waiting.ts'
import { type Found, found, type Scope, teams } from './found-signal.ts'

/** Cases of these teams that stand like this today; to follow `case_file c`. */
const standing = (scope: Scope, listings: readonly CaseListing[]) => sql`
  join case_standing(${scope.today}::date) s on s.case_id = c.id and ${listedAs(listings)}
    and c.organisation_id = ${scope.organisationId} and c.team_id = any(${teams(scope)})`

/** The team left a case waiting until a day, and that day has come. */
export async function casesToReview(db: Executor, scope: Scope): Promise<Found[]> {
  const { rows } = await sql<{ caseNumber: string; teamId: number; id: number; day: string }>`
    select c.case_number, c.team_id, last.id, last.review_on as day
    from case_file c ${standing(scope, ['waiting', 'second_open'])} and s.open_round_id is null
    join lateral (select d.id, d.kind, d.review_on from decision d where d.case_id = c.id order by d.id desc limit 1) last
      on last.kind = 'waiting' and last.review_on <= ${scope.today}::date
    order by last.review_on, c.case_number`.execute(db)
  return rows.map(({ caseNumber, teamId, id, day }) =>
    found(
      scope,
      'caseReview',
      {
        subject: caseNumber,
        mark: String(id),
        teamId,
        day,
        about: { kind: 'case', id: caseNumber, name: caseNumber },
      },
      { caseNumber, day },
    ),
  )
}

/** What the team said has to be done for a case that waits. A task that was resolved does not come back by itself. */
export async function tasksToDo(db: Executor, scope: Scope): Promise<Found[]> {
  const { rows } = await sql<{
    caseNumber: string
    teamId: number
    choiceId: number
    task: WaitTask
    day: string
  }>`
    select c.case_number, c.team_id, t.choice_id, t.task,
      (t.created_at at time zone 'Europe/Amsterdam')::date as day
    from (${openTasks}) t join case_file c on c.id = t.case_id ${standing(scope, TO_ALLOCATE)}
    where not exists (select from signal_handling s
      where s.organisation_id = c.organisation_id and s.kind = 'taskOpen' and s.subject = c.case_number
        and s.mark = t.choice_id || ':' || t.task and s.outcome = 'resolved' and s.hidden_until <= ${scope.today}::date)
    order by t.created_at, c.case_number, t.task`.execute(db)
  return rows.map(({ caseNumber, teamId, choiceId, task, day }) =>
    found(
      scope,
      'taskOpen',
      {
        subject: caseNumber,
        mark: `${choiceId}:${task}`,
        teamId,
        day,
        about: { kind: 'case', id: caseNumber, name: caseNumber },
      },
      { caseNumber, day, task },
    ),
  )
}
