import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CaseStatus } from '../../db/schema.ts'
import type { CompetenceNeed, Phase, Urgency } from '../../solver/problem.ts'
import type { WorkerName } from '../contract/common.ts'
import { needsOf } from './needs.ts'
import { reviewDays } from './waiting.ts'
import { isDuo } from './weight.ts'

/** Whose cases: those of these teams, and those where this worker has or had a seat. */
export interface CaseScope {
  teamIds: readonly number[]
  workerId: number | null
}

export interface CaseFilter {
  organisationId: number
  /** Left out: the whole organisation, for work that no reader sees. */
  scope?: CaseScope
  caseIds?: readonly number[]
  caseNumbers?: readonly string[]
  statuses?: readonly CaseStatus[]
  teamId?: number
}

/** A case as the tables have it, with what hangs under it. */
export interface CaseFacts {
  id: number
  caseNumber: string
  teamId: number
  team: string
  familyId: number | null
  familyNumber: string | null
  phase: Phase | null
  children: number | null
  urgency: Urgency
  receivedOn: string
  municipalityCode: string | null
  duoNeeded: boolean
  weightOverrideHours: number | null
  weightOverrideReason: string | null
  weightOverrideSecond: number | null
  closedOn: string | null
  version: number
  status: CaseStatus
  openRoundId: number | null
  measures: { measure: string; startOn: string; endOn: string | null }[]
  factors: string[]
  threat: boolean
  /** When the case is, was or will be dormant: from the first day until the day of the review. */
  dormancies: { fromOn: string; untilOn: string }[]
  competences: CompetenceNeed[]
  methods: string[]
  formerWorkers: WorkerName[]
  primary: WorkerName | null
  second: WorkerName | null
  /** Left waiting by the team until this day; null when it does not wait, or a round has it in hand. */
  reviewOn: string | null
  /** Start of the first primary seat; until then the case waited. */
  firstStart: string | null
}

/** What of a case weighs, before the day is known on which. */
export type WeighableFacts = Pick<
  CaseFacts,
  | 'phase'
  | 'children'
  | 'duoNeeded'
  | 'weightOverrideHours'
  | 'weightOverrideReason'
  | 'weightOverrideSecond'
  | 'measures'
  | 'factors'
  | 'threat'
  | 'dormancies'
>

/** Cases with everything that hangs under them, in eight queries however many: most urgent first, then longest waiting. */
export async function caseFacts(db: Executor, filter: CaseFilter): Promise<CaseFacts[]> {
  const rows = await baseRows(db, filter)
  const ids = rows.map(row => row.id)
  const weighing = await weighingLists(db, ids)
  const competences = byCase(
    await db
      .selectFrom('caseCompetence')
      .where(isAnyOf('caseId', ids))
      .select(['caseId', 'competenceCode as competence', 'level', 'need', 'seat'])
      .execute(),
  )
  const methods = byCase(
    await db
      .selectFrom('caseMethod')
      .where(isAnyOf('caseId', ids))
      .select(['caseId', 'methodCode'])
      .orderBy('methodCode')
      .execute(),
  )
  const former = byCase(
    await db
      .selectFrom('caseFormerWorker as p')
      .innerJoin('worker as w', 'w.id', 'p.workerId')
      .where(isAnyOf('p.caseId', ids))
      .select(['p.caseId', 'w.staffNumber', 'w.name'])
      .orderBy('w.staffNumber')
      .execute(),
  )
  const seats = byCase(
    await db
      .selectFrom('allocation as a')
      .innerJoin('worker as w', 'w.id', 'a.workerId')
      .where(isAnyOf('a.caseId', ids))
      .where('a.seat', 'in', ['primary', 'second'])
      .select(['a.caseId', 'a.seat', 'a.startsOn', 'w.staffNumber', 'w.name', stands.as('stands')])
      .orderBy('a.startsOn')
      .orderBy('a.id')
      .execute(),
  )
  const reviews = await reviewDays(db, ids)
  const facts = rows.map(({ openRoundId, ...row }): CaseFacts => {
    const held = seats(row.id)
    const holder = (seat: 'primary' | 'second') => {
      const found = held.find(one => one.seat === seat && one.stands)
      return found ? nameOf(found) : null
    }
    const primary = holder('primary')
    const weighed = weighing(row.id)
    const status = row.closedOn ? 'closed' : primary ? 'allocated' : openRoundId ? 'in_round' : 'waiting'
    return {
      ...row,
      openRoundId,
      status,
      ...weighed,
      competences: needsOf(
        competences(row.id).map(({ caseId: _, ...need }) => need),
        isDuo({ ...row, ...weighed }),
      ),
      methods: methods(row.id).map(one => one.methodCode),
      formerWorkers: former(row.id).map(nameOf),
      primary,
      second: holder('second'),
      reviewOn: status === 'waiting' ? (reviews.get(row.id) ?? null) : null,
      firstStart: held.find(one => one.seat === 'primary')?.startsOn ?? null,
    }
  })
  const { statuses } = filter
  return statuses ? facts.filter(one => statuses.includes(one.status)) : facts
}

/**
 * Only what weighs, by case id: for the many cases that count in somebody's load. With `on`, as it was on that day, or as
 * it is planned for it; measures say with their own dates when they held.
 */
