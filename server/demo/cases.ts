import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { hoursIn, phasesOf } from './past.ts'
import type { PastRound } from './round-plan.ts'
import type { DemoCase, DemoOrganisation } from './rows.ts'

export type Ids = ReadonlyMap<string, number>

/**
 * Every case with its family, seats and history. Those that a settled round is about wait: they have no seat and are not closed.
 */
export async function insertCases(
  tx: Tx,
  organisationId: number,
  demo: DemoOrganisation,
  teamIds: Ids,
  workerIds: Ids,
  today: string,
  rounds: readonly PastRound[],
): Promise<void> {
  const all = [...demo.cases, ...demo.closed]
  const inRound = new Set(rounds.flatMap(round => round.caseNumbers))
  const seatsOf = (one: DemoCase) => (inRound.has(one.caseNumber) ? [] : one.seats)
  const families = await tx
    .insertInto('family')
    .values(
      [...new Set(all.map(one => one.familyNumber))].map(familyNumber => ({
        organisationId,
        familyNumber,
      })),
    )
    .returning(['id', 'familyNumber'])
    .execute()
  const familyIds = new Map(families.map(row => [row.familyNumber, row.id]))
  const cases = await tx
    .insertInto('caseFile')
    .values(
      all.map(one => ({
        organisationId,
        teamId: teamIds.get(one.team)!,
        familyId: familyIds.get(one.familyNumber)!,
        caseNumber: one.caseNumber,
        phase: one.phase,
        children: one.children,
        urgency: one.urgency,
        receivedOn: one.receivedOn,
        municipalityCode: one.municipality,
        duoNeeded: one.duoNeeded,
        closedOn: inRound.has(one.caseNumber) ? null : (one.closedOn ?? null),
      })),
    )
    .returning(['id', 'caseNumber'])
    .execute()
  const ids = new Map(cases.map(row => [row.caseNumber, row.id]))
  const of = <T>(list: (one: DemoOrganisation['cases'][number]) => T[]) =>
    all.flatMap(one => list(one).map(entry => ({ caseId: ids.get(one.caseNumber)!, ...entry })))
  await tx
    .insertInto('caseMeasure')
    .values(of(one => one.measures.map(({ measure, ...rest }) => ({ measureCode: measure, ...rest }))))
    .execute()
  await tx
    .insertInto('caseHasFactor')
    .values(of(one => one.factors.map(factorCode => ({ factorCode }))))
    .execute()
  await tx
    .insertInto('caseCompetence')
    .values(
      of(one => one.competences.map(({ competence, ...rest }) => ({ competenceCode: competence, ...rest }))),
    )
    .execute()
  await tx
    .insertInto('caseFormerWorker')
    .values(
      of(one =>
        one.formerWorkers.map(({ staffNumber, untilOn }) => ({
          workerId: workerIds.get(staffNumber)!,
          untilOn,
        })),
      ),
    )
    .execute()
  await tx
    .insertInto('caseExcludedWorker')
    .values(
      of(one =>
        one.excludedWorkers.map(({ staffNumber, hiddenReason }) => ({
          workerId: workerIds.get(staffNumber)!,
          hiddenReason,
        })),
      ),
    )
    .execute()
  const seats = await tx
    .insertInto('allocation')
    .values(
      of(one =>
        seatsOf(one).map(({ seat, staffNumber, startsOn, endsOn, hours }) => ({
          workerId: workerIds.get(staffNumber)!,
          seat,
          startsOn,
          endsOn: endsOn ?? null,
          agreedHours: hours,
          hours,
          origin: 'import' as const,
        })),
      ),
    )
    .returning(['id', 'caseId', 'workerId', 'seat'])
    .execute()
  const seatIds = new Map(seats.map(row => [`${row.caseId} ${row.workerId} ${row.seat}`, row.id]))

  // The history that the triggers cannot know: each phase with the hours that it weighed.
  const withPhases = all.map(one => ({ one, caseId: ids.get(one.caseNumber)!, phases: phasesOf(one, today) }))
  const until = (phases: readonly { fromOn: string | null }[], index: number) =>
    phases[index + 1]?.fromOn ?? 'infinity'
  const longer = withPhases.filter(({ phases }) => phases.length > 1)
  await replacePeriods(
    tx,
    'casePeriod',
    'caseId',
    longer.map(({ caseId }) => caseId),
  )
  await tx
    .insertInto('casePeriod')
    .values(
      longer.flatMap(({ one, caseId, phases }) =>
        phases.map(({ phase, fromOn }, index) => ({
          caseId,
          teamId: teamIds.get(one.team)!,
          phase,
          weightOverrideHours: null,
          children: one.children,
          duoNeeded: one.duoNeeded,
          factors: [...one.factors].sort(),
          fromOn: fromOn ?? '-infinity',
          untilOn: until(phases, index),
        })),
      ),
    )
    .execute()
  const stretches = longer.flatMap(({ one, caseId, phases }) =>
    seatsOf(one).flatMap(seat =>
      phases.map(({ phase, fromOn }, index) => ({
        allocationId: seatIds.get(`${caseId} ${workerIds.get(seat.staffNumber)!} ${seat.seat}`)!,
        hours: hoursIn(one, seat, phase),
        fromOn: fromOn ?? '-infinity',
        untilOn: until(phases, index),
      })),
    ),
  )
  await replacePeriods(tx, 'allocationPeriod', 'allocationId', [
    ...new Set(stretches.map(row => row.allocationId)),
  ])
  await tx.insertInto('allocationPeriod').values(stretches).execute()
}

/** Takes away what the triggers wrote, to make room for what really went before. */
async function replacePeriods(
  tx: Tx,
  table: 'casePeriod' | 'allocationPeriod',
  column: 'caseId' | 'allocationId',
  ids: readonly number[],
): Promise<void> {
  await sql`delete from ${sql.table(table)} where ${sql.ref(column)} = any(${[...ids]}::int[])`.execute(tx)
}
