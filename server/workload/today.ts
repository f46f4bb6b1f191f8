import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { CaseRow } from '../contract/cases.ts'
import type { Today } from '../contract/today.ts'
import type { Handlers } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { caseRows, caseScope } from '../weighing/case-rows.ts'
import { bandOf } from './band.ts'
import { workloadOn } from './rows.ts'

export const todayOf: Handlers['GET /today'] = async ({ db, user, today }) => {
  const { organisationId } = user
  const teamIds = user.teamsFor('workload.read')
  const roundTeams = user.teamsFor('round.read')
  const rulebook = await rulebookOn(db, organisationId, today)
  const waiting = await caseRows(db, {
    organisationId,
    scope: { teamIds: caseScope(user).teamIds, workerId: null },
    statuses: TO_ALLOCATE,
    on: today,
  })
  const { totals } = await workloadOn(db, { organisationId, teamIds, on: today })
  return {
    on: today,
    waiting: waitingFigures([...waiting.values()]),
    openRounds: await openRounds(db, organisationId, roundTeams),
    workload: totals,
    band: bandOf(rulebook.content),
    lastSettled: await lastSettled(db, organisationId, roundTeams),
  }
}

const BUCKETS = [
  { label: '0-2', until: 2 },
  { label: '3-5', until: 5 },
  { label: '6-10', until: 10 },
  { label: '>10', until: Number.POSITIVE_INFINITY },
]

/** What waits, in figures. `overdue` and `dueSoon` are about the first contact; `dueSoon` includes today. */
export function waitingFigures(cases: readonly CaseRow[]): Today['waiting'] {
  const count = (test: (one: CaseRow) => boolean) => cases.filter(test).length
  let from = 0
  return {
    cases: cases.length,
    children: cases.reduce((sum, one) => sum + (one.children ?? 1), 0),
    emergencies: count(one => one.urgency === 'emergency'),
    longestDays: cases.length === 0 ? null : Math.max(...cases.map(one => one.waitingDays)),
    overdue: count(one => one.firstContact?.state === 'overdue'),
    dueSoon: count(one => one.firstContact?.state === 'soon' || one.firstContact?.state === 'today'),
    incomplete: count(one => one.missing.length > 0),
    hours: cases.reduce((sum, one) => sum + hundredths(one.openHours), 0) / 100,
    buckets: BUCKETS.map(({ label, until }) => {
      const bucket = { label, cases: count(one => one.waitingDays >= from && one.waitingDays <= until) }
      from = until + 1
      return bucket
    }),
  }
}

async function openRounds(
  db: Executor,
  organisationId: number,
  teamIds: readonly number[],
): Promise<Today['openRounds']> {
  if (teamIds.length === 0) return []
  const rounds = await db
    .selectFrom('round as r')
    .where('r.organisationId', '=', organisationId)
    .where('r.status', '=', 'open')
    .where(eb =>
      eb.exists(
        eb
          .selectFrom('roundTeam as own')
          .whereRef('own.roundId', '=', 'r.id')
          .where('own.teamId', 'in', [...teamIds])
          .select('own.teamId'),
      ),
    )
    .select(eb => [
      'r.id',
      'r.startOn',
      eb
        .selectFrom('roundCase as c')
        .whereRef('c.roundId', '=', 'r.id')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('cases'),
      eb
        .selectFrom('run')
        .whereRef('run.roundId', '=', 'r.id')
        .where('run.kind', '=', 'round')
        .select('run.state')
        .orderBy('run.id', 'desc')
        .limit(1)
        .as('state'),
    ])
    .orderBy('r.id', 'desc')
    .execute()
  if (rounds.length === 0) return []
  const teams = await db
    .selectFrom('roundTeam as rt')
    .innerJoin('team as t', 't.id', 'rt.teamId')
    .where(
      'rt.roundId',
      'in',
      rounds.map(one => one.id),
    )
    .select(['rt.roundId', 't.name'])
    .orderBy('t.name')
    .execute()
  return rounds.map(round => ({
    id: round.id,
    startOn: round.startOn,
    cases: round.cases ?? 0,
    teams: teams.filter(team => team.roundId === round.id).map(team => team.name),
    state: round.state ?? 'none',
  }))
}

async function lastSettled(
  db: Executor,
  organisationId: number,
  teamIds: readonly number[],
): Promise<Today['lastSettled']> {
  if (teamIds.length === 0) return null
  const round = await db
    .selectFrom('round as r')
    .where('r.organisationId', '=', organisationId)
    .where('r.status', '=', 'settled')
    .where('r.settledAt', 'is not', null)
    .where(eb =>
      eb.exists(
        eb
          .selectFrom('roundTeam as own')
          .whereRef('own.roundId', '=', 'r.id')
          .where('own.teamId', 'in', [...teamIds])
          .select('own.teamId'),
      ),
    )
    .select(eb => [
      'r.id',
      'r.settledAt',
      eb
        .selectFrom('decision as d')
        .whereRef('d.roundId', '=', 'r.id')
        .where('d.seat', '=', 'primary')
        .where('d.workerId', 'is not', null)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('cases'),
    ])
    .orderBy('r.settledAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!round?.settledAt) return null
  return { id: round.id, settledAt: round.settledAt.toISOString(), cases: round.cases ?? 0 }
}
