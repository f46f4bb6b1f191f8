import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { LiveEvent } from '../contract/records.ts'
import { entryOf } from '../events/event-types.ts'
import type { SignedIn } from '../http/call.ts'

/** An event with what it takes to say whom it is for. */
export interface NewsItem extends LiveEvent {
  organisationId: number | null
  /** Teams of the round that it is about. */
  roundTeams: number[] | null
  /** Workers whom it is about: of the round, who hold the case, the worker itself, who made the request. */
  workers: number[] | null
  /** A request about a weight. */
  aboutWeight: boolean
}

/** Events after this number, at most so many. */
export async function newsAfter(db: Executor, seq: number, most: number): Promise<NewsItem[]> {
  const { rows } = await sql<NewsItem>`
    select e.seq, e.type, e.object_type, coalesce(c.case_number, e.object_id) as object_id, e.team_id, e.organisation_id,
      case e.object_type when 'round' then (select array_agg(t.team_id) from round_team t where t.round_id::text = e.object_id) end
        as round_teams,
      case e.object_type
        when 'round' then (select array_agg(w.worker_id) from round_worker w where w.round_id::text = e.object_id)
        when 'case' then (select array_agg(distinct a.worker_id) from allocation a
          where a.case_id = c.id and (a.ends_on is null or (a.ends_on > a.starts_on and a.ends_on >= e.at::date)))
        when 'worker' then (select array_agg(w.id) from worker w
          where w.organisation_id = e.organisation_id and w.staff_number = e.object_id)
        when 'request' then (select array_agg(r.worker_id) from own_request r where r.id::text = e.object_id)
      end as workers,
      e.object_type = 'request' and exists (
        select 1 from own_request r where r.id::text = e.object_id and r.kind = 'weight') as about_weight
    from event e
    left join case_file c on e.object_type = 'case' and c.id = substring(e.object_id from '^case#(\\d+)$')::int
    where e.seq > ${seq} order by e.seq limit ${most}`.execute(db)
  return rows
}

/** The teams that workers belong to, by worker. */
export async function teamsOfWorkers(
  db: Executor,
  workerIds: readonly number[],
): Promise<Map<number, number>> {
  if (workerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('worker')
    .select(['id', 'teamId'])
    .where('id', 'in', [...workerIds])
    .execute()
  return new Map(rows.map(row => [row.id, row.teamId]))
}

/**
 * The event as this person may hear of it, by its scope and the `live` of its type; null when it is not for them: of another team, or of a kind that they do not read.
 * `workerTeam` is the team of the worker that the person is.
 */
export function asHeardBy(user: SignedIn, item: NewsItem, workerTeam: number | null): LiveEvent | null {
  const { organisationId, roundTeams, workers, aboutWeight, ...event } = item
  const live = entryOf(event.type)?.live
  if (organisationId !== user.organisationId || live === 'nobody') return null
  if (mayRead(user, item)) return event
  if (user.workerId === null) return null
  const isAbout = workers?.includes(user.workerId) ?? false
  switch (event.objectType) {
    case 'case':
      return isAbout && live !== 'readers' ? event : null
    case 'round':
      return isAbout && live === 'workers' ? event : null
    case 'worker':
    case 'request':
      return isAbout ? event : null
    case 'estimate':
    case 'team':
      return event.teamId !== null && event.teamId === workerTeam ? event : null
    default:
      return null
  }
}

function mayRead(user: SignedIn, { objectType, teamId, roundTeams, aboutWeight }: NewsItem): boolean {
  const inTeam = (action: 'event.read' | 'request.decide') => teamId !== null && user.mayIn(action, teamId)
  // Leave and corrections are between the worker and the lead.
  if (objectType === 'request') return inTeam(aboutWeight ? 'event.read' : 'request.decide')
  // An administrator has every team, also one that is newer than their rights as last read.
  if (user.roles.includes('admin')) return true
  switch (objectType) {
    // Accounts and sign-ins are for administrators, here as in the history.
    case 'user':
    case 'organisation':
      return false
    case 'round':
      return (teamId === null ? (roundTeams ?? []) : [teamId]).some(team => user.mayIn('event.read', team))
    default:
      return teamId === null || inTeam('event.read')
  }
}
