import type { BothLanguages } from './call.ts'

/** What is wrong with a text that people typed: the piece that has to go, as it stands there, and why. */
export interface TextFlaw {
  fragment: string
  message: BothLanguages
}

/** Whether a piece of text is a number of the organisation's own, such as that of a case. */
export type OwnNumber = (piece: string) => boolean

const NONE_OWN: OwnNumber = () => false

const DOMAIN_ENDS = 'nl|com|org|net|eu|info|io|gov|app|dev|uk|frl|amsterdam'
const LINK = new RegExp(
  String.raw`\b(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|www\s?\.)\s?\S+|(?<![\w@.-])(?:[\w-]+\.)+(?:${DOMAIN_ENDS})\b(?:\/\S*)?`,
  'i',
)
/** A capital behind a full stop begins a sentence ("klaar.Net begonnen"), so a domain ends in capitals or in small letters. */
const MIXED_END = /\.[A-Z][a-z]+$/
const AT = String.raw`(?:@|\(at\)|\[at\]|\{at\}|\(apenstaartje\))`
const MAIL = new RegExp(
  String.raw`[\w.+-]+${AT}[\w-]+(?:\s?\.\s?[a-z]{2,})*|[\w.+-]+\s${AT}\s?[\w-]+(?:\s?\.\s?[a-z]{2,})+|[\w.+-]+\s?${AT}\s[\w-]+(?:\s?\.\s?[a-z]{2,})+`,
  'i',
)
const DATE =
  /(?<!\d)(?:\d{1,2}([-/])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-/])\d{1,2}\2\d{1,2}|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\s?[.\d]))(?!\d)/g
/** A year, a stroke and a number: how organisations number their files, and nobody a citizen service number. */
const YEARLY = /(?<!\d[^\p{L}\d]?)(?:19|20)\d\d[-/]\d{3,6}(?![^\p{L}\d]?\d)/gu
/** Digits with at most three characters between them that are neither digit nor letter, as people write long numbers. */
const DIGITS = /\+?\d(?:[^\p{L}\d\n+]{0,3}\d)*/gu
const LONG_GAP = /[^\d(). \-–—/_·:,]/u
/** Two letters behind four digits that are a word or a unit, not the end of a postcode ("2025 en 2026", "1500 km 3"). */
const SHORT_WORDS = new Set(
  'al as at be by cm do en er et ex go gb ha hr if ik im in is it ja je jl jr kb kg km kw la le ma mb me ml mm my na no nr nu of om on op or os pm re so st te to up us uw vs wb we wk wo za ze zo'.split(
    ' ',
  ),
)
const POSTCODE = /(?<!\d)[1-9]\d{3}([\s.-]?)([A-Za-z])([\s.]?)([A-Za-z])(?![A-Za-z])/g
const HOUSE_AFTER = /^[\s,.;:-]{0,3}(?:huisnummer|huisnr\.?|nummer|nr\.?|no\.?)?\s?(\d{1,5})(?!\d)[a-z]?/i
const HOUSE_BEFORE = /(?<![\d.:,/-])\d{1,5}\s?[a-z]?(?:[\s,;-]{1,3})$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/
const INVISIBLE = /\p{Cf}/gu

const MESSAGES = {
  control: {
    nl: 'Dit teken is niet te lezen. Haal het weg.',
    en: 'This character cannot be read. Take it out.',
  },
  mail: {
    nl: 'Haal het e-mailadres uit de tekst. Noteer hier geen persoonsgegevens.',
    en: 'Take the e-mail address out of the text. Do not write personal data here.',
  },
  link: {
    nl: 'Haal de link uit de tekst. Schrijf in een paar woorden wat ervan belang is.',
    en: 'Take the link out of the text. Write in a few words what matters.',
  },
  citizen: {
    nl: 'Dit lijkt op een BSN. Haal het weg; een zaaknummer is genoeg.',
    en: 'This looks like a citizen service number. Take it out; a case number is enough.',
  },
  phone: {
    nl: 'Dit lijkt op een telefoonnummer. Haal het weg.',
    en: 'This looks like a phone number. Take it out.',
  },
  address: {
    nl: 'Dit lijkt op een postcode met huisnummer. Haal het adres weg.',
    en: 'This looks like a postcode with a house number. Take the address out.',
  },
} as const satisfies Record<string, BothLanguages>

/**
 * What may not stand in a text that people type, or null. Such a text is read by more people, and kept longer, than the
 * file that it was copied from, so it holds nothing that leads to a client: no citizen service number (also spaced, dotted or
 * glued to letters), e-mail address, link, phone number, or postcode with house number. `isOwn` says which pieces are numbers
 * of the organisation; those are looked at no further.
 */
