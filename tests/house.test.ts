import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** What each room may take from. `server/contract` is all that the web sees of the server. */
const MAY_TAKE: Record<string, readonly string[]> = {
  solver: ['solver'],
  'server/contract': ['server/contract', 'solver'],
  db: ['db', 'server', 'server/contract', 'solver'],
  server: ['server', 'server/contract', 'db', 'solver'],
  web: ['web', 'server/contract', 'solver'],
}
/** The solver decides from its Problem alone: nothing that gives another answer tomorrow or elsewhere. */
const NOT_IN_SOLVER = /from '(pg|kysely|fastify|node:(fs|http|net))|Math\.random|new Date\(\)/

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return /\.(ts|vue)$/.test(entry.name) ? [path] : []
  })
}

function roomOf(file: string): string {
  const path = relative(root, file).replaceAll('\\', '/')
  return path.startsWith('server/contract/') ? 'server/contract' : (path.split('/')[0] ?? '')
}

const files = ['solver', 'db', 'server', 'web'].flatMap(room => filesIn(join(root, room)))

test('every room takes only from the rooms that it may know', () => {
  const wrong = files.flatMap(file => {
    const text = readFileSync(file, 'utf8')
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(match => match[1] ?? '')
    return targets
      .map(target => roomOf(resolve(dirname(file), target)))
      .filter(room => !MAY_TAKE[roomOf(file)]?.includes(room))
      .map(room => `${relative(root, file)} takes from ${room}`)
  })
  expect(wrong).toEqual([])
})

test('the web takes types and schemas from the contract, and only types from the solver', () => {
  const wrong = files
    .filter(file => roomOf(file) === 'web')
    .filter(file => /^import (?!type).*'(\.\.\/)+solver\//m.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => relative(root, file))).toEqual([])
})

test('the solver knows no database, no server, no clock and no chance', () => {
  const wrong = files
    .filter(file => roomOf(file) === 'solver')
    .filter(file => NOT_IN_SOLVER.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => relative(root, file))).toEqual([])
})

test('no HTML from data, no SQL from text', () => {
  const wrong = files.filter(file => /v-html|\bsql\.raw\b/.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => relative(root, file))).toEqual([])
})

test('what decides is written in one place', () => {
  const writers = (table: string) =>
    files
      .filter(file => readFileSync(file, 'utf8').includes(`insertInto('${table}')`))
      .map(file => relative(root, file).replaceAll('\\', '/'))
  expect(writers('decision')).toEqual(['server/allocating/allocate.ts'])
  // A file brings in seats that were decided on elsewhere, and the demo those that stood before it began.
  expect(writers('allocation')).toEqual([
    'server/demo/cases.ts',
    'server/allocating/allocate.ts',
    'server/imports/apply.ts',
  ])
  expect(writers('round')).toEqual(['server/rounds/create.ts'])
  expect(writers('choice')).toEqual(['server/draft/insert-choice.ts'])
})
