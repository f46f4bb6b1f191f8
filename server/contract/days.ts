export * from '../../solver/problem/days.ts'

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/** The day in the Netherlands at a moment, ISO ('2026-11-24'): what "today" means for every rule and term. */
export function dayOf(moment: Date): string {
  return day.format(moment)
}
