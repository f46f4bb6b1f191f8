import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import { courseRights } from '../cases/course-rights.ts'
import { addDays } from '../contract/days.ts'
import type { CaseCourse, CourseList, Dormancy, PlannedPhase } from '../contract/phases.ts'
import type { SignedIn } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import type { CaseFacts } from '../weighing/facts.ts'
import { AHEAD_DAYS, type CourseScope, dueCases, inScope, phaseProposals } from './proposals.ts'

interface AboutRow {
  caseNumber: string
  teamId: number
  team: string
  measures: string[] | null
  staffNumber: string | null
  name: string | null
  own: boolean
  version: number
}

/** Whose case it is and what it is, of `c`; for the fields that every list about courses has. */
function aboutColumns({ today, workerId }: CourseScope) {
  const runs = sql`x.case_id = c.id and x.starts_on <= ${today}::date and (x.ends_on is null or x.ends_on > ${today}::date)`
  return sql`c.case_number, c.team_id, t.name as team, c.version, w.staff_number, w.name,
    (select array_agg(m.measure_code order by m.measure_code) from case_measure m where m.case_id = c.id) as measures,
    exists (select from held_seat x where ${runs} and x.worker_id = ${workerId}::int) as own
    from case_file c join team t on t.id = c.team_id
    left join lateral (select x.worker_id from held_seat x where ${runs} and x.seat = 'primary' limit 1) seat on true
    left join worker w on w.id = seat.worker_id`
}

function aboutOf({ caseNumber, teamId, team, measures, staffNumber, name, own, version }: AboutRow) {
  return {
    caseNumber,
    teamId,
    team,
    measures: measures ?? [],
    worker: staffNumber === null || name === null ? null : { staffNumber, name },
    own,
    version,
  }
}

/** Phases that are planned to begin after today, the earliest first. */
export async function plannedPhases(db: Executor, scope: CourseScope): Promise<PlannedPhase[]> {
  const { rows } = await sql<AboutRow & { from: Phase | null; to: Phase | null; fromOn: string }>`
    select turn.before as from, turn.phase as to, turn.from_on, about.*
    from (
      select p.case_id, p.from_on, p.phase,
        (select q.phase from case_period q where q.case_id = p.case_id and q.until_on = p.from_on) as before
      from case_period p where p.from_on > ${scope.today}::date
    ) turn
    join lateral (select ${aboutColumns(scope)} where c.id = turn.case_id and ${inScope(scope)} and c.closed_on is null) about on true
    where turn.phase is distinct from turn.before
    order by turn.from_on, about.case_number`.execute(db)
  return rows.map(({ from, to, fromOn, ...row }) => ({ ...aboutOf(row), from, to, fromOn }))
}

/** Quiet times that are asked, to come or running; with `past` also those that are over. */
export async function dormanciesIn(db: Executor, scope: CourseScope, past = false): Promise<Dormancy[]> {
  const { today } = scope
  const { rows } = await sql<
    AboutRow & Pick<Dormancy, 'id' | 'fromOn' | 'untilOn' | 'reason' | 'state' | 'askedBy' | 'decidedBy'>
  >`
    select d.id, d.from_on, d.until_on, d.reason, asked.name as asked_by, decided.name as decided_by,
      case when d.status = 'asked' then 'asked' when d.from_on > ${today}::date then 'coming'
        when d.until_on > ${today}::date then 'running' else 'over' end as state, about.*
    from dormancy d
    left join user_account asked on asked.id = d.asked_by
    left join user_account decided on decided.id = d.decided_by
    join lateral (select ${aboutColumns(scope)} where c.id = d.case_id and ${inScope(scope)} and c.closed_on is null) about on true
    where d.status in ('asked', 'standing') and (${past}::boolean or d.status = 'asked' or d.until_on > ${today}::date)
    order by d.status, d.until_on, about.case_number`.execute(db)
  return rows.map(({ id, fromOn, untilOn, reason, state, askedBy, decidedBy, ...row }) => ({
    id,
    ...aboutOf(row),
    fromOn,
    untilOn,
    reason,
    state,
    askedBy,
    decidedBy,
  }))
}

/** Everything about courses in the reader's teams, or of the reader's own cases. */
export async function courseList(db: Executor, scope: CourseScope, user: SignedIn): Promise<CourseList> {
  const { today } = scope
  const rulebook = await rulebookOn(db, scope.organisationId, today)
  return {
    on: today,
    proposals: await phaseProposals(db, scope, addDays(today, AHEAD_DAYS)),
    planned: await plannedPhases(db, scope),
    dormancies: await dormanciesIn(db, scope),
    dormantPercent: rulebook.content.weight.dormantPercent ?? null,
    aheadDays: AHEAD_DAYS,
    deciding: [...user.teamsFor('dormancy.decide')],
  }
}

/** How many phases are due and not put off, in the list that this person has: of the own cases, and of the own teams. */
export async function phasesToAnswer(db: Executor, user: SignedIn, today: string): Promise<number> {
  const { organisationId, workerId } = user
  const scope = { organisationId, today, teamIds: user.teamsFor('phase.answer'), workerId }
  const rulebook = await rulebookOn(db, organisationId, today)
  const due = await dueCases(db, scope, rulebook, addDays(today, AHEAD_DAYS))
  return due.filter(one => one.againOn === null || one.againOn <= today).length
}

/** The course of one case that this person may see. */
export async function caseCourse(
  db: Executor,
  facts: CaseFacts,
  user: SignedIn,
  today: string,
): Promise<CaseCourse> {
  const scope: CourseScope = {
    organisationId: user.organisationId,
    today,
    teamIds: [facts.teamId],
    workerId: user.workerId,
    caseIds: [facts.id],
    loadTeamIds: user.teamsFor('workload.read'),
  }
  const rulebook = await rulebookOn(db, user.organisationId, today)
  const rights = await courseRights(db, facts, user, today)
  const open = facts.closedOn === null
  const [proposal = null] = await phaseProposals(db, scope)
  return {
    caseNumber: facts.caseNumber,
    phase: facts.phase,
    phases: await phasesKnown(db, facts.id),
    proposal,
    planned: await plannedPhases(db, scope),
    dormancies: await dormanciesIn(db, scope, true),
    dormantPercent: rulebook.content.weight.dormantPercent ?? null,
    may: { answer: open && rights.answer, decide: open && rights.decide },
    version: facts.version,
  }
}

/** Stretches of phases, past and planned; what else changed in between is left out. */
async function phasesKnown(db: Executor, caseId: number): Promise<CaseCourse['phases']> {
  const rows = await db
    .selectFrom('casePeriod')
    .select(['phase', 'fromOn', 'untilOn'])
    .where('caseId', '=', caseId)
    .orderBy('fromOn')
    .execute()
  const stretches: CaseCourse['phases'] = []
  for (const { phase, fromOn, untilOn } of rows) {
    const last = stretches.at(-1)
    const until = untilOn === 'infinity' ? null : untilOn
    if (last && last.phase === phase) last.untilOn = until
    else stretches.push({ phase, fromOn: fromOn === '-infinity' ? null : fromOn, untilOn: until })
  }
  return stretches
}
