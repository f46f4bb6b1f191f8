import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCommand, explainCommand, solveCommand } from '../../server/commands/solve.ts'
import { frontCommand, whatIfCommand } from '../../server/commands/suppose.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { validateProblem, validateProposal } from '../../solver/problem/validate.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker, randomProblem, randomSource } from '../support/problems.ts'

/** Files that were damaged, mixed up or made up, given to the commands: always words and an exit code, never a crash. */
let folder: string
let proposal: Proposal
const at = (name: string) => join(folder, name)
const problem: Problem = aProblem({
  cases: [aCase('Z1'), aCase('Z2', { duo: true, hours: { primary: 2, second: 1 } })],
  workers: ['M1', 'M2', 'M3'].map(id => aWorker(id, { hoursInUse: 12 })),
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instroom-hostile-'))
  proposal = await solve(problem)
  await write('problem.json', problem)
  await write('proposal.json', proposal)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, content: unknown) =>
  writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content))

async function run(command: typeof checkCommand, ...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await command(args, { out: line => out.push(line), err: line => err.push(line) })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('days that do not exist', () => {
  test.each([
    ['/startOn', aProblem({ startOn: '2026-02-31' })],
    ['/workers/0/employedFrom', aProblem({ workers: [aWorker('M1', { employedFrom: '2026-13-01' })] })],
    ['/workers/0/employedUntil', aProblem({ workers: [aWorker('M1', { employedUntil: '2027-00-10' })] })],
    [
      '/workers/0/registration/until',
      aProblem({
        workers: [aWorker('M1', { registration: { status: 'registered', from: null, until: '2026-04-31' } })],
      }),
    ],
    [
      '/workers/0/away/0/from',
      aProblem({ workers: [aWorker('M1', { away: [{ from: '2025-02-29', until: null }] })] }),
    ],
    [
      '/workers/0/competences/0/expiresOn',
      aProblem({
        workers: [aWorker('M1', { competences: [{ competence: 'jr', level: 1, expiresOn: '2026-11-31' }] })],
      }),
    ],
    [
      '/exclusions/0/until',
      aProblem({ exclusions: [{ caseId: 'Z1', workerId: 'M1', until: '2026-99-99' }] }),
    ],
  ] as [string, Problem][])('%s is refused', async (path, wrong) => {
    const judged = validateProblem(wrong)
    expect('errors' in judged && judged.errors.map(one => one.path)).toEqual([path])
    await write('day.json', wrong)
    expect(await run(solveCommand, at('day.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no day'),
    })
  })

  test('a leap day does exist', () => {
    expect(validateProblem(aProblem({ startOn: '2028-02-29' }))).toHaveProperty('problem')
  })
})

describe('files', () => {
  test.each([
    ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000), 'must be object'],
    ['a newer format', { ...problem, format: 2 }, '/format'],
    ['bytes that are no text', '\u0000\u0001\uFFFD', 'is not JSON'],
    ['a field too much', { ...problem, faster: true }, '/faster: nothing of this name is known here'],
    ['an empty file', '', 'is not JSON'],
  ])('%s: refused in words', async (_name, content, words) => {
    await write('odd.json', content)
    const refused = await run(solveCommand, at('odd.json'))
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) })
    expect(refused.err).not.toMatch(/undefined|\n\s+at /)
  })

  test('numbers that are none', async () => {
    const file = at('problem.json')
    for (const seed of ['', ' ', '1.5', '-1', '1e99', 'NaN', '0x']) {
      expect(await run(solveCommand, file, `--seed=${seed}`), seed).toMatchObject({ code: 2, out: '' })
    }
    for (const points of ['', '3.5', '2', '16'])
      expect(await run(frontCommand, file, `--points=${points}`), points).toMatchObject({ code: 2, out: '' })
    for (const limit of ['', '0', '-3', 'soon'])
      expect(await run(solveCommand, file, `--time-limit=${limit}`), limit).toMatchObject({ code: 2 })
  })

  test('problem and proposal the other way round', async () => {
    expect(await run(checkCommand, at('proposal.json'), at('problem.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('proposal.json cannot be used'),
    })
    expect(await run(whatIfCommand, at('problem.json'), at('proposal.json'))).toMatchObject({ code: 2 })
  })

  test('a proposal of another problem is not explained, and neither is one with lines of nobody', async () => {
    await write('other.json', { ...problem, workers: problem.workers.slice(0, 2) })
    const files = [at('other.json'), at('proposal.json'), '--case', 'Z1', '--lang', 'en']
    expect(await run(explainCommand, ...files)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('was made for another problem'),
    })
    const changed = structuredClone(proposal)
    changed.lines[0]!.workerId = '__proto__'
    changed.loads.pop()
    await write('changed.json', changed)
    const refused = await run(
      explainCommand,
      ...[at('problem.json'), at('changed.json'), '--case', 'Z1', '--lang', 'en'],
    )
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain('Unknown worker __proto__')
    expect(refused.err).toContain('The load of M3 is wrong')
  })

  test('a seat that a case does not have', async () => {
    const files = [at('problem.json'), at('proposal.json'), '--case', 'Z1', '--seat', 'second']
    for (const more of [[], ['--not', 'M1'], ['--alternatives']]) {
      expect(await run(explainCommand, ...files, ...more)).toMatchObject({
        code: 2,
        err: expect.stringContaining('Case Z1 has no second seat'),
      })
    }
  })

  test('prices of another round in a proposal are a finding', async () => {
    const prices = { items: [1], groups: [], shared: [], levels: [] }
    await write('prices.json', { ...proposal, certificate: prices })
    expect(await run(checkCommand, at('problem.json'), at('prices.json'), '--lang', 'en')).toMatchObject({
      code: 1,
      out: expect.stringContaining('bound: These are no prices of this round'),
    })
    const placing = [{ urgency: 'normal', ...prices }]
    await write('prices.json', { ...proposal, certificate: { ...proposal.certificate, placing } })
    expect((await run(checkCommand, at('problem.json'), at('prices.json'))).code).toBe(1)
  })
})

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** The same JSON with one thing in it changed, left out or there twice; and where. */
function tampered(text: string, next: () => number): { json: Json; where: string } {
  const json = JSON.parse(text) as Json
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const values: Json[] = [null, true, 0, -1, 1, 0.005, 1e9, '', 'nobody', '__proto__', 'second', 'M001', []]
  let inside: Json = json
  let where = ''
  while (inside !== null && typeof inside === 'object') {
    const fields = inside as { [key: string]: Json }
    const keys = Object.keys(fields)
    if (keys.length === 0) break
    const key = pick(keys)
    where += `/${key}`
    const value = fields[key]!
    if (value !== null && typeof value === 'object' && next() < 0.85) {
      inside = value
      continue
    }
    const what = next()
    if (Array.isArray(inside) && what < 0.3) inside.splice(Number(key), 1)
    else if (Array.isArray(inside) && what < 0.6) inside.push(structuredClone(value))
    else if (!Array.isArray(inside) && what < 0.2) delete fields[key]
    else fields[key] = pick(values)
    break
  }
  return { json, where }
}

