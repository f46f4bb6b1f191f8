import type { TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { object } from '../../../server/contract/common.ts'
import type { Endpoint } from '../../../server/contract/endpoint.ts'
import { endpoints } from '../../../server/contract/endpoints.ts'
import { freeText, stringsIn, stringsOf, typedOf } from '../../../server/contract/typed.ts'

/** Forms in which nobody can write a sentence. */
const FORMATS = new Set(['date', 'date-time', 'email', 'uuid'])

/** A choice, a form without a space in it, or a kind of text that is judged. */
function isGuarded(schema: TSchema): boolean {
  const { pattern, format, enum: choices, const: only } = schema as Record<string, unknown>
  if (only !== undefined || choices !== undefined || typedOf(schema) !== null) return true
  if (typeof format === 'string') return FORMATS.has(format)
  return typeof pattern === 'string' && !new RegExp(pattern).test('bel moeder')
}

test('every string that a body can hold is a choice, a day, a form of an id, or text that is judged', () => {
  const open = Object.entries(endpoints as Record<string, Endpoint>).flatMap(([name, { body }]) =>
    body
      ? stringsOf(body)
          .filter(({ schema }) => !isGuarded(schema))
          .map(({ path }) => `${name}: ${path}`)
      : [],
  )
  expect(open).toEqual([])
})

test('the walk sees a string that nobody judges', () => {
  expect(isGuarded(object({ note: freeText(9) }).properties.note)).toBe(true)
  expect(isGuarded({ type: 'string', maxLength: 500 } as unknown as TSchema)).toBe(false)
  expect(isGuarded({ type: 'string', pattern: '^[^x]*$' } as unknown as TSchema)).toBe(false)
})

test('of a value, the places of its texts', () => {
  const schema = object({ note: freeText(9), lines: { type: 'array', items: freeText(9) } as never })
  const found = stringsIn(schema, { note: 'a', lines: ['b', 'c'] })
  expect(found.map(({ path, value }) => [path, value])).toEqual([
    ['note', 'a'],
    ['lines.0', 'b'],
    ['lines.1', 'c'],
  ])
})
