import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { WorkerNormRow } from '../../db/schema.ts'
import type { Phase, PreferenceKind, Seat, Urgency } from '../../solver/problem/problem.ts'
import type { RulebookContent } from '../contract/rulebook.ts'

/** The rows a Problem is made from, as they stand in the tables. Order means nothing: `problem-of.ts` sorts. */
export interface Inputs {
  rulebook: { id: number; version: number; content: RulebookContent }
  /** Those of the round, and those the workers hold (they count for heavy cases). */
  cases: CaseInput[]
  measures: { caseId: number; measure: string; endOn: string | null }[]
  factors: { caseId: number; code: string; isThreat: boolean }[]
  methods: { caseId: number; method: string }[]
  needs: {
    caseId: number
    competence: string
    level: number
    need: 'required' | 'wanted'
    seat: Seat | null
  }[]
  /** Recorded by people, or earlier on a seat of any case of the family. */
  formerWorkers: { caseId: number; staffNumber: string }[]
  excluded: { caseId: number; staffNumber: string; untilOn: string | null }[]
  /** Primary workers of other open cases of the same family on the start date, longest first. */
  familyWorkers: { caseId: number; staffNumber: string }[]
  workers: WorkerInput[]
  norms: Map<number, number>
  /** Days after the start date on which a seat begins that was decided already; see `ahead` of a Problem. */
  ahead: { workerId: number; on: string; hours: number; normHours: number; hardLimit: number }[]
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
  /** Who has one seat of the cases of the round, on the start date or from a later day. */
  holders: { caseId: number; seat: Seat; staffNumber: string }[]
  /** People who have a seat of any kind in the family on the start date; only where the rulebook counts them. */
  involved: { caseId: number; staffNumber: string }[]
  /** Learning cases that somebody guides on the start date; only where the rulebook asks for mentors. */
  guided: { mentorId: number; cases: number }[]
  /** Seats of the past year of people with wishes, and how many met one; only where the rulebook counts them. */
  wishes: { workerId: number; granted: number; asked: number }[]
  /** Expected in four weeks, per required competence; only where the rulebook looks ahead. */
  expected: { competence: string; cases: number }[]
  /** Seats that count on the start date or start in its week or month. */
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
  phase: Phase | null
  children: number | null
  urgency: Urgency
  receivedOn: string
  municipalityCode: string | null
  duoNeeded: boolean
  weightOverrideHours: number | null
  weightOverrideReason: string | null
  weightOverrideSecond: number | null
  /** On the start date. */
  dormant: boolean
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
  mentorId: number | null
}

/**
 * Reads everything about these cases and workers that a Problem holds. A fixed number of queries, whatever the size.
 * `withoutRound` leaves out the seats that this round gave: the tables as if it had not been settled. `withoutCases` leaves
 * out who has these cases now: they are dealt out again. `drafts` are seats that nobody decided and that count all the same.
 * Throws when the organisation has no rulebook.
 */
