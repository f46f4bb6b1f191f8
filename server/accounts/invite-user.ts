import type { Tx } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { User } from '../contract/accounts.ts'
import type { Locale } from '../contract/common.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import { roleOf } from '../contract/roles.ts'
import { append } from '../events/events.ts'
import { type BothLanguages, Refusal, type SignedIn } from '../http/call.ts'
import { invite } from './invitations.ts'

type UserInput = Endpoints['POST /users']['body']

/** Makes an account with its roles and a one-time link, for somebody who has none. */
export async function inviteUser(
  { db: tx, user, locale, now }: { db: Tx; user: SignedIn; locale: Locale; now: Date },
  input: UserInput,
  config: Config,
): Promise<{ id: number; link: string; expiresAt: Date }> {
  const workerId = await checked(tx, user, input, locale, null)
  const { id } = await tx
    .insertInto('userAccount')
    .values({
      organisationId: user.organisationId,
      email: input.email,
      name: input.name,
      passwordHash: null,
      status: 'invited',
      locale: 'nl',
      workerId,
      createdAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await grant(tx, id, input.roles)
  const { link, expiresAt } = await invite(tx, id, config, now)
  append(tx, { ...about(user, id), type: 'user.invited', data: granted(input.roles), at: now })
  return { id, link, expiresAt }
}

/** Teams and worker must be of this organisation, and roles must fit; gives the id of the worker. */
export async function checked(
  tx: Tx,
  user: SignedIn,
  input: UserInput,
  locale: Locale,
  before: User | null,
): Promise<number | null> {
  const had = new Set(before?.roles.map(({ teamId }) => teamId))
  const wrong = (field: string, text: BothLanguages) =>
    new Refusal(422, text, { errors: [{ field, message: text[locale] }] })
  const teams = await tx
    .selectFrom('team')
    .select(['id', 'active'])
    .where('organisationId', '=', user.organisationId)
    .execute()
  // A role in a team that ended reads its past; nobody gets a new one there.
  const known = new Set(teams.filter(team => team.active || had.has(team.id)).map(team => team.id))
  for (const [index, { role, teamId }] of input.roles.entries()) {
    const needsTeam = roleOf[role].ofTeam
    if (needsTeam && teamId === null) throw wrong(`roles.${index}.teamId`, ROLE_NEEDS_TEAM)
    if (!needsTeam && teamId !== null) throw wrong(`roles.${index}.teamId`, ROLE_HAS_NO_TEAM)
    if (teamId !== null && !known.has(teamId)) throw wrong(`roles.${index}.teamId`, NO_SUCH_TEAM)
  }
  if (input.staffNumber === null) {
    if (input.roles.some(({ role }) => roleOf[role].isWorker)) throw wrong('staffNumber', WORKER_NEEDS_NUMBER)
    return null
  }
  const worker = await tx
    .selectFrom('worker')
    .select('id')
    .where('organisationId', '=', user.organisationId)
    .where('staffNumber', '=', input.staffNumber)
    .executeTakeFirst()
  if (!worker) throw wrong('staffNumber', NO_SUCH_WORKER)
  return worker.id
}

const ROLE_NEEDS_TEAM: BothLanguages = {
  nl: 'Kies een team bij deze rol.',
  en: 'Choose a team for this role.',
}
const ROLE_HAS_NO_TEAM: BothLanguages = {
  nl: 'Deze rol geldt niet voor een enkel team. Laat het team leeg.',
  en: 'This role is not for a single team. Leave the team empty.',
}
const NO_SUCH_TEAM: BothLanguages = { nl: 'Dit team bestaat niet.', en: 'This team does not exist.' }
const NO_SUCH_WORKER: BothLanguages = {
  nl: 'Er is geen medewerker met dit personeelsnummer.',
  en: 'There is no worker with this staff number.',
}
const WORKER_NEEDS_NUMBER: BothLanguages = {
  nl: 'Bij de rol jeugdbeschermer hoort een personeelsnummer.',
  en: 'The role of youth protection worker needs a staff number.',
}

export async function grant(tx: Tx, userId: number, roles: UserInput['roles']): Promise<void> {
  if (roles.length === 0) return
  await tx
    .insertInto('userRole')
    .values(roles.map(({ role, teamId }) => ({ userId, role, teamId })))
    .execute()
}

export function about(user: SignedIn, id: number) {
  return {
    actor: user,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'user',
    objectId: String(id),
  }
}

export function granted(roles: UserInput['roles']) {
  return { roles: roles.map(({ role, teamId }) => (teamId === null ? role : `${role}:${teamId}`)) }
}
