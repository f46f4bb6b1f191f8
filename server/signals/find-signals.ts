import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { addDays, everySo } from '../contract/days.ts'
import { aboveBand, hoursOf, loadSeries } from '../history/series.ts'
import { dormantCases, phasesDue } from './course.ts'
import { type Found, found, type Scope, teams } from './found-signal.ts'
import { overdueTerms } from './terms.ts'
import { casesToReview, tasksToDo } from './waiting.ts'

/** When something becomes a signal, in days. */
export const TERMS = {
  aboveNormWeeks: 4,
  reductionDays: 14,
  leaveDays: 60,
  /** Somebody who is away for at least this long, or until nobody knows when; a few days off are no signal. */
  awayDays: 7,
  oldDays: 30,
  /** What was resolved and still holds after this many days shows again. */
  resolvedDays: 28,
}

/** What asks a team lead's attention today, read from the tables: the most pressing kind first, then by name. */
export async function findSignals(db: Executor, scope: Scope): Promise<Found[]> {
  if (scope.teamIds.length === 0) return []
  const lists = [
    await casesWithoutOwner(db, scope),
    await openSecondSeats(db, scope),
    await holdersAway(db, scope),
    await overdueTerms(db, scope),
    await longAboveNorm(db, scope),
    await leavingWithCases(db, scope),
    await openObjections(db, scope),
    await openRequests(db, scope),
    await endingReductions(db, scope),
    await oldData(db, scope),
    await casesToReview(db, scope),
    await tasksToDo(db, scope),
    await dormantCases(db, scope),
    await phasesDue(db, scope),
  ]
  return lists.flat()
}

/** Above the band on every one of the last 28 days and today, by the rulebook of each day. */
async function longAboveNorm(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const since = addDays(today, -7 * TERMS.aboveNormWeeks)
  const above = async (days: readonly string[], workerIds?: readonly number[]) => {
    const isAbove = await aboveBand(db, { organisationId, days })
    const filter = { organisationId, days, teamIds: scope.teamIds, ...(workerIds && { workerIds }) }
    return (await loadSeries(db, filter)).filter(isAbove)
  }
  const now = await above([today])
  if (now.length === 0) return []
  const days = everySo(since, today, 1)
  const daysOf = new Map<number, number>()
  for (const { workerId } of await above(
    days,
    now.map(one => one.workerId),
  )) {
    daysOf.set(workerId, (daysOf.get(workerId) ?? 0) + 1)
  }
  const long = now.filter(one => daysOf.get(one.workerId) === days.length)
  if (long.length === 0) return []
  const loads = new Map(long.map(one => [one.workerId, hoursOf(one) / one.norm]))
  const workers = await db
    .selectFrom('worker')
    .select(['id', 'staffNumber', 'name', 'teamId'])
    .where('id', 'in', [...loads.keys()])
    .orderBy('name')
    .execute()
  return workers.map(({ id, staffNumber, name, teamId }) =>
    found(
      scope,
      'longAboveNorm',
      {
        subject: staffNumber,
        mark: '',
        teamId,
        day: since,
        about: { kind: 'worker', id: staffNumber, name },
      },
      { name, load: loads.get(id)! },
    ),
  )
}

async function endingReductions(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const { rows } = await sql<{
    staffNumber: string
    name: string
    teamId: number
    until: string
    percentage: number
    reason: string
  }>`
    select w.staff_number, w.name, w.team_id, r.valid_until as until, r.percentage, r.reason_code as reason
    from reduction r join worker w on w.id = r.worker_id
    where w.organisation_id = ${organisationId} and w.team_id = any(${teams(scope)})
      and r.valid_from <= ${today}::date
      and r.valid_until between ${today}::date and ${today}::date + ${TERMS.reductionDays}::int
      and (w.employed_until is null or w.employed_until > r.valid_until)
    order by r.valid_until, w.name`.execute(db)
  return rows.map(({ staffNumber, name, teamId, until, percentage, reason }) =>
    found(
      scope,
      'reductionEnds',
      {
        subject: staffNumber,
        mark: `${until}:${reason}`,
        teamId,
        day: until,
        about: { kind: 'worker', id: staffNumber, name },
      },
      { name, day: until, percentage },
    ),
  )
}

