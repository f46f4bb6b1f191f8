import { createHash } from 'node:crypto'

/**
 * Canonical JSON: keys sorted by code unit, no white space, `undefined` members left out. The same value always gives
 * the same text, so a hash over it can be computed again years later.
 *
 * Throws on values JSON cannot hold (NaN, infinity, functions): a hash over a silent `null` would prove nothing.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`Cannot write ${value} as JSON. Maybe a sum went wrong?`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) {
    return `[${value.map(item => canonicalJson(item === undefined ? null : item)).join(',')}]`
  }
  if (typeof value === 'object') {
    const source = value as Record<string, unknown>
    if ('toJSON' in source && typeof source.toJSON === 'function') return canonicalJson(source.toJSON())
    const members = Object.keys(source)
      .filter(key => source[key] !== undefined)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonicalJson(source[key])}`)
    return `{${members.join(',')}}`
  }
  throw new Error(`Cannot write a ${typeof value} as JSON.`)
}

/** Hexadecimal sha256 of the canonical JSON of a value. */
export function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/**
 * A number that orders ids by the seed: no id, name or position is favoured, and the same seed gives the same order.
 * 53 bits, so that equal numbers for different ids are not to be expected; callers break them by id all the same.
 */
export function seededOrder(seed: number, id: string): number {
  let a = 0xdeadbeef ^ seed
  let b = 0x41c6ce57 ^ Math.imul(seed, 2654435761)
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

/** Order by code unit, the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
