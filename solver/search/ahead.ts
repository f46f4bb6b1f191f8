/** A table of more cells than this is not made. */
const cellLimit = 4_000_000

/** What a table looks ahead at, in the order in which they are looked at: what each adds, and its hours in hundredths. */
export interface Pieces {
  count: number
  adds: Float64Array
  hours: Float64Array
}

/**
 * The most that pieces from some place in their order on can add together, within hours and a number of pieces. A walk through
 * bundles that asks this goes only where there is something to find, also where many pieces are worth about the same and hours decide.
 *
 *   most(from, slots, h) = max Σ adds over at most so many of the pieces from, from + 1, ... that fit within h hours
 */
export class Ahead {
  private table = new Float64Array(0)
  private step = 1
  private width = 0
  private slots = 0

  /** Prepares for these pieces; false when that takes too much room. `room`: most hours, hundredths. */
  prepare({ count, adds, hours }: Pieces, slots: number, room: number): boolean {
    let step = 0
    let all = 0
    for (let k = 0; k < count; k++) {
      step = gcd(step, hours[k]!)
      all += hours[k]!
    }
    this.step = step || 1
    this.width = Math.floor(Math.max(0, Math.min(room, all)) / this.step) + 1
    this.slots = Math.min(slots, count)
    const { width } = this
    const layer = (this.slots + 1) * width
    const size = (count + 1) * layer
    if (size > cellLimit) return false
    if (this.table.length < size) this.table = new Float64Array(size)
    const { table } = this
    table.fill(0, count * layer, size)
    for (let k = count - 1; k >= 0; k--) {
      const at = k * layer
      table.copyWithin(at, at + layer, at + 2 * layer)
      const own = hours[k]! / this.step
      if (adds[k]! <= 0) continue
      for (let slot = 1; slot <= this.slots; slot++) {
        const to = at + slot * width
        const from = at + layer + (slot - 1) * width - own
        for (let h = own; h < width; h++) {
          const value = table[from + h]! + adds[k]!
          if (value > table[to + h]!) table[to + h] = value
        }
      }
    }
    return true
  }

  /** The most from this place on, with so many slots and hours left. */
  most(from: number, slots: number, hours: number): number {
    const h = Math.min(this.width - 1, Math.floor(hours / this.step))
    return h < 0 ? 0 : this.table[this.at(from, slots) + h]!
  }

  /** The same where hours cost something: `rise` by hours more than now, never less for more hours. */
  mostLess(from: number, slots: number, hours: number, rise: (hours: number) => number): number {
    const last = Math.min(this.width - 1, Math.floor(hours / this.step))
    const at = this.at(from, slots)
    let most = 0
    let before = 0
    for (let h = 0; h <= last; h++) {
      const adds = this.table[at + h]!
      // Only where more hours add something is there anything to weigh.
      if (adds <= before) continue
      before = adds
      if (adds > most) most = Math.max(most, adds - rise(h * this.step))
    }
    return most
  }

  private at(from: number, slots: number): number {
    return (from * (this.slots + 1) + Math.min(slots, this.slots)) * this.width
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