export async function weighableFacts(
  db: Executor,
  caseIds: readonly number[],
  on?: string,
): Promise<Map<number, WeighableFacts>> {
  const rows = await db
    .selectFrom('caseFile')
    .where(isAnyOf('id', caseIds))
    .select([
      'id',
      'phase',
      'children',
      'duoNeeded',
      'weightOverrideHours',
      'weightOverrideReason',
      'weightOverrideSecond',
    ])
    .execute()
  const weighing = await weighingLists(db, caseIds)
  if (on === undefined) return new Map(rows.map(row => [row.id, { ...row, ...weighing(row.id) }]))
  const then = new Map((await periodsOn(db, caseIds, on)).map(({ caseId, ...one }) => [caseId, one]))
  const threats = new Set(
    (await db.selectFrom('caseFactor').select('code').where('isThreat', '=', true).execute()).map(
      one => one.code,
    ),
  )
  return new Map(
    rows.map(row => {
      const lists = weighing(row.id)
      const period = then.get(row.id)
      if (!period) return [row.id, { ...row, ...lists }]
      return [row.id, { ...row, ...lists, ...period, threat: period.factors.some(code => threats.has(code)) }]
    }),
  )
}

function periodsOn(db: Executor, caseIds: readonly number[], on: string) {
  return db
    .selectFrom('casePeriod')
    .where(isAnyOf('caseId', caseIds))
    .where('fromOn', '<=', on)
    .where('untilOn', '>', on)
    .select([
      'caseId',
      'phase',
      'weightOverrideHours',
      'weightOverrideSecond',
      'children',
      'duoNeeded',
      'factors',
    ])
    .execute()
}

/** Still to come counts as held, as in the view case_overview: nobody else can have the seat. */
const stands = sql<boolean>`(a.ends_on is null or a.ends_on > current_date)`

async function baseRows(db: Executor, filter: CaseFilter) {
  const { scope, statuses } = filter
  let query = db
    .selectFrom('caseFile as c')
    .innerJoin('team as t', 't.id', 'c.teamId')
    .leftJoin('family as f', 'f.id', 'c.familyId')
    .leftJoin('roundCase as r', join => join.onRef('r.caseId', '=', 'c.id').on('r.open', '=', true))
    .where('c.organisationId', '=', filter.organisationId)
    .select([
      'c.id',
      'c.caseNumber',
      'c.teamId',
      't.name as team',
      'c.familyId',
      'f.familyNumber',
      'c.phase',
      'c.children',
      'c.urgency',
      'c.receivedOn',
      'c.municipalityCode',
      'c.duoNeeded',
      'c.weightOverrideHours',
      'c.weightOverrideReason',
      'c.weightOverrideSecond',
      'c.closedOn',
      'c.version',
      'r.roundId as openRoundId',
    ])
    .orderBy(
      sql`case c.urgency when 'emergency' then 0 when 'high' then 1 else 2 end, c.received_on, c.case_number`,
    )
  if (scope) {
    query = query.where(eb =>
      eb.or([
        ...(scope.teamIds.length > 0 ? [eb('c.teamId', 'in', [...scope.teamIds])] : []),
        ...(scope.workerId === null
          ? []
          : [
              eb.exists(
                eb
                  .selectFrom('allocation as own')
                  .whereRef('own.caseId', '=', 'c.id')
                  .where('own.workerId', '=', scope.workerId)
                  .select('own.id'),
              ),
            ]),
      ]),
    )
  }
  if (filter.caseIds) query = query.where(isAnyOf('c.id', filter.caseIds))
  if (filter.caseNumbers) {
    query = query.where(sql<boolean>`c.case_number = any(${[...filter.caseNumbers]}::text[])`)
  }
  if (filter.teamId !== undefined) query = query.where('c.teamId', '=', filter.teamId)
  // Coarse, so that the few that wait are not looked for among all; the status itself is judged by the caller.
  if (statuses && !statuses.includes('closed')) query = query.where('c.closedOn', 'is', null)
  if (statuses && !statuses.includes('closed') && !statuses.includes('allocated')) {
    query = query.where(
      sql<boolean>`not exists (select from allocation a where a.case_id = c.id and a.seat = 'primary' and ${stands})`,
    )
  }
  return query.execute()
}

async function weighingLists(
  db: Executor,
  ids: readonly number[],
): Promise<(id: number) => Pick<CaseFacts, 'measures' | 'factors' | 'threat' | 'dormancies'>> {
  const measures = byCase(
    await db
      .selectFrom('caseMeasure')
      .where(isAnyOf('caseId', ids))
      .select(['caseId', 'measureCode as measure', 'startOn', 'endOn'])
      .orderBy('measureCode')
      .execute(),
  )
  const factors = byCase(
    await db
      .selectFrom('caseHasFactor as h')
      .innerJoin('caseFactor as f', 'f.code', 'h.factorCode')
      .where(isAnyOf('h.caseId', ids))
      .select(['h.caseId', 'f.code', 'f.isThreat'])
      .orderBy('f.code')
      .execute(),
  )
  const dormancies = byCase(
    await db
      .selectFrom('dormancy')
      .where(isAnyOf('caseId', ids))
      .where('status', '=', 'standing')
      .select(['caseId', 'fromOn', 'untilOn'])
      .orderBy('fromOn')
      .execute(),
  )
  return id => ({
    measures: measures(id).map(({ caseId: _, ...measure }) => measure),
    factors: factors(id).map(one => one.code),
    threat: factors(id).some(one => one.isThreat),
    dormancies: dormancies(id).map(({ fromOn, untilOn }) => ({ fromOn, untilOn })),
  })
}

function byCase<Row extends { caseId: number }>(rows: readonly Row[]): (id: number) => readonly Row[] {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.caseId)
    if (group) group.push(row)
    else groups.set(row.caseId, [row])
  }
  return id => groups.get(id) ?? []
}

/** One array parameter instead of a parameter per value: no limit, and one plan. */
function isAnyOf(column: string, ids: readonly number[]) {
  return sql<boolean>`${sql.ref(column)} = any(${[...ids]}::int[])`
}

function nameOf({ staffNumber, name }: WorkerName): WorkerName {
  return { staffNumber, name }
}
