import { randomUUID } from 'node:crypto'
import type { Insertable } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Database, Role } from '../../db/schema.ts'
import { installStartValues } from '../../server/rulebook/start-values.ts'

/** The day on which most tests take place: a Tuesday without holidays near. */
export const TODAY = '2026-11-24'

let count = 0
const next = () => ++count

/** An organisation with the catalogues and rulebook version 1. */
export async function anOrganisation(
  db: Executor,
  given: { name?: string; today?: string } = {},
): Promise<number> {
  const insert = async (tx: Parameters<typeof installStartValues>[0]) => {
    const { id } = await tx
      .insertInto('organisation')
      .values({ name: given.name ?? `Organisatie ${next()}` })
      .returning('id')
      .executeTakeFirstOrThrow()
    await installStartValues(tx, id, given.today ?? '2024-01-01')
    return id
  }
  return db.transaction().execute(insert)
}

export async function aTeam(
  db: Executor,
  given: Partial<Insertable<Database['team']>> & { organisationId: number },
): Promise<number> {
  return inserted(
    await db
      .insertInto('team')
      .values({ name: `Team ${next()}`, ...given })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
}

type WorkerExtras = {
  competences?: { code: string; level: number; expiresOn?: string | null }[]
  absences?: { percentage: number; validFrom: string; validUntil: string | null }[]
  reductions?: { reasonCode: string; percentage: number; validFrom: string; validUntil: string | null }[]
  preferences?: Omit<Insertable<Database['preference']>, 'workerId'>[]
}

/** A registered worker of 36 hours, three years in service; gives id and staff number. */
export async function aWorker(
  db: Executor,
  given: Partial<Insertable<Database['worker']>> & WorkerExtras & { organisationId: number; teamId: number },
): Promise<{ id: number; staffNumber: string }> {
  const { competences = [], absences = [], reductions = [], preferences = [], ...row } = given
  const worker = await db
    .insertInto('worker')
    .values({
      staffNumber: `jb-${String(next()).padStart(4, '0')}`,
      name: `M. de Vries ${count}`,
      contractHours: 36,
      registration: 'registered',
      registrationFrom: '2020-01-01',
      registrationUntil: null,
      baseMunicipality: null,
      employedFrom: '2023-01-01',
      employedUntil: null,
      ...row,
    })
    .returning(['id', 'staffNumber'])
    .executeTakeFirstOrThrow()
  const workerId = worker.id
  for (const { code, level, expiresOn = null } of competences) {
    await db
      .insertInto('workerCompetence')
      .values({ workerId, competenceCode: code, level, expiresOn })
      .execute()
  }
  for (const absence of absences)
    await db
      .insertInto('absence')
      .values({ workerId, ...absence })
      .execute()
  for (const reduction of reductions)
    await db
      .insertInto('reduction')
      .values({ workerId, ...reduction })
      .execute()
  for (const preference of preferences) {
    await db
      .insertInto('preference')
      .values({ workerId, ...preference })
      .execute()
  }
  // What somebody is made with, they had from the beginning.
  if (preferences.length > 0)
    await db
      .updateTable('preferencePeriod')
      .set({ fromOn: '-infinity' })
      .where('workerId', '=', workerId)
      .execute()
  return worker
}

type CaseExtras = {
  measures?: { code: string; startOn?: string; endOn?: string | null }[]
  factors?: string[]
  competences?: { code: string; level: number; need: 'required' | 'wanted'; seat?: 'primary' | 'second' }[]
  formerWorkers?: number[]
  excludedWorkers?: number[]
  familyNumber?: string
}

type NewCase = Partial<Insertable<Database['caseFile']>> &
  CaseExtras & { organisationId: number; teamId: number }

/** A waiting case: OTS in its first phase, one child, normal urgency; gives id and case number. */
export async function aCase(db: Executor, given: NewCase): Promise<{ id: number; caseNumber: string }> {
  // At once, as the server makes them: what a case has when it is made, it had from the beginning.
  return db.isTransaction ? makeCase(db, given) : db.transaction().execute(tx => makeCase(tx, given))
}

async function makeCase(db: Executor, given: NewCase): Promise<{ id: number; caseNumber: string }> {
  const {
    measures = [{ code: 'OTS' }],
    factors = [],
    competences = [],
    formerWorkers = [],
    excludedWorkers = [],
    familyNumber = `G-${next()}`,
    ...row
  } = given
  const organisationId = given.organisationId
  const family =
    (await db
      .selectFrom('family')
      .select('id')
      .where('organisationId', '=', organisationId)
      .where('familyNumber', '=', familyNumber)
      .executeTakeFirst()) ??
    (await db
      .insertInto('family')
      .values({ organisationId, familyNumber })
      .returning('id')
      .executeTakeFirstOrThrow())
  const receivedOn = given.receivedOn ?? '2026-11-20'
  const made = await db
    .insertInto('caseFile')
    .values({
      familyId: family.id,
      caseNumber: `ZK-2026-${String(next()).padStart(4, '0')}`,
      phase: 'begin',
      children: 1,
      urgency: 'normal',
      receivedOn,
      municipalityCode: null,
      weightOverrideHours: null,
      weightOverrideReason: null,
      closedOn: null,
      ...row,
    })
    .returning(['id', 'caseNumber'])
    .executeTakeFirstOrThrow()
  const caseId = made.id
  for (const { code, startOn = receivedOn, endOn = null } of measures) {
    await db.insertInto('caseMeasure').values({ caseId, measureCode: code, startOn, endOn }).execute()
  }
  for (const factorCode of factors)
    await db.insertInto('caseHasFactor').values({ caseId, factorCode }).execute()
  for (const { code, ...rest } of competences) {
    await db
      .insertInto('caseCompetence')
      .values({ caseId, competenceCode: code, ...rest })
      .execute()
  }
  for (const workerId of formerWorkers) {
    await db.insertInto('caseFormerWorker').values({ caseId, workerId, untilOn: null }).execute()
  }
  for (const workerId of excludedWorkers) {
    await db
      .insertInto('caseExcludedWorker')
      .values({ caseId, workerId, hiddenReason: 'belangenverstrengeling', untilOn: null, createdBy: null })
      .execute()
  }
  return made
}

/** A seat that somebody holds already, as an import would bring it in. */
export async function anAllocation(
  db: Executor,
  given: Partial<Insertable<Database['allocation']>> & { caseId: number; workerId: number },
): Promise<number> {
  const hours = given.hours ?? 3.5
  return inserted(
    await db
      .insertInto('allocation')
      .values({
        seat: 'primary',
        startsOn: '2026-06-01',
        endsOn: null,
        agreedHours: hours,
        hours,
        origin: 'import',
        decisionId: null,
        excessDecisionId: null,
        ...given,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
}

/** Cases of a worker that were closed, one a month back from TODAY: history enough to expect something of what is to come. */
export async function closedCases(
  db: Executor,
  given: { organisationId: number; teamId: number; workerId: number },
): Promise<void> {
  const { workerId, ...scope } = given
  for (let month = 5; month <= 10; month++) {
    const closedOn = `2026-${String(month).padStart(2, '0')}-20`
    const one = await aCase(db, { ...scope, phase: 'end', receivedOn: '2025-12-01', closedOn })
    await anAllocation(db, { caseId: one.id, workerId, hours: 2, startsOn: '2026-01-05', endsOn: closedOn })
  }
}

/** An active account without a password; tests sign in with `TestApp.signIn`. */
export async function aUser(
  db: Executor,
  given: {
    organisationId: number
    roles: { role: Role; teamId?: number }[]
    workerId?: number | null
    name?: string
    email?: string
    passwordHash?: string | null
    locale?: 'nl' | 'en'
  },
): Promise<number> {
  const id = inserted(
    await db
      .insertInto('userAccount')
      .values({
        organisationId: given.organisationId,
        email: given.email ?? `gebruiker${next()}@instroom.test`,
        name: given.name ?? `Gebruiker ${count}`,
        passwordHash: given.passwordHash ?? null,
        status: 'active',
        locale: given.locale ?? 'nl',
        workerId: given.workerId ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
  for (const { role, teamId = null } of given.roles) {
    await db.insertInto('userRole').values({ userId: id, role, teamId }).execute()
  }
  return id
}

function inserted(row: { id: number }): number {
  return row.id
}

/** A word that no other test has, in letters alone: digits could look like somebody's number. */
export function aWord(): string {
  return randomUUID().replace(/[\d-]/g, sign => (sign === '-' ? '' : 'ghijklmnop'.charAt(Number(sign))))
}
