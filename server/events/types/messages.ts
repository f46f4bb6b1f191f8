import type { EventEntry } from '../event-entry.ts'

export const messageEvents = {
  'mail.sentAgain': {
    nl: '{actor} liet een mislukte mail opnieuw versturen.',
    en: '{actor} had a failed mail sent again.',
  },
} satisfies Record<string, EventEntry>
