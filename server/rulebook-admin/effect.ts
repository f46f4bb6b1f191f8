import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { LoadStatus } from '../../solver/problem/problem.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import type { EffectSums, RulebookEffect } from '../contract/rulebook-versions.ts'
import { inSavepoint } from '../events/events.ts'
import { changesCountFrom } from '../history/day.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { expectedSeatHours } from '../weighing/hours.ts'
import { weigh } from '../weighing/weight.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import { counts, workerRows } from '../workload/rows.ts'

interface Question {
  organisationId: number
  teamIds: readonly number[]
  today: string
  content: RulebookContent
  /** The version that the content is; null: the draft. */
  version: number | null
}
type Worker = RulebookEffect['workers'][number]

/** Carries the answer out of the transaction that is undone. */
class Undone<T> extends Error {
  readonly answer: T
  constructor(answer: T) {
    super('undone')
    this.answer = answer
  }
}

/**
 * What another rulebook would make of today's loads. Norm and hours are not calculated a second time: in a transaction that
 * is undone the rulebook is laid in as if it held today, and the norms and the hours of seats are read as they always are.
 * No seat is touched, so nobody waits for it.
 */
export async function rulebookEffect(db: Db, question: Question): Promise<RulebookEffect> {
  const { organisationId, today } = question
  const before = await rulebookOn(db, organisationId, today)
  const workers = await loadsUnder(db, question)
  const teams = new Map(workers.map(one => [one.teamId, one.team]))
  return {
    on: today,
    versionBefore: before.version,
    versionAfter: question.version,
    sums: sumsOf(workers),
    teams: [...teams].map(([teamId, team]) => ({
      teamId,
      team,
      sums: sumsOf(workers.filter(one => one.teamId === teamId)),
    })),
    workers,
    cases: await casesEffect(db, question, before),
  }
}

/** The load of each worker today, as it is and as it would be under the rules of the question. */
async function loadsUnder(
  db: Executor,
  question: Omit<Question, 'version'>,
): Promise<RulebookEffect['workers']> {
  const { organisationId, teamIds, today } = question
  const rows = [...(await workerRows(db, { organisationId, teamIds, on: today })).values()].filter(counts)
  const after = await undone(db, async tx => {
    await changesCountFrom(tx, today)
    await layIn(tx, question)
    return {
      norms: await normsOn(tx, organisationId, today),
      hours: await hoursOn(tx, organisationId, today),
    }
  })
  return rows.map((row): Worker => {
    const normHours = after.norms.get(row.staffNumber) ?? 0
    const hoursInUse = (after.hours.get(row.staffNumber) ?? 0) / 100
    return {
      staffNumber: row.staffNumber,
      name: row.name,
      teamId: row.teamId,
      team: row.team,
      before: {
        normHours: row.load.norm.normHours,
        hoursInUse: row.load.hoursInUse,
        workload: row.load.workload,
        status: row.load.status,
      },
      after: {
        normHours,
        hoursInUse,
        workload: workloadOf(normHours, hoursInUse),
        status: statusOf(question.content, normHours, hoursInUse),
      },
    }
  })
}

/** The workers of the whole organisation whose load these rules would change, by worker. */
export async function loadsThatChange(
  tx: Tx,
  question: Pick<Question, 'organisationId' | 'today' | 'content'>,
): Promise<{ workerId: number; now: number | null; under: number | null }[]> {
  const { organisationId } = question
  const teams = await tx
    .selectFrom('team')
    .select('id')
    .where('organisationId', '=', organisationId)
    .execute()
  const loads = await loadsUnder(tx, { ...question, teamIds: teams.map(team => team.id) })
  const changed = loads.filter(({ before, after }) => before.workload !== after.workload)
  const rows = await tx
    .selectFrom('worker')
    .select(['id', 'staffNumber'])
    .where('organisationId', '=', organisationId)
    .where('staffNumber', '=', sql<string>`any(${changed.map(one => one.staffNumber)}::text[])`)
    .execute()
  const idOf = new Map(rows.map(row => [row.staffNumber, row.id]))
  return changed.flatMap(({ staffNumber, before, after }) => {
    const workerId = idOf.get(staffNumber)
    return workerId === undefined ? [] : [{ workerId, now: before.workload, under: after.workload }]
  })
}

