import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { CaseInput } from '../contract/cases.ts'
import type { Locale } from '../contract/common.ts'
import type { SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import type { CaseFacts } from '../weighing/facts.ts'
import { overlap } from '../weighing/needs.ts'
import { isDuo } from '../weighing/weight.ts'

/** What the input names, found in the tables. */
export interface CheckedInput {
  formerWorkerIds: number[]
}

const UNKNOWN_CODE = { nl: 'Deze code staat niet in de lijst.', en: 'This code is not in the list.' }
const TWICE = { nl: 'Deze staat er al.', en: 'This one is already there.' }
const NO_PAIR = {
  nl: 'Deze zaak is geen duo. Vraag de competentie zonder plek, of zet duo aan.',
  en: 'This case is not a duo. Ask for the competence without a seat, or turn the duo on.',
}

/**
 * Checks a case as entered against the catalogues and the reader's teams; 422 names every field that is wrong.
 * Codes that the case already has stay allowed when the catalogue retires them.
 */
export async function checkInput(
  tx: Tx,
  input: CaseInput,
  before: CaseFacts | null,
  reader: { user: SignedIn; locale: Locale; today: string },
): Promise<CheckedInput> {
  const errors = new FieldErrors(reader.locale)
  if (!reader.user.mayIn('case.write', input.teamId)) {
    errors.add(
      'teamId',
      { nl: 'Kies een van je eigen teams.', en: 'Choose one of your own teams.' },
      input.teamId,
    )
  }
  if (input.receivedOn > reader.today) {
    const message = { nl: 'Deze datum ligt in de toekomst.', en: 'This date is in the future.' }
    errors.add('receivedOn', message, input.receivedOn)
  }
  input.measures.forEach((one, index) => {
    if (one.endOn !== null && one.endOn < one.startOn) {
      const message = {
        nl: 'De einddatum ligt voor de begindatum.',
        en: 'The end date is before the start date.',
      }
      errors.add(`measures.${index}.endOn`, message, one.endOn)
    }
  })

  const known = await catalogueCodes(tx)
  const had = {
    measure: new Set(before?.measures.map(one => one.measure)),
    factor: new Set(before?.factors),
    method: new Set(before?.methods),
    competence: new Set(before?.competences.map(one => one.competence)),
  }
  const lists = [
    ['measure', input.measures.map(one => one.measure), (i: number) => `measures.${i}.measure`],
    ['factor', input.factors, (i: number) => `factors.${i}`],
    ['method', input.methods ?? [], (i: number) => `methods.${i}`],
  ] as const
  for (const [kind, codes, path] of lists) {
    codes.forEach((code, index) => {
      if (!isOffered(known[kind], had[kind], code)) errors.add(path(index), UNKNOWN_CODE, code)
      else if (codes.indexOf(code) !== index) errors.add(path(index), TWICE, code)
    })
  }
  const duo = isDuo({
    duoNeeded: input.duoNeeded,
    threat: input.factors.some(code => known.threats.has(code)),
  })
  input.competences.forEach((one, index) => {
    const { competence, seat } = one
    const path = `competences.${index}.competence`
    if (!isOffered(known.competence, had.competence, competence)) errors.add(path, UNKNOWN_CODE, competence)
    else if (input.competences.slice(0, index).some(other => overlap(other, one))) {
      errors.add(path, TWICE, competence)
    }
    if (seat !== undefined && !duo) errors.add(`competences.${index}.seat`, NO_PAIR, seat)
    const most = known.levels.get(one.competence)
    if (most !== undefined && one.level > most) {
      const message = { nl: `Het hoogste niveau is ${most}.`, en: `The highest level is ${most}.` }
      errors.add(`competences.${index}.level`, message, one.level)
    }
  })
  if (input.municipality !== null) {
    const found = await tx
      .selectFrom('municipality')
      .select('code')
      .where('code', '=', input.municipality)
      .executeTakeFirst()
    if (!found) {
      const message = { nl: 'Deze gemeente is niet bekend.', en: 'This municipality is not known.' }
      errors.add('municipality', message, input.municipality)
    }
  }
  const formerWorkerIds = await workersByNumber(tx, reader.user, input.formerWorkers, before, errors)
  errors.refuse()
  return { formerWorkerIds }
}

/** Those of teams that this person reads, and those whom the case names already; all others are as if they did not exist. */
async function workersByNumber(
  tx: Tx,
  user: SignedIn,
  staffNumbers: readonly string[],
  before: CaseFacts | null,
  errors: FieldErrors,
): Promise<number[]> {
  if (staffNumbers.length === 0) return []
  const rows = await tx
    .selectFrom('worker')
    .select(['id', 'teamId', 'staffNumber'])
    .where('organisationId', '=', user.organisationId)
    .where('staffNumber', 'in', [...staffNumbers])
    .execute()
  const had = new Set(before?.formerWorkers.map(one => one.staffNumber))
  const ids = new Map(
    rows
      .filter(row => user.mayIn('worker.read', row.teamId) || had.has(row.staffNumber))
      .map(row => [row.staffNumber, row.id]),
  )
  staffNumbers.forEach((number, index) => {
    if (!ids.has(number)) {
      const message = {
        nl: 'Er is geen medewerker met dit nummer.',
        en: 'There is no worker with this number.',
      }
      errors.add(`formerWorkers.${index}`, message, number)
    }
  })
  return [...new Set(ids.values())]
}

/** Codes of a catalogue that can be chosen: those in use, and a retired one that the case already has. */
function isOffered(catalogue: ReadonlyMap<string, boolean>, had: ReadonlySet<string>, code: string): boolean {
  const active = catalogue.get(code)
  return active === true || (active === false && had.has(code))
}

async function catalogueCodes(tx: Tx) {
  const { rows } = await sql<{
    kind: 'measure' | 'factor' | 'method' | 'competence'
    code: string
    active: boolean
    maxLevel: number
    isThreat: boolean
  }>`
    select 'measure' as kind, code, active, 0 as max_level, false as is_threat from measure
    union all select 'factor', code, active, 0, is_threat from case_factor
    union all select 'method', code, active, 0, false from method
    union all select 'competence', code, active, max_level, false from competence`.execute(tx)
  const codes = (kind: string) =>
    new Map(rows.filter(row => row.kind === kind).map(row => [row.code, row.active]))
  return {
    measure: codes('measure'),
    factor: codes('factor'),
    method: codes('method'),
    competence: codes('competence'),
    threats: new Set(rows.filter(row => row.isThreat).map(row => row.code)),
    levels: new Map(rows.filter(row => row.kind === 'competence').map(row => [row.code, row.maxLevel])),
  }
}

/** The fields in which an input differs from the case; order inside a list means nothing. */
export function changedFields(before: CaseFacts, input: CaseInput): (keyof CaseInput)[] {
  const now: CaseInput = {
    teamId: before.teamId,
    familyNumber: before.familyNumber,
    measures: before.measures,
    phase: before.phase,
    children: before.children,
    factors: before.factors,
    ...(input.methods && { methods: before.methods }),
    urgency: before.urgency,
    receivedOn: before.receivedOn,
    municipality: before.municipalityCode,
    competences: before.competences,
    duoNeeded: before.duoNeeded,
    formerWorkers: before.formerWorkers.map(one => one.staffNumber),
  }
  return (Object.keys(now) as (keyof CaseInput)[]).filter(
    field => comparable(now[field]) !== comparable(input[field]),
  )
}

function comparable(value: CaseInput[keyof CaseInput]): string {
  if (!Array.isArray(value)) return JSON.stringify(value)
  return value
    .map(one => (typeof one === 'string' ? one : JSON.stringify(Object.entries(one).sort())))
    .sort()
    .join('\n')
}
