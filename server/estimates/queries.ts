import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { EstimateFeatures } from '../../db/own-schema.ts'
import type { Locale } from '../contract/common.ts'
import type { Estimate } from '../contract/estimates.ts'
import { notFound, type SignedIn } from '../http/call.ts'
import { catalogueNames, rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { isDuo, weigh } from '../weighing/weight.ts'
import type { ShownEstimate } from './differences.ts'

export interface EstimateRecord {
  id: number
  organisationId: number
  teamId: number
  team: string
  caseId: number
  caseNumber: string
  roundId: number | null
  status: 'open' | 'revealed' | 'agreed' | 'cancelled'
  tableHours: number
  features: EstimateFeatures
  openedBy: string | null
  createdAt: Date
  agreedHours: number | null
  agreedText: string | null
  agreedBy: string | null
  agreedAt: Date | null
  version: number
}

interface Voice {
  estimateId: number
  userId: number
  name: string
  hours: number | null
  note: string | null
}

const LISTED = 200

/** Estimates of these teams, and those that this user is asked for; open ones first, newest first. */
export async function estimatesFor(db: Executor, user: SignedIn): Promise<EstimateRecord[]> {
  const teamIds = user.teamsFor('estimate.lead')
  return base(db, user.organisationId)
    .where(eb =>
      eb.or([
        ...(teamIds.length > 0 ? [eb('e.teamId', 'in', [...teamIds])] : []),
        eb.exists(
          eb
            .selectFrom('estimateVoice as own')
            .whereRef('own.estimateId', '=', 'e.id')
            .where('own.userId', '=', user.id)
            .select('own.userId'),
        ),
      ]),
    )
    .orderBy(sql`case e.status when 'open' then 0 when 'revealed' then 1 else 2 end`)
    .orderBy('e.id', 'desc')
    .limit(LISTED)
    .execute()
}

/** How many open estimates wait for the hours of this person. */
export async function estimatesAsked(db: Executor, user: SignedIn): Promise<number> {
  const { n } = await db
    .selectFrom('estimateVoice as v')
    .innerJoin('estimate as e', 'e.id', 'v.estimateId')
    .where('e.organisationId', '=', user.organisationId)
    .where('e.status', '=', 'open')
    .where('v.userId', '=', user.id)
    .where('v.hours', 'is', null)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

/** 404 for who is neither asked nor of the team. */
export async function visibleEstimate(
  db: Executor,
  id: number,
  user: SignedIn,
): Promise<{ record: EstimateRecord; voices: Voice[] }> {
  const record = await base(db, user.organisationId).where('e.id', '=', id).executeTakeFirst()
  const voices = record ? await voicesOf(db, [record.id]) : []
  const visible =
    record && (user.mayIn('estimate.lead', record.teamId) || voices.some(voice => voice.userId === user.id))
  if (!visible) throw notFound({ nl: 'Deze schatting', en: 'This estimate' })
  return { record, voices }
}

export async function voicesOf(db: Executor, estimateIds: readonly number[]): Promise<Voice[]> {
  if (estimateIds.length === 0) return []
  return db
    .selectFrom('estimateVoice as v')
    .innerJoin('userAccount as u', 'u.id', 'v.userId')
    .where('v.estimateId', 'in', [...estimateIds])
    .select(['v.estimateId', 'v.userId', 'u.name', 'v.hours', 'v.note'])
    .orderBy('u.name')
    .orderBy('v.userId')
    .execute()
}

/** One estimate as this reader may see it: what others gave, and the table, only when everything is shown. */
export async function estimateView(
  db: Executor,
  id: number,
  reader: { user: SignedIn; locale: Locale; today: string },
): Promise<Estimate> {
  const { user, locale, today } = reader
  const { record, voices } = await visibleEstimate(db, id, user)
  const shown = isShown(record)
  const [facts] = await caseFacts(db, {
    organisationId: user.organisationId,
    on: today,
    caseIds: [record.caseId],
  })
  const weight = shown
    ? weigh(
        weighableOn(facts!, today),
        await rulebookOn(db, user.organisationId, today),
        await catalogueNames(db, locale),
      )
    : null
  return {
    ...rowOf(record, voices, user.id),
    measures: record.features.measures,
    phase: record.features.phase,
    factors: record.features.factors,
    children: record.features.children,
    duo: isDuo(facts!),
    voices: voices.map(voice => {
      const own = voice.userId === user.id
      const open = shown || own
      return {
        name: voice.name,
        own,
        given: voice.hours !== null,
        hours: open ? voice.hours : null,
        note: open ? voice.note : null,
      }
    }),
    weight,
    agreedText: record.agreedText,
    agreedBy: record.agreedBy,
    agreedAt: record.agreedAt?.toISOString() ?? null,
    openedBy: record.openedBy,
    mayLead: user.mayIn('estimate.lead', record.teamId),
    version: record.version,
  }
}

export function rowOf(record: EstimateRecord, voices: readonly Voice[], userId: number) {
  const mine = voices.find(voice => voice.userId === userId)
  return {
    id: record.id,
    caseNumber: record.caseNumber,
    team: record.team,
    status: record.status,
    roundId: record.roundId,
    asked: voices.length,
    given: voices.filter(voice => voice.hours !== null).length,
    iAmAsked: mine !== undefined,
    mine: mine?.hours ?? null,
    agreedHours: record.agreedHours,
    tableHours: isShown(record) ? record.tableHours : null,
    openedAt: record.createdAt.toISOString(),
  }
}

function isShown({ status }: Pick<EstimateRecord, 'status'>): boolean {
  return status === 'revealed' || status === 'agreed'
}

/** Every estimate of the organisation that has been shown, without who gave it. */
export async function shownEstimates(db: Executor, organisationId: number): Promise<ShownEstimate[]> {
  const rows = await db
    .selectFrom('estimateVoice as v')
    .innerJoin('estimate as e', 'e.id', 'v.estimateId')
    .where('e.organisationId', '=', organisationId)
    .where('e.status', 'in', ['revealed', 'agreed'])
    .where('v.hours', 'is not', null)
    .select(['e.id', 'e.caseId', 'v.userId', 'e.features', 'e.tableHours', 'v.hours'])
    .orderBy('e.id')
    .execute()
  return rows.map(({ id, caseId, userId, features, tableHours, hours }) => ({
    estimateId: id,
    caseId,
    userId,
    tableHours,
    hours: hours!,
    measures: features.measures,
    phase: features.phase,
    factors: features.factors,
  }))
}

function base(db: Executor, organisationId: number) {
  return db
    .selectFrom('estimate as e')
    .innerJoin('caseFile as c', 'c.id', 'e.caseId')
    .innerJoin('team as t', 't.id', 'e.teamId')
    .leftJoin('userAccount as o', 'o.id', 'e.openedBy')
    .leftJoin('userAccount as a', 'a.id', 'e.agreedBy')
    .where('e.organisationId', '=', organisationId)
    .select([
      'e.id',
      'e.organisationId',
      'e.teamId',
      't.name as team',
      'e.caseId',
      'c.caseNumber',
      'e.roundId',
      'e.status',
      'e.tableHours',
      'e.features',
      'o.name as openedBy',
      'e.createdAt',
      'e.agreedHours',
      'e.agreedText',
      'a.name as agreedBy',
      'e.agreedAt',
      'e.version',
    ])
}