/** Runs `read` in a transaction, or in a part of the one that is open, and undoes everything in it. */
async function undone<T>(db: Executor, read: (tx: Tx) => Promise<T>): Promise<T> {
  const once = async (tx: Tx): Promise<never> => {
    throw new Undone(await read(tx))
  }
  try {
    return await (db.isTransaction
      ? inSavepoint(db as Tx, () => once(db as Tx))
      : db.transaction().execute(once))
  } catch (reason) {
    if (reason instanceof Undone) return reason.answer as T
    throw reason
  }
}

/** As the newest version of today: of one day the latest version holds. */
async function layIn(tx: Tx, { organisationId, today, content }: Omit<Question, 'version'>): Promise<void> {
  const { version } = await tx
    .selectFrom('rulebook')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('organisationId', '=', organisationId)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('rulebook')
    .values({
      organisationId,
      version: (version ?? 0) + 1,
      effectiveFrom: today,
      content: JSON.stringify(content),
    })
    .execute()
}

async function normsOn(tx: Tx, organisationId: number, today: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ staffNumber: string; normHours: number }>`
    select w.staff_number, n.norm_hours from worker_norms(${today}::date) n join worker w on w.id = n.worker_id
    where w.organisation_id = ${organisationId}`.execute(tx)
  return new Map(rows.map(row => [row.staffNumber, row.normHours]))
}

/** Hundredths of hours of the seats that run today, by staff number. */
async function hoursOn(tx: Tx, organisationId: number, on: string): Promise<Map<string, number>> {
  const running = await tx.selectFrom('heldSeat').select('id').where('startsOn', '<=', on).execute()
  const begun = new Set(running.map(row => row.id))
  const sums = new Map<string, number>()
  for (const seat of await expectedSeatHours(tx, { organisationId, on })) {
    if (!begun.has(seat.allocationId)) continue
    sums.set(seat.staffNumber, (sums.get(seat.staffNumber) ?? 0) + hundredths(seat.expected))
  }
  return sums
}

async function casesEffect(
  db: Executor,
  { organisationId, teamIds, today, content, version }: Question,
  before: { version: number; content: RulebookContent },
): Promise<RulebookEffect['cases']> {
  const facts = await caseFacts(db, {
    organisationId,
    on: today,
    scope: { teamIds, workerId: null },
    statuses: ['waiting', 'in_round', 'later', 'allocated'],
  })
  const after = { version: version ?? before.version + 1, content }
  const pairs = facts.map(one => {
    const weighable = weighableOn(one, today)
    return { before: weigh(weighable, before), after: weigh(weighable, after) }
  })
  const count = (test: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(test).length
  const sum = (of: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((total, pair) => total + hundredths(of(pair)), 0) / 100
  return {
    open: pairs.length,
    hoursBefore: sum(pair => pair.before.total),
    hoursAfter: sum(pair => pair.after.total),
    moreHours: count(({ before, after }) => after.total > before.total),
    fewerHours: count(({ before, after }) => after.total < before.total),
    heavyBefore: count(({ before }) => before.heavy),
    heavyAfter: count(({ after }) => after.heavy),
    becomesHeavy: count(({ before, after }) => after.heavy && !before.heavy),
    noLongerHeavy: count(({ before, after }) => before.heavy && !after.heavy),
  }
}

const ABOVE: ReadonlySet<LoadStatus> = new Set(['aboveNorm', 'farAboveNorm'])

function sumsOf(workers: readonly Worker[]): EffectSums {
  const of = (side: 'before' | 'after', what: 'normHours' | 'hoursInUse') =>
    workers.reduce((sum, one) => sum + hundredths(one[side][what]), 0) / 100
  const count = (test: (one: Worker) => boolean) => workers.filter(test).length
  return {
    workers: workers.length,
    before: workloadOf(of('before', 'normHours'), of('before', 'hoursInUse')),
    after: workloadOf(of('after', 'normHours'), of('after', 'hoursInUse')),
    aboveBandBefore: count(one => ABOVE.has(one.before.status)),
    aboveBandAfter: count(one => ABOVE.has(one.after.status)),
    aboveLimitBefore: count(one => one.before.status === 'farAboveNorm'),
    aboveLimitAfter: count(one => one.after.status === 'farAboveNorm'),
  }
}
