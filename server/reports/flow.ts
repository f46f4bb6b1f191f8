import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Urgency } from '../../solver/problem/problem.ts'
import { each } from '../contract/common.ts'
import { addDays, daysBetween, everySo } from '../contract/days.ts'
import { type Flow, MAX_OVERDUE } from '../contract/reports.ts'
import { URGENCIES } from '../contract/urgencies.ts'
import { firstContact, planOfAction } from '../weighing/terms.ts'

interface Scope {
  organisationId: number
  today: string
  teamIds: readonly number[]
  /** The teams whose cases the reader may see one by one. */
  caseTeamIds: readonly number[]
}

/** A case that somebody got: when it came, and the first day on which somebody had it. */
export interface Got {
  urgency: Urgency
  receivedOn: string
  gotOn: string
}

/**
 * What came in, was allocated and was closed per week, and how long cases waited. A case belongs to the team that it is in
 * now; one without a worker waits from its receipt until its first seat begins, or until it is closed.
 */
export async function flowOf(db: Executor, scope: Scope, weeks: number): Promise<Flow> {
  const { organisationId, today, teamIds } = scope
  const days = everySo(addDays(today, -7 * (weeks - 1)), today, 7)
  const since = addDays(today, -7 * weeks + 1)
  const ofTeams = sql`c.organisation_id = ${organisationId} and c.team_id = any(${[...teamIds]}::int[])`
  /** The place of the week among the days, from 1; the last day of a week is one of the days. */
  const week = (day: string) => sql`((${sql.ref(day)} - ${since}::date) / 7 + 1)::int`
  const counts = await sql<{
    week: number
    what: 'received' | 'allocated' | 'closed'
    n: number
    amount: number
  }>`
    select ${week('c.received_on')} as week, 'received' as what, count(*)::int as n, sum(coalesce(c.children, 1)) as amount
    from case_file c where ${ofTeams} and c.received_on between ${since}::date and ${today}::date group by 1
    union all
    select ${week('a.starts_on')}, 'allocated', count(distinct a.case_id)::int, sum(a.agreed_hours)
    from held_seat a join case_file c on c.id = a.case_id
    where ${ofTeams} and a.starts_on between ${since}::date and ${today}::date and a.seat <> 'cover'
      and not exists (select from held_seat b where b.case_id = a.case_id and b.seat = a.seat and b.starts_on < a.starts_on)
    group by 1
    union all
    select ${week('c.closed_on')}, 'closed', count(*)::int, sum(s.hours)
    from case_file c
    left join lateral (select coalesce(sum(a.hours), 0) as hours from held_seat a
      where a.case_id = c.id and a.ends_on = c.closed_on) s on true
    where ${ofTeams} and c.closed_on between ${since}::date and ${today}::date group by 1`.execute(db)
  const found = (place: number, what: string) =>
    counts.rows.find(row => row.week === place && row.what === what)

  const waits = await sql<Wait>`
    select c.case_number, c.team_id, t.name as team, c.urgency, c.received_on, first.got_on, c.closed_on,
      array(select m.term from case_term_met m where m.case_id = c.id) as met
    from case_file c
    join team t on t.id = c.team_id
    left join lateral (select min(a.starts_on) as got_on from held_seat a
      where a.case_id = c.id and a.seat = 'primary') first on true
    where ${ofTeams} and c.received_on <= ${today}::date
      and (c.closed_on is null or c.closed_on >= ${since}::date)
      and (first.got_on is null or first.got_on >= ${since}::date)
    order by c.received_on, c.case_number`.execute(db)
  const got = waits.rows.flatMap(({ gotOn, ...row }) =>
    gotOn !== null && gotOn <= today ? [{ ...row, gotOn }] : [],
  )
  const waitsOn = (day: string) =>
    waits.rows.filter(
      row =>
        row.receivedOn <= day &&
        (row.gotOn === null || row.gotOn > day) &&
        (row.closedOn === null || row.closedOn > day),
    )
  const now = waitsOn(today)
  const teams = [...new Set([...got, ...now].map(row => row.team))].sort((a, b) => a.localeCompare(b, 'nl'))
  return {
    on: today,
    since,
    weeks: days.map((day, index) => {
      const place = index + 1
      return {
        day,
        received: found(place, 'received')?.n ?? 0,
        receivedChildren: found(place, 'received')?.amount ?? 0,
        allocated: found(place, 'allocated')?.n ?? 0,
        allocatedHours: found(place, 'allocated')?.amount ?? 0,
        closed: found(place, 'closed')?.n ?? 0,
        closedHours: found(place, 'closed')?.amount ?? 0,
        waiting: waitsOn(day).length,
      }
    }),
    waited: {
      all: waitedOf(got),
      ...each(URGENCIES, urgency => waitedOf(got.filter(one => one.urgency === urgency))),
    },
    waiting: waitingOf(now, today),
    teams: teams.map(team => ({
      team,
      waited: waitedOf(got.filter(row => row.team === team)),
      waiting: waitingOf(
        now.filter(row => row.team === team),
        today,
      ),
    })),
    overdue: now
      .flatMap(({ caseNumber, teamId, team, urgency, receivedOn, met }) => {
        const term = firstContact(receivedOn, today)
        if (term.state !== 'overdue' || met.includes('firstContact') || !scope.caseTeamIds.includes(teamId))
          return []
        return [
          {
            caseNumber,
            team,
            urgency,
            receivedOn,
            waitingDays: daysBetween(receivedOn, today),
            firstContact: term,
            plan: planOfAction(receivedOn, today),
          },
        ]
      })
      .slice(0, MAX_OVERDUE),
  }
}

interface Wait {
  caseNumber: string
  teamId: number
  team: string
  urgency: Urgency
  receivedOn: string
  gotOn: string | null
  closedOn: string | null
  /** What somebody said was done. */
  met: readonly ('firstContact' | 'plan')[]
}

/** Cases that have nobody on a day: the last day of a term is still in time. */
function waitingOf(cases: readonly Pick<Wait, 'receivedOn' | 'met'>[], today: string): Flow['waiting'] {
  const past = (term: 'firstContact' | 'plan', dueOf: typeof firstContact) =>
    cases.filter(one => !one.met.includes(term) && dueOf(one.receivedOn, today).state === 'overdue').length
  return {
    cases: cases.length,
    pastFirstContact: past('firstContact', firstContact),
    pastPlan: past('plan', planOfAction),
    longestDays:
      cases.length === 0 ? null : Math.max(...cases.map(one => daysBetween(one.receivedOn, today))),
  }
}

/** Waiting times of cases that somebody got. `within…` means: on the last day of the term or before. */
export function waitedOf(cases: readonly Got[]): Flow['waited']['all'] {
  const days = cases.map(one => Math.max(0, daysBetween(one.receivedOn, one.gotOn))).sort((a, b) => a - b)
  const at = (share: number) => (days.length === 0 ? null : days[Math.ceil(share * days.length) - 1]!)
  return {
    cases: cases.length,
    medianDays: at(0.5),
    longDays: at(0.9),
    withinFirstContact: cases.filter(one => firstContact(one.receivedOn, one.gotOn).state !== 'overdue')
      .length,
    withinPlan: cases.filter(one => planOfAction(one.receivedOn, one.gotOn).state !== 'overdue').length,
  }
}
