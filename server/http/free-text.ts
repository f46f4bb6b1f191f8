import type { BothLanguages } from './call.ts'

const LINK = /\bhttps?:\/\/|\bwww\.[a-z0-9]|\b[a-z0-9-]+\.(?:nl|com|org|net|eu)\b/i
const MAIL = /[^\s@]+@[^\s@]+\.[a-z]{2,}/i
/** Nine digits by themselves or in groups, that are not part of a longer number or of a case number. */
const NINE_DIGITS = /(?<![\w-])(?:\d{9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .]\d{2}[ .]\d{3})(?![\w-])/g

/**
 * What people may not write where a motive or a note is asked, or null: links, mail addresses, and what looks like a citizen
 * service number. Such text is read by more people, and kept longer, than the file that it was copied from.
 */
export function flawOf(text: string): BothLanguages | null {
  if (MAIL.test(text)) {
    return {
      nl: 'Haal het e-mailadres uit de tekst. Noteer hier geen persoonsgegevens.',
      en: 'Take the e-mail address out of the text. Note no personal data here.',
    }
  }
  if (LINK.test(text)) {
    return {
      nl: 'Haal de link uit de tekst. Schrijf in een paar woorden wat ervan belang is.',
      en: 'Take the link out of the text. Write in a few words what matters of it.',
    }
  }
  if ([...text.matchAll(NINE_DIGITS)].some(([found]) => passesElevenTest(found.replace(/\D/g, '')))) {
    return {
      nl: 'In de tekst staat een nummer dat op een BSN lijkt. Haal het weg; een zaaknummer is genoeg.',
      en: 'The text holds a number that looks like a citizen service number. Take it out; a case number is enough.',
    }
  }
  return null
}

/** Weights 9 to 2 and -1 for the last digit; the sum is a multiple of eleven. Nine zeros are no number. */
function passesElevenTest(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at === 8 ? -1 : 9 - at), 0)
  return sum !== 0 && sum % 11 === 0
}
