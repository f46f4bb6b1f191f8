import type { Tx } from '../../db/database.ts'
import { dayOf } from '../contract/days.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import type { Call, SignedIn } from '../http/call.ts'
import { rightsFrom } from '../http/rights.ts'

/** Who took part in the settled rounds. */
export interface People {
  /** Makes and settles the rounds of a team, by name of the team. */
  composer: ReadonlyMap<string, SignedIn>
  /** Says how the first team settles. */
  lead: SignedIn
  /** Everybody who may have a say in a round of the team. */
  inTeam(teamId: number): SignedIn[]
  /** The account of a worker, if there is one. */
  ofWorker(workerId: number): SignedIn | undefined
}

/** Everybody of the demo with the rights that they have. */
export async function readPeople(
  tx: Tx,
  organisationId: number,
  teamIds: ReadonlyMap<string, number>,
): Promise<People> {
  const accounts = await tx
    .selectFrom('userAccount')
    .select(['id', 'name', 'workerId'])
    .where('organisationId', '=', organisationId)
    .orderBy('id')
    .execute()
  const grants = await tx.selectFrom('userRole').selectAll().execute()
  const all = accounts.map(
    (account): SignedIn => ({
      ...account,
      organisationId,
      ...rightsFrom(
        grants.filter(grant => grant.userId === account.id),
        [...teamIds.values()],
      ),
    }),
  )
  const inTeam = (teamId: number) => all.filter(one => one.mayIn('round.choose', teamId))
  return {
    composer: new Map(
      [...teamIds].map(([name, id]) => [name, inTeam(id).find(one => one.mayIn('round.compose', id))!]),
    ),
    lead: all.find(one => one.roles.includes('lead'))!,
    inTeam,
    ofWorker: workerId => all.find(one => one.workerId === workerId),
  }
}

type Name = Exclude<keyof Endpoints, `GET ${string}`>
type Asked<N extends Name> = Pick<Endpoints[N], 'params' | 'body'>

/** The request that somebody made at a moment of the past, as its handler gets it. `version` is what If-Match named. */
export function madeBy<N extends Name>(
  tx: Tx,
  user: SignedIn,
  now: Date,
  { params, body }: Asked<N>,
  version = 0,
): Call<N> {
  const call = {
    params,
    query: {},
    body,
    db: tx,
    user,
    locale: 'nl',
    today: dayOf(now),
    now,
    expectedVersion: version,
    requestId: 'demo',
    client: { address: '', loopback: true, sessionId: null, setSession: () => {}, clearSession: () => {} },
  }
  return call as unknown as Call<N>
}
