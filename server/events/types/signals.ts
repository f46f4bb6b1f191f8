import type { EventEntry } from '../event-entry.ts'

/** What people did about signals. `{about}` is the number of the case, worker or request; what they noted stays out of the log. */
export const signalEvents = {
  'signal.assigned': {
    nl: '{actor} gaf een signaal over {about} aan {to}.',
    en: '{actor} gave a signal about {about} to {to}.',
  },
  'signal.snoozed': {
    nl: '{actor} stelde een signaal over {about} uit tot {until}.',
    en: '{actor} postponed a signal about {about} until {until}.',
  },
  'signal.resolved': {
    nl: '{actor} handelde een signaal over {about} af.',
    en: '{actor} resolved a signal about {about}.',
  },
} satisfies Record<string, EventEntry>
