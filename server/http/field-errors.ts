import type { Locale } from '../contract/common.ts'
import { type BothLanguages, Refusal } from './call.ts'

/** Collects what is wrong in a form, so that people see everything at once and not one thing per attempt. */
export class FieldErrors {
  readonly #locale: Locale
  readonly #errors: { field: string; message: string; value?: unknown }[] = []

  constructor(locale: Locale) {
    this.#locale = locale
  }

  /** `field` is the path in the body ('absences.2.validFrom'); `value` is what was sent, when that helps. */
  add(field: string, message: BothLanguages, value?: unknown): void {
    this.#errors.push({
      field,
      message: message[this.#locale],
      ...(value === undefined || value === null ? {} : { value }),
    })
  }

  /** Throws the 422 that names every field; does nothing when there are none. */
  refuse(): void {
    if (this.#errors.length === 0) return
    throw new Refusal(
      422,
      {
        nl: 'Nog niet alles klopt. Verbeter de genoemde velden.',
        en: 'Not everything is right yet. Correct the fields listed.',
      },
      { errors: this.#errors },
    )
  }
}

/** A field of the request that cannot be as it is. */
export function invalidField(field: string, locale: 'nl' | 'en', text: BothLanguages): Refusal {
  return new Refusal(422, text, { errors: [{ field, message: text[locale] }] })
}
