import type { BothLanguages } from '../http/call.ts'

export const messageEvents: Record<string, BothLanguages> = {
  'mail.sentAgain': {
    nl: '{actor} liet een mislukte mail opnieuw versturen.',
    en: '{actor} had a failed mail sent again.',
  },
}
