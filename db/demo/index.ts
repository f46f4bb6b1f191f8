import { sql } from 'kysely'
import { append } from '../../server/events.ts'
import type { OpenDatabase, Tx } from '../database.ts'
import { installStartValues } from '../start-values.ts'
import { insertCourses } from './course.ts'
import { makeOrganisation } from './generator.ts'
import { insertOwn } from './own.ts'
import { hoursIn, phasesOf } from './past.ts'
import { addDays, type DemoOrganisation } from './rows.ts'

/** The rulebook of the demo holds since before its history. */
const RULES_SINCE_DAYS = 800
/** The seed of the demo: with it the figures come out near 300 families, 430 children and a mean load of 93 %. */
export const DEMO_SEED = 193

/**
 * Fills an empty database with the made-up organisation, in one transaction; dates lie around `today`. Demo accounts have
 * no password: a demo server lets visitors pick a role, any other server lets nobody in with them.
 *
 * @returns false, and changes nothing, when there already is an organisation
 */
export async function fillDemo(open: Pick<OpenDatabase, 'db'>, today: string): Promise<boolean> {
  return open.db.transaction().execute(async tx => {
    const present = await tx.selectFrom('organisation').select('id').limit(1).executeTakeFirst()
    if (present) return false
    const demo = makeOrganisation(DEMO_SEED, today)
    const organisation = await tx
      .insertInto('organisation')
      .values({ name: demo.name })
      .returning('id')
      .executeTakeFirstOrThrow()
    await installStartValues(tx, organisation.id, addDays(today, -RULES_SINCE_DAYS))
    const teamIds = await insertTeams(tx, organisation.id, demo.teams)
    const workerIds = await insertWorkers(tx, organisation.id, demo, teamIds)
    await insertCases(tx, organisation.id, demo, teamIds, workerIds, today)
    await insertAccounts(tx, organisation.id, demo, teamIds, workerIds)
    await insertCourses(tx, organisation.id, teamIds.get(demo.teams[0]!)!, today)
    await insertOwn(tx, organisation.id, teamIds.get(demo.teams[0]!)!, today)
    await append(tx, {
      type: 'demo.filled',
      actor: null,
      organisationId: organisation.id,
      teamId: null,
      objectType: 'organisation',
      objectId: String(organisation.id),
      data: { seed: DEMO_SEED, workers: demo.workers.length, cases: demo.cases.length },
      at: new Date(),
    })
    return true
  })
}

type Ids = ReadonlyMap<string, number>

async function insertTeams(tx: Tx, organisationId: number, names: readonly string[]): Promise<Ids> {
  const rows = await tx
    .insertInto('team')
    .values(names.map(name => ({ organisationId, name })))
    .returning(['id', 'name'])
    .execute()
  return new Map(rows.map(row => [row.name, row.id]))
}

async function insertWorkers(
  tx: Tx,
  organisationId: number,
  demo: DemoOrganisation,
  teamIds: Ids,
): Promise<Ids> {
  const rows = await tx
    .insertInto('worker')
    .values(
      demo.workers.map(
        ({
          team,
          competences: _,
          preferences: __,
          reductions: ___,
          absences: ____,
          earlierHours: _____,
          ...worker
        }) => ({
          ...worker,
          organisationId,
          teamId: teamIds.get(team)!,
        }),
      ),
    )
    .returning(['id', 'staffNumber'])
    .execute()
  const ids = new Map(rows.map(row => [row.staffNumber, row.id]))
  const of = <T>(list: (worker: DemoOrganisation['workers'][number]) => T[]) =>
    demo.workers.flatMap(worker =>
      list(worker).map(entry => ({ workerId: ids.get(worker.staffNumber)!, ...entry })),
    )
  await insertEarlierHours(tx, demo, ids)
  await tx
    .insertInto('workerCompetence')
    .values(
      of(worker =>
        worker.competences.map(({ competence, ...rest }) => ({ competenceCode: competence, ...rest })),
      ),
    )
    .execute()
  await tx
    .insertInto('preference')
    .values(of(worker => worker.preferences))
    .execute()
  await tx
    .insertInto('reduction')
    .values(of(worker => worker.reductions.map(({ reason, ...rest }) => ({ reasonCode: reason, ...rest }))))
    .execute()
  await tx
    .insertInto('absence')
    .values(of(worker => worker.absences))
    .execute()
  return ids
}

async function insertEarlierHours(tx: Tx, demo: DemoOrganisation, ids: Ids): Promise<void> {
  for (const { staffNumber, contractHours, earlierHours } of demo.workers) {
    if (!earlierHours) continue
    const workerId = ids.get(staffNumber)!
    const { untilOn } = earlierHours
    await tx
      .updateTable('workerPeriod')
      .set({ contractHours: earlierHours.contractHours, untilOn })
      .where('workerId', '=', workerId)
      .execute()
    await sql`insert into worker_period select worker_id, until_on, 'infinity', team_id, ${contractHours}, duty_hours
      from worker_period where worker_id = ${workerId}`.execute(tx)
  }
}

async function insertCases(
  tx: Tx,
  organisationId: number,
  demo: DemoOrganisation,
  teamIds: Ids,
  workerIds: Ids,
  today: string,
): Promise<void> {
  const all = [...demo.cases, ...demo.closed]
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
        closedOn: one.closedOn ?? null,
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
        one.seats.map(({ seat, staffNumber, startsOn, endsOn, hours }) => ({
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
    one.seats.flatMap(seat =>
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

async function insertAccounts(
  tx: Tx,
  organisationId: number,
  demo: DemoOrganisation,
  teamIds: Ids,
  workerIds: Ids,
): Promise<void> {
  const east = demo.teams[0]!
  const [first, second] = demo.workers
  const accounts = [
    { email: 'instroom.oost', name: 'M. Kolkman', roles: [['intake', east]] },
    { email: 'instroom.alle', name: 'J. Assink', roles: demo.teams.map(team => ['intake', team]) },
    { email: 'teamleider.oost', name: 'H. Reinders', roles: [['lead', east]] },
    {
      email: 'jeugdbeschermer.1',
      name: first!.name,
      roles: [['worker', null]],
      staffNumber: first!.staffNumber,
    },
    {
      email: 'jeugdbeschermer.2',
      name: second!.name,
      roles: [['worker', null]],
      staffNumber: second!.staffNumber,
    },
    { email: 'beheer', name: 'P. Lohuis', roles: [['admin', null]] },
  ] as const satisfies readonly {
    email: string
    name: string
    roles: readonly (readonly ['intake' | 'lead' | 'worker' | 'admin', string | null])[]
    staffNumber?: string
  }[]
  const rows = await tx
    .insertInto('userAccount')
    .values(
      accounts.map(account => ({
        organisationId,
        email: `${account.email}@demo.example`,
        name: account.name,
        status: 'active' as const,
        locale: 'nl' as const,
        workerId: 'staffNumber' in account ? workerIds.get(account.staffNumber)! : null,
      })),
    )
    .returning(['id', 'email'])
    .execute()
  const ids = new Map(rows.map(row => [row.email, row.id]))
  await tx
    .insertInto('userRole')
    .values(
      accounts.flatMap(account =>
        account.roles.map(([role, team]) => ({
          userId: ids.get(`${account.email}@demo.example`)!,
          role,
          teamId: team === null ? null : teamIds.get(team)!,
        })),
      ),
    )
    .execute()
}
