import type { Facts } from '../../solver/problem/problem.ts'
import { isDay } from '../contract/days.ts'
import { comparable, tidy } from '../contract/names.ts'
import type { Flaw, FlawCode } from './flaws.ts'

/** Everything that is wrong with it: `more` is what else. */
export interface Wrong {
  flaw: Flaw
  more?: Flaw[]
}

export type Read<T> = { value: T } | Wrong

/** How one kind of value is written in a cell. `read` gets trimmed text; reading what was written gives the value back. */
export interface Codec<T> {
  read(text: string): Read<T>
  write(value: T): string
}

export function flawed(code: FlawCode, facts: Facts = {}, part?: string): { flaw: Flaw } {
  return { flaw: { code, facts, ...(part === undefined ? {} : { part }) } }
}

/** Text of at most this many characters; never empty. */
export function text(most: number): Codec<string> {
  return {
    read(cell) {
      if (cell === '') return flawed('empty')
      return cell.length > most ? flawed('tooLong', { most }) : { value: cell }
    },
    write: tidy,
  }
}

const SCIENTIFIC = /^[-+]?\d+([.,]\d+)?E[+-]?\d+$/i
/** A month as Dutch and English spreadsheets write it, with a day or a year beside it. */
const MONTH = '(jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|sept|okt|oct|nov|dec)'
const DAY_IN_WORDS = new RegExp(
  `(^|[^a-z0-9])(\\d{1,2}[- ]${MONTH}([- ]\\d{2,4})?|${MONTH}[- ]\\d{2,4})$`,
  'i',
)
const LONG_MONTH =
  /(januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|may|june|july|august|october)/i
const DAY_OR_TIME = /^(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2})(:\d{2})?([ T].*)?$/

/** What spreadsheets make of numbers that are names. */
const DAMAGED_NUMBERS: readonly [RegExp, FlawCode][] = [
  [SCIENTIFIC, 'scientific'],
  [DAY_IN_WORDS, 'numberBecameDay'],
  [DAY_OR_TIME, 'numberBecameDay'],
  [/^\d+[.,]0+$/, 'numberBecameDecimal'],
  [/^\d{15}0+$/, 'numberLostDigits'],
]

/** Staff, case and family numbers: letters, digits, point, dash and underscore. */
export const numberOfPeople: Codec<string> = {
  read(given) {
    const cell = given.normalize('NFKC')
    if (cell === '') return flawed('empty')
    const damage = DAMAGED_NUMBERS.find(([pattern]) => pattern.test(cell))
    if (damage) return flawed(damage[1])
    if (cell.length > 40) return flawed('tooLong', { most: 40 })
    return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(cell) ? { value: cell } : flawed('badNumberOfPeople')
  },
  write: value => value,
}

/** A decimal number with comma or point, at most two decimals. */
export function decimal(least: number, most: number): Codec<number> {
  return {
    read(cell) {
      if (cell === '') return flawed('empty')
      if (/^-?\d{1,3}(\.\d{3})*,\d+$/.test(cell) && cell.includes('.')) return flawed('thousands')
      if (!/^-?\d+([.,]\d+)?$/.test(cell)) return flawed(amountFlaw(cell))
      if (!/^-?\d+([.,]\d{1,2}0*)?$/.test(cell)) return flawed('tooPrecise')
      const value = Number(cell.replace(',', '.'))
      return value < least || value > most ? flawed('outOfRange', { least, most }) : { value }
    },
    write: value => String(value).replace('.', ','),
  }
}

function amountFlaw(cell: string): FlawCode {
  if (SCIENTIFIC.test(cell)) return 'scientific'
  return DAY_IN_WORDS.test(cell) || DAY_OR_TIME.test(cell) ? 'amountBecameDay' : 'notANumber'
}

export function whole(least: number, most: number): Codec<number> {
  return {
    read(cell) {
      if (cell === '') return flawed('empty')
      if (/^-?\d+[.,]\d+$/.test(cell)) return flawed('notWhole')
      if (!/^-?\d+$/.test(cell)) return flawed(amountFlaw(cell))
      const value = Number(cell)
      return value < least || value > most ? flawed('outOfRange', { least, most }) : { value }
    },
    write: String,
  }
}

/** ISO (2026-11-24) or Dutch (24-11-2026, 24-1-2026); written as ISO. */
export const day: Codec<string> = {
  read(given) {
    // Midnight is how systems write a day.
    const cell = given.replace(/[ T]00:00(:00(\.0+)?)?Z?$/, '')
    if (cell === '') return flawed('empty')
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(cell)
    const dutch = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(cell)
    if (!iso && !dutch) return flawed(dateFlaw(cell))
    const [year, month, date] = iso ? [iso[1], iso[2], iso[3]] : [dutch![3], dutch![2], dutch![1]]
    const value = `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`
    if (!isDay(value)) return flawed('noSuchDay')
    return value < '1970-01-01' || value > '2100-12-31' ? flawed('implausibleYear') : { value }
  },
  write: value => value,
}

