import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'
import * as dutch from '@zxcvbn-ts/language-nl-be'

/** What makes a password easy to guess, and so what its owner should do otherwise. */
export type Weakness = 'personal' | 'known' | 'pattern' | 'words'

/** Guesses, as a power of ten, that somebody needs who knows the words and habits of people here. */
const LEAST = 10
/** What comes after this makes it no weaker, and looking takes longer with every character. */
const LOOKED_AT = 64
const MIN_PERSONAL = 3

/** What comes first to the mind of whoever works here, and of whoever guesses. */
const OF_THE_WORK =
  `wachtwoord welkom geheim instroom jeugdbescherming jeugdbeschermer jeugdbeschermers jeugdzorg jeugdhulp
  gezinsvoogd gezinsvoogdij voogd voogdij ondertoezichtstelling uithuisplaatsing jeugdreclassering kinderbescherming
  kinderrechter gezin gezinnen kind kinderen ouders zaak zaken caseload verdeelronde verdeling werklast team beheerder
  teamleider medewerker vaststellen toedelen sinterklaas kerst koningsdag carnaval vakantie voetbal oranje nederland`.split(
    /\s+/,
  )
/** Rows of words that go on by themselves, under the names that zxcvbn has for them. */
const ROWS = {
  'daysOfWeek-nl': 'maandag dinsdag woensdag donderdag vrijdag zaterdag zondag'.split(' '),
  'months-nl':
    'januari februari maart april mei juni juli augustus september oktober november december'.split(' '),
  'seasons-nl': 'lente zomer herfst winter'.split(' '),
  'cardinalNumbers-nl':
    'een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien'.split(' '),
  'directions-nl': 'noord oost zuid west'.split(' '),
}

const zxcvbn = new ZxcvbnFactory({
  dictionary: {
    ...common.dictionary,
    ...english.dictionary,
    ...Object.fromEntries(Object.entries(dutch.dictionary).map(([name, words]) => [`${name}-nl`, words])),
    ...ROWS,
    'work-nl': OF_THE_WORK,
  },
  graphs: common.adjacencyGraphs,
  maxLength: LOOKED_AT,
  l33tMaxSubstitutions: 20,
})

/** Why this password is easy to guess for who knows its owner; null when it is not. */
export function weaknessOf(password: string, personal: readonly string[]): Weakness | null {
  const found = zxcvbn.check(password, [...new Set(personal.flatMap(wordsOf))])
  if (found.guessesLog10 >= LEAST) return null
  const parts = found.sequence
  if (parts.some(part => part.dictionaryName === 'userInputs')) return 'personal'
  if (parts.some(part => PATTERNS.has(part.pattern))) return 'pattern'
  return parts.some(part => part.dictionaryName === 'passwords-common') ? 'known' : 'words'
}

const PATTERNS = new Set(['repeat', 'sequence', 'spatial', 'wordSequence', 'date'])

/** A name, address or organisation as a whole, without its spaces, and each of its words. */
function wordsOf(text: string): string[] {
  const plain = text.toLowerCase()
  return [plain, plain.replace(/\W+/g, ''), ...plain.split(/[^\p{L}\p{N}]+/u)].filter(
    word => word.length >= MIN_PERSONAL,
  )
}
