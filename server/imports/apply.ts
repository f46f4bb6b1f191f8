import type { Tx } from '../../db/database.ts'
import type { SignedIn } from '../http/call.ts'
import { familyIds } from '../weighing/families.ts'
import { reweigh, reweighWithEvents } from '../weighing/hours.ts'
import type { CaseRecord } from './case-record.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { WorkerRecord } from './workers.ts'

/** What every write of an import gets along. */
export interface Writing {
  tx: Tx
  organisationId: number
  actor: SignedIn | null
  today: string
  now: Date
  /** Code by name. */
  municipalities: ReadonlyMap<string, string>
  /** Id by staff or case number of what is there already. */
  ids: ReadonlyMap<string, number>
}

const CHUNK = 1000

async function inChunks<T>(rows: readonly T[], write: (chunk: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) await write(rows.slice(start, start + CHUNK))
}

/** Teams of the organisation by name, the new ones made. */
async function teamIds(writing: Writing, names: readonly string[]): Promise<Map<string, number>> {
  const { tx, organisationId } = writing
  if (names.length > 0) {
    const rows = names.map(name => ({ organisationId, name }))
    await tx.insertInto('team').values(rows).execute()
  }
  const teams = await tx
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', organisationId)
    .execute()
  return new Map(teams.map(team => [team.name, team.id]))
}

/** Carries out a plan of workers. Loads may rise above the limit: a shorter contract is shown, never refused. */
export async function applyWorkers(writing: Writing, plan: Plan<WorkerRecord>): Promise<void> {
  const { tx, organisationId, municipalities } = writing
  const teams = await teamIds(
    writing,
    plan.newTeams.map(team => team.name),
  )
  const columnsOf = ({ record }: PlanItem<WorkerRecord>) => ({
    name: record.name,
    teamId: teams.get(record.team)!,
    contractHours: record.contractHours,
    dutyHours: record.dutyHours,
    registration: record.registration,
    registrationFrom: record.registrationFrom,
    registrationUntil: record.registrationUntil,
    baseMunicipality: record.baseMunicipality === null ? null : municipalities.get(record.baseMunicipality)!,
    employedFrom: record.employedFrom,
    employedUntil: record.employedUntil,
  })
  const ids = new Map(writing.ids)
  const created = plan.items.filter(item => item.before === null)
  await inChunks(created, async chunk => {
    const rows = await tx
      .insertInto('worker')
      .values(chunk.map(item => ({ ...columnsOf(item), organisationId, staffNumber: item.id })))
      .returning(['id', 'staffNumber'])
      .execute()
    for (const row of rows) ids.set(row.staffNumber, row.id)
  })
  const updated = plan.items.filter(item => item.before !== null && item.fields.length > 0)
  for (const item of updated) {
    await tx
      .updateTable('worker')
      .set(eb => ({ ...columnsOf(item), version: eb('version', '+', 1) }))
      .where('id', '=', ids.get(item.id)!)
      .execute()
  }
  const listed = (field: keyof WorkerRecord) =>
    [...created, ...updated].filter(item => item.fields.some(one => one === field))
  const under = <T>(items: readonly PlanItem<WorkerRecord>[], of: (record: WorkerRecord) => T[]) =>
    items.flatMap(item => of(item.record).map(entry => ({ workerId: ids.get(item.id)!, ...entry })))
  const idsOf = (items: readonly PlanItem<WorkerRecord>[]) => items.map(item => ids.get(item.id)!)

  const competences = listed('competences')
  await inChunks(idsOf(competences), chunk =>
    tx.deleteFrom('workerCompetence').where('workerId', 'in', chunk).execute(),
  )
  await inChunks(
    under(competences, record =>
      record.competences.map(({ competence, ...rest }) => ({ competenceCode: competence, ...rest })),
    ),
    chunk => tx.insertInto('workerCompetence').values(chunk).execute(),
  )
  const reductions = listed('reductions')
  await inChunks(idsOf(reductions), chunk =>
    tx.deleteFrom('reduction').where('workerId', 'in', chunk).execute(),
  )
  await inChunks(
    under(reductions, record =>
      record.reductions.map(({ reason, ...rest }) => ({ reasonCode: reason, ...rest })),
    ),
    chunk => tx.insertInto('reduction').values(chunk).execute(),
  )
  const absences = listed('absences')
  await inChunks(idsOf(absences), chunk => tx.deleteFrom('absence').where('workerId', 'in', chunk).execute())
  await inChunks(
    under(absences, record => record.absences),
    chunk => tx.insertInto('absence').values(chunk).execute(),
  )
  const moved = updated.filter(item => item.fields.includes('baseMunicipality'))
  if (moved.length > 0) {
    const filter = { organisationId, on: writing.today, workerIds: idsOf(moved) }
    await reweighWithEvents(tx, filter, writing)
  }
}

