import type { RulebookContent } from '../contract/rulebook.ts'

export function bandOf(content: RulebookContent): { low: number; high: number; hardLimit: number } {
  return { low: content.bandLow, high: content.bandHigh, hardLimit: content.hardLimit }
}
