import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { hundredths, shareOfNorm } from '../../solver/problem/load.ts'
import type { Seat } from '../../solver/problem/problem.ts'
import type { CaseRow } from '../contract/cases.ts'
import { daysBetween } from '../contract/days.ts'
import type { Demand } from '../contract/reports.ts'
import { hoursOf, type LoadOn, loadSeries } from '../history/series.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { weigh } from '../weighing/weight.ts'
import { metInOrder } from '../workload/met.ts'
import { availabilityOn } from '../workload/rows.ts'

/** Somebody who could take work: hours left until the top of the band, and what they can do. */
export interface Able {
  roomHours: number
  competences: readonly { competence: string; level: number }[]
  /** Only a second seat may go to who is not registered, where the rulebook says so. */
  seats: readonly Seat[]
}

/** A case that waits, or of which one seat does: what it asks, and the hours of each seat that nobody has. */
export type Waiting = Pick<CaseRow, 'competences' | 'waitingDays'> & { seats: Partial<Record<Seat, number>> }

/**
 * What waits in these teams and asks a competence, against the room of those who have it: where another colleague, or
 * training, would help. Room is what is left until the top of the band, on a day without absence. The most urgent is served
 * first, then what waits longest: the order of `caseFacts`.
 */
export async function demandOf(
  db: Executor,
  scope: { organisationId: number; today: string; teamIds: readonly number[] },
): Promise<Demand> {
  const { organisationId, today, teamIds } = scope
  const rulebook = await rulebookOn(db, organisationId, today)
  const facts = await caseFacts(db, {
    organisationId,
    on: today,
    scope: { teamIds, workerId: null },
    statuses: TO_ALLOCATE,
  })
  const waiting = facts.map((one): Waiting => {
    const { primary, second } = weigh(weighableOn(one, today), rulebook)
    const waitingDays = Math.max(0, daysBetween(one.receivedOn, today))
    // A duo of which somebody has one seat asks only for the other.
    const seats = { ...(!one.primary && { primary }), ...(!one.second && second !== null && { second }) }
    return { competences: one.competences, seats, waitingDays }
  })
  const workers = await available(db, scope)
  const levels = await db
    .selectFrom('workerCompetence as c')
    .innerJoin('worker as w', 'w.id', 'c.workerId')
    .where('w.organisationId', '=', organisationId)
    .where('w.teamId', 'in', teamIds.length > 0 ? [...teamIds] : [0])
    .where(eb => eb.or([eb('c.expiresOn', 'is', null), eb('c.expiresOn', '>=', today)]))
    .select(['c.workerId', 'c.competenceCode as competence', 'c.level'])
    .execute()
  const known = new Map<number, typeof levels>()
  for (const one of levels) known.set(one.workerId, [...(known.get(one.workerId) ?? []), one])
  const inTraining: readonly Seat[] = rulebook.content.secondSeatRegistered === false ? ['second'] : []
  const able = workers.map(({ load, registered }) => ({
    roomHours: Math.max(0, shareOfNorm(rulebook.content.bandHigh, load.norm) - hoursOf(load)) / 100,
    competences: known.get(load.workerId) ?? [],
    seats: registered === 'yes' ? SEATS : registered === 'training' ? inTraining : [],
  }))
  return {
    on: today,
    fullTimeNorm: round(rulebook.content.fullTimeHours * rulebook.content.caseTimeShare),
    ...unmet(waiting, able),
  }
}

const SEATS: readonly Seat[] = ['primary', 'second']

