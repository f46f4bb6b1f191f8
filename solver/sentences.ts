import type { Facts } from './problem.ts'

/** A sentence template in both languages. `{name}` is filled from the facts; `{worker}` by whoever knows the names. */
export interface Sentence {
  nl: string
  en: string
}

export type Language = keyof Sentence

const formats = {
  nl: new Intl.NumberFormat('nl-NL', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }),
}

const words: Record<string, Sentence> = {
  emergency: { nl: 'spoed', en: 'emergency' },
  primary: { nl: 'eerste', en: 'first' },
  second: { nl: 'tweede', en: 'second' },
}

/** Fills the template in both languages; numbers get the language's notation. Unknown names stay as they are. */
export function fill(template: Sentence, facts: Facts): Sentence {
  return { nl: fillOne(template.nl, facts, 'nl'), en: fillOne(template.en, facts, 'en') }
}

function fillOne(template: string, facts: Facts, language: Language): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(facts, name)) return whole
    const fact = facts[name]!
    if (typeof fact === 'number') return formats[language].format(fact)
    const word = Object.hasOwn(words, fact) ? words[fact] : undefined
    return word ? word[language] : fact
  })
}

/** Puts a worker's name where a sentence says `{worker}`. */
export function named(sentence: Sentence, name: string): Sentence {
  return { nl: sentence.nl.replaceAll('{worker}', name), en: sentence.en.replaceAll('{worker}', name) }
}

/** A fraction of the norm as a percentage with at most one decimal. */
export function percent(hours: number, norm: number): number {
  return norm > 0 ? Math.round((hours * 1000) / norm) / 10 : 0
}
