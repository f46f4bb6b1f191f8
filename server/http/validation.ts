import localizeEn from 'ajv-i18n/localize/en/index.js'
import localizeNl from 'ajv-i18n/localize/nl/index.js'
import type { FastifySchemaValidationError } from 'fastify'
import type { TObject } from 'typebox'
import type { Locale, ProblemDetails } from '../contract/common.ts'
import { TYPED } from '../contract/typed.ts'
import { Refusal } from './call.ts'

/** Ajv takes a body as it is: nothing is turned into another type, filled in or left out. */
export const AJV_OPTIONS = {
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  allErrors: true,
  keywords: [TYPED] as string[],
} as const

const MAX_ERRORS = 50
const NUMBER = /^-?\d{1,16}(\.\d{1,6})?$/

/**
 * Values in an address are always text. Those that the schema calls numbers become numbers, when they look like one;
 * anything else stays as it is, for the schema to refuse.
 */
export function numbersFromText(values: unknown, schema: TObject): unknown {
  if (typeof values !== 'object' || values === null) return values
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const kind = (schema.properties[name] as { type?: unknown } | undefined)?.type
      const numeric = kind === 'integer' || kind === 'number'
      return [name, numeric && typeof value === 'string' && NUMBER.test(value) ? Number(value) : value]
    }),
  )
}

/** No body of the contract is nearly as deep; one that is was made to exhaust the stack of whoever walks through it. */
const DEEPEST = 20
/** With the flag `u` a pair is one character, so only a lone half is in this range. */
const HALF_CHARACTER = /[\uD800-\uDFFF]/u

/**
 * Throws a 400 for text that PostgreSQL cannot hold as it is, and for values nested deeper than anything in the contract.
 * U+0000 it refuses; half a character (a lone surrogate) would be stored as another one than was sent, so that the hash of a
 * motive would never fit it again.
 */
export function refuseUnreadable(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) throw unstorable(path.join('.'), 'U+0000')
    const half = HALF_CHARACTER.exec(value)?.[0]
    if (half !== undefined) {
      throw unstorable(path.join('.'), `U+${half.charCodeAt(0).toString(16).toUpperCase()}`)
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (path.length === DEEPEST) throw tooDeep()
  for (const [name, member] of Object.entries(value)) refuseUnreadable(member, [...path, name])
}

function tooDeep(): Refusal {
  return new Refusal(400, {
    nl: `De gegevens zijn dieper genest dan ${DEEPEST} niveaus. Zo diep gaat geen enkel verzoek.`,
    en: `The data are nested deeper than ${DEEPEST} levels. No request goes that deep.`,
  })
}

function unstorable(field: string, character: string): Refusal {
  return new Refusal(
    400,
    {
      nl: `Een van de velden bevat een teken dat niet kan (${character}). Haal het weg en probeer het opnieuw.`,
      en: `One of the fields contains a character that is not allowed (${character}). Remove it and try again.`,
    },
    { errors: [{ field, message: character }] },
  )
}

/** Which field is wrong and why, in the reader's language. */
export function invalid(
  errors: readonly FastifySchemaValidationError[],
  context: string,
  locale: Locale,
): Refusal {
  const sharpest = withoutUnions(errors)
  const messages = structuredClone(sharpest) as FastifySchemaValidationError[]
  const localize = locale === 'nl' ? localizeNl : localizeEn
  localize(messages as Parameters<typeof localize>[0])
  const fields: NonNullable<ProblemDetails['errors']> = messages.slice(0, MAX_ERRORS).map(error => ({
    field: fieldOf(error, context),
    message: allowed(error) ?? error.message ?? '',
  }))
  const names = [...new Set(fields.map(({ field }) => field))].slice(0, 5).join(', ')
  return new Refusal(
    400,
    {
      nl: `Controleer ${names || 'de gegevens'}: ${fields[0]?.message ?? ''}.`,
      en: `Check ${names || 'the data'}: ${fields[0]?.message ?? ''}.`,
    },
    { errors: fields },
  )
}

/** "Must match one of these" says nothing when the errors of its branches are there too. */
function withoutUnions(errors: readonly FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  const real = errors.filter(error => error.keyword !== 'anyOf' && !isNullBranch(error, errors))
  return real.length > 0 ? real : [...errors]
}

/** `nullable(x)` adds "must be null" to what is wrong with x. */
function isNullBranch(
  error: FastifySchemaValidationError,
  errors: readonly FastifySchemaValidationError[],
): boolean {
  return (
    error.keyword === 'type' &&
    error.params.type === 'null' &&
    errors.some(
      other =>
        other !== error && other.instancePath.startsWith(error.instancePath) && other.keyword !== 'anyOf',
    )
  )
}

function fieldOf(error: FastifySchemaValidationError, context: string): string {
  const member = error.params.missingProperty ?? error.params.additionalProperty
  const path = `${error.instancePath}${member === undefined ? '' : `/${String(member)}`}`.slice(1)
  return path === '' ? context : path.replaceAll('/', '.')
}

function allowed(error: FastifySchemaValidationError): string | null {
  return error.keyword === 'const' && 'allowedValue' in error.params
    ? `${error.message}: ${String(error.params.allowedValue)}`
    : null
}
