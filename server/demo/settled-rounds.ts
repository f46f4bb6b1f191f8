import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { hundredths } from '../../solver/problem/load.ts'
import { addDays } from '../contract/days.ts'
import { inSavepoint } from '../events/events.ts'
import { changesCountFrom } from '../history/day.ts'
import { Refusal } from '../http/call.ts'
import { travelHours, weightOf } from './case-basics.ts'
import { hoursIn, phasesOf } from './past.ts'
import { randomFrom } from './random.ts'
import { readPeople } from './round-people.ts'
import type { PastRound } from './round-plan.ts'
import { playRound } from './round-play.ts'
import type { Stage } from './round-stage.ts'
import type { DemoCase, DemoOrganisation } from './rows.ts'

/** What is closed before this many days after the start has gone another way. */
const TOO_LATE_DAYS = 3

/**
 * Plays the settled rounds on the rows that are there, oldest first, and brings their cases to where they are today. The rows
 * hold these cases without seats and not yet closed; everything else is as it is now, with its history.
 */
export async function insertSettledRounds(
  tx: Tx,
  organisationId: number,
  demo: DemoOrganisation,
  rounds: readonly PastRound[],
  teamIds: ReadonlyMap<string, number>,
  seed: number,
  today: string,
): Promise<void> {
  // The rows are new: without figures about them every query would be planned for empty tables.
  await sql`analyze case_file, case_period, case_measure, case_has_factor, case_competence, allocation, allocation_period,
    worker, worker_period, absence, preference, worker_competence`.execute(tx)
  const stage: Stage = {
    tx,
    people: await readPeople(tx, organisationId, teamIds),
    random: randomFrom(seed),
    teamIds,
    tried: new Set(),
    looking: new Set(),
  }
  const all = new Map([...demo.cases, ...demo.closed].map(one => [one.caseNumber, one]))
  const left = new Map<string, string[]>()
  const turns = new Map<string, number>()
  for (const round of rounds) {
    const again = (left.get(round.team) ?? []).filter(number => {
      const { closedOn } = all.get(number)!
      return closedOn === undefined || closedOn > addDays(round.startOn, TOO_LATE_DAYS)
    })
    const caseNumbers = [...new Set([...again, ...round.caseNumbers])].sort()
    const turn = turns.get(round.team) ?? 0
    await playOrLeave(stage, { ...round, caseNumbers }, turn)
    left.set(round.team, await stillWaiting(tx, organisationId, caseNumbers, round.startOn))
    turns.set(round.team, turn + 1)
  }
  await changesCountFrom(tx, today)
  const numbers = [...new Set(rounds.flatMap(round => round.caseNumbers))]
  const cases = numbers.map(number => all.get(number)!)
  await bringToToday(tx, organisationId, cases, demo, today)
  const lastDay = rounds.at(-1)?.day
  if (lastDay) await allocateRest(tx, organisationId, cases, addDays(lastDay, 1))
  await readAndSent(tx, organisationId)
}

/**
 * The days of the demo lie around today, so no two days have the same rounds: one that the rules refuse to be settled was never
 * made, and its cases wait for the next.
 */
async function playOrLeave(stage: Stage, round: PastRound, turn: number): Promise<void> {
  const { tx, tried, looking } = stage
  const before = { tried: new Set(tried), looking: new Set(looking) }
  try {
    await inSavepoint(tx, () => playRound(stage, round, turn))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    Object.assign(stage, before)
  }
}

async function stillWaiting(
  tx: Tx,
  organisationId: number,
  numbers: readonly string[],
  on: string,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('caseFile as c')
    .innerJoin(standingOn(on), 's.caseId', 'c.id')
    .select('c.caseNumber')
    .where('c.organisationId', '=', organisationId)
    .where('c.caseNumber', 'in', [...numbers])
    .where('s.status', '=', 'waiting')
    .execute()
  return rows.map(row => row.caseNumber)
}

