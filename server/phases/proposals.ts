import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import { phaseOf } from '../contract/phase-order.ts'
import type { PhaseProposal } from '../contract/phases.ts'
import { type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { type CaseFacts, caseFacts } from '../weighing/facts.ts'
import { openSeats, seatHoursOf } from '../weighing/open-seats.ts'
import { weigh } from '../weighing/weight.ts'
import { workerLoads, workloadOf } from '../workload/load.ts'

/** A phase is proposed from this many days before its usual length is over. */
export const AHEAD_DAYS = 14

export interface CourseScope {
  organisationId: number
  today: string
  /** Cases of these teams, and those of which this worker has a seat today. */
  teamIds: readonly number[]
  workerId: number | null
  caseIds?: readonly number[]
  /** Teams whose loads the reader may see; of other teams only the own load is told. */
  loadTeamIds: readonly number[]
}

interface Due {
  caseId: number
  teamId: number
  team: string
  phase: 'begin' | 'middle'
  since: string
  weeks: number
  dueOn: string
  outcome: 'postponed' | 'declined' | null
  reason: NonNullable<PhaseProposal['answer']>['reason'] | null
  againOn: string | null
  answeredBy: string | null
}

/** The cases of a scope as a condition on `c`. */
export function inScope({
  organisationId,
  today,
  teamIds,
  workerId,
  caseIds,
}: Omit<CourseScope, 'loadTeamIds'>) {
  const named = caseIds ? sql`and c.id = any(${[...caseIds]}::int[])` : sql``
  return sql`c.organisation_id = ${organisationId} ${named} and (c.team_id = any(${[...teamIds]}::int[])
    or exists (select from held_seat own where own.case_id = c.id and own.worker_id = ${workerId}::int
      and own.starts_on <= ${today}::date and (own.ends_on is null or own.ends_on > ${today}::date)))`
}

/**
 * Cases whose phase has lasted as long as the rulebook says is usual, or will soon: since when, until when, and what the
 * next phase does to the hours and to the load of whoever has the case. Read from the tables each time; nothing is stored
 * but what people answered. A dormant case, and one whose next phase is planned, asks nothing.
 *
 * @param untilOn only what is due by this day; left out: whenever it is due
 */
export async function phaseProposals(
  db: Executor,
  scope: CourseScope,
  untilOn?: string,
): Promise<PhaseProposal[]> {
  const rulebook = await rulebookOn(db, scope.organisationId, scope.today)
  const due = await dueCases(db, scope, rulebook, untilOn)
  if (due.length === 0) return []
  const caseIds = due.map(one => one.caseId)
  const facts = new Map(
    (await caseFacts(db, { organisationId: scope.organisationId, on: scope.today, caseIds })).map(one => [
      one.id,
      one,
    ]),
  )
  const effects = await effectsOf(db, scope, due, facts, rulebook)
  return due.map(one => {
    const about = facts.get(one.caseId)!
    const { primary, ...effect } = effects(one.caseId)
    return {
      caseNumber: about.caseNumber,
      teamId: about.teamId,
      team: about.team,
      measures: about.measures.map(measure => measure.measure),
      worker: about.primary,
      own: effect.own,
      version: about.version,
      from: one.phase,
      to: nextPhase(one.phase)!,
      since: one.since,
      weeks: one.weeks,
      dueOn: one.dueOn,
      hours: effect.hours,
      hoursThen: effect.hoursThen,
      ...(scope.loadTeamIds.includes(about.teamId) || effect.isHolder
        ? primary
        : { workload: null, workloadThen: null }),
      answer:
        one.outcome === null || one.reason === null || one.againOn === null
          ? null
          : { outcome: one.outcome, reason: one.reason, againOn: one.againOn, by: one.answeredBy },
    }
  })
}

export function nextPhase(phase: Phase | null): Phase | null {
  return phase && phaseOf[phase].next
}

/** The cases themselves, without what the next phase would do; see `phaseProposals`. */
export async function dueCases(
  db: Executor,
  scope: Omit<CourseScope, 'loadTeamIds'>,
  { content }: RulebookRow,
  untilOn: string | undefined,
): Promise<Due[]> {
  const usual = content.weight.phaseWeeks ?? []
  if (usual.length === 0) return []
  const { today } = scope
  const { rows } = await sql<Due>`
    with usual as (
      select * from unnest(${usual.map(one => one.measure)}::text[], ${usual.map(one => one.begin)}::int[],
        ${usual.map(one => one.middle)}::int[]) u (measure, begin, middle)
    )
    select c.id as case_id, c.team_id, t.name as team, p.phase, s.since, l.weeks, s.since + 7 * l.weeks as due_on,
      answer.outcome, answer.reason, answer.again_on, answer.by as answered_by
    from case_file c join team t on t.id = c.team_id
    join case_period p on p.case_id = c.id and p.from_on <= ${today}::date and p.until_on > ${today}::date
    cross join lateral (
      select min(a.starts_on) as first, bool_or(a.ends_on is null or a.ends_on > ${today}::date) as running
      from held_seat a where a.case_id = c.id and a.seat = 'primary' and a.starts_on <= ${today}::date
    ) seat
    cross join lateral (
      select coalesce((select max(q.until_on) from case_period q where q.case_id = c.id
        and q.until_on <= ${today}::date and q.phase is distinct from p.phase), seat.first) as since
    ) s
    cross join lateral (
      select max(case p.phase when 'begin' then u.begin when 'middle' then u.middle end) as weeks
      from case_measure m join usual u on u.measure = m.measure_code
      where m.case_id = c.id and (m.end_on is null or m.end_on >= ${today}::date)
    ) l
    left join lateral (
      select x.outcome, x.reason, x.again_on, who.name as by from phase_answer x
      left join user_account who on who.id = x.answered_by
      where x.case_id = c.id and x.phase = p.phase and x.since_on = s.since order by x.id desc limit 1
    ) answer on true
    where ${inScope(scope)} and c.closed_on is null and p.phase in ('begin', 'middle') and seat.running
      and l.weeks is not null and (${untilOn ?? null}::date is null or s.since + 7 * l.weeks <= ${untilOn ?? null}::date)
      and not exists (select from case_period q where q.case_id = c.id and q.from_on > ${today}::date
        and q.phase is distinct from p.phase)
      and not exists (select from dormancy d where d.case_id = c.id and d.status = 'standing'
        and d.from_on <= ${today}::date and d.until_on > ${today}::date)
    order by due_on, c.case_number`.execute(db)
  return rows
}

/** What the next phase does, by case: to the hours of its seats, and to the load of whoever has the first seat. */
async function effectsOf(
  db: Executor,
  { organisationId, today, workerId }: CourseScope,
  due: readonly Due[],
  facts: ReadonlyMap<number, CaseFacts>,
  rulebook: RulebookRow,
) {
  const caseIds = due.map(one => one.caseId)
  const seats = (await openSeats(db, { organisationId, on: today, caseIds })).filter(
    seat => seat.day === today,
  )
  const workerIds = [...new Set(seats.filter(seat => seat.seat === 'primary').map(seat => seat.workerId))]
  const loads = await workerLoads(db, { organisationId, on: today, workerIds })
  return (caseId: number) => {
    const one = facts.get(caseId)!
    const phase = nextPhase(due.find(other => other.caseId === caseId)!.phase)
    const weight = weigh({ ...weighableOn(one, today), phase }, rulebook)
    const own = seats.filter(seat => seat.caseId === caseId)
    const then = (seat: (typeof own)[number]) =>
      seatHoursOf(weight, seat.seat, seat.travelMinutes, rulebook.content)
    const sum = (of: (seat: (typeof own)[number]) => number) =>
      own.reduce((total, seat) => total + hundredths(of(seat)), 0) / 100
    const first = own.find(seat => seat.seat === 'primary')
    const load = first && loads.get(first.workerId)
    return {
      own: own.some(seat => seat.workerId === workerId),
      isHolder: first !== undefined && first.workerId === workerId,
      hours: sum(seat => seat.hours),
      hoursThen: sum(then),
      primary: {
        workload: load?.workload ?? null,
        workloadThen:
          first && load ? workloadOf(load.norm.normHours, load.hoursInUse - first.hours + then(first)) : null,
      },
    }
  }
}