/** Carries out a plan of cases; seats that a file brings in count the hours that the case weighs today. */
export async function applyCases(
  writing: Writing,
  plan: Plan<CaseRecord>,
  workerIds: ReadonlyMap<string, number>,
): Promise<void> {
  const { tx, organisationId, municipalities } = writing
  const teams = await teamIds(writing, [])
  const families = await familyIds(
    tx,
    organisationId,
    plan.items.flatMap(item => item.record.familyNumber ?? []),
  )
  const columnsOf = ({ record }: PlanItem<CaseRecord>) => ({
    teamId: teams.get(record.team)!,
    familyId: record.familyNumber === null ? null : families.get(record.familyNumber)!,
    phase: record.phase,
    children: record.children,
    urgency: record.urgency,
    receivedOn: record.receivedOn,
    municipalityCode: record.municipality === null ? null : municipalities.get(record.municipality)!,
    duoNeeded: record.duoNeeded,
  })
  const ids = new Map(writing.ids)
  const created = plan.items.filter(item => item.before === null)
  await inChunks(created, async chunk => {
    const rows = await tx
      .insertInto('caseFile')
      .values(chunk.map(item => ({ ...columnsOf(item), organisationId, caseNumber: item.id })))
      .returning(['id', 'caseNumber'])
      .execute()
    for (const row of rows) ids.set(row.caseNumber, row.id)
  })
  const updated = plan.items.filter(item => item.before !== null && item.fields.length > 0)
  for (const item of updated) {
    await tx
      .updateTable('caseFile')
      .set(eb => ({ ...columnsOf(item), version: eb('version', '+', 1) }))
      .where('id', '=', ids.get(item.id)!)
      .execute()
  }
  await writeCaseLists(tx, [...created, ...updated], ids, workerIds)
  await addSeats(writing, [...created, ...updated], ids, workerIds)
}

async function writeCaseLists(
  tx: Tx,
  items: readonly PlanItem<CaseRecord>[],
  ids: ReadonlyMap<string, number>,
  workerIds: ReadonlyMap<string, number>,
): Promise<void> {
  const tables = [
    ['measures', 'caseMeasure'],
    ['factors', 'caseHasFactor'],
    ['competences', 'caseCompetence'],
    ['formerWorkers', 'caseFormerWorker'],
  ] as const
  const changed = (field: keyof CaseRecord) => items.filter(item => item.fields.some(one => one === field))
  for (const [field, table] of tables) {
    const known = changed(field).map(item => ids.get(item.id)!)
    await inChunks(known, chunk => tx.deleteFrom(table).where('caseId', 'in', chunk).execute())
  }
  const under = <T>(field: keyof CaseRecord, of: (record: CaseRecord) => T[]) =>
    changed(field).flatMap(item => of(item.record).map(entry => ({ caseId: ids.get(item.id)!, ...entry })))
  await inChunks(
    under('measures', record =>
      record.measures.map(({ measure, ...rest }) => ({ measureCode: measure, ...rest })),
    ),
    chunk => tx.insertInto('caseMeasure').values(chunk).execute(),
  )
  await inChunks(
    under('factors', record => record.factors.map(factorCode => ({ factorCode }))),
    chunk => tx.insertInto('caseHasFactor').values(chunk).execute(),
  )
  await inChunks(
    under('competences', record =>
      record.competences.map(({ competence, ...rest }) => ({ competenceCode: competence, ...rest })),
    ),
    chunk => tx.insertInto('caseCompetence').values(chunk).execute(),
  )
  await inChunks(
    under('formerWorkers', record =>
      record.formerWorkers.map(one => ({ workerId: workerIds.get(one.staffNumber)!, untilOn: one.untilOn })),
    ),
    chunk => tx.insertInto('caseFormerWorker').values(chunk).execute(),
  )
}

async function addSeats(
  writing: Writing,
  items: readonly PlanItem<CaseRecord>[],
  ids: ReadonlyMap<string, number>,
  workerIds: ReadonlyMap<string, number>,
): Promise<void> {
  const { tx, organisationId, today } = writing
  const seats = items.flatMap(({ id, record, before }) =>
    (
      [
        ['primary', record.primary, record.primaryFrom],
        ['second', record.second, record.secondFrom],
      ] as const
    )
      .filter(([seat, worker]) => worker !== null && (before?.[seat] ?? null) === null)
      .map(([seat, worker, startsOn]) => ({
        caseId: ids.get(id)!,
        workerId: workerIds.get(worker!)!,
        seat,
        startsOn: startsOn!,
        agreedHours: 0,
        hours: 0,
        origin: 'import' as const,
      })),
  )
  const added: number[] = []
  await inChunks(seats, async chunk => {
    const rows = await tx.insertInto('allocation').values(chunk).returning('id').execute()
    added.push(...rows.map(row => row.id))
  })
  const seated = new Set(seats.map(seat => seat.caseId))
  if (seated.size > 0) {
    // The event of the import covers these; what a file brings in was agreed at what it weighs now.
    await reweigh(tx, { organisationId, on: today, caseIds: [...seated] })
    await inChunks(added, chunk =>
      tx
        .updateTable('allocation')
        .set(eb => ({ agreedHours: eb.ref('hours') }))
        .where('id', 'in', chunk)
        .execute(),
    )
  }
  const others = items.map(item => ids.get(item.id)!).filter(id => !seated.has(id))
  if (others.length > 0) await reweighWithEvents(tx, { organisationId, on: today, caseIds: others }, writing)
}
