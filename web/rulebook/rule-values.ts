import type { RulebookContent } from '../../server/contract/rulebook.ts'
import { nameOfEntry } from '../../server/contract/rulebook-changes.ts'

/** A rulebook as it is being typed: a number that is none yet is null. */
export type RulesDraft = RulebookContent

export const copyOf = (content: RulebookContent): RulesDraft => JSON.parse(JSON.stringify(content))

type Members = Record<string, unknown>

/** What stands at a place such as `weight.bases.3.begin`; undefined where there is nothing. */
export function valueAt(content: unknown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? (value as Members)[part] : undefined),
      content,
    )
}

/** Puts a value at a place, making what is missing on the way; undefined leaves the place out. */
export function setAt(content: RulesDraft, field: string, value: unknown): void {
  const parts = field.split('.')
  const last = parts.pop()!
  let place = content as unknown as Members
  for (const part of parts) {
    place[part] ??= {}
    place = place[part] as Members
  }
  if (value === undefined) delete place[last]
  else place[last] = value
}

/** The same place by names instead of by row: `weight.bases.0.begin` is `weight/bases/OTS/begin`. */
export function placeByName(content: unknown, field: string): string {
  let value = content
  return field
    .split('.')
    .map(part => {
      const list = Array.isArray(value)
      value = typeof value === 'object' && value !== null ? (value as Members)[part] : undefined
      return list ? (nameOfEntry(value) ?? part) : part
    })
    .join('/')
}

/**
 * Lays what was typed here over what somebody else kept meanwhile: each value that was changed here is mine, all others are
 * theirs. `both` are the places, by name, that both changed to something else; there mine stands.
 */
export function mergeRules(
  base: RulebookContent,
  mine: RulesDraft,
  theirs: RulebookContent,
): { merged: RulesDraft; both: string[] } {
  const both: string[] = []
  const merged = merge(base, mine, theirs, '', both) as RulesDraft
  return { merged, both }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** A list of which every entry has a name of its own. */
const isNamed = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.every(entry => nameOfEntry(entry) !== undefined)

function merge(base: unknown, mine: unknown, theirs: unknown, path: string, both: string[]): unknown {
  if (same(mine, base)) return theirs
  if (same(theirs, base) || same(mine, theirs)) return mine
  const below = (name: string) => (path === '' ? name : `${path}/${name}`)
  if (isMembers(mine) && isMembers(theirs)) {
    const from = isMembers(base) ? base : {}
    const members = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])].map(name => [
      name,
      merge(from[name], mine[name], theirs[name], below(name), both),
    ])
    return Object.fromEntries(members.filter(([, value]) => value !== undefined))
  }
  if (isNamed(mine) && isNamed(theirs)) {
    const byName = (list: unknown) =>
      new Map(isNamed(list) ? list.map(entry => [nameOfEntry(entry)!, entry]) : [])
    const [was, here, there] = [byName(base), byName(mine), byName(theirs)]
    return [...new Set([...there.keys(), ...here.keys()])]
      .map(name => merge(was.get(name), here.get(name), there.get(name), below(name), both))
      .filter(entry => entry !== undefined)
  }
  both.push(path)
  return mine
}
