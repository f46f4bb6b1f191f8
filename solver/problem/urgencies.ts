/** Most urgent first: the order of placing and of every list. */
export const URGENCIES = ['emergency', 'high', 'normal'] as const
export type Urgency = (typeof URGENCIES)[number]

/** How a case of an urgency is treated: who adds one is told here what is missing. */
export interface UrgencyEntry {
  /** How full the engine may make somebody for it; above that only people decide. */
  proposedUpTo: 'band' | 'hardLimit'
  /** Whether waiting longer than the rulebook says puts it before everything that can wait. */
  canBeOverdue: boolean
}

export const urgencyOf: Record<Urgency, UrgencyEntry> = {
  emergency: { proposedUpTo: 'hardLimit', canBeOverdue: false },
  high: { proposedUpTo: 'band', canBeOverdue: true },
  normal: { proposedUpTo: 'band', canBeOverdue: true },
}

/** Whether the engine may go above the band for it. */
export function isUrgent({ urgency }: { urgency: Urgency }): boolean {
  return urgencyOf[urgency].proposedUpTo === 'hardLimit'
}

/** What decides when a case is placed: what has a worker already, what cannot wait, what waits too long, and the rest. */
export const CASE_CLASSES: readonly (Urgency | 'current' | 'overdue')[] = [
  'current',
  ...URGENCIES.filter(urgency => !urgencyOf[urgency].canBeOverdue),
  'overdue',
  ...URGENCIES.filter(urgency => urgencyOf[urgency].canBeOverdue),
]

/** Whether cases of this class are placed on the level of urgent ones. */
export function isUrgentClass(one: (typeof CASE_CLASSES)[number]): boolean {
  return one !== 'current' && one !== 'overdue' && isUrgent({ urgency: one })
}
