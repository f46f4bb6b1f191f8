import { branch, worth } from './branch.ts'
import { Decisions } from './decisions.ts'
import { type Dual, descend } from './dual.ts'
import { Knapsacks, type Work } from './knapsack.ts'
import { partOf } from './part.ts'
import { randomSource } from './random.ts'
import type { Shape } from './shape.ts'

/**
 * Goes down once without coming back: a short walk of the prices, then the twentieth of the open jobs whose option is surest
 * (most often in the bundles lately) get it, and so on. Jobs that then have nothing left stay -1. `reach`: how far under
 * the bound the walk aims, in units. `noise` adds to how sure each job is, so that no two dives are the same.
 */
export function dive(
  shape: Shape,
  knapsacks: Knapsacks,
  root: Dual,
  reach: number,
  shouldStop: () => boolean,
  noise: () => number,
): Int32Array {
  const decisions = new Decisions(shape)
  let dual = root
  while (decisions.open > 0 && !shouldStop()) {
    const walk = { steps: 20, enough: Number.NEGATIVE_INFINITY, reach, pace: 0.7, patience: 5, shouldStop }
    dual = descend(shape, knapsacks, decisions.status, dual, walk)
    if (dual.bound === Number.NEGATIVE_INFINITY) break
    const sure: { option: number; sureness: number }[] = []
    shape.optionsOf.forEach((options, job) => {
      if (decisions.left[job] === 0) return
      let best = -1
      let sum = 0
      for (const option of options) {
        sum += dual.share[option]!
        if (decisions.status[option] === 0 && (best < 0 || dual.share[option]! > dual.share[best]!))
          best = option
      }
      if (best >= 0)
        sure.push({ option: best, sureness: dual.share[best]! - Math.abs(sum - 1) / 2 + noise() })
    })
    sure.sort((a, b) => b.sureness - a.sureness || a.option - b.option)
    const open = decisions.open
    for (const { option } of sure.slice(0, Math.max(1, Math.floor(open / 20)))) {
      const mark = decisions.mark()
      if (decisions.status[option] !== 0 || decisions.take(option)) continue
      decisions.backTo(mark)
      if (!decisions.ban(option)) return decisions.assignment()
    }
    if (decisions.open === open && sure.length === 0) break
  }
  return decisions.assignment()
}

/**
 * Deals the jobs of a few workers out again, as well as can be: large neighbourhood search on top of branch and bound.
 *
 * The first worker is one whose job costs the bound most where it is; the others are those who would rather have what
 * the chosen ones have, at the prices of the root. Parts grow (from `size` jobs) when nothing more is gained; returns the
 * size reached. `assignment` is changed in place.
 */
export function reshuffle(
  shape: Shape,
  root: Dual,
  penalty: Float64Array,
  assignment: Int32Array,
  work: Work,
  limits: { size: number; enough: number; seed: number; shouldStop: () => boolean; offer: () => boolean },
): number {
  const next = randomSource(limits.seed)
  const workerCount = shape.workers.length
  let value = worth(shape, assignment)
  let size = Math.min(shape.jobs, limits.size)
  let misses = 0
  // A part of everything is what branch and bound does anyway.
  while (size < shape.jobs && value < limits.enough && !limits.shouldStop()) {
    const workers = chooseWorkers(shape, penalty, assignment, size, next)
    const { shape: part, optionOf, jobOf } = partOf(shape, assignment, workers)
    work.cells += 20 * optionOf.length
    const current = new Map(Array.from(optionOf, (option, index) => [option, index]))
    const before = worth(
      part,
      Int32Array.from(jobOf, job => current.get(assignment[job]!)!),
    )
    const knapsacks = new Knapsacks(part, work)
    const status = new Int8Array(part.job.length)
    const prices = new Float64Array(part.jobs + part.rows.length)
    jobOf.forEach((job, index) => {
      prices[index] = root.prices[job]!
    })
    prices.set(root.prices.subarray(shape.jobs), part.jobs)
    const { shouldStop } = limits
    const reach = Number.POSITIVE_INFINITY
    const walk = { steps: 60, enough: before + shape.grid - 1 / 64, reach, pace: 1, patience: 6, shouldStop }
    const dual = descend(part, knapsacks, status, { prices }, walk)
    const found = branch(part, knapsacks, dual, before, { nodes: 40 + 2 * size, steps: 8, shouldStop })
    if (found.best === null) {
      if (++misses >= 6 * Math.ceil((workerCount * size) / Math.max(1, shape.jobs)) + 10) {
        misses = 0
        size = Math.min(shape.jobs, Math.ceil(size * 1.25))
      }
      continue
    }
    misses = 0
    const old = Int32Array.from(assignment)
    for (const option of found.best) {
      const whole = optionOf[option]!
      assignment[shape.job[whole]!] = whole
    }
    if (limits.offer()) value = worth(shape, assignment)
    else assignment.set(old)
  }
  return size
}

function chooseWorkers(
  shape: Shape,
  penalty: Float64Array,
  assignment: Int32Array,
  size: number,
  next: () => number,
): number[] {
  const count = new Int32Array(shape.workers.length)
  let total = 0
  for (const option of assignment) {
    count[shape.worker[option]!]!++
    total += Math.min(1e12, penalty[option]!) + 1e-3
  }
  const chosen = new Set<number>()
  let jobs = 0
  const join = (worker: number): void => {
    if (chosen.has(worker)) return
    chosen.add(worker)
    jobs += count[worker]!
  }
  // One job, by how much the bound loses on it; then whoever would be better for what the chosen ones have.
  let point = next() * total
  for (const option of assignment) {
    point -= Math.min(1e12, penalty[option]!) + 1e-3
    if (point > 0) continue
    join(shape.worker[option]!)
    break
  }
  if (chosen.size === 0) join(Math.floor(next() * count.length))
  for (
    let tries = 0;
    tries < 200 && (jobs < size || chosen.size < 2) && chosen.size < count.length;
    tries++
  ) {
    const job = Math.floor(next() * assignment.length)
    const held = shape.worker[assignment[job]!]!
    if (!chosen.has(held) && tries < 150) continue
    const options = shape.optionsOf[job]!
    let best = -1
    for (const option of options) {
      if (chosen.has(shape.worker[option]!)) continue
      const noisy = penalty[option]! * (0.5 + next())
      if (best < 0 || noisy < penalty[best]!) best = option
    }
    if (best >= 0) join(shape.worker[best]!)
  }
  return [...chosen].sort((a, b) => a - b)
}
