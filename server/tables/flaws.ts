import type { Facts } from '../../solver/problem/problem.ts'
import { fill } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { ImportReport } from '../contract/records.ts'
import { cellFlaws } from './cell-flaws.ts'
import { fileFlaws } from './file-flaws.ts'
import { recordFlaws } from './record-flaws.ts'

/** A flaw and where it is. Row 1 is the header line; column and value null: the whole row, or the whole file. */
export interface Fault {
  row: number
  column: string | null
  value: string | null
  flaw: Flaw
}

/** Everything that can be wrong with a file: what, and what to do about it. */
const flaws = { ...fileFlaws, ...cellFlaws, ...recordFlaws }

export function ofFile(code: FlawCode, facts: Flaw['facts'] = {}): Fault {
  return { row: 1, column: null, value: null, flaw: { code, facts } }
}

/** A fault as the report shows it, in the reader's language. */
export function describeFault(fault: Fault, locale: Locale): ImportReport['errors'][number] {
  const sentence = flaws[fault.flaw.code]
  const value = fault.flaw.part ?? fault.value
  const facts = { ...fault.flaw.facts, part: value ?? '' }
  return {
    row: fault.row,
    column: fault.column,
    value: value === null ? null : value.slice(0, 100),
    message: fill(sentence.message, facts)[locale],
    advice: fill(sentence.advice, facts)[locale],
  }
}

const MAX_FAULTS = 300

/** In order of the file; after 300 the rest is counted. */
export function describeFaults(faults: readonly Fault[], locale: Locale): ImportReport['errors'] {
  // A large file of another kind has a fault in every cell: all of them are too many to sort for the few that are told.
  const byRow = new Map<number, Fault[]>()
  for (const fault of faults) {
    const others = byRow.get(fault.row)
    if (others) others.push(fault)
    else byRow.set(fault.row, [fault])
  }
  const first: Fault[] = []
  for (const row of [...byRow.keys()].sort((a, b) => a - b)) {
    first.push(...byRow.get(row)!)
    if (first.length > MAX_FAULTS) break
  }
  const shown = first.slice(0, MAX_FAULTS)
  if (faults.length > MAX_FAULTS) {
    const count = faults.length - MAX_FAULTS
    shown.push({
      row: first[MAX_FAULTS]!.row,
      column: null,
      value: null,
      flaw: { code: 'moreFaults', facts: { count } },
    })
  }
  return shown.map(fault => describeFault(fault, locale))
}

export type FlawCode = keyof typeof flaws

/** What is wrong with a cell: a sentence of the flaws with its values; `part` is the part of the cell that is wrong. */
export interface Flaw {
  code: FlawCode
  facts: Facts
  part?: string
}
