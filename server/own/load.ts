import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { Locale } from '../contract/common.ts'
import type { OwnLoad } from '../contract/own.ts'
import type { WorkerLoad } from '../contract/workers.ts'
import { Refusal, type SignedIn } from '../http/call.ts'
import { catalogueNames, type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { seatHoursOf } from '../weighing/open-seats.ts'
import { termsOf } from '../weighing/terms.ts'
import { weigh } from '../weighing/weight.ts'
import { bandOf } from '../workload/band.ts'
import { workloadOf } from '../workload/load.ts'
import { workerRows } from '../workload/rows.ts'
import { placeAmong } from './quarters.ts'

/** How many coming days with a change are shown. */
const DAYS_AHEAD = 8
const DAYS_LOOKED_AT = 40

/** The load of one worker on a day, with every part that it is made of. */
export async function ownLoad(
  db: Executor,
  workerId: number,
  reader: { user: SignedIn; locale: Locale; on: string },
): Promise<OwnLoad> {
  const { user, on, locale } = reader
  const { organisationId } = user
  const { baseMunicipality } = await db
    .selectFrom('worker')
    .select('baseMunicipality')
    .where('id', '=', workerId)
    .executeTakeFirstOrThrow()
  // The team of that day: somebody who changed teams was among other people before.
  const own = (await workerRows(db, { organisationId, workerIds: [workerId], on })).get(workerId)
  if (!own) {
    throw new Refusal(404, {
      nl: 'Van die dag zijn over jou geen gegevens bekend. Kies een latere dag.',
      en: 'Nothing is known about you for that day. Choose a later day.',
    })
  }
  const rows = await workerRows(db, { organisationId, teamIds: [own.teamId], on })
  const rulebook = await rulebookOn(db, organisationId, on)
  const loads = [...rows.values()]
    .filter(row => row.availability !== 'left' && row.availability !== 'notYet')
    .map(row => row.load.workload)
    .filter(load => load !== null)
  const place = placeAmong(loads, own.load.workload)
  return {
    staffNumber: own.staffNumber,
    name: own.name,
    load: own.load,
    band: bandOf(rulebook.content),
    rulebookVersion: rulebook.version,
    ...(await partsOfNorm(db, workerId, own.contractHours, on)),
    cases: await casesOf(db, workerId, baseMunicipality, { organisationId, on, locale, rulebook }),
    later: await laterLoads(db, workerId, on, own.load),
    team: place && { name: own.team, ...place },
  }
}

/** Reductions and long absences that hold on the day, each with its hours. */
async function partsOfNorm(db: Executor, workerId: number, contractHours: number, on: string) {
  const holds = sql<boolean>`valid_from <= ${on}::date and coalesce(valid_until, 'infinity') >= ${on}::date`
  const withHours = <Part extends { percentage: number }>(part: Part) => ({
    ...part,
    hours: Math.round(contractHours * part.percentage) / 100,
  })
  const reductions = await db
    .selectFrom('reduction')
    .select(['reasonCode as reason', 'percentage', 'validUntil'])
    .where('workerId', '=', workerId)
    .where(holds)
    .orderBy('validFrom')
    .orderBy('id')
    .execute()
  const absences = await db
    .selectFrom('absence')
    .select(['percentage', 'validUntil'])
    .where('workerId', '=', workerId)
    .where(holds)
    .where(sql<boolean>`(valid_until is null or valid_until - valid_from >= 27)`)
    .orderBy('validFrom')
    .orderBy('id')
    .execute()
  return { reductions: reductions.map(withHours), absences: absences.map(withHours) }
}

/** Seats that run on the day or start later, heaviest first, each with the weight of its case and what of it counts. */
async function casesOf(
  db: Executor,
  workerId: number,
  base: string | null,
  {
    organisationId,
    on,
    locale,
    rulebook,
  }: { organisationId: number; on: string; locale: Locale; rulebook: RulebookRow },
): Promise<OwnLoad['cases']> {
  const seats = await db
    .selectFrom('heldSeat as a')
    .innerJoin('allocationPeriod as h', join =>
      join
        .onRef('h.allocationId', '=', 'a.id')
        .on(sql<boolean>`h.from_on <= greatest(a.starts_on, ${on}::date)`)
        .on(sql<boolean>`h.until_on > greatest(a.starts_on, ${on}::date)`),
    )
    .select(['a.caseId', 'a.seat', 'h.hours', 'a.agreedHours', 'a.startsOn', 'a.endsOn'])
    .where('a.workerId', '=', workerId)
    .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', on)]))
    .orderBy('h.hours', 'desc')
    .orderBy('a.id')
    .execute()
  if (seats.length === 0) return []
  const facts = await caseFacts(db, { organisationId, on, caseIds: seats.map(seat => seat.caseId) })
  const byId = new Map(facts.map(one => [one.id, one]))
  const names = await catalogueNames(db, locale)
  const minutes = new Map(
    base === null
      ? []
      : (
          await db
            .selectFrom('travelTime')
            .select(['toCode', 'minutes'])
            .where('fromCode', '=', base)
            .execute()
        ).map(one => [one.toCode, one.minutes]),
  )
  const disputes = await db
    .selectFrom('ownRequest')
    .select(['id', 'caseId'])
    .where('workerId', '=', workerId)
    .where('kind', '=', 'weight')
    .where('status', '=', 'open')
    .execute()
  return seats.map(({ caseId, ...seat }) => {
    const one = byId.get(caseId)!
    const weight = weigh(weighableOn(one, on), rulebook, names)
    const terms = termsOf(one, on)
    const travel = one.municipalityCode === null ? undefined : minutes.get(one.municipalityCode)
    const share = seatHoursOf(weight, seat.seat, null, rulebook.content)
    const withTravel = seatHoursOf(weight, seat.seat, travel ?? null, rulebook.content)
    return {
      ...seat,
      caseNumber: one.caseNumber,
      measures: one.measures.map(measure => measure.measure),
      phase: one.phase,
      children: one.children,
      weight,
      share,
      travel:
        travel !== undefined && withTravel > share
          ? { minutes: travel, hours: (hundredths(withTravel) - hundredths(share)) / 100 }
          : null,
      firstContact: terms.firstContact,
      planOfAction: terms.plan,
      disputeId: disputes.find(dispute => dispute.caseId === caseId)?.id ?? null,
    }
  })
}

/**
 * Norm and hours on the next days on which a seat, a reduction or an absence of this worker begins or has ended, or on
 * which a phase, a quiet time or other hours are planned. Rules are taken to stay as they are.
 */
async function laterLoads(
  db: Executor,
  workerId: number,
  on: string,
  now: WorkerLoad,
): Promise<OwnLoad['later']> {
  const { rows } = await sql<{ on: string; normHours: number; hoursInUse: number; left: boolean }>`
    with change as (
      select starts_on as day from held_seat where worker_id = ${workerId}
      union select ends_on from held_seat where worker_id = ${workerId} and ends_on is not null
      union select p.from_on from allocation_period p join held_seat a on a.id = p.allocation_id where a.worker_id = ${workerId}
      union select from_on from worker_period where worker_id = ${workerId}
      union select valid_from from reduction where worker_id = ${workerId}
      union select valid_until + 1 from reduction where worker_id = ${workerId} and valid_until is not null
      union select valid_from from absence where worker_id = ${workerId}
      union select valid_until + 1 from absence where worker_id = ${workerId} and valid_until is not null
      union select employed_until + 1 from worker where id = ${workerId} and employed_until is not null
    ), coming as (
      select day from change where day > ${on}::date order by day limit ${DAYS_LOOKED_AT}
    )
    select n.day as on, n.norm_hours, hours_in_use(n.worker_id, n.day) as hours_in_use,
      coalesce(w.employed_until < n.day, false) as left
    from worker_norms_on((select coalesce(array_agg(day), '{}') from coming)) n join worker w on w.id = n.worker_id
    where n.worker_id = ${workerId} order by n.day`.execute(db)
  // Short leave, for one, changes neither; such a day says nothing.
  let last = { normHours: now.norm.normHours, hoursInUse: now.hoursInUse, left: false }
  return rows
    .filter(row => {
      const differs =
        row.normHours !== last.normHours || row.hoursInUse !== last.hoursInUse || row.left !== last.left
      last = row
      return differs
    })
    .slice(0, DAYS_AHEAD)
    .map(row => ({ ...row, workload: workloadOf(row.normHours, row.hoursInUse) }))
}
