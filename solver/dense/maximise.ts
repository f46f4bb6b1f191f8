import type { Room } from '../candidates.ts'
import type { Settled } from '../compact.ts'
import { type Draft, placedWeight } from '../draft.ts'
import type { ValueResult } from '../search.ts'
import type { Watch } from '../watch.ts'
import { solveDense } from './dense.ts'
import { shapeOfRoom } from './from-room.ts'

/** Cells of tables; some ten seconds. */
const cellLimit = 4e9
/** From so many seats per worker the dense path is the better one (measured, docs/performance.md). */
const denseFrom = 2.5

/**
 * Whether what one worker gets is so large that bundles can no longer be listed: the seats to fill per worker who may
 * get any, and the seats that fit a worker at all, are both above the threshold.
 */
export function isDense(room: Room): boolean {
  const people = room.workers.filter(worker => worker.candidates.length > 0)
  // Too few seats for it, or nobody: what fits need not be counted.
  if (room.items.length <= denseFrom * people.length) return false
  const fitting = people.reduce((sum, worker) => {
    const stays = worker.candidates.filter(one => one.stays).length
    const hours = worker.candidates.filter(one => !one.stays).map(one => one.hours)
    let left = worker.hardLimit - worker.baseHours
    let fresh = 0
    for (const one of hours.sort((a, b) => a - b)) {
      left -= one
      if (left < 0 || fresh >= worker.limits[0]!) break
      fresh++
    }
    return sum + Math.max(stays, fresh)
  }, 0)
  return fitting > denseFrom * people.length
}

/**
 * Points less load cost, as high as the settled levels allow, in a room with large bundles (see dense.ts). `start` keeps
 * what is settled. Value and bound in units; the bound is proven.
 */
export async function maximiseDense(
  room: Room,
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
  start: Draft,
  watch: Watch,
): Promise<ValueResult> {
  const { shape, draftOf, assignmentOf, certificateOf } = shapeOfRoom(room, mustPlace, settled)
  const kept = (draft: Draft) => settled.every(level => placedWeight(draft, level.weights) >= level.least)
  let draft = start
  let value = start.value()
  const found = solveDense(shape, assignmentOf(start), {
    cells: cellLimit,
    shouldStop: watch.shouldStop,
    report: (best, bound) => {
      watch.report('pointsMinusLoad', Math.max(best, value) / 100, Math.max(best, bound, value) / 100, draft)
    },
    judge: assignment => {
      const other = draftOf(assignment)
      if (!other || !kept(other)) return null
      const worth = other.value()
      if (worth > value) {
        draft = other
        value = worth
      }
      return worth
    },
  })
  const bound = Math.max(value, found.bound)
  return {
    draft,
    value,
    bound,
    bundles: 0,
    nodes: found.nodes,
    engines: new Set(found.nodes > 0 ? ['branch and bound'] : []),
    certificate: certificateOf(found.prices),
    certified: found.bound,
  }
}
