import type { RulebookContent } from '../contract/rulebook.ts'

const LEAVING_DAYS = 90

/** How many days ahead somebody who leaves, or goes away for long, counts as leaving soon. */
export function leavingDaysOf(content: Pick<RulebookContent, 'leavingDays'>): number {
  return content.leavingDays ?? LEAVING_DAYS
}