test('whatever is changed in a proposal: a finding or a sound answer, and it is told in words', {
  timeout: 120_000,
}, async () => {
  const count = { refused: 0, found: 0, sound: 0 }
  for (let seed = 1; seed <= 12; seed++) {
    const next = randomSource(seed)
    const asked = randomProblem(seed + 60, { cases: 4 + (seed % 5), workers: 3 + (seed % 4), extras: 2 })
    const text = JSON.stringify(await solve(asked))
    await write('asked.json', asked)
    for (let k = 0; k < 40; k++) {
      const { json, where } = tampered(text, next)
      const about = `seed ${seed}, change ${k}: ${where}`
      await write('answer.json', json)
      const checked = await run(checkCommand, at('asked.json'), at('answer.json'), '--lang', 'en')
      const told = await run(
        explainCommand,
        ...[at('asked.json'), at('answer.json'), '--case', asked.cases[0]!.id, '--lang', 'en'],
      )
      expect(checked.out + checked.err + told.out + told.err, about).not.toMatch(/undefined|NaN|\[object/)
      const shaped = 'proposal' in validateProposal(json)
      expect(checked.code === 2, about).toBe(!shaped)
      expect([0, 2], about).toContain(told.code)
      if (checked.code === 0) {
        count.sound++
        // What is decided and what is claimed about it is as it was.
        const { lines, levels, status, loads } = JSON.parse(text) as Proposal
        const bare = (one: Proposal['lines'][number]) => [one.caseId, one.seat, one.workerId, one.points]
        const other = json as unknown as Proposal
        expect(other.lines.map(bare).sort(), about).toEqual(lines.map(bare).sort())
        expect([other.status, other.loads.length], about).toEqual([status, loads.length])
        expect(
          other.levels.map(one => one.value),
          about,
        ).toEqual(levels.map(one => one.value))
      } else count[checked.code === 2 ? 'refused' : 'found']++
    }
  }
  expect(count.refused).toBeGreaterThan(50)
  expect(count.found).toBeGreaterThan(40)
})
