import { comparable, namesAlike } from '../contract/names.ts'
import type { NumberForms } from '../contract/numbers.ts'
import type { ImportReport } from '../contract/records.ts'
import type { Sliced } from '../event-loop/slices.ts'
import { numberFlaw } from '../http/own-numbers.ts'
import { flawed } from '../tables/cell.ts'
import type { Fault, Flaw, FlawCode } from '../tables/flaws.ts'
import type { Columns, Table, TableRow } from '../tables/table.ts'

/** What an import would do. Any fault means: nothing. */
export interface Plan<R> {
  items: PlanItem<R>[]
  faults: Fault[]
  /** Teams to make first, with the row that names them. */
  newTeams: { name: string; row: number }[]
  /** Rows that were refused for something that the reader may not see. */
  withheld: number
}

export interface PlanItem<R> {
  row: number
  id: string
  /** The record as it will be. */
  record: R
  /** null: it is new. */
  before: R | null
  /** Fields whose value changes; for a new record those with a value. */
  fields: (keyof R & string)[]
  /** What the report says of it. What the reader may not read is not compared: then all that the file says. */
  shown: { fields: (keyof R & string)[]; before: R | null }
}

/** What of the organisation a reader's file does not get to see. */
export interface OutOfSight {
  /** Numbers in use where the reader may change nothing. Such a row is as a new one, until it would be made. */
  taken: ReadonlySet<string>
  /** Numbers whose records the reader may change and not read. */
  unseen: ReadonlySet<string>
}

/** What one kind of file needs for its plan. */
export interface PlanRules<R> {
  columns: Columns<R>
  key: keyof R & string
  known: ReadonlyMap<string, R>
  outOfSight: OutOfSight
  /** The reader's teams, as an advice names them. */
  teams: string
  /** Fields that a new record must have, and the values of those that it may lack. */
  defaults: Omit<R, RequiredFields<R>> & Partial<R>
  required: readonly (keyof R & string)[]
  /** Puts names and codes as the catalogues have them; then says what is wrong. */
  settle(row: SettleRow<R>): R
}

/** Says what is wrong with a number that is new here; `before` is what the record has now. */
export function checkNumber<R>(
  row: SettleRow<R>,
  field: keyof NumberForms & keyof R & string,
  value: string | null,
  { forms, today }: NumberRules,
): void {
  if (value === null || row.before?.[field] === value) return
  const flaw = numberFlaw(value, forms[field], today)
  if (flaw) row.fault(field, flaw, { form: (forms[field] ?? '').replaceAll('|', ' / ') })
}

export interface NumberRules {
  forms: NumberForms
  today: string
}

type RequiredFields<R> = {
  [K in keyof R]: null extends R[K] ? never : R[K] extends unknown[] ? never : K
}[keyof R]

export interface SettleRow<R> {
  row: number
  record: R
  before: R | null
  has(field: keyof R & string): boolean
  /** What the file has in this field; '' where it has no column for it. */
  cell(field: keyof R & string): string
  /** Whether all of these are there and could be read; what rests on another is not judged. */
  sound(...fields: (keyof R & string)[]): boolean
  fault(field: (keyof R & string) | null, code: FlawCode, facts?: Flaw['facts'], part?: string): void
  /** As `fault`, for what follows from the record as it is: whoever may not read it hears only that it cannot be done. */
  clash(field: keyof R & string, code: FlawCode, facts?: Flaw['facts'], part?: string): void
  /** Whether the reader may read the record as it is. */
  seen: boolean
}

/**
 * Compares a file with what there is. A known record keeps every field that the file has no column for; records that the
 * file does not name stay as they are.
 */
