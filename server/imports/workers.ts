import { comparable } from '../contract/names.ts'
import type { NumberForms } from '../contract/numbers.ts'
import type { Sliced } from '../event-loop/slices.ts'
import {
  choice,
  code,
  day,
  decimal,
  list,
  numberOfPeople,
  optional,
  otherwise,
  parts,
  text,
  whole,
} from '../tables/cell.ts'
import type { Columns, Table } from '../tables/table.ts'
import {
  checkNumber,
  found,
  makePlan,
  type OutOfSight,
  ownTeams,
  type Plan,
  refuseTeam,
  type SettleRow,
} from './plan.ts'

/** A worker as a file has it. Hours are per week; the municipality is its name. */
export interface WorkerRecord {
  staffNumber: string
  name: string
  team: string
  contractHours: number
  dutyHours: number
  registration: 'registered' | 'in_training'
  registrationFrom: string | null
  registrationUntil: string | null
  baseMunicipality: string | null
  employedFrom: string
  employedUntil: string | null
  competences: { competence: string; level: number; expiresOn: string | null }[]
  reductions: { reason: string; percentage: number; validFrom: string; validUntil: string | null }[]
  absences: { percentage: number; validFrom: string; validUntil: string | null }[]
}

const percentage = decimal(0.01, 100)

export const workerColumns: Columns<WorkerRecord> = {
  staffNumber: { name: 'personeelsnummer', codec: numberOfPeople },
  name: { name: 'naam', codec: text(200) },
  team: { name: 'team', codec: text(100) },
  contractHours: { name: 'contracturen', codec: decimal(0, 60) },
  dutyHours: { name: 'taakuren', codec: otherwise(decimal(0, 60), 0) },
  registration: {
    name: 'registratie',
    codec: choice([
      ['registered', 'geregistreerd', 'registered', 'SKJ-geregistreerd', 'SKJ registered'],
      ['in_training', 'in opleiding', 'in training', 'in_training'],
    ]),
  },
  registrationFrom: { name: 'registratie_vanaf', codec: optional(day) },
  registrationUntil: { name: 'registratie_tot_en_met', codec: optional(day) },
  baseMunicipality: { name: 'standplaats', codec: optional(text(100)) },
  employedFrom: { name: 'in_dienst_vanaf', codec: day },
  employedUntil: { name: 'in_dienst_tot_en_met', codec: optional(day) },
  competences: {
    name: 'competenties',
    codec: list(
      parts('CODE:niveau:verloopt', { competence: code, level: whole(1, 5), expiresOn: optional(day) }),
      100,
    ),
  },
  reductions: {
    name: 'verminderingen',
    codec: list(
      parts('CODE:percentage:vanaf:tot_en_met', {
        reason: code,
        percentage,
        validFrom: day,
        validUntil: optional(day),
      }),
      50,
    ),
  },
  absences: {
    name: 'afwezigheid',
    codec: list(
      parts('percentage:vanaf:tot_en_met', { percentage, validFrom: day, validUntil: optional(day) }),
      100,
    ),
  },
}

/** What a file of workers is compared with. */
export interface WorkersState {
  known: ReadonlyMap<string, WorkerRecord>
  outOfSight: OutOfSight
  /** Teams by name; false: not one of the reader's. */
  teams: ReadonlyMap<string, boolean>
  /** An unknown team is made instead of refused. */
  mayCreateTeams: boolean
  /** Highest level by code. */
  competences: ReadonlyMap<string, number>
  /** Highest percentage by code. */
  reductionReasons: ReadonlyMap<string, number>
  /** Code by name. */
  municipalities: ReadonlyMap<string, string>
  forms: NumberForms
  today: string
}

/** Rows of a file and what there is -> what would change, or what is wrong. Pure. */
export function* planWorkers(table: Table<WorkerRecord>, state: WorkersState): Sliced<Plan<WorkerRecord>> {
  const newTeams = new Map<string, number>()
  const plan = yield* makePlan(table, {
    columns: workerColumns,
    key: 'staffNumber',
    known: state.known,
    outOfSight: state.outOfSight,
    teams: ownTeams(state.teams),
    required: ['name', 'team', 'contractHours', 'registration', 'employedFrom'],
    defaults: {
      dutyHours: 0,
      registrationFrom: null,
      registrationUntil: null,
      baseMunicipality: null,
      employedUntil: null,
      competences: [],
      reductions: [],
      absences: [],
    },
    settle: row => settleWorker(row, state, newTeams),
  })
  return { ...plan, newTeams: [...newTeams].map(([name, row]) => ({ name, row })) }
}

