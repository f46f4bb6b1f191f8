import { type Static, Type } from 'typebox'
import { nullable, object } from './common.ts'

const Value = nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String()]))

/**
 * One value that differs between two rulebooks. The parts of `field` are joined by slashes; an entry of a list is named
 * by its code where it has one (`weight/bases/OTS/begin`), else by its place (`rampUp/0/share`). null: not there.
 */
export const RuleChange = object({ field: Type.String(), from: Value, to: Value })
export type RuleChange = Static<typeof RuleChange>

type Leaf = RuleChange['from']

/** What names an entry of a list, so that it stays itself when others come and go; undefined: only its place does. */
export function nameOfEntry(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const { code, kind, measure, factor } = entry as Record<string, unknown>
  if (typeof measure === 'string') return measure
  if (typeof factor === 'string') return factor
  if (typeof code !== 'string') return undefined
  return typeof kind === 'string' ? `${kind}:${code}` : code
}

const NAMES = new Set(['code', 'kind', 'measure', 'factor'])

function leaves(value: unknown, path: string, into: Map<string, Leaf>): void {
  const below = (name: string) => (path === '' ? name : `${path}/${name}`)
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      leaves(entry, below(nameOfEntry(entry) ?? String(index)), into)
    }
  } else if (typeof value === 'object' && value !== null) {
    const named = nameOfEntry(value) !== undefined
    for (const [name, member] of Object.entries(value)) {
      if (!named || !NAMES.has(name)) leaves(member, below(name), into)
    }
  } else if (value !== undefined && value !== null) into.set(path, value as Leaf)
}

/** Every value that differs between two rulebooks, in the order in which they stand in the new one, then what is gone. */
export function changesBetween(before: unknown, after: unknown): RuleChange[] {
  const from = new Map<string, Leaf>()
  const to = new Map<string, Leaf>()
  leaves(before, '', from)
  leaves(after, '', to)
  return [...new Set([...to.keys(), ...from.keys()])]
    .map(field => ({ field, from: from.get(field) ?? null, to: to.get(field) ?? null }))
    .filter(one => one.from !== one.to)
}
