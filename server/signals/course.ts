import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { addDays } from '../contract/days.ts'
import { dueCases } from '../phases/proposals.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { type Found, found, type Scope, teams } from './found-signal.ts'

/** When something about the course of a case becomes a signal, in days. */
const TERMS = {
  /** A phase has been due for this long and nobody answered. */
  phaseDays: 14,
  /** The review of a dormant case is this near, or was this long ago. */
  reviewDays: 14,
}

/** Per team: how many cases have been due for a next phase for two weeks without an answer. */
export async function phasesDue(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today, teamIds } = scope
  const rulebook = await rulebookOn(db, organisationId, today)
  const filter = { organisationId, today, teamIds, workerId: null }
  const due = (await dueCases(db, filter, rulebook, addDays(today, -TERMS.phaseDays))).filter(
    one => one.againOn === null || one.againOn <= today,
  )
  const byTeam = new Map<number, typeof due>()
  for (const one of due) byTeam.set(one.teamId, [...(byTeam.get(one.teamId) ?? []), one])
  return [...byTeam].map(([teamId, list]) =>
    found(
      scope,
      'phaseDue',
      {
        subject: `team:${teamId}`,
        mark: '',
        teamId,
        day: list[0]!.dueOn,
        about: { kind: 'phases', id: String(teamId), name: list[0]!.team },
      },
      { name: list[0]!.team, cases: list.length, day: list[0]!.dueOn },
    ),
  )
}

/** Dormant cases that are near their review or just past it, and proposals that wait for an answer. */
export async function dormantCases(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const { rows } = await sql<{
    id: number
    caseNumber: string
    teamId: number
    status: 'asked' | 'standing'
    fromOn: string
    untilOn: string
  }>`
    select d.id, c.case_number, c.team_id, d.status, d.from_on, d.until_on
    from dormancy d join case_file c on c.id = d.case_id
    where c.organisation_id = ${organisationId} and c.team_id = any(${teams(scope)}) and c.closed_on is null
      and (d.status = 'asked' or d.status = 'standing' and d.from_on <= ${today}::date
        and d.until_on between ${today}::date - ${TERMS.reviewDays}::int and ${today}::date + ${TERMS.reviewDays}::int
        -- Dormant again, or ended by somebody: then it has been looked at.
        and not exists (select from dormancy later where later.case_id = d.case_id and later.from_on >= d.until_on
          and later.status in ('asked', 'standing'))
        and not (d.decided_at is not null and (d.decided_at at time zone 'Europe/Amsterdam')::date = d.until_on))
    order by d.until_on, c.case_number`.execute(db)
  return rows.map(({ id, caseNumber, teamId, status, fromOn, untilOn }) => {
    const day = status === 'asked' ? fromOn : untilOn
    return found(
      scope,
      status === 'asked' ? 'dormantAsked' : 'dormantReview',
      {
        subject: caseNumber,
        mark: String(id),
        teamId,
        day,
        about: { kind: 'case', id: caseNumber, name: caseNumber },
      },
      { caseNumber, day, past: untilOn <= today },
    )
  })
}
