import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CaseStatus } from '../../db/schema.ts'
import { type CaseListing, listedAs, standingOn } from '../../db/standing.ts'
import type { CompetenceNeed, Phase, Urgency } from '../../solver/problem/problem.ts'
import { type CaseSort, canJoinRound } from '../contract/cases.ts'
import type { WorkerName } from '../contract/common.ts'
import { URGENCIES } from '../contract/urgencies.ts'
import { needsOf } from './needs.ts'

import { isDuo } from './weight.ts'

/** Whose cases: those of these teams, and those that this worker may open because of a seat (see case_readers in 0015). */
export interface CaseScope {
  teamIds: readonly number[]
  workerId: number | null
}

export interface CaseFilter {
  organisationId: number
  /** The day on which it is asked where the cases stand. */
  on: string
  /** Left out: the whole organisation, for work that no reader sees. */
  scope?: CaseScope
  caseIds?: readonly number[]
  caseNumbers?: readonly string[]
  statuses?: readonly CaseListing[]
  teamId?: number
  measure?: string
  /** Cases whose number or family number holds this (as `comparable` has it), and those that one of these workers has. */
  found?: { part: string; workerIds: readonly number[] }
  /** Left out: the most urgent first, then the longest waiting. */
  sort?: CaseSort
  /** Only so many: those after this case in the order of the list, or from this place in it. */
  page?: { after?: string; from?: number; limit: number }
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
  /** A pair whose first seat is taken and whose second is not. */
  secondOpen: boolean
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
  /** First day of the seat that stands, gone by or to come. */
  primaryFrom: string | null
  secondFrom: string | null
  /** Left waiting by the team until this day; null when it does not wait, or a round has it in hand. */
  reviewOn: string | null
  /** Start of the first primary seat; until then the case waited. */
  firstStart: string | null
  /** First contact and plan are watched: the case did not come in with a worker of its own. */
  asksTerms: boolean
  /** When the first contact was made and the plan was there; null: before that was kept, absent: not yet. */
  termsMet: Partial<Record<'firstContact' | 'plan', string | null>>
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
  const rows = await baseQuery(db, filter).execute()
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
  const met = byCase(
    await db
      .selectFrom('caseTermMet')
      .where(isAnyOf('caseId', ids))
      .select(['caseId', 'term', 'metOn'])
      .execute(),
  )
  const reviews = await reviewDays(db, ids)
  return rows.map(({ primaryNumber, primaryName, secondNumber, secondName, ...row }): CaseFacts => {
    const weighed = weighing(row.id)
    return {
      ...row,
      ...weighed,
      competences: needsOf(
        competences(row.id).map(({ caseId: _, ...need }) => need),
        isDuo({ ...row, ...weighed }),
      ),
      methods: methods(row.id).map(one => one.methodCode),
      formerWorkers: former(row.id).map(nameOf),
      primary: named(primaryNumber, primaryName),
      second: named(secondNumber, secondName),
      termsMet: Object.fromEntries(met(row.id).map(one => [one.term, one.metOn])),
      reviewOn: canJoinRound({ ...row, roundId: row.openRoundId }) ? (reviews.get(row.id) ?? null) : null,
    }
  })
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

function baseQuery(db: Executor, filter: CaseFilter) {
  const { scope, statuses } = filter
  let query = db
    .selectFrom('caseFile as c')
    .innerJoin('team as t', 't.id', 'c.teamId')
    .leftJoin('family as f', 'f.id', 'c.familyId')
    .innerJoin(standingOn(filter.on), 's.caseId', 'c.id')
    .leftJoin('worker as p', 'p.id', 's.primaryWorkerId')
    .leftJoin('worker as q', 'q.id', 's.secondWorkerId')
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
      's.status',
      's.secondOpen',
      's.openRoundId',
      's.primaryFrom',
      's.secondFrom',
      's.firstStart',
      's.asksTerms',
      'p.staffNumber as primaryNumber',
      'p.name as primaryName',
      'q.staffNumber as secondNumber',
      'q.name as secondName',
    ])
    .orderBy(orderOf(filter.sort))
  if (scope) {
    query = query.where(eb =>
      eb.or([
        ...(scope.teamIds.length > 0 ? [eb('c.teamId', 'in', [...scope.teamIds])] : []),
        ...(scope.workerId === null
          ? []
          : [
              eb(
                'c.id',
                'in',
                sql<number>`(select case_id from case_readers(${filter.on}::date, ${scope.workerId}))`,
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
  if (filter.measure !== undefined) {
    query = query.where(sql<boolean>`exists (select from case_measure m
      where m.case_id = c.id and m.measure_code = ${filter.measure})`)
  }
  if (filter.found) {
    const { part, workerIds } = filter.found
    query = query.where(sql<boolean>`(strpos(c.compared_as, ${part}) > 0
      or strpos(f.compared_as, ${part}) > 0
      or s.primary_worker_id = any(${[...workerIds]}::int[])
      or s.second_worker_id = any(${[...workerIds]}::int[]))`)
  }
  if (statuses) query = query.where(listedAs(statuses))
  if (filter.page) {
    const { after, from = 0, limit } = filter.page
    query = query.limit(limit).offset(from)
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(${place('c')}) > (select ${place('b')} from case_file b
          where b.organisation_id = ${filter.organisationId} and b.case_number = ${after})`,
      )
    }
  }
  return query
}

/** The order of lists: the most urgent first, then the longest waiting. */
function place(alias: string) {
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  return sql`array_position(${[...URGENCIES]}::text[], ${of('urgency')}), ${of('received_on')}, ${of('case_number')}`
}

/** The order of a list; whatever it goes by, cases that are the same in that go by their number. */
function orderOf(sort: CaseSort = { by: 'urgency', down: false }) {
  if (sort.by === 'urgency' && !sort.down) return place('c')
  const key = SORT_KEYS[sort.by]
  return sort.down ? sql`${key} desc nulls last, c.case_number` : sql`${key} asc nulls last, c.case_number`
}

const SORT_KEYS = {
  case: sql`c.case_number`,
  urgency: sql`array_position(${[...URGENCIES]}::text[], c.urgency)`,
  received: sql`c.received_on`,
  status: sql`array_position(array['waiting', 'in_round', 'later', 'allocated', 'closed'], s.status)`,
  team: sql`t.name`,
  worker: sql`p.name`,
} satisfies Record<CaseSort['by'], unknown>

/** How many cases, families and children there are in a list, whatever the page. Unknown counts as one, here and in the weight. */
export async function countedIn(
  db: Executor,
  { page: _, ...filter }: CaseFilter,
): Promise<{ cases: number; families: number; children: number }> {
  const counted = await baseQuery(db, filter)
    .clearSelect()
    .clearOrderBy()
    .select([
      sql<number>`count(*)`.as('cases'),
      sql<number>`count(distinct coalesce('f' || c.family_id, 'c' || c.id))`.as('families'),
      sql<number>`coalesce(sum(coalesce(c.children, 1)), 0)`.as('children'),
    ])
    .executeTakeFirstOrThrow()
  return {
    cases: Number(counted.cases),
    families: Number(counted.families),
    children: Number(counted.children),
  }
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

function named(staffNumber: string | null, name: string | null): WorkerName | null {
  return staffNumber === null || name === null ? null : { staffNumber, name }
}

/**
 * The days on which cases are looked at again, by case id: of those whose newest decision was to let them wait. Whether a case
 * still waits is for the caller to judge.
 */
export async function reviewDays(db: Executor, caseIds: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ caseId: number; reviewOn: string }>`
    select last.case_id, last.review_on from (
      select distinct on (d.case_id) d.case_id, d.kind, d.review_on from decision d
      where d.case_id = any(${[...caseIds]}::int[])
      order by d.case_id, d.id desc
    ) last where last.kind = 'waiting' and last.review_on is not null`.execute(db)
  return new Map(rows.map(row => [row.caseId, row.reviewOn]))
}
