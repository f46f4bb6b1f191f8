import type { Endpoints } from '../../server/contract/endpoints.ts'
import type { Catalogues } from '../../server/contract/rulebook.ts'
import type { WorkerInput } from '../../server/contract/workers.ts'
import type { FieldError } from '../base/form.ts'

type Worker = Endpoints['GET /workers/:staffNumber']['reply']
type Emptiable<T> = { [Key in keyof T]: T[Key] extends number ? T[Key] | '' : NonNullable<T[Key]> }

/** A worker as the form holds it: an empty field is '', never null. */
export type WorkerDraft = Omit<Emptiable<WorkerInput>, 'competences' | 'reductions' | 'absences'> & {
  staffNumber: string
  competences: Emptiable<WorkerInput['competences'][number]>[]
  reductions: Emptiable<WorkerInput['reductions'][number]>[]
  absences: Emptiable<WorkerInput['absences'][number]>[]
}

export function emptyDraft(teamId: number | '', today: string): WorkerDraft {
  return {
    staffNumber: '',
    name: '',
    teamId,
    contractHours: '',
    dutyHours: 0,
    registration: 'registered',
    registrationFrom: '',
    registrationUntil: '',
    baseMunicipality: '',
    employedFrom: today,
    employedUntil: '',
    competences: [],
    reductions: [],
    absences: [],
  }
}

export function draftOf(worker: Worker): WorkerDraft {
  const { staffNumber, name, teamId, contractHours, dutyHours, registration, employedFrom } = worker
  return {
    staffNumber,
    name,
    teamId,
    contractHours,
    dutyHours,
    registration,
    registrationFrom: worker.registrationFrom ?? '',
    registrationUntil: worker.registrationUntil ?? '',
    baseMunicipality: worker.baseMunicipality ?? '',
    employedFrom,
    employedUntil: worker.employedUntil ?? '',
    competences: worker.competenceLevels.map(one => ({ ...one, expiresOn: one.expiresOn ?? '' })),
    reductions: worker.reductions.map(one => ({ ...one, validUntil: one.validUntil ?? '' })),
    absences: worker.absences.map(one => ({ ...one, validUntil: one.validUntil ?? '' })),
  }
}

/** What is sent; only for a draft in which `faultsOf` found nothing. */
export function inputOf(draft: WorkerDraft): WorkerInput {
  const until = <T extends { validUntil: string; percentage: number | '' }>(one: T) => ({
    ...one,
    percentage: Number(one.percentage),
    validUntil: one.validUntil || null,
  })
  return {
    name: draft.name.trim(),
    teamId: Number(draft.teamId),
    contractHours: Number(draft.contractHours),
    dutyHours: Number(draft.dutyHours),
    registration: draft.registration,
    registrationFrom: draft.registrationFrom || null,
    registrationUntil: draft.registrationUntil || null,
    baseMunicipality: draft.baseMunicipality || null,
    employedFrom: draft.employedFrom,
    employedUntil: draft.employedUntil || null,
    competences: draft.competences.map(one => ({
      ...one,
      level: Number(one.level),
      expiresOn: one.expiresOn || null,
    })),
    reductions: draft.reductions.map(until),
    absences: draft.absences.map(until),
  }
}

type Fault =
  | 'required'
  | 'hours'
  | 'duty'
  | 'order'
  | 'percentage'
  | 'maximum'
  | 'level'
  | 'twice'
  | 'staffNumber'

/** What the form can see for itself, by field; the server has the last word. `word` puts a fault into words. */
export function faultsOf(
  draft: WorkerDraft,
  catalogues: Catalogues | null,
  word: (fault: Fault, values?: Record<string, unknown>) => string,
): FieldError[] {
  const found: FieldError[] = []
  const add = (field: string, fault: Fault, values?: Record<string, unknown>) =>
    found.push({ field, message: word(fault, values) })
  const hours = (field: 'contractHours' | 'dutyHours') => {
    const value = draft[field]
    if (value === '') add(field, 'required')
    else if (!(value >= 0 && value <= 60)) add(field, 'hours')
  }
  const ordered = (field: string, from: string, until: string) => {
    if (from && until && until < from) add(field, 'order')
  }

  if (!draft.staffNumber.trim()) add('staffNumber', 'required')
  else if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/.test(draft.staffNumber)) add('staffNumber', 'staffNumber')
  if (!draft.name.trim()) add('name', 'required')
  if (draft.teamId === '') add('teamId', 'required')
  hours('contractHours')
  hours('dutyHours')
  if (draft.contractHours !== '' && draft.dutyHours !== '' && draft.dutyHours > draft.contractHours)
    add('dutyHours', 'duty')
  ordered('registrationUntil', draft.registrationFrom, draft.registrationUntil)
  if (!draft.employedFrom) add('employedFrom', 'required')
  ordered('employedUntil', draft.employedFrom, draft.employedUntil)

  draft.competences.forEach((one, index) => {
    const at = `competences.${index}`
    if (!one.competence) add(`${at}.competence`, 'required')
    else if (draft.competences.findIndex(other => other.competence === one.competence) < index)
      add(`${at}.competence`, 'twice')
    const max = catalogues?.competences.find(({ code }) => code === one.competence)?.maxLevel ?? 5
    if (one.level === '' || !(one.level >= 1 && one.level <= max)) add(`${at}.level`, 'level', { max })
  })
  draft.reductions.forEach((one, index) => {
    const at = `reductions.${index}`
    const reason = catalogues?.reductionReasons.find(({ code }) => code === one.reason)
    if (!one.reason) add(`${at}.reason`, 'required')
    const max = reason?.maximumPercentage ?? 100
    if (one.percentage === '' || !(one.percentage > 0 && one.percentage <= 100))
      add(`${at}.percentage`, 'percentage')
    else if (one.percentage > max) add(`${at}.percentage`, 'maximum', { max })
    if (!one.validFrom) add(`${at}.validFrom`, 'required')
    ordered(`${at}.validUntil`, one.validFrom, one.validUntil)
  })
  draft.absences.forEach((one, index) => {
    const at = `absences.${index}`
    if (one.percentage === '' || !(one.percentage > 0 && one.percentage <= 100))
      add(`${at}.percentage`, 'percentage')
    if (!one.validFrom) add(`${at}.validFrom`, 'required')
    ordered(`${at}.validUntil`, one.validFrom, one.validUntil)
  })
  return found
}

/**
 * Somebody else saved first: what was typed here stays, everything untouched takes the new value. `both` names the
 * fields that both changed, each to something else, for people to look at.
 */
export function rebase<T extends object>(
  draft: T,
  base: T,
  fresh: T,
): { draft: T; both: (keyof T & string)[] } {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const merged = { ...fresh }
  const both: (keyof T & string)[] = []
  for (const field of Object.keys(fresh) as (keyof T & string)[]) {
    if (same(draft[field], base[field])) continue
    merged[field] = draft[field]
    if (!same(fresh[field], base[field]) && !same(fresh[field], draft[field])) both.push(field)
  }
  return { draft: merged, both }
}