/** Phases went on, and what is closed by now was closed: the hours of the seats that rounds gave follow. */
async function bringToToday(
  tx: Tx,
  organisationId: number,
  cases: readonly DemoCase[],
  demo: DemoOrganisation,
  today: string,
): Promise<void> {
  const byNumber = new Map(cases.map(one => [one.caseNumber, one]))
  const workers = new Map(demo.workers.map(worker => [worker.staffNumber, worker]))
  const rows = await tx
    .selectFrom('allocation as a')
    .innerJoin('caseFile as c', 'c.id', 'a.caseId')
    .innerJoin('worker as w', 'w.id', 'a.workerId')
    .where('c.organisationId', '=', organisationId)
    .where('a.origin', '=', 'decision')
    .select(['a.id', 'a.seat', 'a.startsOn', 'c.caseNumber', 'w.staffNumber'])
    .execute()
  const seats = rows.flatMap(row => {
    const one = byNumber.get(row.caseNumber)
    if (!one || row.seat === 'cover') return []
    const weight = weightOf(one)
    const own = row.seat === 'primary' ? weight.primary : (weight.second ?? 0)
    const hours = hundredths(own + travelHours(workers.get(row.staffNumber)!, one)) / 100
    return [{ id: row.id, one, seat: { ...row, seat: row.seat, hours } }]
  })
  const periods = seats.flatMap(({ id, one, seat }) => {
    const phases = phasesOf(one, today)
    return phases.map(({ phase, fromOn }, index) => ({
      allocationId: id,
      hours: hoursIn(one, seat, phase),
      fromOn: fromOn ?? '-infinity',
      untilOn: phases[index + 1]?.fromOn ?? 'infinity',
    }))
  })
  await sql`update allocation a set hours = v.hours, ends_on = v.ends_on
    from unnest(${seats.map(({ id }) => id)}::int[], ${seats.map(({ seat }) => seat.hours)}::numeric[],
      ${seats.map(({ one }) => one.closedOn ?? null)}::date[]) v (id, hours, ends_on)
    where a.id = v.id`.execute(tx)
  await sql`delete from allocation_period where allocation_id = any(${seats.map(({ id }) => id)}::int[])`.execute(
    tx,
  )
  if (periods.length > 0) await tx.insertInto('allocationPeriod').values(periods).execute()
  const closed = cases.filter(one => one.closedOn)
  await sql`update case_file c set closed_on = v.day
    from unnest(${closed.map(one => one.caseNumber)}::text[], ${closed.map(one => one.closedOn)}::date[]) v (number, day)
    where c.organisation_id = ${organisationId} and c.case_number = v.number`.execute(tx)
}

/** What no round gave to anybody, and is not closed, went to somebody after the last one. */
async function allocateRest(
  tx: Tx,
  organisationId: number,
  cases: readonly DemoCase[],
  firstDay: string,
): Promise<void> {
  const waiting = new Set(
    await stillWaiting(
      tx,
      organisationId,
      cases.map(one => one.caseNumber),
      firstDay,
    ),
  )
  const rest = cases.filter(one => waiting.has(one.caseNumber))
  if (rest.length === 0) return
  const seats = rest.flatMap(one => one.seats.map(seat => ({ number: one.caseNumber, ...seat })))
  await sql`insert into allocation (case_id, worker_id, seat, starts_on, agreed_hours, hours, origin)
    select c.id, w.id, v.seat, greatest(v.starts_on, ${firstDay}::date), v.hours, v.hours, 'import'
    from jsonb_to_recordset(${JSON.stringify(
      seats.map(one => ({ ...one, starts_on: one.startsOn, staff: one.staffNumber })),
    )}::jsonb) v (number text, staff text, seat text, starts_on date, hours numeric)
    join case_file c on c.case_number = v.number and c.organisation_id = ${organisationId}
    join worker w on w.staff_number = v.staff and w.organisation_id = ${organisationId}`.execute(tx)
}

/** Messages about what is over were read, and their mails went out. */
async function readAndSent(tx: Tx, organisationId: number): Promise<void> {
  await sql`update message set read_at = created_at + interval '3 hours'
    where organisation_id = ${organisationId} and read_at is null`.execute(tx)
  await sql`update mail set state = 'sent', attempts = 1, sent_at = next_at + interval '1 minute'
    where organisation_id = ${organisationId} and state = 'waiting'`.execute(tx)
}
