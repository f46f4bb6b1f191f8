import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import { openSeats, type SeatFilter, type SeatOn, weighSeats } from './open-seats.ts'

interface Stretch {
  allocationId: number
  fromOn: string
  hours: number
}

/**
 * Writes what seats will count from each coming day on which their case is planned to change: a phase that begins, a case
 * that becomes dormant or is reviewed. `allocation_period` then holds the hours of days to come like those of the past, so
 * that every load of a day is read in one way. What was planned before and is not any more disappears.
 */
export async function planHours(tx: Tx, filter: SeatFilter): Promise<void> {
  const { on } = filter
  const before = await plannedBefore(tx, filter)
  const turns = await comingTurns(tx, filter)
  const touched = new Set([...before.keys(), ...turns.map(turn => turn.allocationId)])
  if (touched.size === 0) return

  const seats = (await openSeats(tx, filter)).filter(seat => touched.has(seat.allocationId))
  const byId = new Map(seats.map(seat => [seat.allocationId, seat]))
  const days = turns.flatMap(({ allocationId, day }): SeatOn[] => {
    const seat = byId.get(allocationId)
    return seat ? [{ ...seat, day }] : []
  })
  const wanted = new Map<number, Stretch[]>()
  for (const seat of await weighSeats(tx, filter.organisationId, days)) {
    const stretches = wanted.get(seat.allocationId) ?? []
    wanted.set(seat.allocationId, [
      ...stretches,
      { allocationId: seat.allocationId, fromOn: seat.day, hours: seat.expected },
    ])
  }
  const changed = [...touched].filter(id => !same(before.get(id) ?? [], wanted.get(id) ?? []))
  if (changed.length === 0) return
  await sql`delete from allocation_period where allocation_id = any(${changed}::int[]) and from_on > ${on}::date`.execute(
    tx,
  )
  const rows = changed.flatMap(id => wanted.get(id) ?? [])
  await sql`
    with planned as (
      select p.id, p.day, p.hours, lead(p.day, 1, 'infinity') over (partition by p.id order by p.day) as until
      from unnest(${rows.map(row => row.allocationId)}::int[], ${rows.map(row => row.fromOn)}::date[],
        ${rows.map(row => row.hours)}::numeric[]) p (id, day, hours)
    ), held as (
      update allocation_period h
      set until_on = coalesce((select min(p.day) from planned p where p.id = h.allocation_id), 'infinity')
      where h.allocation_id = any(${changed}::int[]) and h.from_on <= ${on}::date
        and not exists (select from allocation_period later where later.allocation_id = h.allocation_id
          and later.from_on > h.from_on and later.from_on <= ${on}::date)
    )
    insert into allocation_period (allocation_id, from_on, until_on, hours)
    select id, day, until, hours from planned`.execute(tx)
}

/** Days after this one on which something changes for a case while a seat of it runs. */
async function comingTurns(tx: Tx, filter: SeatFilter) {
  const { organisationId, on } = filter
  const cases = filter.caseIds ? sql`and a.case_id = any(${[...filter.caseIds]}::int[])` : sql``
  const workers = filter.workerIds ? sql`and a.worker_id = any(${[...filter.workerIds]}::int[])` : sql``
  const { rows } = await sql<{ allocationId: number; day: string }>`
    select distinct a.id as allocation_id, turn.day
    from (
      select case_id, from_on as day from case_period where from_on > ${on}::date
      union select case_id, from_on from dormancy where status = 'standing' and from_on > ${on}::date
      union select case_id, until_on from dormancy where status = 'standing' and until_on > ${on}::date
    ) turn
    join held_seat a on a.case_id = turn.case_id and a.starts_on < turn.day
      and (a.ends_on is null or a.ends_on > turn.day)
    join case_file c on c.id = a.case_id
    where c.organisation_id = ${organisationId} ${cases} ${workers}
    order by a.id, turn.day`.execute(tx)
  return rows
}

/** The coming stretches as they are written now, by seat. */
async function plannedBefore(tx: Tx, filter: SeatFilter): Promise<Map<number, Stretch[]>> {
  const cases = filter.caseIds ? sql`and a.case_id = any(${[...filter.caseIds]}::int[])` : sql``
  const workers = filter.workerIds ? sql`and a.worker_id = any(${[...filter.workerIds]}::int[])` : sql``
  const { rows } = await sql<Stretch>`
    select p.allocation_id, p.from_on, p.hours from allocation_period p
    join allocation a on a.id = p.allocation_id join case_file c on c.id = a.case_id
    where p.from_on > ${filter.on}::date and c.organisation_id = ${filter.organisationId} ${cases} ${workers}
    order by p.allocation_id, p.from_on`.execute(tx)
  const stretches = new Map<number, Stretch[]>()
  for (const row of rows) stretches.set(row.allocationId, [...(stretches.get(row.allocationId) ?? []), row])
  return stretches
}

function same(before: readonly Stretch[], wanted: readonly Stretch[]): boolean {
  return (
    before.length === wanted.length &&
    before.every((one, index) => {
      const other = wanted[index]!
      return one.fromOn === other.fromOn && hundredths(one.hours) === hundredths(other.hours)
    })
  )
}
