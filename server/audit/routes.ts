import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { eventsInNumbers, isAbout } from '../events/case-keys.ts'
import type { Handlers, SignedIn } from '../http/call.ts'
import { requestTeams } from '../requests/queries.ts'
import { sentenceOf } from './sentences.ts'

const PAGE = 100

/** What people read of the event log, in their scope. Reading it leaves no event of its own. */
export const auditHandlers: Pick<Handlers, 'GET /events'> = {
  'GET /events': async ({ db, user, query, locale }) => {
    const teamIds = user.teamsFor('event.read')
    const isAdministrator = user.roles.includes('admin')
    const rows = await db
      .selectFrom('event as e')
      .leftJoin('userAccount as u', 'u.id', 'e.actorId')
      .leftJoin('team as t', 't.id', 'e.teamId')
      .select([
        'e.seq',
        'e.at',
        'e.type',
        'u.name as actor',
        'e.actorRole',
        't.name as team',
        'e.objectType',
        'e.objectId',
        'e.data',
      ])
      .where('e.organisationId', '=', user.organisationId)
      // Accounts and sign-ins are for administrators; what belongs to a team is for those who have that team.
      .$if(!isAdministrator, scoped =>
        scoped.where(eb =>
          eb.or([
            ...(teamIds.length > 0
              ? [eb.and([eb('e.teamId', 'in', teamIds), eb('e.objectType', '<>', 'request')])]
              : []),
            requestEvents(user),
            eb.and([
              eb('e.teamId', 'is', null),
              eb('e.objectType', 'not in', ['user', 'organisation', 'round', 'request']),
            ]),
            ...(teamIds.length > 0
              ? [
                  // A round of several teams: for everybody who has one of them.
                  eb.and([
                    eb('e.teamId', 'is', null),
                    eb('e.objectType', '=', 'round'),
                    eb.exists(
                      eb
                        .selectFrom('roundTeam as r')
                        .select('r.teamId')
                        .where(sql`r.round_id::text`, '=', sql.ref('e.object_id'))
                        .where('r.teamId', 'in', teamIds),
                    ),
                  ]),
                ]
              : []),
          ]),
        ),
      )
      .$if(query.object !== undefined, scoped => scoped.where('e.objectType', '=', query.object!))
      .$if(query.id !== undefined, scoped => scoped.where(isAbout(user.organisationId, query.id!)))
      .$if(query.type !== undefined, scoped => scoped.where('e.type', '=', query.type!))
      .$if(query.before !== undefined, scoped => scoped.where('e.seq', '<', query.before!))
      .orderBy('e.seq', 'desc')
      .limit(PAGE + 1)
      .execute()
    const names = await namesOf(db, user.organisationId, rows)
    const shown = await eventsInNumbers(
      db,
      user.organisationId,
      rows.slice(0, PAGE).map(({ at, objectId, data }) => ({ at, value: { objectId, data } })),
    )
    return {
      events: shown.map(({ objectId, data }, index) => {
        const { data: _, at, ...row } = rows[index]!
        const told = { ...row, objectId, data: withName(data, names) }
        return { ...row, objectId, at: at.toISOString(), sentence: sentenceOf(told, locale) }
      }),
      more: rows.length > PAGE,
    }
  },
}

/** Those of requests are for who reads the request: of leave, reductions and corrections the lead, of weights the intake too. */
function requestEvents(user: SignedIn) {
  const { all, weights } = requestTeams(user)
  return sql<boolean>`(e.object_type = 'request' and exists (select 1 from own_request r where r.id::text = e.object_id
    and (e.team_id = any(${[...all]}::int[]) or (r.kind = 'weight' and e.team_id = any(${[...weights]}::int[])))))`
}

/** Events hold the id of the account that something was given to; its name is that of today. */
function toUserOf(data: Record<string, unknown>): number | null {
  return typeof data.toUser === 'number' ? data.toUser : null
}

function withName(data: Record<string, unknown>, names: ReadonlyMap<number, string>) {
  const id = toUserOf(data)
  return { about: data.case, ...data, ...(id !== null && { to: names.get(id) ?? null }) }
}

async function namesOf(
  db: Executor,
  organisationId: number,
  rows: readonly { data: Record<string, unknown> }[],
): Promise<Map<number, string>> {
  const ids = [...new Set(rows.map(row => toUserOf(row.data)).filter(id => id !== null))]
  if (ids.length === 0) return new Map()
  const people = await db
    .selectFrom('userAccount')
    .select(['id', 'name'])
    .where('organisationId', '=', organisationId)
    .where('id', 'in', ids)
    .execute()
  return new Map(people.map(one => [one.id, one.name]))
}