export function* makePlan<R>(table: Table<R>, rules: PlanRules<R>): Sliced<Plan<R>> {
  const faults = [...table.faults]
  const items: PlanItem<R>[] = []
  const rowOf = new Map<string, number>()
  const missing = new Set<string>()
  const unsound = new Set(table.faults.map(fault => fault.row))
  let withheld = 0
  const taken = new Set([...rules.outOfSight.taken].map(comparable))
  // Two old ones that differ in spelling alone are two; of new ones every spelling is the same.
  const keyOf = (id: string) => (rules.known.has(id) ? id : comparable(id))
  for (const tableRow of table.rows) {
    yield
    const given = tableRow.record[rules.key]
    if (typeof given !== 'string') continue
    const spellings = namesAlike(rules.known, given)
    if (spellings.length > 1) {
      const facts = { numbers: spellings.join(', ') }
      faults.push(faultOf(tableRow, rules, rules.key, flawed('ambiguous', facts).flaw))
      continue
    }
    const id = spellings[0] ?? given
    const other = rowOf.get(keyOf(id))
    if (other !== undefined) {
      faults.push(faultOf(tableRow, rules, rules.key, flawed('duplicate', { other }).flaw))
      unsound.add(tableRow.row)
    } else rowOf.set(keyOf(id), tableRow.row)
    const before = rules.known.get(id) ?? null
    if (before === null) {
      for (const field of rules.required) if (!table.fields.includes(field)) missing.add(field)
    }
    const merged = { ...rules.defaults, ...before, ...tableRow.record, [rules.key]: id } as R
    // What could not be read is not judged any further; everything else of the row is.
    const unread = new Set(table.fields.filter(field => tableRow.record[field] === undefined))
    const sound = (field: keyof R & string) => !unread.has(field) && merged[field] !== undefined
    const seen = !rules.outOfSight.unseen.has(id)
    const found: Fault[] = []
    const fault: SettleRow<R>['fault'] = (field, code, facts = {}, part) => {
      found.push(faultOf(tableRow, rules, field, { code, facts, ...(part === undefined ? {} : { part }) }))
    }
    const refused = (code: FlawCode) => found.some(one => one.flaw.code === code)
    const record = rules.settle({
      row: tableRow.row,
      record: merged,
      before,
      has: field => table.fields.includes(field),
      cell: field => tableRow.cells.get(field) ?? '',
      sound: (...fields) => fields.every(sound),
      seen,
      fault,
      clash: (field, code, facts, part) => {
        if (seen) fault(field, code, facts, part)
        else if (!refused('unseenCase')) fault(null, 'unseenCase')
      },
    })
    const broken = unsound.has(tableRow.row) || (before === null && missing.size > 0)
    // The last thing that is said of a number in use elsewhere, and in the words of a row for another team.
    const isTaken = !broken && found.length === 0 && taken.has(comparable(id))
    if (isTaken) fault(null, 'notYours', { teams: rules.teams })
    if (isTaken || refused('unseenCase')) withheld++
    faults.push(...found)
    if (broken || refused('notYours') || refused('unseenCase')) continue
    const fields = changed(record, before, rules.columns)
    const shown = seen
      ? { fields, before }
      : { fields: table.fields.filter(field => field !== rules.key), before: null }
    items.push({ row: tableRow.row, id, record, before, fields, shown })
  }
  for (const field of missing) {
    const column = rules.columns[field as keyof R].name
    faults.push({ row: 1, column, value: null, flaw: flawed('missingColumn').flaw })
  }
  return { items, faults, newTeams: [], withheld }
}

function faultOf<R>(
  tableRow: TableRow<R>,
  rules: PlanRules<R>,
  field: (keyof R & string) | null,
  flaw: Flaw,
): Fault {
  return {
    row: tableRow.row,
    column: field === null ? null : rules.columns[field].name,
    value: field === null ? null : (tableRow.cells.get(field) ?? null),
    flaw,
  }
}

/** Values are the same when they are written the same: order in a list means nothing. */
function changed<R>(record: R, before: R | null, columns: Columns<R>): (keyof R & string)[] {
  return (Object.keys(columns) as (keyof R & string)[]).filter(
    field => textOf(record, field, columns) !== (before === null ? '' : textOf(before, field, columns)),
  )
}

function textOf<R>(record: R, field: keyof R & string, columns: Columns<R>): string {
  return columns[field].codec.write(record[field])
}

/** Whether the reader is told that this row makes or changes something. */
export const isChange = <R>({ before, shown }: PlanItem<R>): boolean =>
  before === null || shown.fields.length > 0

/** How many changes a plan has to tell of, new teams among them. */
export const changeCount = <R>({ newTeams, items }: Plan<R>): number =>
  newTeams.length + items.filter(isChange).length

/** The changes as people see them before they agree: each field with its old and new text. */
export function* changesOf<R>(
  plan: Plan<R>,
  columns: Columns<R>,
  max: number,
): Sliced<ImportReport['changes']> {
  const changes: ImportReport['changes'] = plan.newTeams.slice(0, max).map(({ name, row }) => ({
    row,
    id: name,
    what: 'create' as const,
    fields: [{ column: 'team', from: null, to: name }],
  }))
  for (const item of plan.items) {
    yield
    if (changes.length >= max) break
    if (!isChange(item)) continue
    const { row, id, record, before, shown } = item
    changes.push({
      row,
      id,
      what: before === null ? ('create' as const) : ('update' as const),
      fields: shown.fields.map(field => ({
        column: columns[field].name,
        from: shown.before === null ? null : textOf(shown.before, field, columns) || null,
        to: textOf(record, field, columns) || null,
      })),
    })
  }
  return changes
}

/** The teams that the reader's files may touch, as an advice names them. */
export function ownTeams(teams: ReadonlyMap<string, boolean>): string {
  return [...teams]
    .filter(([, own]) => own)
    .map(([name]) => name)
    .join(', ')
}

/**
 * A row for a team that is not the reader's. Whether another team of that name exists is said only to who may touch them all.
 */
export function refuseTeam<R extends { team: string }>(
  row: SettleRow<R>,
  field: keyof R & string,
  teams: ReadonlyMap<string, boolean>,
): void {
  const facts = { teams: ownTeams(teams) }
  if ([...teams.values()].every(own => own)) row.fault(field, 'unknownTeam', facts)
  else row.fault(null, 'notYours', facts)
}

/** Finds a name in a list, whatever its spelling; null when it is not there. */
export function found<T>(list: ReadonlyMap<string, T>, name: string): { name: string; value: T } | null {
  const [known] = namesAlike(list, name)
  return known === undefined ? null : { name: known, value: list.get(known)! }
}
