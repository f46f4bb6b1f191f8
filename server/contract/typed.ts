import { type TSchema, Type } from 'typebox'

/**
 * What people type, by what may be in it: a text of several lines, a name of one line, the name or the code of an entry of a
 * list, a number that is new here, a secret that nobody reads, words to look for that nothing keeps, or a whole file that is judged per cell. The server judges what it is sent by this mark
 * (server/http/typed.ts), so a field cannot forget it: a test walks every body of the contract for strings without one.
 */
export type Typed =
  | 'freeText'
  | 'name'
  | 'entryName'
  | 'entryCode'
  | 'caseNumber'
  | 'familyNumber'
  | 'staffNumber'
  | 'secret'
  | 'search'
  | 'file'

/** The key under which a schema says so; an extension of OpenAPI. */
export const TYPED = 'x-typed'

const typed = (
  kind: Typed,
  options: { title?: string; minLength?: number; maxLength: number; pattern?: string },
) => Type.String({ ...options, [TYPED]: kind })

/** Holds a character that is seen. */
const VISIBLE = '\\S'

/** Motives, reasons, notes and answers: no personal numbers, addresses or links, and no control characters but line ends. */
export const freeText = (maxLength: number, minLength = 1) => typed('freeText', { minLength, maxLength })
/** As free text, on one line. */
export const nameText = (maxLength: number) => typed('name', { minLength: 1, maxLength, pattern: VISIBLE })
/** As a name, and about none of the grounds on which nobody is judged (server/http/grounds.ts). */
export const entryName = (maxLength: number) =>
  typed('entryName', { minLength: 1, maxLength, pattern: VISIBLE })
export const entryCode = () =>
  typed('entryCode', { minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9_.-]+$' })
const NUMBER_TITLES = {
  caseNumber: 'case number',
  familyNumber: 'family number',
  staffNumber: 'staff number',
} as const
/** A number that is new here: by the form of the organisation, and nobody's personal number (server/http/own-numbers.ts). */
export const newNumber = (kind: 'caseNumber' | 'familyNumber' | 'staffNumber') =>
  typed(kind, {
    title: NUMBER_TITLES[kind],
    minLength: 1,
    maxLength: 40,
    pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  })
export const secret = (minLength: number) => typed('secret', { minLength, maxLength: 200 })
/** What somebody looks for. It goes in a body, never in an address: an address stays in logs and in the history of the browser. */
export const searchText = () => typed('search', { maxLength: 100 })
export const fileText = (maxLength: number) => typed('file', { maxLength })

/** What is typed in this string, or null: the server offers what is in it, or checks its form. */
export function typedOf(schema: TSchema): Typed | null {
  return ((schema as Record<string, unknown>)[TYPED] as Typed | undefined) ?? null
}

/** A string of a schema, with its path ('preferences.*.code') or, beside a value, its place ('preferences.0.code'). */
export interface StringPlace {
  path: string
  schema: TSchema
  value: unknown
}

interface Shape {
  type?: string
  anyOf?: TSchema[]
  properties?: Record<string, TSchema>
  patternProperties?: Record<string, TSchema>
  items?: TSchema
}

/** Every string that a value of this schema can hold. */
export function stringsOf(schema: TSchema, path = ''): StringPlace[] {
  const { type, anyOf, properties, patternProperties, items } = schema as Shape
  const under = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (anyOf) return anyOf.flatMap(one => stringsOf(one, path))
  if (type === 'string') return [{ path, schema, value: undefined }]
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, one]) => stringsOf(one, under(name))),
    ...Object.values(patternProperties ?? {}).flatMap(one => stringsOf(one, under('*'))),
    ...(items ? stringsOf(items, under('*')) : []),
  ]
}

/** The strings that a value, which fits this schema, does hold. */
export function stringsIn(schema: TSchema, value: unknown, path = ''): StringPlace[] {
  const { anyOf, properties, patternProperties, items } = schema as Shape
  const under = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`)
  if (anyOf) return anyOf.flatMap(one => stringsIn(one, value, path))
  if (typeof value === 'string') return typedOf(schema) === null ? [] : [{ path, schema, value }]
  if (Array.isArray(value)) {
    return items ? value.flatMap((one, index) => stringsIn(items, one, under(index))) : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => {
    const member = properties?.[name] ?? Object.values(patternProperties ?? {})[0]
    return member ? stringsIn(member, one, under(name)) : []
  })
}