/** Waits again after somebody had it; what is in an open round is being seen to. */
async function casesWithoutOwner(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const { rows } = await sql<{ caseNumber: string; teamId: number; since: string }>`
    select c.case_number, c.team_id, last.since
    from case_file c join case_standing(${today}::date) s on s.case_id = c.id and s.status = 'waiting'
    join lateral (select max(a.ends_on) as since from held_seat a
      where a.case_id = c.id and a.seat = 'primary') last on last.since is not null
    where c.organisation_id = ${organisationId} and c.team_id = any(${teams(scope)})
    order by last.since, c.case_number`.execute(db)
  return rows.map(({ caseNumber, teamId, since }) =>
    found(
      scope,
      'caseWithoutOwner',
      {
        subject: caseNumber,
        mark: since,
        teamId,
        day: since,
        about: { kind: 'case', id: caseNumber, name: caseNumber },
      },
      { caseNumber, day: since },
    ),
  )
}

/** Who has cases today and is away, or has no norm hours at all; cases that somebody who is there covers are seen to. */
async function holdersAway(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  // As `blocksStart`: whole days, or half of them where it is short.
  const away = (
    days: number,
  ) => sql`x.valid_from <= ${today}::date and coalesce(x.valid_until, 'infinity') >= ${today}::date
    and (x.percentage >= 100 or (x.percentage >= 50 and x.valid_until - x.valid_from < 27))
    and (x.valid_until is null or x.valid_until - x.valid_from + 1 >= ${days}::int)`
  const { rows } = await sql<{
    staffNumber: string
    name: string
    teamId: number
    since: string | null
    cases: number
  }>`
    select w.staff_number, w.name, w.team_id, gone.since, count(distinct a.case_id)::int as cases
    from worker w
    join worker_norms_on(array[${today}::date]) n on n.worker_id = w.id
    join held_seat a on a.worker_id = w.id and a.seat <> 'cover'
      and a.starts_on <= ${today}::date and (a.ends_on is null or a.ends_on > ${today}::date)
    left join lateral (select min(x.valid_from) as since from absence x
      where x.worker_id = w.id and ${away(TERMS.awayDays)}) gone on true
    where w.organisation_id = ${organisationId} and w.team_id = any(${teams(scope)})
      and w.employed_from <= ${today}::date and (w.employed_until is null or w.employed_until >= ${today}::date)
      and (n.norm_hours <= 0 or gone.since is not null)
      and not exists (select from held_seat c
        where c.case_id = a.case_id and c.seat = 'cover' and c.worker_id <> w.id
          and c.starts_on <= ${today}::date and (c.ends_on is null or c.ends_on > ${today}::date)
          and not exists (select from absence x where x.worker_id = c.worker_id and ${away(1)}))
    group by w.id, gone.since order by gone.since nulls last, w.name`.execute(db)
  return rows.map(({ staffNumber, name, teamId, since, cases }) =>
    found(
      scope,
      'holderAway',
      {
        subject: staffNumber,
        mark: since ?? 'norm',
        teamId,
        day: since,
        about: { kind: 'worker', id: staffNumber, name },
      },
      { name, cases, ...(since === null ? { why: 'noNorm' } : { why: 'away', day: since }) },
    ),
  )
}

/** Workers who are leaving, or have left, with seats that go on after their last day. */
async function leavingWithCases(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const { rows } = await sql<{
    staffNumber: string
    name: string
    teamId: number
    until: string
    cases: number
  }>`
    select w.staff_number, w.name, w.team_id, w.employed_until as until, count(distinct a.case_id)::int as cases
    from worker w join held_seat a on a.worker_id = w.id
    where w.organisation_id = ${organisationId} and w.team_id = any(${teams(scope)})
      and w.employed_until <= ${today}::date + ${TERMS.leaveDays}::int
      and (a.ends_on is null or a.ends_on > greatest(w.employed_until + 1, ${today}::date))
    group by w.id order by w.employed_until, w.name`.execute(db)
  return rows.map(({ staffNumber, name, teamId, until, cases }) =>
    found(
      scope,
      'workerLeaves',
      {
        subject: staffNumber,
        mark: until,
        teamId,
        day: until,
        about: { kind: 'worker', id: staffNumber, name },
      },
      { name, day: until, cases, past: until < today },
    ),
  )
}

