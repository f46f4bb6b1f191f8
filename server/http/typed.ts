import type { TSchema } from 'typebox'
import type { CatalogueList } from '../contract/catalogue-entries.ts'
import type { Locale } from '../contract/common.ts'
import type { NumberForms } from '../contract/numbers.ts'
import { stringsIn, stringsOf, type Typed, typedOf } from '../contract/typed.ts'
import type { BothLanguages } from './call.ts'
import { FieldErrors } from './field-errors.ts'
import { flawOf } from './free-text.ts'
import { groundIn } from './grounds.ts'
import { numberFlaw, numberSentence, ownNumbers } from './own-numbers.ts'

const LINE_END = /[\r\n]/

/** Kept nowhere as it stands, or judged elsewhere. */
const isUnread = (kind: Typed) => kind === 'secret' || kind === 'search' || kind === 'file'

/** By what a text is judged besides what it says. */
export interface Reading {
  /** How the organisation's own numbers look. */
  forms: NumberForms
  today: string
  /** Whether this family number is there already: it may be named again, whatever it looks like. */
  knowsFamily: boolean
  /** Of what list the names of entries are; absent: of the goals of a rulebook. */
  list?: CatalogueList
}

/** What a text of this kind may not hold: which piece, and why; null when it is fine. */
function flawOfTyped(
  kind: Typed,
  text: string,
  { forms, today, knowsFamily, list }: Reading,
): { fragment: string; message: BothLanguages } | null {
  if (isUnread(kind)) return null
  if (kind !== 'freeText' && LINE_END.test(text)) {
    const message = { nl: 'Schrijf een naam op één regel.', en: 'Write a name on one line.' }
    return { fragment: text.slice(text.search(LINE_END)).trim(), message }
  }
  if (kind === 'caseNumber' || kind === 'familyNumber' || kind === 'staffNumber') {
    const wrong = kind === 'familyNumber' && knowsFamily ? null : numberFlaw(text, forms[kind], today)
    return wrong && { fragment: text, message: numberSentence(wrong, forms[kind]) }
  }
  const flaw = flawOf(text, ownNumbers(forms))
  if (flaw || (kind !== 'entryName' && kind !== 'entryCode')) return flaw
  return groundIn(text, list ?? 'profiles')
}

/** Whether people type anything in a body of this schema that has to be read before it is kept. */
export function hasTyped(schema: TSchema): boolean {
  return stringsOf(schema).some(({ schema: one }) => {
    const kind = typedOf(one)
    return kind !== null && !isUnread(kind)
  })
}

/** Throws a 422 that names every field with something in it that people may not write here, and shows that piece. */
export function refuseTyped(schema: TSchema, body: unknown, locale: Locale, reading: Reading): void {
  const errors = new FieldErrors(locale)
  for (const { path, schema: one, value } of stringsIn(schema, body)) {
    const flaw = flawOfTyped(typedOf(one)!, String(value), reading)
    if (flaw) errors.add(path, shown(flaw), flaw.fragment)
  }
  errors.refuse()
}

/** The piece first: in a long text people have to find it. */
function shown({ fragment, message }: { fragment: string; message: BothLanguages }): BothLanguages {
  return { nl: `“${fragment}”: ${message.nl}`, en: `“${fragment}”: ${message.en}` }
}
