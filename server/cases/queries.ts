import { sql } from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres'
import type { Executor } from '../../db/database.ts'
import type { CaseStatus } from '../../db/schema.ts'
import type { CompetenceNeed, Phase, Urgency } from '../../solver/problem.ts'
import type { CaseRow, CaseWeight } from '../contract/cases.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { SignedIn } from '../http/call.ts'
import { catalogueNames, rulebookOn } from '../rulebook/queries.ts'
import { daysBetween, firstContact } from './terms.ts'
import { isDuo, measuresOn, type WeighableCase, weigh } from './weight.ts'

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
  closedOn: string | null
  version: number
  status: CaseStatus
  openRoundId: number | null
  measures: { measure: string; startOn: string; endOn: string | null }[]
  factors: string[]
  threat: boolean
  competences: CompetenceNeed[]
  formerWorkers: WorkerName[]
  primary: WorkerName | null
  second: WorkerName | null
  /** Start of the first primary seat; until then the case waited. */
  firstStart: string | null
}

/** What a person may see of cases: intake and leads their teams, workers their own seats, an administrator none. */
export function caseScope(user: SignedIn): CaseScope {
  const ofTeams = user.roles.includes('intake') || user.roles.includes('lead')
  return {
    teamIds: ofTeams ? user.teamIds : [],
    workerId: user.roles.includes('worker') ? user.workerId : null,
  }
}

