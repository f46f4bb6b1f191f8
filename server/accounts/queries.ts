import type { Executor } from '../../db/database.ts'
import type { SessionInfo, User } from '../contract/accounts.ts'
import { inNameOrder } from '../contract/names.ts'
import { ACTIONS } from '../contract/permissions.ts'
import { mayDo } from '../contract/roles.ts'
import { notFound, type SignedIn } from '../http/call.ts'

type SignedInInfo = NonNullable<SessionInfo['user']>

/** Whether nobody has an account yet, so that the first administrator has still to come. */
export async function isEmpty(db: Executor): Promise<boolean> {
  return (await db.selectFrom('userAccount').select('id').limit(1).executeTakeFirst()) === undefined
}

/** The teams that a user sees: their scope, and for a worker the own team. */
export async function teamIdsOf(
  db: Executor,
  user: Pick<SignedIn, 'teamsFor' | 'workerId'>,
): Promise<number[]> {
  const own =
    user.workerId === null
      ? undefined
      : await db.selectFrom('worker').select('teamId').where('id', '=', user.workerId).executeTakeFirst()
  return [...user.teamsFor('session.own'), ...(own ? [own.teamId] : [])]
}

async function teamsOf(
  db: Executor,
  user: Pick<SignedIn, 'organisationId' | 'teamsFor' | 'workerId'>,
): Promise<SignedInInfo['teams']> {
  const ids = await teamIdsOf(db, user)
  if (ids.length === 0) return []
  return db
    .selectFrom('team')
    .select(['id', 'name', 'active'])
    .where('organisationId', '=', user.organisationId)
    .where('id', 'in', ids)
    .orderBy('name')
    .execute()
}

/** What the web needs to know about who is signed in. */
export async function sessionInfo(
  db: Executor,
  user: SignedIn | null,
  about: { demo: boolean; today: string },
): Promise<SessionInfo> {
  if (!user) return { ...about, setupNeeded: await isEmpty(db), organisation: null, user: null }
  const account = await db
    .selectFrom('userAccount as u')
    .innerJoin('organisation as o', 'o.id', 'u.organisationId')
    .leftJoin('worker as w', 'w.id', 'u.workerId')
    .select(['u.id', 'u.name', 'u.email', 'u.locale', 'u.theme', 'w.staffNumber', 'o.name as organisation'])
    .where('u.id', '=', user.id)
    .executeTakeFirstOrThrow()
  const { organisation, ...rest } = account
  return {
    ...about,
    setupNeeded: false,
    organisation,
    user: {
      ...rest,
      roles: [...user.roles],
      teams: await teamsOf(db, user),
      may: ACTIONS.filter(action => mayDo(user.roles, action)),
    },
  }
}

/** Users of an organisation with their roles; one of them when `id` is given. */
export async function users(db: Executor, organisationId: number, id?: number): Promise<User[]> {
  const accounts = await db
    .selectFrom('userAccount as u')
    .leftJoin('worker as w', 'w.id', 'u.workerId')
    .select(eb => [
      'u.id',
      'u.email',
      'u.name',
      'u.status',
      'w.staffNumber',
      'u.version',
      eb
        .selectFrom('session as s')
        .select(s => s.fn.max('s.lastSeenAt').as('at'))
        .whereRef('s.userId', '=', 'u.id')
        .as('lastSeenAt'),
    ])
    .where('u.organisationId', '=', organisationId)
    .$if(id !== undefined, query => query.where('u.id', '=', id!))
    .orderBy('u.id')
    .execute()
  const grants = await db
    .selectFrom('userRole as r')
    .innerJoin('userAccount as u', 'u.id', 'r.userId')
    .select(['r.userId', 'r.role', 'r.teamId'])
    .where('u.organisationId', '=', organisationId)
    .orderBy('r.role')
    .orderBy('r.teamId')
    .execute()
  return inNameOrder(accounts).map(({ lastSeenAt, ...account }) => ({
    ...account,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    roles: grants.filter(grant => grant.userId === account.id).map(({ role, teamId }) => ({ role, teamId })),
  }))
}

export async function userOf(db: Executor, organisationId: number, id: number): Promise<User> {
  const user = (await users(db, organisationId, id))[0]
  if (!user) throw notFound({ nl: 'Deze gebruiker', en: 'This user' })
  return user
}
