import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { OwnRequest } from '../contract/requests.ts'
import type { SignedIn } from '../http/call.ts'
import { type Held, periodsOf, type ReasonTerms } from './state.ts'

export interface RequestRow {
  id: number
  organisationId: number
  teamId: number
  workerId: number
  request: OwnRequest
  caseId: number | null
}

/** Leave, reductions and corrections are between the worker and the lead; about weights the intake team decides too. */
export interface RequestTeams {
  all: readonly number[]
  weights: readonly number[]
}

/** The teams whose requests this person reads. */
export function requestTeams(user: SignedIn): RequestTeams {
  return { all: user.teamsFor('request.decide'), weights: user.teamsFor('request.read') }
}

export function mayReadRequest(
  user: SignedIn,
  { teamId, request }: Pick<RequestRow, 'teamId' | 'request'>,
): boolean {
  return user.mayIn(request.kind === 'weight' ? 'request.read' : 'request.decide', teamId)
}

const inTeams = ({ all, weights }: RequestTeams) => sql<boolean>`(r.team_id = any(${[...all]}::int[])
  or (r.kind = 'weight' and r.team_id = any(${[...weights]}::int[])))`

interface RequestFilter {
  ids?: readonly number[]
  workerId?: number
  teams?: RequestTeams
  /** Left out: all. */
  open?: boolean
  kind?: OwnRequest['kind']
  /** Only what comes after the one with this id, in the order of the list. */
  after?: number
  limit?: number
}

/** Requests with the names that go with them, newest first. */
export async function requestRows(db: Executor, filter: RequestFilter): Promise<RequestRow[]> {
  let query = db
    .selectFrom('ownRequest as r')
    .leftJoin('caseFile as c', 'c.id', 'r.caseId')
    .leftJoin('userAccount as u', 'u.id', 'r.answeredBy')
    .select([
      'r.id',
      'r.organisationId',
      'r.teamId',
      'r.workerId',
      'r.caseId',
      'r.kind',
      'r.status',
      'r.reasonCode as reason',
      'r.percentage',
      'r.validFrom',
      'r.validUntil',
      'r.periods',
      'r.subject',
      'c.caseNumber',
      'r.hours',
      'r.text',
      'r.answer',
      'u.name as answeredBy',
      'r.answeredAt',
      'r.createdAt',
      'r.version',
    ])
    .orderBy('r.id', filter.open === true ? 'asc' : 'desc')
  if (filter.ids) query = query.where('r.id', 'in', [...filter.ids])
  if (filter.workerId !== undefined) query = query.where('r.workerId', '=', filter.workerId)
  if (filter.teams) query = query.where(inTeams(filter.teams))
  if (filter.open !== undefined) query = query.where('r.status', filter.open ? '=' : '!=', 'open')
  if (filter.kind !== undefined) query = query.where('r.kind', '=', filter.kind)
  if (filter.after !== undefined) query = query.where('r.id', filter.open === true ? '>' : '<', filter.after)
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  const rows = await query.execute()
  return rows.map(({ organisationId, teamId, workerId, caseId, ...row }) => ({
    id: row.id,
    organisationId,
    teamId,
    workerId,
    caseId,
    request: {
      ...row,
      createdAt: row.createdAt.toISOString(),
      answeredAt: row.answeredAt?.toISOString() ?? null,
    },
  }))
}

/** How many requests of these teams wait for an answer, and how many are settled. */
export async function requestCounts(
  db: Executor,
  { teams, kind }: { teams: RequestTeams; kind?: OwnRequest['kind'] | undefined },
): Promise<{ open: number; settled: number }> {
  let query = db
    .selectFrom('ownRequest as r')
    .where(inTeams(teams))
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('status', '=', 'open').as('open'),
      fn.countAll<number>().filterWhere('status', '!=', 'open').as('settled'),
    ])
  if (kind !== undefined) query = query.where('kind', '=', kind)
  return query.executeTakeFirstOrThrow()
}

/** What an entry of this worker may not overlap. `except` leaves out one request: the one that is being answered. */
export async function heldBy(tx: Tx, workerId: number, except: number | null = null): Promise<Held[]> {
  const reductions = await tx
    .selectFrom('reduction')
    .select(['reasonCode as reason', 'validFrom', 'validUntil'])
    .where('workerId', '=', workerId)
    .execute()
  const absences = await tx
    .selectFrom('absence')
    .select(['validFrom', 'validUntil'])
    .where('workerId', '=', workerId)
    .execute()
  const asked = await tx
    .selectFrom('ownRequest')
    .select(['id', 'kind', 'reasonCode as reason', 'validFrom', 'validUntil', 'periods'])
    .where('workerId', '=', workerId)
    .where('status', '=', 'open')
    .where('kind', 'in', ['absence', 'reduction'])
    .execute()
  return [
    ...reductions.map(one => ({ ...one, kind: 'reduction' as const, asked: false })),
    ...absences.map(one => ({ ...one, kind: 'absence' as const, reason: null, asked: false })),
    ...asked
      .filter(one => one.id !== except)
      .flatMap(({ kind, reason, validFrom, validUntil, periods }) =>
        periodsOf({ validFrom: validFrom!, validUntil, periods }).map(period => ({
          ...period,
          reason,
          kind: kind as Held['kind'],
          asked: true,
        })),
      ),
  ]
}

export async function reasonTerms(db: Executor): Promise<Map<string, ReasonTerms>> {
  const rows = await db
    .selectFrom('reductionReason')
    .select(['code', 'active', 'maximumPercentage', 'maximumMonths'])
    .execute()
  return new Map(rows.map(({ code, ...terms }) => [code, terms]))
}
