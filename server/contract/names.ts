/**
 * When two numbers or names are the same: after Unicode NFKC, without invisible characters, trimmed, with single spaces, and
 * without regard to case. The database says the same (`comparable`, in migration 0018), which is what its columns
 * `comparedAs` and their uniqueness rest on; a test holds the two together.
 */

/** Everything that is white: tabs, line ends, no-break spaces and their kin. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tabs and line ends are what is looked for
const SPACES = /[\u0009-\u000d \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu
/** Everything that cannot be seen: controls, soft hyphens, marks of direction, joiners, variation selectors, tags. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is a character by itself
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu
/** Latin, Greek, Coptic and Cyrillic: what has capitals in names and numbers here. */
const CAPITALS = /[\u0041-\u024f\u0370-\u052f\u1e00-\u1fff]/gu

/** The text as it is stored and shown: nothing invisible, single spaces, trimmed, composed. */
export function tidy(text: string): string {
  return text.replace(INVISIBLE, '').normalize('NFC').replace(SPACES, ' ').trim()
}

/** Equal for two texts exactly when they count as the same number or name. Not for showing. */
export function comparable(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(SPACES, ' ')
    .trim()
    .replace(CAPITALS, lower)
}

/** One character by one: a capital whose small form is more than one character stays as it is. */
function lower(character: string): string {
  const small = character.toLowerCase()
  return small.length === 1 ? small : character
}

/** The entries of a list by how their names compare; kept with the list, and made anew when it has grown. */
const indexes = new WeakMap<ReadonlyMap<string, unknown>, { size: number; names: Map<string, string[]> }>()

/** The names in a list that are this one, whatever the spelling; the exact spelling alone when it is there. */
export function namesAlike(list: ReadonlyMap<string, unknown>, name: string): string[] {
  if (list.has(name)) return [name]
  let index = indexes.get(list)
  if (index?.size !== list.size) {
    const names = new Map<string, string[]>()
    for (const one of list.keys()) names.set(comparable(one), [...(names.get(comparable(one)) ?? []), one])
    index = { size: list.size, names }
    indexes.set(list, index)
  }
  return index.names.get(comparable(name)) ?? []
}

/** The order of names in every list and file: by surname without initials and prefixes, the Dutch way; "M. de Vries" under V. */
export const byName = (a: string, b: string) => NAMES.compare(surname(a), surname(b)) || NAMES.compare(a, b)
const NAMES = new Intl.Collator('nl')
const surname = (name: string) =>
  name.replace(/^(?:[^\s.]+\.\s*)*/, '').replace(/^(?:(?:van|de|den|der|ten|ter|te|v\.d\.|'t)\s+)*/i, '') ||
  name

/** The same for rows with a name; who has the same name keeps the order in which they came. */
export const inNameOrder = <Row extends { name: string }>(rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => byName(a.name, b.name))
