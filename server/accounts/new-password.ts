import type { Locale } from '../contract/common.ts'
import { type BothLanguages, Refusal } from '../http/call.ts'
import type { Weakness } from './guessing.ts'
import { weaknessFor } from './passwords.ts'

/** Throws a 422 that says what to do instead. */
export async function refuseWeak(
  password: string,
  personal: (string | null | undefined)[],
  locale: Locale,
): Promise<void> {
  const weakness = await weaknessFor(
    password,
    personal.filter(text => typeof text === 'string'),
  )
  if (weakness === null) return
  const why = WEAK[weakness]
  const text = { nl: `${why.nl} ${INSTEAD.nl}`, en: `${why.en} ${INSTEAD.en}` }
  throw new Refusal(422, text, { errors: [{ field: 'password', message: text[locale] }] })
}

const WEAK: Record<Weakness, BothLanguages> = {
  personal: {
    nl: 'In dit wachtwoord staat je naam, je e-mailadres of je organisatie, en wat erbij staat is te raden.',
    en: 'This password has your name, your e-mail address or your organisation in it, and the rest can be guessed.',
  },
  known: {
    nl: 'Dit lijkt op wachtwoorden die veel mensen gebruiken, en die probeert men het eerst.',
    en: 'This looks like passwords that many people use, and those are tried first.',
  },
  pattern: {
    nl: 'Herhaling en rijtjes (maandag dinsdag, 1234, qwerty) maken een wachtwoord langer, maar niet sterker.',
    en: 'Repetition and sequences (monday tuesday, 1234, qwerty) make a password longer, but no stronger.',
  },
  words: {
    nl: 'Dit zijn te weinig woorden, of woorden die bij elkaar horen.',
    en: 'These are too few words, or words that belong together.',
  },
}
const INSTEAD: BothLanguages = {
  nl: 'Neem bijvoorbeeld vier losse woorden die niets met elkaar of met jou te maken hebben.',
  en: 'Take for instance four separate words that have nothing to do with each other or with you.',
}