function dateFlaw(cell: string): FlawCode {
  if (/^\d{5}([.,]\d+)?$/.test(cell)) return 'serialDate'
  if (/^\d{1,2}-\d{1,2}-\d{2}$/.test(cell)) return 'shortYear'
  if (/^\d{1,4}\/\d{1,2}\/\d{1,4}$/.test(cell)) return 'slashDate'
  if (DAY_IN_WORDS.test(cell) || LONG_MONTH.test(cell)) return 'monthInWords'
  return /^(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{1,2}-\d{1,2})[ T]/.test(cell) ? 'dayWithTime' : 'notADay'
}

/** One of a few words; the first word of each value is the one that is written. */
export function choice<T extends string | boolean>(words: readonly (readonly [T, ...string[]])[]): Codec<T> {
  const values = new Map(
    words.flatMap(([value, ...names]) => names.map(name => [comparable(name), value] as const)),
  )
  const names = new Map(words.map(([value, name]) => [value, name!]))
  return {
    read(cell) {
      if (cell === '') return flawed('empty')
      const value = values.get(comparable(cell))
      return value === undefined
        ? flawed('notAChoice', { choices: [...names.values()].join(', ') })
        : { value }
    },
    write: value => names.get(value)!,
  }
}

/** As `choice`, with the names of every word there is. */
export function choiceOf<T extends string>(names: Record<T, readonly [string, ...string[]]>): Codec<T> {
  return choice((Object.keys(names) as T[]).map(word => [word, ...names[word]] as const))
}

/** An empty cell means that there is none. */
export function optional<T>(codec: Codec<T>): Codec<T | null> {
  return {
    read: cell => (cell === '' ? { value: null } : codec.read(cell)),
    write: value => (value === null ? '' : codec.write(value)),
  }
}

/** An empty cell means this value. */
export function otherwise<T>(codec: Codec<T>, value: T): Codec<T> {
  return { read: cell => (cell === '' ? { value } : codec.read(cell)), write: codec.write }
}

/** Several values with | between them; order means nothing, so it is written sorted. */
export function list<T>(codec: Codec<T>, most: number): Codec<T[]> {
  return {
    read(cell) {
      if (cell === '') return { value: [] }
      const values: T[] = []
      const flaws: Flaw[] = []
      for (const part of cell.split('|').map(one => one.trim())) {
        const read: Read<T> = part === '' ? flawed('emptyPart') : codec.read(part)
        if ('value' in read) values.push(read.value)
        else
          for (const flaw of [read.flaw, ...(read.more ?? [])])
            flaws.push(part === '' ? flaw : { part, ...flaw })
      }
      if (values.length > most) flaws.push(flawed('tooManyParts', { most }).flaw)
      const [flaw, ...more] = flaws
      return flaw ? { flaw, more } : { value: values }
    },
    write: values => values.map(codec.write).sort().join('|'),
  }
}

/** An empty list is written with a word, so that an empty cell can mean that nothing was said. */
export function orNone<T>(codec: Codec<T[]>, words: readonly [string, ...string[]]): Codec<T[]> {
  return {
    read: cell => (words.includes(comparable(cell)) ? { value: [] } : codec.read(cell)),
    write: values => (values.length === 0 ? words[0] : codec.write(values)),
  }
}

type Parts = Readonly<Record<string, Codec<never> | Codec<unknown>>>
type ValueOf<C> = C extends Codec<infer T> ? T : never

/**
 * Values with a colon between them, for instance OTS:2:2027-01-01. `shape` says how, in words; the last parts may be left
 * out when they may be empty.
 */
export function parts<P extends Parts>(shape: string, codecs: P): Codec<{ [K in keyof P]: ValueOf<P[K]> }> {
  type Value = { [K in keyof P]: ValueOf<P[K]> }
  const entries = Object.entries(codecs) as [keyof P & string, Codec<unknown>][]
  return {
    read(cell) {
      const pieces = cell.split(':').map(piece => piece.trim())
      if (pieces.length > entries.length) return flawed('wrongShape', { shape })
      const value: Partial<Record<keyof P, unknown>> = {}
      const flaws: Flaw[] = []
      for (const [index, [name, codec]] of entries.entries()) {
        const read = codec.read(pieces[index] ?? '')
        if ('value' in read) value[name] = read.value
        else if (read.flaw.code === 'empty') return flawed('wrongShape', { shape })
        else flaws.push(read.flaw)
      }
      const [flaw, ...more] = flaws
      return flaw ? { flaw, more } : { value: value as Value }
    },
    write(value) {
      const pieces = entries.map(([name, codec]) => codec.write(value[name]))
      while (pieces.at(-1) === '') pieces.pop()
      return pieces.join(':')
    },
  }
}

export const code: Codec<string> = {
  read(cell) {
    if (cell === '') return flawed('empty')
    return /^[A-Za-z0-9_.-]{1,60}$/.test(cell) ? { value: cell } : flawed('badCode')
  },
  write: value => value,
}
