import { isDay } from './days.ts'
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

/**
 * Names of the codes that facts hold, by code. A Problem has codes only; who knows the catalogues passes their names, and a
 * code without one stands in the sentence as it is.
 */
export interface CodeNames {
  competences: Readonly<Record<string, Sentence>>
  /** What wishes are about: measures, factors, municipalities, and 'heavy'. */
  work: Readonly<Record<string, Sentence>>
  /** Names of the people whom the reader may know by name; others stay unnamed. */
  workers?: Readonly<Record<string, string>>
}

/** The facts that hold codes: one, or several with ', ' between them. */
const codeFacts: Readonly<Record<string, 'competences' | 'work'>> = {
  competence: 'competences',
  met: 'competences',
  missing: 'competences',
  rather: 'work',
  ratherNot: 'work',
  subject: 'work',
}

/**
 * Fills the template in both languages: numbers and days in the language's notation, codes by their names. Unknown
 * placeholders stay as they are.
 */
export function fill(template: Sentence, facts: Facts, names?: CodeNames): Sentence {
  return {
    nl: fillOne(template.nl, facts, 'nl', names),
    en: fillOne(template.en, facts, 'en', names),
  }
}

function fillOne(template: string, facts: Facts, language: Language, names?: CodeNames): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(facts, name)) return whole
    const fact = facts[name]!
    if (typeof fact === 'number') return formats[language].format(fact)
    const catalogue = Object.hasOwn(codeFacts, name) ? names?.[codeFacts[name]!] : undefined
    if (catalogue) {
      return listed(
        fact.split(', ').map(code => (Object.hasOwn(catalogue, code) ? catalogue[code]![language] : code)),
        language,
      )
    }
    if (isDay(fact)) return dayText(fact, language)
    const word = Object.hasOwn(words, fact) ? words[fact] : undefined
    return word ? word[language] : fact
  })
}

const dayFormats = {
  nl: new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
}

/** An ISO day as people write it: '2026-11-23' is '23 november 2026'. Any other text stays as it is. */
export function dayText(day: string, language: Language): string {
  return isDay(day) ? dayFormats[language].format(new Date(`${day}T00:00:00Z`)) : day
}

const lists = {
  nl: new Intl.ListFormat('nl-NL', { type: 'conjunction' }),
  en: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
}

/** 'a', 'a en b', 'a, b en c'. */
export function listed(parts: readonly string[], language: Language): string {
  return lists[language].format(parts)
}

/** Puts a worker's name where a sentence says `{worker}`. */
export function named(sentence: Sentence, name: string): Sentence {
  return { nl: sentence.nl.replaceAll('{worker}', name), en: sentence.en.replaceAll('{worker}', name) }
}

/** A fraction of the norm as a percentage with at most one decimal. */
export function percent(hours: number, norm: number): number {
  return norm > 0 ? Math.round((hours * 1000) / norm) / 10 : 0
}
