import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { WorkerNormRow } from '../../db/schema.ts'
import type { PreferenceKind } from '../../solver/problem.ts'
import type { RulebookContent } from '../contract/rulebook.ts'

/** The rows a Problem is made from, as they stand in the tables. Order means nothing: `problem-of.ts` sorts. */
export interface Inputs {
  rulebook: { id: number; version: number; content: RulebookContent }
  /** Those of the round, and those the workers hold (they count for heavy cases). */
  cases: CaseInput[]
  measures: { caseId: number; measure: string; endOn: string | null }[]
  factors: { caseId: number; code: string; isThreat: boolean }[]
  methods: { caseId: number; method: string }[]
  needs: { caseId: number; competence: string; level: number; need: 'required' | 'wanted' }[]
  /** Recorded by people, or earlier on a seat of any case of the family. */
  formerWorkers: { caseId: number; staffNumber: string }[]
  excluded: { caseId: number; staffNumber: string; untilOn: string | null }[]
  /** Primary workers of other open cases of the same family on the start date, longest first. */
  familyWorkers: { caseId: number; staffNumber: string }[]
  workers: WorkerInput[]
  norms: Map<number, number>
  absences: { workerId: number; percentage: number; validFrom: string; validUntil: string | null }[]
  competences: { workerId: number; competence: string; level: number; expiresOn: string | null }[]
  preferences: {
    workerId: number
    kind: PreferenceKind
    code: string
    value: 'rather' | 'neutral' | 'rather_not' | 'learn'
    validUntil: string | null
  }[]
  travel: { workerId: number; municipality: string; minutes: number }[]
  /** Seats that count on the start date or start in its week. */
  seats: {
    workerId: number
    caseId: number
    hours: number
    startsOn: string
    endsOn: string | null
    seat: string
  }[]
}

export interface CaseInput {
  id: number
  caseNumber: string
  familyId: number | null
  familyNumber: string | null
  phase: 'begin' | 'middle' | 'end' | null
  children: number | null
  urgency: 'emergency' | 'high' | 'normal'
  receivedOn: string
  municipalityCode: string | null
  duoNeeded: boolean
  weightOverrideHours: number | null
  weightOverrideReason: string | null
}

export interface WorkerInput {
  id: number
  staffNumber: string
  contractHours: number
  registration: 'registered' | 'in_training'
  registrationFrom: string | null
  registrationUntil: string | null
  employedFrom: string
  employedUntil: string | null
}

/**
 * Reads everything about these cases and workers that a Problem holds. A fixed number of queries, whatever the size.
 * `withoutRound` leaves out the seats that this round gave: the tables as if it had not been settled. Throws when the
 * organisation has no rulebook.
 */
