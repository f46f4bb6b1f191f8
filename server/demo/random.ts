/** Random numbers from a seed (mulberry32): the same seed gives the same organisation, on every machine. */
export interface Random {
  /** 0 up to, not including, 1. */
  next(): number
  chance(probability: number): boolean
  /** A whole number; both ends included. */
  between(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  /** One of the keys, in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  shuffle<T>(list: readonly T[]): T[]
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    chance: probability => next() < probability,
    between,
    pick: list => list[between(0, list.length - 1)]!,
    weighted(weights) {
      const keys = Object.keys(weights) as (keyof typeof weights)[]
      let left = next() * keys.reduce((sum, key) => sum + weights[key], 0)
      for (const key of keys) {
        left -= weights[key]
        if (left < 0) return key
      }
      return keys[keys.length - 1]!
    },
    shuffle(list) {
      const result = [...list]
      for (let index = result.length - 1; index > 0; index--) {
        const other = between(0, index)
        ;[result[index], result[other]] = [result[other]!, result[index]!]
      }
      return result
    },
  }
}
