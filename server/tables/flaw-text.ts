import type { Sentence } from '../../solver/problem/sentences.ts'

/** What is wrong, and what to do about it. */
export function say(nl: string, nlAdvice: string, en: string, enAdvice: string) {
  return { message: { nl, en } satisfies Sentence, advice: { nl: nlAdvice, en: enAdvice } satisfies Sentence }
}
