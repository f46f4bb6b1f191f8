import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { ComingChanges, changeEndpoints } from '../contract/changes.ts'
import { addDays } from '../contract/days.ts'
import type { EventType } from '../events/event-types.ts'
import { aboutWorker, record } from '../events/record.ts'
import { type Call, type Handlers, notFound, type SignedIn, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { workloadOf } from '../workload/load.ts'
import { unknown, visibleWorker, type WorkerRecord } from './queries.ts'

/** How far ahead hours can be set. */
const LONGEST_AHEAD_DAYS = 731

type Changing = Pick<
  Call<'POST /workers/:staffNumber/changes'>,
  'db' | 'user' | 'today' | 'now' | 'expectedVersion'
>

export const changeHandlers: Pick<Handlers, keyof typeof changeEndpoints> = {
  async 'GET /workers/:staffNumber/changes'({ db, params, user, today }) {
    return comingChanges(db, await visibleWorker(db, params.staffNumber, user), user, today)
  },

  async 'POST /workers/:staffNumber/changes'(call) {
    const { db: tx, params, body, user, today, locale } = call
    const worker = await openForChange(call, params.staffNumber)
    checkChange(body, worker, today, new FieldErrors(locale))
    // Splits the stretch in which the day lies; what was set for later stays.
    await sql`
      with held as (
        update worker_period set until_on = ${body.fromOn}::date
        where worker_id = ${worker.id} and from_on < ${body.fromOn}::date and until_on > ${body.fromOn}::date
        returning worker_id, team_id,
          (select p.until_on from worker_period p where p.worker_id = worker_period.worker_id and p.from_on = worker_period.from_on) as until_on
      )
      insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
      select worker_id, ${body.fromOn}::date, until_on, team_id, ${body.contractHours}, ${body.dutyHours} from held
      `.execute(tx)
    await tx
      .updateTable('workerPeriod')
      .set({ contractHours: body.contractHours, dutyHours: body.dutyHours })
      .where('workerId', '=', worker.id)
      .where('fromOn', '=', body.fromOn)
      .execute()
    await changed(call, worker, 'worker.changePlanned', { fromOn: body.fromOn })
    return comingChanges(tx, await visibleWorker(tx, params.staffNumber, user), user, today)
  },

  async 'DELETE /workers/:staffNumber/changes/:fromOn'(call) {
    const { db: tx, params, user, today } = call
    const worker = await openForChange(call, params.staffNumber)
    const gone =
      params.fromOn <= today
        ? undefined
        : await tx
            .deleteFrom('workerPeriod')
            .where('workerId', '=', worker.id)
            .where('fromOn', '=', params.fromOn)
            .returning('untilOn')
            .executeTakeFirst()
    if (!gone) throw notFound({ nl: 'Deze wijziging', en: 'This change' })
    await tx
      .updateTable('workerPeriod')
      .set({ untilOn: gone.untilOn })
      .where('workerId', '=', worker.id)
      .where('untilOn', '=', params.fromOn)
      .execute()
    await changed(call, worker, 'worker.changeUnplanned', { fromOn: params.fromOn })
    return comingChanges(tx, await visibleWorker(tx, params.staffNumber, user), user, today)
  },
}

/** Locks the worker. 404 out of scope, 403 without that right in the team, 412 when changed since it was read. */
async function openForChange(call: Changing, staffNumber: string): Promise<WorkerRecord> {
  const { db: tx, user } = call
  const { id } = await visibleWorker(tx, staffNumber, user)
  await tx.selectFrom('worker').select('id').where('id', '=', id).forUpdate().execute()
  const worker = await visibleWorker(tx, staffNumber, user)
  // To see yourself is not yet to change yourself.
  if (!user.mayIn('worker.read', worker.teamId)) throw unknown(staffNumber)
  requireIn(user, 'worker.write', worker.teamId)
  if (worker.version !== call.expectedVersion) throw staleVersion(worker.version)
  return worker
}

function checkChange(
  { fromOn, contractHours, dutyHours }: Call<'POST /workers/:staffNumber/changes'>['body'],
  worker: WorkerRecord,
  today: string,
  errors: FieldErrors,
): void {
  const first = addDays(today, 1)
  const last = addDays(today, LONGEST_AHEAD_DAYS)
  if (fromOn < first || fromOn > last) {
    errors.add(
      'fromOn',
      {
        nl: `Kies een dag van ${dayText(first, 'nl')} tot en met ${dayText(last, 'nl')}. Wat vandaag ingaat, wijzig je bij de medewerker zelf.`,
        en: `Choose a day from ${dayText(first, 'en')} up to ${dayText(last, 'en')}. Change what starts today in the worker’s details.`,
      },
      fromOn,
    )
  } else if (worker.employedUntil !== null && fromOn > worker.employedUntil) {
    errors.add(
      'fromOn',
      {
        nl: `Na ${dayText(worker.employedUntil, 'nl')} is deze medewerker uit dienst.`,
        en: `After ${dayText(worker.employedUntil, 'en')} this worker has left.`,
      },
      fromOn,
    )
  }
  if (dutyHours > contractHours) {
    errors.add(
      'dutyHours',
      { nl: 'Dit is meer dan de contracturen.', en: 'This is more than the contract hours.' },
      dutyHours,
    )
  }
  errors.refuse()
}

async function changed(
  { db: tx, user, now }: Changing,
  worker: WorkerRecord,
  type: EventType,
  data: Record<string, unknown>,
): Promise<void> {
  await tx
    .updateTable('worker')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', worker.id)
    .execute()
  record({ db: tx, user, now }, aboutWorker(worker), type, data)
}

/** The changes after today, each with the norm and the load of its day. */
async function comingChanges(
  db: Executor,
  worker: WorkerRecord,
  user: SignedIn,
  today: string,
): Promise<ComingChanges> {
  const { rows } = await sql<{
    fromOn: string
    contractHours: number
    dutyHours: number
    contractBefore: number
    dutyBefore: number
    normBefore: number
    normHours: number
    hoursInUse: number
  }>`
    select p.from_on, p.contract_hours, p.duty_hours, q.contract_hours as contract_before, q.duty_hours as duty_before,
      (select n.norm_hours from worker_norms_on(array[p.from_on - 1]) n where n.worker_id = p.worker_id) as norm_before,
      (select n.norm_hours from worker_norms_on(array[p.from_on]) n where n.worker_id = p.worker_id) as norm_hours,
      hours_in_use(p.worker_id, p.from_on) as hours_in_use
    from worker_period p join worker_period q on q.worker_id = p.worker_id and q.until_on = p.from_on
    where p.worker_id = ${worker.id} and p.from_on > ${today}::date
      and (p.contract_hours, p.duty_hours) is distinct from (q.contract_hours, q.duty_hours)
    order by p.from_on`.execute(db)
  return {
    staffNumber: worker.staffNumber,
    changes: rows.map(({ contractBefore, dutyBefore, normBefore, ...row }) => ({
      ...row,
      before: { contractHours: contractBefore, dutyHours: dutyBefore, normHours: normBefore },
      workload: workloadOf(row.normHours, row.hoursInUse),
    })),
    mayChange: user.mayIn('worker.write', worker.teamId),
    version: worker.version,
  }
}
