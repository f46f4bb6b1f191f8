import type { Sentence } from '../../../solver/problem/sentences.ts'

export const messageEvents: Record<string, Sentence> = {
  'mail.sentAgain': {
    nl: '{actor} liet een mislukte mail opnieuw versturen.',
    en: '{actor} had a failed mail sent again.',
  },
}