export async function readInputs(
  db: Executor,
  organisationId: number,
  caseIds: readonly number[],
  workerIds: readonly number[],
  startOn: string,
  withoutRound: number | null = null,
  withoutCases: readonly number[] = [],
  drafts: Inputs['seats'] = [],
): Promise<Inputs> {
  const cases = idList(caseIds)
  const workers = idList(workerIds)
  const others =
    withoutCases.length === 0
      ? sql``
      : sql`and (a.seat = 'cover' or a.case_id <> all(${idList(withoutCases)}))`
  const counts =
    withoutRound === null
      ? others
      : sql`${others} and (a.decision_id is null
          or a.decision_id not in (select id from decision where round_id = ${withoutRound}))`
  // The same as ids, for the days to come.
  const leftOut = sql`select a.id from allocation a left join decision d on d.id = a.decision_id
    where (a.seat <> 'cover' and a.case_id = any(${idList(withoutCases)})) or d.round_id = ${withoutRound}::int`
  const book = await sql<{ id: number; version: number; content: RulebookContent }>`
    select id, version, content from rulebook_on(${organisationId}, ${startOn}::date) where id is not null`.execute(
    db,
  )
  const rulebook = book.rows[0]
  if (!rulebook)
    throw new Error(`Organisation ${organisationId} has no rules. Maybe its start values are missing?`)
  const norms = await sql<Pick<WorkerNormRow, 'workerId' | 'normHours'>>`
    select worker_id, norm_hours from worker_norms(${startOn}::date) where worker_id = any(${workers})`.execute(
    db,
  )
  const { rows: decided } = await sql<Inputs['seats'][number]>`
    select a.worker_id, a.case_id, h.hours, a.starts_on, a.ends_on, a.seat from held_seat a
    join allocation_period h on h.allocation_id = a.id and h.from_on <= greatest(a.starts_on, ${startOn}::date)
      and h.until_on > greatest(a.starts_on, ${startOn}::date)
    where worker_id = any(${workers})
      and starts_on < greatest(date_trunc('week', ${startOn}::date) + interval '7 days',
        date_trunc('month', ${startOn}::date) + interval '1 month')::date
      and (ends_on is null or ends_on > least(date_trunc('week', ${startOn}::date),
        date_trunc('month', ${startOn}::date))::date) ${counts}`.execute(db)
  const seats = [...decided, ...drafts]
  const weighed = idList([...new Set([...caseIds, ...seats.map(seat => seat.caseId)])])
  return {
    rulebook,
    cases: await db
      .selectFrom('caseFile as c')
      .leftJoin('family as f', 'f.id', 'c.familyId')
      // A phase that is planned for before the start date is the one that the work begins in.
      .innerJoin('casePeriod as p', join =>
        join
          .onRef('p.caseId', '=', 'c.id')
          .on(sql<boolean>`p.from_on <= greatest(${startOn}::date, business_day())`)
          .on(sql<boolean>`p.until_on > greatest(${startOn}::date, business_day())`),
      )
      .select(
        sql<boolean>`exists (select from dormancy d where d.case_id = c.id and d.status = 'standing'
        and d.from_on <= ${startOn}::date and d.until_on > ${startOn}::date)`.as('dormant'),
      )
      .select([
        'c.id',
        'c.caseNumber',
        'c.familyId',
        'f.familyNumber',
        'p.phase',
        'c.children',
        'c.urgency',
        'c.receivedOn',
        'c.municipalityCode',
        'c.duoNeeded',
        'c.weightOverrideHours',
        'c.weightOverrideReason',
        'c.weightOverrideSecond',
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
      .select(['caseId', 'competenceCode as competence', 'level', 'need', 'seat'])
      .where('caseId', '=', sql<number>`any(${cases})`)
      .execute(),
    formerWorkers: (
      await sql<{ caseId: number; staffNumber: string }>`
        select f.case_id, w.staff_number from case_former_worker f join worker w on w.id = f.worker_id
        where f.case_id = any(${cases})
        union
        select c.id, w.staff_number from case_file c
        join case_file relative on relative.id = c.id or relative.family_id = c.family_id
        join held_seat a on a.case_id = relative.id and a.seat in ('primary', 'second') and a.ends_on <= ${startOn}::date
        join worker w on w.id = a.worker_id
        where c.id = any(${cases})`.execute(db)
    ).rows,
    excluded: await db
      .selectFrom('caseExcludedWorker as e')
      .innerJoin('worker as w', 'w.id', 'e.workerId')
      .select(['e.caseId', 'w.staffNumber', 'e.untilOn'])
      .where('e.caseId', '=', sql<number>`any(${cases})`)
      .where('e.endedAt', 'is', null)
      .execute(),
    familyWorkers: (
      await sql<{ caseId: number; staffNumber: string }>`
        select c.id as case_id, w.staff_number from case_file c
        join case_file relative on relative.family_id = c.family_id and relative.id <> c.id and relative.closed_on is null
        join held_seat a on a.case_id = relative.id and a.seat = 'primary'
          and a.starts_on <= ${startOn}::date and (a.ends_on is null or a.ends_on > ${startOn}::date)
        join worker w on w.id = a.worker_id
        where c.id = any(${cases}) ${counts}
        order by a.starts_on, a.id`.execute(db)
    ).rows,
    holders: (
      await sql<Inputs['holders'][number]>`
        select distinct on (a.case_id, a.seat) a.case_id, a.seat, w.staff_number from held_seat a
        join worker w on w.id = a.worker_id
        where a.case_id = any(${cases}) and a.seat in ('primary', 'second')
          and (a.ends_on is null or a.ends_on > ${startOn}::date) ${counts}
        order by a.case_id, a.seat, a.starts_on`.execute(db)
    ).rows,
    workers: await db
      .selectFrom('worker as w')
      .innerJoin('workerPeriod as p', join =>
        join.onRef('p.workerId', '=', 'w.id').on('p.fromOn', '<=', startOn).on('p.untilOn', '>', startOn),
      )
      .select([
        'w.id',
        'w.staffNumber',
        'p.contractHours',
        'w.registration',
        'w.registrationFrom',
        'w.registrationUntil',
        'w.employedFrom',
        'w.employedUntil',
        'w.mentorId',
      ])
      .where('w.organisationId', '=', organisationId)
      .where('w.id', '=', sql<number>`any(${workers})`)
      .execute(),
    ahead: withDrafts(await decidedAhead(db, workers, startOn, leftOut), drafts),
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
    seats,
    involved:
      rulebook.content.criteria.fewestPeople === undefined
        ? []
        : await involvedIn(db, cases, startOn, counts),
    guided: rulebook.content.learningNeedsMentor ? await guidedBy(db, workers, startOn, counts) : [],
    wishes:
      rulebook.content.criteria.wishTurn === undefined
        ? []
        : await wishesGranted(db, workers, startOn, withoutRound),
    expected:
      rulebook.content.criteria.scarceSkill === undefined
        ? []
        : await expectedCases(db, organisationId, workers, startOn),
  }
}

type Ids = ReturnType<typeof idList>

/** Only for people to whom something later was decided: as a rule that is nobody. */
async function decidedAhead(
  db: Executor,
  workers: Ids,
  startOn: string,
  leftOut: RawBuilder<unknown>,
): Promise<Inputs['ahead']> {
  const { rows } = await sql<Inputs['ahead'][number]>`
    select l.worker_id, l.day as on, l.hours, l.norm_hours, l.hard_limit
    from decided_loads(
      array(select distinct a.worker_id from allocation a where a.worker_id = any(${workers}) and a.origin = 'decision'
        and a.starts_on > ${startOn}::date and (a.ends_on is null or a.ends_on > a.starts_on)),
      ${startOn}::date, null, array(${leftOut})) l
    where l.day > ${startOn}::date`.execute(db)
  return rows
}

/** On a later day on which the limit is tested, drafts that have begun by then count too. */
function withDrafts(ahead: Inputs['ahead'], drafts: Inputs['seats']): Inputs['ahead'] {
  return ahead.map(day => {
    const added = drafts
      .filter(one => one.workerId === day.workerId && one.startsOn <= day.on)
      .reduce((sum, one) => sum + Math.round(one.hours * 100), 0)
    return { ...day, hours: (Math.round(day.hours * 100) + added) / 100 }
  })
}

async function involvedIn(
  db: Executor,
  cases: Ids,
  startOn: string,
  counts: RawBuilder<unknown>,
): Promise<Inputs['involved']> {
  const { rows } = await sql<Inputs['involved'][number]>`
    select distinct c.id as case_id, w.staff_number from case_file c
    join case_file relative on relative.id = c.id or relative.family_id = c.family_id
    join held_seat a on a.case_id = relative.id
      and a.starts_on <= ${startOn}::date and (a.ends_on is null or a.ends_on > ${startOn}::date) ${counts}
    join worker w on w.id = a.worker_id
    where c.id = any(${cases})`.execute(db)
  return rows
}

/** A case is one for learning when its worker is in training or wants to learn one of its measures. */
async function guidedBy(
  db: Executor,
  mentors: Ids,
  startOn: string,
  counts: RawBuilder<unknown>,
): Promise<Inputs['guided']> {
  const { rows } = await sql<Inputs['guided'][number]>`
    select learner.mentor_id, count(*)::int as cases from worker learner
    join held_seat a on a.worker_id = learner.id and a.seat in ('primary', 'second')
      and a.starts_on <= ${startOn}::date and (a.ends_on is null or a.ends_on > ${startOn}::date) ${counts}
    where learner.mentor_id = any(${mentors})
      and (learner.registration = 'in_training' or exists (
        select 1 from preference p join case_measure m on m.measure_code = p.code and m.case_id = a.case_id
        where p.worker_id = learner.id and p.kind = 'measure' and p.value = 'learn'
          and (p.valid_until is null or p.valid_until >= ${startOn}::date)
          and (m.end_on is null or m.end_on > ${startOn}::date)))
    group by learner.mentor_id`.execute(db)
  return rows
}

/**
 * What people with wishes got in the past year, and how much of it met a wish that stood when it was decided: about measure,
 * phase, method, factor and region. Phase and factors are those of that day; whether a case was heavy then is not looked up.
 */
async function wishesGranted(
  db: Executor,
  workers: Ids,
  startOn: string,
  withoutRound: number | null,
): Promise<Inputs['wishes']> {
  const { rows } = await sql<Inputs['wishes'][number]>`
    with wisher as (
      select distinct worker_id from preference
      where worker_id = any(${workers}) and value in ('rather', 'learn')
        and (valid_until is null or valid_until >= ${startOn}::date)
    ),
    decided as (
      select d.worker_id, d.case_id, (d.decided_at at time zone 'Europe/Amsterdam')::date as day from decision d
      where d.worker_id in (select worker_id from wisher) and d.withdrawn_at is null
        and d.decided_at >= ${startOn}::date - interval '1 year'
        and (${withoutRound}::int is null or d.round_id is distinct from ${withoutRound}::int)
    )
    select d.worker_id, count(*)::int as asked,
      count(*) filter (where exists (
        select 1 from preference_period wish where wish.worker_id = d.worker_id and wish.value in ('rather', 'learn')
          and wish.from_on <= d.day and wish.until_on > d.day and (wish.valid_until is null or wish.valid_until >= d.day)
          and case wish.kind
          when 'measure' then exists (
            select 1 from case_measure m where m.case_id = d.case_id and m.measure_code = wish.code)
          when 'factor' then wish.code = any(p.factors)
          when 'method' then exists (
            select 1 from case_method m where m.case_id = d.case_id and m.method_code = wish.code)
          when 'region' then c.municipality_code = wish.code
          when 'phase' then coalesce(p.phase, 'begin') = wish.code
          else false end))::int as granted
    from decided d join case_file c on c.id = d.case_id
    join case_period p on p.case_id = d.case_id and p.from_on <= d.day and p.until_on > d.day
    group by d.worker_id`.execute(db)
  return rows
}

/**
 * What came in for the teams of these workers in the six whole months before the month of the start, per four weeks and to one
 * decimal. Whole months, so that a proposal does not look stale every day.
 */
async function expectedCases(
  db: Executor,
  organisationId: number,
  workers: Ids,
  startOn: string,
): Promise<Inputs['expected']> {
  const { rows } = await sql<Inputs['expected'][number]>`
    with period as (
      select (date_trunc('month', ${startOn}::date) - interval '6 months')::date as first,
        date_trunc('month', ${startOn}::date)::date as before
    )
    select n.competence_code as competence,
      round(count(distinct c.id) * 28.0 / (period.before - period.first), 1)::float8 as cases
    from period, case_competence n join case_file c on c.id = n.case_id
    where n.need = 'required' and c.organisation_id = ${organisationId}
      and c.team_id in (select team_id from worker where id = any(${workers}))
      and c.received_on >= period.first and c.received_on < period.before
    group by n.competence_code, period.before, period.first`.execute(db)
  return rows
}

function idList(ids: readonly number[]) {
  return sql`${[...ids]}::int[]`
}