/** The loads of today of those with whom a case could begin today, and whether their registration holds. */
async function available(
  db: Executor,
  { organisationId, today, teamIds }: { organisationId: number; today: string; teamIds: readonly number[] },
): Promise<{ load: LoadOn; registered: 'yes' | 'training' | 'no' }[]> {
  const loads = await loadSeries(db, { organisationId, days: [today], teamIds })
  const ids = loads.map(one => one.workerId)
  const workers = await db
    .selectFrom('worker')
    .where(sql<boolean>`id = any(${ids}::int[])`)
    .select(['id', 'employedFrom', 'employedUntil', 'registration', 'registrationFrom', 'registrationUntil'])
    .execute()
  const absences = await db
    .selectFrom('absence')
    .where(sql<boolean>`worker_id = any(${ids}::int[])`)
    .where('validFrom', '<=', today)
    .where(eb => eb.or([eb('validUntil', 'is', null), eb('validUntil', '>=', today)]))
    .select(['workerId', 'percentage', 'validFrom as from', 'validUntil as until'])
    .execute()
  const people = new Map(workers.map(one => [one.id, one]))
  return loads.flatMap(load => {
    const person = people.get(load.workerId)!
    const away = absences.filter(one => one.workerId === load.workerId)
    const { availability } = availabilityOn(today, { ...person, absences: away }, load.norm / 100)
    if (availability !== 'available') return []
    const holds = (person.registrationFrom ?? today) <= today && (person.registrationUntil ?? today) >= today
    const registered = person.registration !== 'registered' ? 'training' : holds ? 'yes' : 'no'
    return [{ load, registered }]
  })
}

/**
 * Per required competence and level: the hours that wait, the room of the people who have it, and what of the hours stays
 * unmet when everything that waits is served from the same room, in the order given: who can do two things has their hours
 * once, and a case that asks what nobody has together is met by nobody. The total counts every case and every person once.
 */
export function unmet(
  cases: readonly Waiting[],
  able: readonly Able[],
): Pick<Demand, 'competences' | 'total'> {
  const seats = cases.flatMap(one =>
    SEATS.flatMap(seat => {
      const hours = one.seats[seat]
      if (hours === undefined) return []
      const needs = one.competences.filter(
        need =>
          need.need === 'required' && (need.seat === undefined || need.seat === null || need.seat === seat),
      )
      const people = able.flatMap((person, index) =>
        person.seats.includes(seat) && needs.every(need => has(person, need)) ? [index] : [],
      )
      return [{ of: one, seat, needs, hours: hundredths(hours), people }]
    }),
  )
  const room = able.map(one => hundredths(one.roomHours))
  const met = metInOrder(seats, room)
  const open = seats.map((one, index) => ({ ...one, unmet: one.hours - met[index]! }))
  type Open = (typeof open)[number]

  const asked = new Map<string, { competence: string; level: number; seats: Open[] }>()
  for (const one of open) {
    for (const { competence, level } of one.needs) {
      const key = `${competence} ${level}`
      const line = asked.get(key) ?? { competence, level, seats: [] }
      line.seats.push(one)
      asked.set(key, line)
    }
  }
  const hoursOf = (list: readonly Open[], what: 'hours' | 'unmet') =>
    list.reduce((total, one) => total + one[what], 0) / 100
  const lines = [...asked.values()]
    .sort((a, b) => (a.competence < b.competence ? -1 : a.competence > b.competence ? 1 : a.level - b.level))
    .map(({ competence, level, seats: list }) => {
      const people = able.flatMap((one, index) =>
        has(one, { competence, level }) && list.some(asks => one.seats.includes(asks.seat)) ? [index] : [],
      )
      const waiting = [...new Set(list.map(one => one.of))]
      return {
        competence,
        level,
        cases: waiting.length,
        hours: hoursOf(list, 'hours'),
        workers: people.length,
        roomHours: people.reduce((sum, index) => sum + room[index]!, 0) / 100,
        unmetHours: hoursOf(list, 'unmet'),
        longestDays: Math.max(0, ...waiting.map(one => one.waitingDays)),
      }
    })
  return {
    competences: lines,
    total: {
      cases: cases.length,
      hours: hoursOf(open, 'hours'),
      roomHours: room.reduce((sum, hours) => sum + hours, 0) / 100,
      unmetHours: hoursOf(open, 'unmet'),
      unmetForCompetences: hoursOf(
        open.filter(one => one.needs.length > 0),
        'unmet',
      ),
    },
  }
}

function has(person: Able, need: { competence: string; level: number }): boolean {
  return person.competences.some(one => one.competence === need.competence && one.level >= need.level)
}

function round(hours: number): number {
  return Math.round(hours * 100) / 100
}
