import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** What each room may take from. `server/contract` is all that the web sees of the server. */
const MAY_TAKE: Record<string, readonly string[]> = {
  solver: ['solver'],
  'server/contract': ['server/contract', 'solver'],
  db: ['db', 'solver'],
  server: ['server', 'server/contract', 'db', 'solver'],
  web: ['web', 'server/contract', 'solver'],
}
/** The rooms of the server, from the ground up: each takes from those before it, and from none that comes after. */
const SERVER_ROOMS = [
  ...['contract', 'config', 'event-loop', 'tables'],
  ...['events', 'history', 'http', 'rulebook', 'weighing', 'workload', 'forecast', 'messages'],
  ...['draft', 'allocating'],
  // What people do, a noun at a time.
  ...[
    'wishes',
    'workers',
    'cases',
    'allocations',
    'estimates',
    'requests',
    'phases',
    'signals',
    'imports',
    'pulse',
  ],
  ...['sharing', 'rounds', 'scenarios', 'reallocation', 'meetings', 'decisions', 'reports', 'own'],
  ...['rulebook-admin', 'accounts', 'audit'],
  // What runs, listens and starts.
  ...['jobs', 'stream', 'commands', 'demo', ''],
]
/** The rooms of the solver, likewise. */
const SOLVER_ROOMS = ['problem', 'engines', 'rules', 'assignment', 'check', 'search', '', 'explain', 'thread']
/** And those of the web: what all of it uses, then noun by noun. */
const WEB_ROOMS = [
  ...['text', 'base', 'style', 'parts', 'calendar-file'],
  ...[
    'admin',
    'explain',
    'workload',
    'case',
    'runs',
    'worker',
    'estimate',
    'own',
    'round',
    'meeting',
    'settle',
  ],
  ...['reallocation', 'rulebook', 'shell', ''],
]
/** The solver decides from its Problem alone: nothing that gives another answer tomorrow or elsewhere. */
const NOT_IN_SOLVER = /from '(pg|kysely|fastify|node:(fs|http|net))|Math\.random|new Date\(\)/

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return /\.(ts|vue)$/.test(entry.name) ? [path] : []
  })
}

const pathOf = (file: string) => relative(root, file).replaceAll('\\', '/')

function roomOf(path: string): string {
  return path.startsWith('server/contract/') ? 'server/contract' : (path.split('/')[0] ?? '')
}

const files = ['solver', 'db', 'server', 'web'].flatMap(room => filesIn(join(root, room)))

/** By path: the paths of the files that it takes something from, types too. */
const taken = new Map(
  files.map(file => [
    pathOf(file),
    [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) =>
      pathOf(resolve(dirname(file), target!)),
    ),
  ]),
)

/** Files that take from each other in a circle, by Tarjan's algorithm. */
function circles(): string[][] {
  const numbers = new Map<string, number>()
  const lows = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (path: string) => {
    numbers.set(path, numbers.size)
    lows.set(path, numbers.get(path)!)
    stack.push(path)
    for (const target of taken.get(path) ?? []) {
      if (!taken.has(target)) continue
      if (!numbers.has(target)) visit(target)
      else if (!stack.includes(target)) continue
      lows.set(path, Math.min(lows.get(path)!, lows.get(target)!))
    }
    if (lows.get(path) !== numbers.get(path)) return
    const circle = stack.splice(stack.indexOf(path))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const path of taken.keys()) if (!numbers.has(path)) visit(path)
  return found
}

test('no files take from each other in a circle', () => {
  expect(circles()).toEqual([])
})

test.each([
  ['server', SERVER_ROOMS],
  ['solver', SOLVER_ROOMS],
  ['web', WEB_ROOMS],
] as const)('a room of the %s takes from those below it', (top, rooms) => {
  const floorOf = (path: string) => {
    const [, room = '', ...inner] = path.split('/')
    return rooms.indexOf(inner.length > 0 ? room : '')
  }
  const wrong = [...taken].flatMap(([path, targets]) =>
    path.startsWith(`${top}/`)
      ? [path, ...targets.filter(target => target.startsWith(`${top}/`))]
          .filter(target => floorOf(target) < 0 || floorOf(target) > floorOf(path))
          .map(target => `${path} takes from ${target}`)
      : [],
  )
  expect(wrong).toEqual([])
})

test('every room takes only from the rooms that it may know', () => {
  const wrong = [...taken].flatMap(([path, targets]) =>
    targets
      .map(roomOf)
      .filter(room => !MAY_TAKE[roomOf(path)]?.includes(room))
      .map(room => `${path} takes from ${room}`),
  )
  expect(wrong).toEqual([])
})

test('the web takes types and schemas from the contract, and only types from the solver', () => {
  const wrong = files
    .filter(file => roomOf(pathOf(file)) === 'web')
    .filter(file => /^import (?!type).*'(\.\.\/)+solver\//m.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => pathOf(file))).toEqual([])
})

test('the solver knows no database, no server, no clock and no chance', () => {
  const wrong = files
    .filter(file => roomOf(pathOf(file)) === 'solver')
    .filter(file => NOT_IN_SOLVER.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => pathOf(file))).toEqual([])
})

test('no HTML from data, no SQL from text', () => {
  const wrong = files.filter(file => /v-html|\bsql\.raw\b/.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => pathOf(file))).toEqual([])
})

test('what decides is written in one place', () => {
  const writers = (table: string) =>
    files
      .filter(file => readFileSync(file, 'utf8').includes(`insertInto('${table}')`))
      .map(file => pathOf(file))
  expect(writers('decision')).toEqual(['server/allocating/allocate.ts'])
  // A file brings in seats that were decided on elsewhere, and the demo those that stood before it began.
  expect(writers('allocation')).toEqual([
    'server/allocating/allocate.ts',
    'server/demo/cases.ts',
    'server/imports/apply.ts',
  ])
  expect(writers('round')).toEqual(['server/rounds/create.ts'])
  expect(writers('choice')).toEqual(['server/draft/insert-choice.ts'])
})

test('no line of a component is longer than people read', () => {
  const long = files
    .filter(file => file.endsWith('.vue'))
    .flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (line.length > 160 ? [`${pathOf(file)}:${at + 1}`] : [])),
    )
  expect(long).toEqual([])
})