export async function readInputs(
  db: Executor,
  organisationId: number,
  caseIds: readonly number[],
  workerIds: readonly number[],
  startOn: string,
  withoutRound: number | null = null,
): Promise<Inputs> {
  const cases = idList(caseIds)
  const workers = idList(workerIds)
  const counts =
    withoutRound === null
      ? sql``
      : sql`and (a.decision_id is null
          or a.decision_id not in (select id from decision where round_id = ${withoutRound}))`
  const book = await sql<{ id: number; version: number; content: RulebookContent }>`
    select id, version, content from rulebook_on(${organisationId}, ${startOn}::date) where id is not null`.execute(
    db,
  )
  const rulebook = book.rows[0]
  if (!rulebook)
    throw new Error(`Organisation ${organisationId} has no rulebook. Maybe its start values are missing?`)
  const norms = await sql<Pick<WorkerNormRow, 'workerId' | 'normHours'>>`
    select worker_id, norm_hours from worker_norms(${startOn}::date) where worker_id = any(${workers})`.execute(
    db,
  )
  const seats = await sql<Inputs['seats'][number]>`
    select worker_id, case_id, hours, starts_on, ends_on, seat from allocation a
    where worker_id = any(${workers}) and (ends_on is null or ends_on > starts_on)
      and starts_on < date_trunc('week', ${startOn}::date)::date + 7
      and (ends_on is null or ends_on > date_trunc('week', ${startOn}::date)::date) ${counts}`.execute(db)
  const weighed = idList([...new Set([...caseIds, ...seats.rows.map(seat => seat.caseId)])])
  return {
    rulebook,
    cases: await db
      .selectFrom('caseFile as c')
      .leftJoin('family as f', 'f.id', 'c.familyId')
      .select([
        'c.id',
        'c.caseNumber',
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
      ])
      .where('c.organisationId', '=', organisationId)
      .where('c.id', '=', sql<number>`any(${weighed})`)
      .execute(),
    measures: await db
      .selectFrom('caseMeasure')
      .select(['caseId', 'measureCode as measure', 'endOn'])
      .where('caseId', '=', sql<number>`any(${weighed})`)
      .execute(),
    factors: await db
      .selectFrom('caseHasFactor as h')
      .innerJoin('caseFactor as f', 'f.code', 'h.factorCode')
      .select(['h.caseId', 'h.factorCode as code', 'f.isThreat'])
      .where('h.caseId', '=', sql<number>`any(${weighed})`)
      .execute(),
    methods: await db
      .selectFrom('caseMethod')
      .select(['caseId', 'methodCode as method'])
      .where('caseId', '=', sql<number>`any(${cases})`)
      .execute(),
    needs: await db
      .selectFrom('caseCompetence')
      .select(['caseId', 'competenceCode as competence', 'level', 'need'])
      .where('caseId', '=', sql<number>`any(${cases})`)
      .execute(),
    formerWorkers: (
      await sql<{ caseId: number; staffNumber: string }>`
        select f.case_id, w.staff_number from case_former_worker f join worker w on w.id = f.worker_id
        where f.case_id = any(${cases})
        union
        select c.id, w.staff_number from case_file c
        join case_file relative on relative.id = c.id or relative.family_id = c.family_id
        join allocation a on a.case_id = relative.id and a.seat in ('primary', 'second') and a.ends_on <= ${startOn}::date
        join worker w on w.id = a.worker_id
        where c.id = any(${cases})`.execute(db)
    ).rows,
    excluded: await db
      .selectFrom('caseExcludedWorker as e')
      .innerJoin('worker as w', 'w.id', 'e.workerId')
      .select(['e.caseId', 'w.staffNumber', 'e.untilOn'])
      .where('e.caseId', '=', sql<number>`any(${cases})`)
      .execute(),
    familyWorkers: (
      await sql<{ caseId: number; staffNumber: string }>`
        select c.id as case_id, w.staff_number from case_file c
        join case_file relative on relative.family_id = c.family_id and relative.id <> c.id and relative.closed_on is null
        join allocation a on a.case_id = relative.id and a.seat = 'primary'
          and a.starts_on <= ${startOn}::date and (a.ends_on is null or a.ends_on > ${startOn}::date)
        join worker w on w.id = a.worker_id
        where c.id = any(${cases}) ${counts}
        order by a.starts_on, a.id`.execute(db)
    ).rows,
    workers: await db
      .selectFrom('worker')
      .select([
        'id',
        'staffNumber',
        'contractHours',
        'registration',
        'registrationFrom',
        'registrationUntil',
        'employedFrom',
        'employedUntil',
      ])
      .where('organisationId', '=', organisationId)
      .where('id', '=', sql<number>`any(${workers})`)
      .execute(),
    norms: new Map(norms.rows.map(row => [row.workerId, row.normHours])),
    absences: await db
      .selectFrom('absence')
      .select(['workerId', 'percentage', 'validFrom', 'validUntil'])
      .where('workerId', '=', sql<number>`any(${workers})`)
      .execute(),
    competences: await db
      .selectFrom('workerCompetence')
      .select(['workerId', 'competenceCode as competence', 'level', 'expiresOn'])
      .where('workerId', '=', sql<number>`any(${workers})`)
      .execute(),
    preferences: await db
      .selectFrom('preference')
      .select(['workerId', 'kind', 'code', 'value', 'validUntil'])
      .where('workerId', '=', sql<number>`any(${workers})`)
      .execute(),
    travel: (
      await sql<{ workerId: number; municipality: string; minutes: number }>`
        select w.id as worker_id, t.to_code as municipality, t.minutes from worker w
        join travel_time t on t.from_code = w.base_municipality
        where w.id = any(${workers})
          and t.to_code in (select municipality_code from case_file where id = any(${cases}))`.execute(db)
    ).rows,
    seats: seats.rows,
  }
}

function idList(ids: readonly number[]) {
  return sql`${[...ids]}::int[]`
}
