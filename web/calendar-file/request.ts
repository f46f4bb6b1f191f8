import type { AvailabilityEntry } from '../../server/contract/requests.ts'
import { withoutHeld } from './held.ts'
import type { Days } from './read.ts'

/**
 * What is asked for the appointments that somebody ticked: one entry for each, also for a series. A day that two of them share
 * is asked once. `of` says for each entry which appointment it is.
 */
export function entriesToAsk(
  chosen: readonly (readonly Days[])[],
  percentage: number,
): { entries: AvailabilityEntry[]; of: number[] } {
  const entries: AvailabilityEntry[] = []
  const of: number[] = []
  const asked: Days[] = []
  for (const [index, periods] of chosen.entries()) {
    const own: Days[] = []
    for (const one of [...periods].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))) {
      own.push(...withoutHeld([one], [...asked, ...own]).periods)
    }
    const [first, last] = [own[0], own.at(-1)]
    if (!first || !last) continue
    asked.push(...own)
    of.push(index)
    entries.push({
      kind: 'absence',
      reason: null,
      percentage,
      validFrom: first.validFrom,
      validUntil: last.validUntil,
      ...(own.length > 1 && { periods: own }),
    })
  }
  return { entries, of }
}
