import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { SettlingInput, TeamSettling } from '../contract/sharing.ts'
import { append } from '../events/events.ts'
import { type Call, type Handlers, notFound, type SignedIn, staleVersion } from '../http/call.ts'

/** What holds for a team that has not chosen. */
const DEFAULTS: SettlingInput = {
  way: 'meeting',
  answerDays: 3,
  firstLook: false,
  minutes: true,
  pulse: true,
}
const COLUMNS = ['way', 'answerDays', 'firstLook', 'minutes', 'pulse'] as const

/**
 * How the teams of a round settle it together: what one of them asks for, they all do, and the longest term holds.
 */
export async function settlingOf(db: Executor, teamIds: readonly number[]): Promise<SettlingInput> {
  const rows = await db
    .selectFrom('teamSettling')
    .select(COLUMNS)
    .where('teamId', '=', sql<number>`any(${[...teamIds]}::int[])`)
    .execute()
  const all = [...rows, ...(rows.length < teamIds.length ? [DEFAULTS] : [])]
  return {
    way: all.some(one => one.way === 'shared') ? 'shared' : 'meeting',
    answerDays: Math.max(...all.map(one => one.answerDays)),
    firstLook: all.some(one => one.firstLook),
    minutes: all.some(one => one.minutes),
    pulse: all.some(one => one.pulse),
  }
}

export const settlingHandlers = {
  'GET /settling': async ({ db, user }) => teamSettings(db, user),

  'PUT /teams/:id/settling': async call => {
    const { db: tx, user, body, params, now } = call
    const before = await teamForChange(call)
    await tx
      .insertInto('teamSettling')
      .values({ teamId: params.id, ...body, version: before.version + 1 })
      .onConflict(conflict => conflict.column('teamId').doUpdateSet({ ...body, version: before.version + 1 }))
      .execute()
    const fields = COLUMNS.filter(name => before[name] !== body[name])
    append(tx, {
      type: 'team.settlingChanged',
      actor: user,
      organisationId: user.organisationId,
      teamId: params.id,
      objectType: 'team',
      objectId: String(params.id),
      data: { team: before.team, fields, ...body },
      at: now,
    })
    return { ...before, ...body, version: before.version + 1 }
  },
} satisfies Partial<Handlers>

/** The team, locked, at the version that the person saw. */
async function teamForChange({
  db: tx,
  user,
  params,
  expectedVersion,
}: Call<'PUT /teams/:id/settling'>): Promise<TeamSettling> {
  await tx.selectFrom('team').select('id').where('id', '=', params.id).forUpdate().execute()
  const before = (await teamSettings(tx, user)).find(one => one.teamId === params.id)
  if (!before?.mayChange) throw notFound({ nl: 'Dit team', en: 'This team' })
  if (before.version !== expectedVersion) throw staleVersion(before.version)
  return before
}

async function teamSettings(db: Executor, user: SignedIn): Promise<TeamSettling[]> {
  const rows = await db
    .selectFrom('team as t')
    .leftJoin('teamSettling as s', 's.teamId', 't.id')
    .select(['t.id', 't.name', 's.way', 's.answerDays', 's.firstLook', 's.minutes', 's.pulse', 's.version'])
    .where('t.organisationId', '=', user.organisationId)
    .where('t.active', '=', true)
    .where('t.id', '=', sql<number>`any(${[...user.teamsFor('settling.read')]}::int[])`)
    .orderBy('t.name')
    .execute()
  return rows.map(row => ({
    teamId: row.id,
    team: row.name,
    way: row.way ?? DEFAULTS.way,
    answerDays: row.answerDays ?? DEFAULTS.answerDays,
    firstLook: row.firstLook ?? DEFAULTS.firstLook,
    minutes: row.minutes ?? DEFAULTS.minutes,
    pulse: row.pulse ?? DEFAULTS.pulse,
    version: row.version ?? 1,
    mayChange: user.mayIn('settling.write', row.id),
  }))
}
