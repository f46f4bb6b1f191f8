import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { hundredths } from '../../solver/load.ts'
import { caseFacts } from '../cases/facts.ts'
import { openHoursOf, weighableOn } from '../cases/queries.ts'
import { daysBetween } from '../cases/terms.ts'
import { weigh } from '../cases/weight.ts'
import type { CaseRow, CaseWeight } from '../contract/cases.ts'
import type { Demand } from '../contract/reports.ts'
import { hoursOf, type LoadOn, loadSeries } from '../history/series.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { availabilityOn } from '../workload/rows.ts'

/** Somebody who could take work: hours left until the top of the band, and what they can do. */
export interface Able {
  roomHours: number
  competences: readonly { competence: string; level: number }[]
}

/** A case that waits. Hours of all that nobody has yet, and of each seat: who has what one seat of a pair asks takes that seat only. */
export type Waiting = Pick<CaseRow, 'competences' | 'hours' | 'waitingDays'> & {
  seats: Pick<CaseWeight, 'primary' | 'second'>
}

/**
 * What waits in these teams and asks a competence, against the room of those who have it: where another colleague, or
 * training, would help. Room is what is left until the top of the band, on a day without absence.
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
    const weight = weigh(weighableOn(one, today), rulebook)
    const waitingDays = Math.max(0, daysBetween(one.receivedOn, today))
    // A duo of which somebody has one seat asks only for the other.
    const seats = {
      primary: one.primary ? 0 : weight.primary,
      second: one.second ? 0 : weight.second,
    }
    const competences = one.competences.filter(need => !need.seat || !one[need.seat])
    return { competences, hours: openHoursOf(one, weight), seats, waitingDays }
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
  const able = workers.map(({ workerId, norm, ...load }) => ({
    roomHours: Math.max(0, (norm * rulebook.content.bandHigh - hoursOf({ workerId, norm, ...load })) / 100),
    competences: known.get(workerId) ?? [],
  }))
  return {
    on: today,
    fullTimeNorm: round(rulebook.content.fullTimeHours * rulebook.content.caseTimeShare),
    ...unmet(waiting, able),
  }
}

/** The loads of today of those with whom a case could begin today. */
async function available(
  db: Executor,
  { organisationId, today, teamIds }: { organisationId: number; today: string; teamIds: readonly number[] },
): Promise<LoadOn[]> {
  const loads = await loadSeries(db, { organisationId, days: [today], teamIds })
  const ids = loads.map(one => one.workerId)
  const workers = await db
    .selectFrom('worker')
    .where(sql<boolean>`id = any(${ids}::int[])`)
    .select(['id', 'employedFrom', 'employedUntil'])
    .execute()
  const absences = await db
    .selectFrom('absence')
    .where(sql<boolean>`worker_id = any(${ids}::int[])`)
    .where('validFrom', '<=', today)
    .where(eb => eb.or([eb('validUntil', 'is', null), eb('validUntil', '>=', today)]))
    .select(['workerId', 'percentage', 'validFrom as from', 'validUntil as until'])
    .execute()
  const terms = new Map(workers.map(one => [one.id, one]))
  return loads.filter(({ workerId, norm }) => {
    const away = absences.filter(one => one.workerId === workerId)
    const { availability } = availabilityOn(today, { ...terms.get(workerId)!, absences: away }, norm / 100)
    return availability === 'available'
  })
}

/**
 * Per required competence and level: the hours that wait, and what the people who have it can still take. Somebody with
 * two competences counts as room for both: each line says whether that competence alone is enough. The total counts
 * every case and every person once.
 */
export function unmet(
  cases: readonly Waiting[],
  able: readonly Able[],
): Pick<Demand, 'competences' | 'total'> {
  const asked = new Map<string, { competence: string; level: number; cases: Map<Waiting, number> }>()
  for (const one of cases) {
    for (const { competence, level, seat } of one.competences.filter(need => need.need === 'required')) {
      const key = `${competence} ${level}`
      const line = asked.get(key) ?? { competence, level, cases: new Map<Waiting, number>() }
      const hours = seat ? (one.seats[seat] ?? 0) : one.hours
      line.cases.set(one, round((line.cases.get(one) ?? 0) + hours))
      asked.set(key, line)
    }
  }
  const sum = (list: readonly number[]) => list.reduce((total, hours) => total + hundredths(hours), 0) / 100
  const lines = [...asked.values()]
    .sort((a, b) => (a.competence < b.competence ? -1 : a.competence > b.competence ? 1 : a.level - b.level))
    .map(({ competence, level, cases: waiting }) => {
      const people = able.filter(one =>
        one.competences.some(has => has.competence === competence && has.level >= level),
      )
      const hours = sum([...waiting.values()])
      const roomHours = sum(people.map(one => round(one.roomHours)))
      return {
        competence,
        level,
        cases: waiting.size,
        hours,
        workers: people.length,
        roomHours,
        unmetHours: round(Math.max(0, hours - roomHours)),
        longestDays: Math.max(0, ...[...waiting.keys()].map(one => one.waitingDays)),
      }
    })
  const hours = sum(cases.map(one => one.hours))
  const roomHours = sum(able.map(one => round(one.roomHours)))
  return {
    competences: lines,
    total: { cases: cases.length, hours, roomHours, unmetHours: round(Math.max(0, hours - roomHours)) },
  }
}

function round(hours: number): number {
  return Math.round(hours * 100) / 100
}