export function flawOf(text: string, isOwn: OwnNumber = NONE_OWN): TextFlaw | null {
  const control = CONTROL.exec(text)?.[0]
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return { fragment: `U+${code}`, message: MESSAGES.control }
  }
  const plain = text.normalize('NFKC').replace(INVISIBLE, '')
  const mail = MAIL.exec(plain)?.[0]
  if (mail !== undefined) return { fragment: mail.trim(), message: MESSAGES.mail }
  const link = LINK.exec(plain)?.[0]
  if (link !== undefined && !MIXED_END.test(link)) return { fragment: link.trim(), message: MESSAGES.link }
  const numbers = withoutOwn(plain, isOwn)
  const address = addressIn(numbers)
  if (address !== null) return { fragment: address, message: MESSAGES.address }
  return numberIn(numbers.replace(DATE, blank).replace(YEARLY, blank))
}

/** Whether these nine digits can be a citizen service number: weights 9 to 2 and -1, the sum a multiple of eleven. */
export function passesElevenTest(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at === 8 ? -1 : 9 - at), 0)
  return digits.length === 9 && sum !== 0 && sum % 11 === 0
}

const blank = (piece: string) => 'x'.repeat(piece.length)

function withoutOwn(text: string, isOwn: OwnNumber): string {
  return text.replace(/[A-Za-z0-9][A-Za-z0-9_.-]*/g, piece => {
    const end = piece.search(/[._-]+$/)
    const bare = end < 0 ? piece : piece.slice(0, end)
    return isOwn(bare) ? blank(bare) + piece.slice(bare.length) : piece
  })
}

function addressIn(text: string): string | null {
  for (const found of text.matchAll(POSTCODE)) {
    const [code, gap = '', one = '', between = '', two = ''] = found
    const letters = one + two
    const isCapital = letters === letters.toUpperCase()
    const isGlued = gap === '' && between === ''
    if (!isCapital && !isGlued && SHORT_WORDS.has(letters.toLowerCase())) continue
    if (!isCapital && !isGlued && between !== '') continue
    const after = text.slice(found.index + code.length)
    const behind = HOUSE_AFTER.exec(after)
    if (behind) return code + behind[0]
    const before = HOUSE_BEFORE.exec(text.slice(0, found.index))
    if (before && (isCapital || isGlued)) return before[0] + code
  }
  return null
}

/** A citizen service number or a phone number among the digits of a text. */
function numberIn(text: string): TextFlaw | null {
  for (const [chain] of text.matchAll(DIGITS)) {
    const parts = chain.split(/(?<=\d)(?=\D)|(?<=\D)(?=\d)/)
    const groups: { digits: string; gap: string }[] = []
    let gap = ''
    for (const part of parts) {
      if (/\d/.test(part)) groups.push({ digits: part, gap })
      gap = part
    }
    for (let from = 0; from < groups.length; from++) {
      let digits = ''
      let written = ''
      for (let to = from; to < groups.length && digits.length <= 13; to++) {
        const group = groups[to]!
        if (to > from && LONG_GAP.test(group.gap)) break
        written += (to > from || group.gap === '+' ? group.gap : '') + group.digits
        digits += group.digits
        const isWhole = to - from + 1 === groups.length
        if (isCitizenNumber(groups.slice(from, to + 1), digits, isWhole)) {
          return { fragment: written.trim(), message: MESSAGES.citizen }
        }
        const afterPlus = groups[from]!.gap === '+'
        if (isPhone(digits, afterPlus)) {
          return { fragment: afterPlus ? chain : written.trim(), message: MESSAGES.phone }
        }
      }
    }
  }
  return null
}

/** In the middle of a longer row of numbers only where one and the same sign stands between the groups. */
function isCitizenNumber(groups: readonly { gap: string }[], digits: string, isWhole: boolean): boolean {
  if (!passesElevenTest(digits)) return false
  return isWhole || new Set(groups.slice(1).map(group => group.gap)).size <= 1
}

/** Dutch numbers with their zero or with 31, and any number behind a plus. */
function isPhone(digits: string, afterPlus: boolean): boolean {
  if (afterPlus) return digits.length >= 9 && /^[1-9]/.test(digits)
  return /^(?:0[1-9]\d{8}|0031(?:0?[1-9]\d{8})|0[89]00\d{4}(?:\d{3})?)$/.test(digits)
}
