import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { tidy } from '../contract/names.ts'
import type { TeamHoldings, TeamRow } from '../contract/teams.ts'
import { aboutTeam, record } from '../events/record.ts'
import { type Handlers, notFound, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import { HAS_ENDED, mergeTeam } from './merge-teams.ts'
import { teamIdsOf } from './queries.ts'
import { emptinessOf } from './team-obstacles.ts'

type TeamHandlers = Pick<
  Handlers,
  | 'GET /teams'
  | 'POST /teams'
  | 'PUT /teams/:id'
  | 'GET /teams/:id/holdings'
  | 'POST /teams/:id/merging'
  | 'POST /teams/:id/ending'
>

export const teamHandlers: TeamHandlers = {
  'GET /teams': async ({ db, user }) => {
    const ids = new Set(await teamIdsOf(db, user))
    return (await teamRows(db, user.organisationId)).filter(team => ids.has(team.id))
  },

  'POST /teams': async call => {
    const { db, user, body } = call
    const { id } = await db
      .insertInto('team')
      .values({ organisationId: user.organisationId, name: tidy(body.name) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const team = await teamRow(db, user, id)
    record(call, aboutTeam(team), 'team.created', { name: team.name })
    return team
  },

  'PUT /teams/:id': async call => {
    const { db, user, params, body, expectedVersion } = call
    const before = await held(db, user, params.id, expectedVersion)
    const name = tidy(body.name)
    if (name === before.name) return before
    await db
      .updateTable('team')
      .set({ name, version: before.version + 1 })
      .where('id', '=', before.id)
      .execute()
    record(call, aboutTeam(before), 'team.renamed', { from: before.name, to: name })
    return teamRow(db, user, before.id)
  },

  'GET /teams/:id/holdings': async ({ db, user, params, today }) =>
    holdingsOf(db, await teamRow(db, user, params.id), today),

  'POST /teams/:id/merging': async call => {
    const { db, user, params, body, expectedVersion, today } = call
    // Both, in one order, so that two merges at once wait for each other and do not deadlock.
    for (const id of [params.id, body.into].sort((a, b) => a - b)) await held(db, user, id, null)
    const from = await held(db, user, params.id, expectedVersion)
    const into = await teamRow(db, user, body.into)
    await mergeTeam(call, await holdingsOf(db, from, today), into)
    return teamRow(db, user, from.id)
  },

  'POST /teams/:id/ending': async call => {
    const { db, user, params, expectedVersion, today } = call
    const before = await held(db, user, params.id, expectedVersion)
    if (!before.active) throw new Refusal(409, HAS_ENDED)
    const inTheWay = emptinessOf(await holdingsOf(db, before, today))
    if (inTheWay) throw new Refusal(409, inTheWay)
    await db
      .updateTable('team')
      .set({ active: false, endedOn: today, version: before.version + 1 })
      .where('id', '=', before.id)
      .execute()
    record(call, aboutTeam(before), 'team.ended', { name: before.name })
    return teamRow(db, user, before.id)
  },
}

/** The team as it is now, and nobody writes into it until this is done: the other half of `refuse_ended_team`. */
async function held(tx: Tx, user: SignedIn, id: number, expectedVersion: number | null): Promise<TeamRow> {
  await tx.selectFrom('team').select('id').where('id', '=', id).forUpdate().execute()
  const team = await teamRow(tx, user, id)
  if (expectedVersion !== null && team.version !== expectedVersion) throw staleVersion(team.version)
  return team
}

async function teamRow(db: Executor, user: SignedIn, id: number): Promise<TeamRow> {
  const [team] = await teamRows(db, user.organisationId, id)
  if (!team) throw notFound({ nl: 'Dit team', en: 'This team' })
  return team
}

function teamRows(db: Executor, organisationId: number, id?: number): Promise<TeamRow[]> {
  return db
    .selectFrom('team as t')
    .leftJoin('team as i', 'i.id', 't.mergedInto')
    .select(['t.id', 't.name', 't.active', 't.version', 't.endedOn', 'i.name as mergedInto'])
    .where('t.organisationId', '=', organisationId)
    .$if(id !== undefined, query => query.where('t.id', '=', id!))
    .orderBy('t.name')
    .execute()
}

async function holdingsOf(db: Executor, team: TeamRow, today: string): Promise<TeamHoldings> {
  const { workers, roles, calculating } = await db
    .selectNoFrom(eb => [
      eb
        .selectFrom('worker')
        .where('teamId', '=', team.id)
        .where(where => where.or([where('employedUntil', 'is', null), where('employedUntil', '>=', today)]))
        .select(sql<number>`count(*)::int`.as('n'))
        .as('workers'),
      eb
        .selectFrom('userRole')
        .where('teamId', '=', team.id)
        .select(sql<number>`count(*)::int`.as('n'))
        .as('roles'),
      eb
        .selectFrom('run')
        .where('teamId', '=', team.id)
        .where('state', 'in', ['queued', 'running'])
        .select(sql<number>`count(*)::int`.as('n'))
        .as('calculating'),
    ])
    .executeTakeFirstOrThrow()
  const cases = await db
    .selectFrom('caseFile as c')
    .innerJoin(standingOn(today), 's.caseId', 'c.id')
    .where('c.teamId', '=', team.id)
    .where('c.closedOn', 'is', null)
    .select('s.status')
    .execute()
  const rounds = await db
    .selectFrom('round as r')
    .innerJoin('roundTeam as t', 't.roundId', 'r.id')
    .where('t.teamId', '=', team.id)
    .where('r.status', '=', 'open')
    .select(['r.id', 'r.startOn'])
    .orderBy('r.id')
    .execute()
  const waiting = cases.filter(({ status }) => status === 'waiting' || status === 'in_round').length
  return {
    team,
    workers: workers ?? 0,
    waiting,
    running: cases.length - waiting,
    rounds,
    calculating: (calculating ?? 0) > 0,
    roles: roles ?? 0,
  }
}