/** Cases with everything that hangs under them, in one query: most urgent first, then longest waiting. */
export async function caseFacts(db: Executor, filter: CaseFilter): Promise<CaseFacts[]> {
  const { scope } = filter
  let query = db
    .selectFrom('caseOverview as c')
    .innerJoin('team as t', 't.id', 'c.teamId')
    .where('c.organisationId', '=', filter.organisationId)
    .select([
      'c.id',
      'c.caseNumber',
      'c.teamId',
      't.name as team',
      'c.familyId',
      'c.familyNumber',
      'c.phase',
      'c.children',
      'c.urgency',
      'c.receivedOn',
      'c.municipalityCode',
      'c.duoNeeded',
      'c.weightOverrideHours',
      'c.weightOverrideReason',
      'c.closedOn',
      'c.version',
      'c.status',
      'c.openRoundId',
    ])
    .select(eb => [
      // Keys inside JSON are taken as they are, so they are single words here.
      jsonArrayFrom(
        eb
          .selectFrom('caseMeasure as m')
          .whereRef('m.caseId', '=', 'c.id')
          .select(['m.measureCode as code', 'm.startOn as start', 'm.endOn as end'])
          .orderBy('m.measureCode'),
      ).as('measureRows'),
      jsonArrayFrom(
        eb
          .selectFrom('caseHasFactor as h')
          .innerJoin('caseFactor as f', 'f.code', 'h.factorCode')
          .whereRef('h.caseId', '=', 'c.id')
          .select(['h.factorCode as code', 'f.isThreat as threat'])
          .orderBy('h.factorCode'),
      ).as('factorRows'),
      jsonArrayFrom(
        eb
          .selectFrom('caseCompetence as n')
          .whereRef('n.caseId', '=', 'c.id')
          .select(['n.competenceCode as competence', 'n.level', 'n.need'])
          .orderBy('n.competenceCode'),
      ).as('competences'),
      jsonArrayFrom(
        eb
          .selectFrom('caseFormerWorker as p')
          .innerJoin('worker as w', 'w.id', 'p.workerId')
          .whereRef('p.caseId', '=', 'c.id')
          .select(['w.staffNumber as number', 'w.name'])
          .orderBy('w.staffNumber'),
      ).as('formerRows'),
      jsonObjectFrom(
        eb
          .selectFrom('worker as w')
          .whereRef('w.id', '=', 'c.primaryWorkerId')
          .select(['w.staffNumber as number', 'w.name']),
      ).as('primaryRow'),
      jsonObjectFrom(
        eb
          .selectFrom('worker as w')
          .whereRef('w.id', '=', 'c.secondWorkerId')
          .select(['w.staffNumber as number', 'w.name']),
      ).as('secondRow'),
      eb
        .selectFrom('allocation as a')
        .whereRef('a.caseId', '=', 'c.id')
        .where('a.seat', '=', 'primary')
        .select(({ fn }) => fn.min('a.startsOn').as('first'))
        .as('firstStart'),
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
  if (filter.caseIds) query = query.where(anyOf('c.id', filter.caseIds, 'int'))
  if (filter.caseNumbers) query = query.where(anyOf('c.caseNumber', filter.caseNumbers, 'text'))
  if (filter.statuses) query = query.where(anyOf('c.status', filter.statuses, 'text'))
  if (filter.teamId !== undefined) query = query.where('c.teamId', '=', filter.teamId)

  const rows = await query.execute()
  return rows.map(({ measureRows, factorRows, formerRows, primaryRow, secondRow, ...row }) => ({
    ...row,
    measures: measureRows.map(one => ({ measure: one.code, startOn: one.start, endOn: one.end })),
    factors: factorRows.map(one => one.code),
    threat: factorRows.some(one => one.threat),
    formerWorkers: formerRows.map(nameOf),
    primary: primaryRow && nameOf(primaryRow),
    second: secondRow && nameOf(secondRow),
  }))
}

/** One array parameter instead of a parameter per value: no limit, and one plan. */
function anyOf(column: string, values: readonly (string | number)[], type: 'int' | 'text') {
  const array = type === 'int' ? sql`${[...values]}::int[]` : sql`${[...values]}::text[]`
  return sql<boolean>`${sql.ref(column)} = any(${array})`
}

function nameOf(row: { number: string; name: string }): WorkerName {
  return { staffNumber: row.number, name: row.name }
}

/** What of a case weighs on a day. */
export function weighableOn(facts: CaseFacts, day: string): WeighableCase {
  return {
    measures: measuresOn(facts.measures, day),
    phase: facts.phase,
    children: facts.children,
    factors: facts.factors,
    duoNeeded: facts.duoNeeded,
    threat: facts.threat,
    override:
      facts.weightOverrideHours === null
        ? null
        : { hours: facts.weightOverrideHours, reason: facts.weightOverrideReason ?? '' },
  }
}

/** The weight of each case on a day, by the rulebook that holds then; labels in the reader's language. */
export async function weighCases(
  db: Executor,
  organisationId: number,
  caseIds: readonly number[],
  on: string,
  locale: Locale = 'nl',
): Promise<Map<number, CaseWeight>> {
  const facts = await caseFacts(db, { organisationId, caseIds })
  const rulebook = await rulebookOn(db, organisationId, on)
  const names = await catalogueNames(db, locale)
  return new Map(facts.map(one => [one.id, weigh(weighableOn(one, on), rulebook, names)]))
}

/** Cases as the lists show them, by case id, in order: most urgent first, then longest waiting. */
export async function caseRows(
  db: Executor,
  filter: CaseFilter & { today: string },
): Promise<Map<number, CaseRow>> {
  const facts = await caseFacts(db, filter)
  const rulebook = await rulebookOn(db, filter.organisationId, filter.today)
  return new Map(
    facts.map(one => [one.id, caseRow(one, weigh(weighableOn(one, filter.today), rulebook), filter.today)]),
  )
}

/** One case as the lists show it. */
export function caseRow(facts: CaseFacts, weight: CaseWeight, today: string): CaseRow {
  const waits = facts.status === 'waiting' || facts.status === 'in_round'
  const until = waits ? today : (facts.firstStart ?? facts.closedOn ?? today)
  return {
    caseNumber: facts.caseNumber,
    familyNumber: facts.familyNumber,
    teamId: facts.teamId,
    team: facts.team,
    measures: facts.measures.map(one => one.measure),
    phase: facts.phase,
    children: facts.children,
    factors: facts.factors,
    urgency: facts.urgency,
    receivedOn: facts.receivedOn,
    waitingDays: Math.max(0, daysBetween(facts.receivedOn, until)),
    municipality: facts.municipalityCode,
    competences: facts.competences,
    hours: weight.total,
    heavy: weight.heavy,
    duo: isDuo(facts),
    provisional: weight.provisional,
    missing: weight.missing,
    formerWorkers: facts.formerWorkers,
    status: facts.status,
    primary: facts.primary,
    second: facts.second,
    roundId: facts.openRoundId,
    firstContact: waits ? firstContact(facts.receivedOn, today) : null,
    version: facts.version,
  }
}
