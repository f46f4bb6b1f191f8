import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { CaseRow } from '../contract/cases.ts'
import type { RoundStep, Today } from '../contract/today.ts'
import type { WorkerRow } from '../contract/workers.ts'
import type { Handlers } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { caseRows, caseScope } from '../weighing/case-rows.ts'
import { bandOf } from './band.ts'
import { type Band, isFarUnder } from './load.ts'
import { goingOf, type RoomFacts, roomNow } from './room.ts'
import { loadedRows, summed } from './rows.ts'

export const todayOf: Handlers['GET /today'] = async ({ db, user, today, now }) => {
  const { organisationId } = user
  const teamIds = user.teamsFor('workload.read')
  const roundTeams = user.teamsFor('round.read')
  const { content } = await rulebookOn(db, organisationId, today)
  const waiting = await caseRows(db, {
    organisationId,
    scope: { teamIds: caseScope(user).teamIds, workerId: null },
    statuses: TO_ALLOCATE,
    on: today,
  })
  const loaded = await loadedRows(db, { organisationId, teamIds, on: today })
  const people = await roomFacts(db, loaded, today)
  const looksAfter = user.teamsFor('signal.people')
  return {
    on: today,
    waiting: waitingFigures([...waiting.values()]),
    openRounds: await openRounds(db, organisationId, roundTeams, now),
    workload: summed(loaded).totals,
    room: roomNow(people, content, today),
    going: goingOf(people, content, today),
    outside: people.flatMap(({ row }) => (looksAfter.includes(row.teamId) ? outside(row, content) : [])),
    band: bandOf(content),
    lastSettled: await lastSettled(db, organisationId, roundTeams),
  }
}

/** Above the band, or available and far under it. */
function outside({ staffNumber, name, availability, load }: WorkerRow, band: Band): Today['outside'] {
  const { workload, status } = load
  if (workload === null) return []
  const over = status === 'aboveNorm' || status === 'farAboveNorm'
  if (!over && !(availability === 'available' && isFarUnder(band, workload))) return []
  return [{ worker: { staffNumber, name }, workload, status, side: over ? 'over' : 'under' }]
}

/** Of the people on these rows who are in service: what decides whether work can be given to them today. */
async function roomFacts(
  db: Executor,
  { loads, rows }: Awaited<ReturnType<typeof loadedRows>>,
  today: string,
): Promise<RoomFacts[]> {
  const ids = rows.map(([id]) => id)
  const workers = await db
    .selectFrom('worker')
    .where(sql<boolean>`id = any(${ids}::int[])`)
    .select(['id', 'registrationFrom', 'registrationUntil', 'employedUntil'])
    .execute()
  const absences = await db
    .selectFrom('absence')
    .where(sql<boolean>`worker_id = any(${ids}::int[])`)
    .where(sql<boolean>`coalesce(valid_until, 'infinity') >= ${today}::date`)
    .select(['workerId', 'percentage', 'validFrom', 'validUntil'])
    .orderBy('validFrom')
    .execute()
  const record = new Map(workers.map(({ id, ...rest }) => [id, rest]))
  return rows
    .filter(([, row]) => row.availability !== 'left' && row.availability !== 'notYet')
    .map(([id, row]) => ({
      row,
      newThisWeek: loads.get(id)?.newThisWeek ?? 0,
      ...record.get(id)!,
      absences: absences.filter(one => one.workerId === id),
    }))
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
    secondOpen: count(one => one.secondOpen),
    hours: cases.reduce((sum, one) => sum + hundredths(one.openHours), 0) / 100,
    buckets: BUCKETS.map(({ label, until }) => {
      const bucket = { label, cases: count(one => one.waitingDays >= from && one.waitingDays <= until) }
      from = until + 1
      return bucket
    }),
  }
}

/** A round in which one of these teams takes part. */
const ofTeams = (teamIds: readonly number[]) =>
  sql<boolean>`exists (select from round_team own where own.round_id = r.id and own.team_id = any(${[...teamIds]}::int[]))`

async function openRounds(
  db: Executor,
  organisationId: number,
  teamIds: readonly number[],
  now: Date,
): Promise<Today['openRounds']> {
  if (teamIds.length === 0) return []
  const rounds = await db
    .selectFrom('round as r')
    .where('r.organisationId', '=', organisationId)
    .where('r.status', '=', 'open')
    .where(ofTeams(teamIds))
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
      sql<boolean>`exists (select from proposal p where p.round_id = r.id)`.as('proposed'),
      sql<boolean>`exists (select from share s where s.round_id = r.id)`.as('shared'),
      sql<boolean>`exists (select from share s join share_line l on l.share_id = s.id
        where s.round_id = r.id and s.answer_until > ${now}
          and not exists (select from answer a where a.share_line_id = l.id))`.as('awaited'),
      sql<boolean>`exists (select from share_line l
        join lateral (select a.id, a.kind from answer a where a.share_line_id = l.id order by a.id desc limit 1) last on true
        where l.round_id = r.id and last.kind <> 'agree' and not exists (select from ruling u
          where u.round_id = l.round_id and u.case_id = l.case_id and u.seat = l.seat
            and u.worker_id = l.worker_id and u.answer_id = last.id))`.as('disputed'),
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
    next: nextStep(round),
  }))
}

/** What an open round waits for. */
export function nextStep(round: {
  state: string | null
  proposed: boolean
  shared: boolean
  /** Somebody can still answer, or answered otherwise than with a yes and the team said nothing of it. */
  awaited: boolean
  disputed: boolean
}): RoundStep {
  if (round.state === 'queued' || round.state === 'running') return 'wait'
  if (!round.proposed) return 'calculate'
  if (!round.shared) return 'review'
  return round.awaited || round.disputed ? 'answers' : 'settle'
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
    .where(ofTeams(teamIds))
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
