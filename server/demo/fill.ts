import { sql } from 'kysely'
import type { OpenDatabase, Tx } from '../../db/database.ts'
import { addDays } from '../contract/days.ts'
import { append, inTransaction } from '../events/events.ts'
import { installStartValues } from '../rulebook/start-values.ts'
import { type Ids, insertCases } from './cases.ts'
import { insertCourses } from './course.ts'
import { makeOrganisation } from './generator.ts'
import { insertOwn } from './own.ts'
import { planRounds } from './round-plan.ts'
import type { DemoOrganisation } from './rows.ts'
import { insertSettledRounds } from './settled-rounds.ts'

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
  return inTransaction(open.db, async tx => {
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
    const rounds = planRounds(demo, today)
    await insertCases(tx, organisation.id, demo, teamIds, workerIds, today, rounds)
    await insertAccounts(tx, organisation.id, demo, teamIds, workerIds)
    await insertSettledRounds(tx, organisation.id, demo, rounds, teamIds, DEMO_SEED + 2, today)
    await insertCourses(tx, organisation.id, teamIds.get(demo.teams[0]!)!, today)
    await insertOwn(tx, organisation.id, teamIds.get(demo.teams[0]!)!, today)
    append(tx, {
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
  // They stood all the while that is played before today.
  await tx.updateTable('preferencePeriod').set({ fromOn: '-infinity' }).execute()
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