function settleWorker(
  row: SettleRow<WorkerRecord>,
  state: WorkersState,
  newTeams: Map<string, number>,
): WorkerRecord {
  const { record } = row
  if (row.sound('name') && /\d{8,}/.test(record.name.replace(/[ .]/g, '')))
    row.fault('name', 'looksLikeCitizenNumber')
  checkNumber(row, 'staffNumber', record.staffNumber, state)
  if (row.sound('dutyHours', 'contractHours') && record.dutyHours > record.contractHours) {
    row.fault('dutyHours', 'dutiesExceedContract', { contract: record.contractHours })
  }
  if (row.sound('registrationFrom', 'registrationUntil'))
    checkOrder(row, 'registrationUntil', record.registrationFrom, record.registrationUntil)
  if (row.sound('employedFrom', 'employedUntil'))
    checkOrder(row, 'employedUntil', record.employedFrom, record.employedUntil)
  for (const period of record.reductions) {
    checkOrder(row, 'reductions', period.validFrom, period.validUntil)
  }
  for (const period of record.absences) checkOrder(row, 'absences', period.validFrom, period.validUntil)
  return {
    ...record,
    team: row.sound('team') ? teamOf(row, state, newTeams) : record.team,
    baseMunicipality: municipalityOf(row, 'baseMunicipality', record.baseMunicipality, state),
    competences: competencesOf(row, state),
    reductions: reductionsOf(row, state),
  }
}

function teamOf(row: SettleRow<WorkerRecord>, state: WorkersState, newTeams: Map<string, number>): string {
  const { team } = row.record
  const known = found(state.teams, team)
  if (known?.value) return known.name
  if (!state.mayCreateTeams) {
    refuseTeam(row, 'team', state.teams)
    return team
  }
  const made = found(newTeams, team)
  if (made) return made.name
  newTeams.set(team, row.row)
  return team
}

function competencesOf(row: SettleRow<WorkerRecord>, state: WorkersState): WorkerRecord['competences'] {
  const seen = new Set<string>()
  return row.record.competences.map(one => {
    const known = knownCode(row, 'competences', one.competence, state.competences)
    if (known === null) return one
    if (one.level > known.value)
      row.fault('competences', 'levelTooHigh', { most: known.value }, one.competence)
    if (seen.has(known.name)) row.fault('competences', 'doublePart', {}, one.competence)
    seen.add(known.name)
    return { ...one, competence: known.name }
  })
}

function reductionsOf(row: SettleRow<WorkerRecord>, state: WorkersState): WorkerRecord['reductions'] {
  return row.record.reductions.map(one => {
    const known = knownCode(row, 'reductions', one.reason, state.reductionReasons)
    if (known === null) return one
    if (one.percentage > known.value) {
      row.fault('reductions', 'percentageTooHigh', { most: known.value }, one.reason)
    }
    return { ...one, reason: known.name }
  })
}

/** The code as the catalogue writes it; a fault with all codes when it is not there. */
export function knownCode<R, T>(
  row: SettleRow<R>,
  field: keyof R & string,
  wanted: string,
  catalogue: ReadonlyMap<string, T>,
): { name: string; value: T } | null {
  const known = found(catalogue, wanted)
  if (known === null) row.fault(field, 'unknownCode', { codes: [...catalogue.keys()].join(', ') }, wanted)
  return known
}

/** The name of a municipality, given by name or by code. */
export function municipalityOf<R>(
  row: SettleRow<R>,
  field: keyof R & string,
  wanted: string | null,
  state: { municipalities: ReadonlyMap<string, string> },
): string | null {
  if (wanted === null) return null
  const byName = found(state.municipalities, wanted)
  if (byName) return byName.name
  for (const [name, own] of state.municipalities) if (comparable(own) === comparable(wanted)) return name
  row.fault(field, 'unknownMunicipality', { municipalities: [...state.municipalities.keys()].join(', ') })
  return wanted
}

export function checkOrder<R>(
  row: SettleRow<R>,
  field: keyof R & string,
  from: string | null,
  until: string | null,
): void {
  if (from !== null && until !== null && until < from) row.fault(field, 'endBeforeStart', { from })
}
