import type { TSchema } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../server/contract/common.ts'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import { endpoints } from '../../server/contract/endpoints.ts'
import { rolesThatMay } from '../../server/contract/roles.ts'
import { stringsOf, typedOf } from '../../server/contract/typed.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { forEachDatabase } from '../support/databases.ts'

/** Passes the eleven-test; dotted, as people write it. */
const CANARY = 'zie 9000.00.041'
const WORDS = ['A1', '2026-11-24', 'a', '1', 'open:1', 'abcdefghijklmnopqrstuvwxyz']

interface Shape {
  const?: unknown
  type?: string
  format?: string
  pattern?: string
  minLength?: number
  minimum?: number
  exclusiveMinimum?: number
  minItems?: number
  anyOf?: TSchema[]
  items?: TSchema
  required?: string[]
  properties?: Record<string, TSchema>
}

/** The least value of a schema that holds the string at `path` when that leads into it, and `text` there. */
function leastValueOf(schema: TSchema, path: readonly string[] | null, text: string): unknown {
  const shape = schema as Shape
  if (shape.const !== undefined) return shape.const
  if (shape.anyOf) {
    const fits = (one: TSchema) => path === null || stringsOf(one).some(found => leads(found.path, path))
    return leastValueOf(shape.anyOf.find(fits) ?? shape.anyOf[0]!, path, text)
  }
  if (shape.type === 'object') {
    const [name, ...rest] = path ?? []
    const members = Object.entries(shape.properties ?? {})
      .filter(([member]) => shape.required?.includes(member) || member === name)
      .map(([member, one]) => [member, leastValueOf(one, member === name ? rest : null, text)])
    return Object.fromEntries(members)
  }
  if (shape.type === 'array') {
    if (path === null && (shape.minItems ?? 0) === 0) return []
    return [leastValueOf(shape.items!, path?.slice(1) ?? null, text)]
  }
  if (shape.type === 'string') {
    if (path !== null && typedOf(schema) !== null) return text
    if (shape.format) return shape.format === 'email' ? 'a@example.test' : '2026-11-24'
    const fits = (word: string) =>
      word.length >= (shape.minLength ?? 0) && new RegExp(shape.pattern ?? '').test(word)
    return WORDS.find(fits)
  }
  if (shape.type === 'boolean') return false
  if (shape.type === 'null') return null
  return shape.minimum ?? (shape.exclusiveMinimum === undefined ? 1 : shape.exclusiveMinimum + 1)
}

const leads = (path: string, wanted: readonly string[]) => path === wanted.join('.')

const fields = Object.entries(endpoints as Record<string, Endpoint>).flatMap(([name, { body, may }]) =>
  body
    ? [...new Map(stringsOf(body).map(one => [one.path, one])).values()]
        .filter(one => ['freeText', 'name', 'entryName'].includes(typedOf(one.schema) ?? ''))
        .map(({ path }) => ({ name, path, may, body }))
    : [],
)

forEachDatabase('what people type', engine => {
  let app: TestApp
  const callers = new Map<Role, Caller>()
  beforeAll(async () => {
    app = await startApp({ engine })
    for (const role of ['intake', 'lead', 'worker', 'admin'] as const) {
      callers.set(role, await app.as(role))
    }
  })
  afterAll(() => app.close())

  test('there is free text in many places', () => {
    expect(fields.length).toBeGreaterThan(40)
  })

  test.each(fields)(
    '$name refuses a personal number in $path and shows it',
    async ({ name, path, may, body }) => {
      if (may === 'anyone') return
      const [method = '', url = ''] = name.split(' ')
      const caller = callers.get(rolesThatMay(may)[0]!)!
      const filled = url
        .replace(':list', 'factors')
        .replace(':caseNumber', 'ZK-0000')
        .replace(':staffNumber', 'jb-0000')
        .replace(/:\w+/g, '999999')
      const { status, body: answer } = await caller.ask<{ errors?: { field: string; value: unknown }[] }>(
        method,
        filled,
        { version: 1, body: leastValueOf(body, path.split('.'), CANARY) as Record<string, unknown> },
      )
      expect([status, JSON.stringify(answer)]).toEqual([422, expect.stringContaining('9000.00.041')])
      expect(answer.errors).toContainEqual(
        expect.objectContaining({ field: path.replaceAll('*', '0'), value: '9000.00.041' }),
      )
    },
  )
})