/** The last answer of a worker is an objection, and the team said nothing about it yet. */
async function openObjections(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId } = scope
  const { rows } = await sql<{
    id: number
    roundId: number
    caseNumber: string
    teamId: number
    name: string
    day: string
  }>`
    select l.id, l.round_id, c.case_number, c.team_id, w.name,
      (last.answered_at at time zone 'Europe/Amsterdam')::date as day
    from share_line l
    join round r on r.id = l.round_id and r.status = 'open'
    join round_case rc on rc.round_id = l.round_id and rc.case_id = l.case_id
    join case_file c on c.id = l.case_id
    join worker w on w.id = l.worker_id
    join lateral (select a.id, a.kind, a.answered_at from answer a where a.share_line_id = l.id order by a.id desc limit 1) last
      on last.kind = 'object'
    where r.organisation_id = ${organisationId} and c.team_id = any(${teams(scope)})
      and not exists (select from ruling u where u.round_id = l.round_id and u.case_id = l.case_id and u.seat = l.seat
        and u.worker_id = l.worker_id and u.answer_id = last.id)
    order by last.answered_at`.execute(db)
  return rows.map(({ id, roundId, caseNumber, teamId, name, day }) =>
    found(
      scope,
      'objectionOpen',
      {
        subject: `${roundId}:${caseNumber}`,
        mark: String(id),
        teamId,
        day,
        about: { kind: 'round', id: String(roundId), name: caseNumber },
      },
      { name, caseNumber, day },
    ),
  )
}

async function openRequests(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId } = scope
  const { rows } = await sql<{ id: number; teamId: number; name: string; kind: string; day: string }>`
    select q.id, q.team_id, w.name, q.kind, (q.created_at at time zone 'Europe/Amsterdam')::date as day
    from own_request q join worker w on w.id = q.worker_id
    where q.organisation_id = ${organisationId} and q.status = 'open' and q.team_id = any(${teams(scope)})
    order by q.created_at`.execute(db)
  return rows.map(({ id, teamId, name, kind, day }) =>
    found(
      scope,
      'requestOpen',
      { subject: String(id), mark: '', teamId, day, about: { kind: 'requests', id: String(id), name } },
      { name, day, request: kind },
    ),
  )
}

/** What nobody has looked at: cases that run on while every measure ended long ago, and registrations that have expired. */
async function oldData(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const cases = await sql<{ caseNumber: string; teamId: number; day: string }>`
    select c.case_number, c.team_id, m.day
    from case_file c
    join lateral (select max(coalesce(cm.end_on, 'infinity')) as day from case_measure cm where cm.case_id = c.id) m
      on m.day < ${today}::date - ${TERMS.oldDays}::int
    where c.organisation_id = ${organisationId} and c.team_id = any(${teams(scope)}) and c.closed_on is null
    order by m.day, c.case_number`.execute(db)
  const workers = await sql<{ staffNumber: string; name: string; teamId: number; day: string }>`
    select w.staff_number, w.name, w.team_id, w.registration_until as day
    from worker w
    where w.organisation_id = ${organisationId} and w.team_id = any(${teams(scope)})
      and w.registration = 'registered' and w.registration_until < ${today}::date
      and (w.employed_until is null or w.employed_until >= ${today}::date)
    order by w.registration_until, w.name`.execute(db)
  return [
    ...cases.rows.map(({ caseNumber, teamId, day }) =>
      found(
        scope,
        'oldData',
        {
          subject: caseNumber,
          mark: day,
          teamId,
          day,
          about: { kind: 'case', id: caseNumber, name: caseNumber },
        },
        { caseNumber, day },
      ),
    ),
    ...workers.rows.map(({ staffNumber, name, teamId, day }) =>
      found(
        scope,
        'oldData',
        { subject: staffNumber, mark: day, teamId, day, about: { kind: 'worker', id: staffNumber, name } },
        { name, day },
      ),
    ),
  ]
}

/** A duo that one person has, now or from a later day; what is in an open round is being seen to. */
async function openSecondSeats(db: Executor, scope: Scope): Promise<Found[]> {
  const { organisationId, today } = scope
  const { rows } = await sql<{ caseNumber: string; teamId: number; since: string; name: string }>`
    select c.case_number, c.team_id, s.primary_from as since, w.name
    from case_file c join case_standing(${today}::date) s on s.case_id = c.id and s.second_open and s.open_round_id is null
    join worker w on w.id = s.primary_worker_id
    where c.organisation_id = ${organisationId} and c.team_id = any(${teams(scope)})
    order by s.primary_from, c.case_number`.execute(db)
  return rows.map(({ caseNumber, teamId, since, name }) =>
    found(
      scope,
      'secondOpen',
      {
        subject: caseNumber,
        mark: since,
        teamId,
        day: since,
        about: { kind: 'case', id: caseNumber, name: caseNumber },
      },
      { caseNumber, name, day: since },
    ),
  )
}
