import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCommand, explainCommand, solveCommand } from '../../server/commands/solve.ts'
import { compareCommand, frontCommand, whatIfCommand } from '../../server/commands/suppose.ts'
import { blockedSentence, explainCase } from '../../solver/explain/explain.ts'
import { reasonSentence } from '../../solver/explain/reasons.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import type { Proposal } from '../../solver/problem/problem.ts'
import { ruleSentence } from '../../solver/rules/broken.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../support/problems.ts'

const three = aProblem({
  cases: [aCase('Z1', { formerWorkers: ['M1'] })],
  workers: [
    aWorker('M1', { travelMinutes: { Enschede: 38 } }),
    aWorker('M2'),
    aWorker('M3', { hoursInUse: 26 }),
    aWorker('M4', { employedUntil: '2026-01-01' }),
  ],
})

describe('why this worker', () => {
  test('sentence, check list, arithmetic, ranking and margin', async () => {
    const proposal = await solve(three)
    const told = explainCase(three, proposal, 'Z1')
    expect(told.sentence.nl).toBe(
      'Voorgesteld: {worker} was eerder betrokken bij dit gezin. In deze ronde gaat de werklast van 72 naar 85,2 %. Minpunt: heeft 38 min reistijd.',
    )
    expect(told.sentence.en).toBe(
      'Proposed: {worker} worked with this family before. In this round the workload goes from 72 to 85.2%. Drawback: is 38 minutes away.',
    )
    expect(told.checklist.map(one => one.rule)).toEqual([
      'conflict',
      'onDuty',
      'hasNorm',
      'registration',
      'band',
      'newPerWeek',
    ])
    expect(told.checklist.every(one => one.passed)).toBe(true)
    expect(told.alternatives.map(fit => [fit.workerId, fit.status])).toEqual([
      ['M1', 'allowed'],
      ['M2', 'allowed'],
      ['M3', 'aboveBand'],
      ['M4', 'notAllowed'],
    ])
    const [first, second] = told.alternatives
    expect(first!.points).toBe(16)
    expect(first!.score).toBeCloseTo(first!.points - first!.loadCost, 9)
    expect(told.marginPoints).toBeCloseTo(first!.score - second!.score, 9)
    expect(second!.difference).toBeCloseTo(second!.score - first!.score, 9)
    expect(told).toMatchObject({ margin: 'narrow', position: 1 })
    expect(told.unknowns.map(one => one.nl)).toEqual(['voorkeur niet ingevuld: neutraal gerekend'])
  })

  test('what decides against the next one comes first: room, and not a short way to go', async () => {
    const problem = aProblem({
      workers: [
        aWorker('M1', { hoursInUse: 8, travelMinutes: { Enschede: 22 } }),
        aWorker('M2', { hoursInUse: 24, travelMinutes: { Enschede: 22 } }),
      ],
    })
    const told = explainCase(problem, await solve(problem), 'Z1')
    expect(told.proposed!.workerId).toBe('M1')
    expect(told.sentence.nl).toMatch(
      /^Voorgesteld: \{worker\} heeft meer ruimte \(komt op [\d,]+ %, de volgende op [\d,]+ %\)\. In deze ronde/,
    )
    expect(told.sentence.en).toContain('has more room (would be at')
    expect(told.sentence.nl).not.toContain('22 min reistijd')
  })

  test('what the next one lacks is said of the next one', async () => {
    const wish = [{ kind: 'factor' as const, code: 'COMPLEX', value: 'rather_not' as const }]
    const problem = aProblem({
      cases: [aCase('Z1', { factors: ['COMPLEX'] })],
      workers: [aWorker('M1'), aWorker('M2', { preferences: wish })],
    })
    const told = explainCase(problem, await solve(problem), 'Z1')
    expect(told.sentence.nl).toContain('De volgende die kan, doet dit werk liever niet (COMPLEX).')
    const two = aProblem({ workers: [aWorker('M1'), aWorker('M2')] })
    expect(explainCase(two, await solve(two), 'Z1').sentence.nl).toContain('een ander past even goed')
  })

  test('a family is named with the person it is with, for who gets the case and for who does not', async () => {
    const problem = aProblem({
      cases: [aCase('Z1', { familyWorker: 'M2' })],
      workers: [aWorker('M1'), aWorker('M2')],
    })
    const names = { competences: {}, work: {}, workers: { M2: 'K. Bos' } }
    const told = explainCase(problem, await solve(problem), 'Z1', 'primary', names)
    expect(told.sentence.nl).toMatch(/^Voorgesteld: \{worker\}\. Het gezin is al bij \{worker\}\./)
    const other = told.alternatives.find(one => one.workerId === 'M1')!
    expect(other.broken[0]!.sentence.nl).toBe('Het gezin is al bij K. Bos.')
    const not = await explainNot(problem, await solve(problem), 'Z1', 'M1', { codeNames: names })
    expect(not.sentence.en).toContain('The family is already with K. Bos.')
    // Who is not known by name stays unnamed.
    const unknown = explainCase(problem, await solve(problem), 'Z1')
    expect(unknown.alternatives.find(one => one.workerId === 'M1')!.broken[0]!.sentence.nl).toBe(
      'Deze zaak hoort bij een gezin dat bij een andere medewerker is.',
    )
  })

  test('on random rounds: shown sums add up and the order is that of the score', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const problem = randomProblem(seed + 50, { cases: 6, workers: 6 })
      const proposal = await solve(problem)
      for (const line of proposal.lines) {
        const told = explainCase(problem, proposal, line.caseId, line.seat)
        expect(told.alternatives).toHaveLength(problem.workers.length)
        if (told.proposed) {
          expect(told.proposed.workerId).toBe(line.workerId)
          expect(told.proposed.points).toBeCloseTo(line.points, 9)
          expect(told.proposed.loadCost).toBeCloseTo(line.loadCost, 9)
        } else expect(told.blocked.length).toBeGreaterThan(0)
        const allowed = told.alternatives.filter(fit => fit.status === 'allowed').map(fit => fit.score)
        // Where the highest load comes before points, that decides the order.
        if (!problem.policy.lowestMaximumFirst) expect(allowed).toEqual([...allowed].sort((a, b) => b - a))
        expect(told.sentence.nl.replaceAll('{worker}', '')).not.toMatch(/[{}]|undefined|NaN/)
      }
    }
  })
})

describe('in sentences', () => {
  const wanted = (competence: string) => ({ competence, level: 1, need: 'wanted' as const })
  const own = (competence: string) => ({ competence, level: 3, expiresOn: null })
  const wishes = [{ kind: 'factor' as const, code: 'COMPLEX', value: 'rather' as const }]
  const problem = aProblem({
    cases: [
      aCase('Z1', { competences: [wanted('SCHEIDING')], factors: ['COMPLEX'] }),
      aCase('Z2', { competences: [wanted('SCHEIDING'), wanted('JR')] }),
    ],
    workers: [aWorker('M1', { preferences: wishes, competences: [own('SCHEIDING'), own('JR')] })],
  })
  const names = {
    competences: {
      SCHEIDING: { nl: 'Complexe scheiding', en: 'High-conflict divorce' },
      JR: { nl: 'Jeugdreclassering', en: 'Youth probation' },
    },
    work: { COMPLEX: { nl: 'complexe scheiding', en: 'high-conflict divorce' } },
  }

  test('codes get their names, and stay codes for who has no names', async () => {
    const proposal = await solve(problem)
    const named = explainCase(problem, proposal, 'Z1', 'primary', names)
    expect(named.sentence.nl).toMatch(
      /^Voorgesteld: \{worker\} heeft de gewenste competentie Complexe scheiding en doet dit werk liever wel \(complexe scheiding\)\. Niemand anders mag deze zaak krijgen\. In deze ronde gaat de werklast van [\d,]+ naar [\d,]+ %\.$/,
    )
    expect(named.sentence.en).toMatch(
      /^Proposed: \{worker\} has the desired competence High-conflict divorce and /,
    )
    expect(explainCase(problem, proposal, 'Z2', 'primary', names).sentence.nl).toContain(
      'heeft de gewenste competenties Complexe scheiding en Jeugdreclassering en ',
    )
    expect(explainCase(problem, proposal, 'Z1').sentence.nl).toContain('competentie SCHEIDING en')
  })

  test('before is before the round and after is after all of it, for everybody', async () => {
    const proposal = await solve(problem)
    for (const id of ['Z1', 'Z2']) {
      const { proposed } = explainCase(problem, proposal, id)
      const load = proposal.loads.find(one => one.workerId === 'M1')!
      const share = (hours: number) => Math.round((hours / load.normHours) * 1000) / 10
      expect([proposed!.loadBefore, proposed!.loadAfter]).toEqual([
        share(load.hoursBefore),
        share(load.hoursAfter),
      ])
    }
  })

  test('of what nobody has any, no number is told', () => {
    const heavy = (count: number) => reasonSentence({ code: 'heavyCount', facts: { count, cap: 4 } })
    expect(heavy(0)).toEqual({ nl: 'heeft nog geen zware zaken', en: 'has no heavy cases yet' })
    expect(heavy(1).nl).toBe('heeft 1 van hoogstens 4 zware zaken')
    const facts = { competence: 'JR', level: 2, has: 0 }
    expect(ruleSentence({ rule: 'competence', facts }, names).nl).toBe(
      'Heeft de competentie Jeugdreclassering niet. Niveau 2 is nodig.',
    )
  })

  test('how many are stopped by each rule', () => {
    expect(blockedSentence('onDuty', 1).nl).toBe('Niet beschikbaar op de startdatum: 1 medewerker.')
    expect(blockedSentence('competence', 5)).toEqual({
      nl: 'Mist een competentie die nodig is: 5 medewerkers.',
      en: 'Lacks a required competence: 5 workers.',
    })
  })

  test('the check list names a duo, a family and heavy cases only where there are', async () => {
    const special = aProblem({
      cases: [aCase('Z1', { duo: true, hours: { primary: 8, second: 5 }, familyWorker: 'M1' })],
      workers: [aWorker('M1'), aWorker('M2')],
    })
    const { checklist } = explainCase(special, await solve(special), 'Z1')
    expect(checklist.map(one => one.rule)).toEqual(
      expect.arrayContaining(['duoRequired', 'duoDistinct', 'together']),
    )
    expect(checklist.map(one => one.rule)).not.toContain('teamWaits')

    // An emergency may go above the band, so there the limit is what counts.
    const urgent = aProblem({ cases: [aCase('Z1', { urgency: 'emergency' })], workers: [aWorker('M1')] })
    const rules = explainCase(urgent, await solve(urgent), 'Z1').checklist.map(one => one.rule)
    expect(rules).toContain('hardLimit')
    expect(rules).not.toContain('band')
  })
})

describe('why not that worker', () => {
  test('may not: the rules, and who may set them aside', async () => {
    const answer = await explainNot(three, await solve(three), 'Z1', 'M4', { name: () => 'K. Bos' })
    expect(answer).toMatchObject({ kind: 'mayNot', broken: [{ rule: 'onDuty', setAside: 'never' }] })
    expect(answer.sentence.nl).toBe('K. Bos: Niet beschikbaar op 1 december 2026.')
  })

  test('a hidden reason stands alone', async () => {
    const problem = { ...three, cases: [{ ...three.cases[0]!, excludedWorkers: ['M4'] }] }
    const answer = await explainNot(problem, await solve(problem), 'Z1', 'M4')
    expect(answer.broken.map(one => one.rule)).toEqual(['conflict'])
    expect(answer.sentence.nl).toBe('M4: Mag niet: afgeschermde reden.')
  })

  test('fits less well: what makes the difference', async () => {
    const answer = await explainNot(three, await solve(three), 'Z1', 'M2')
    expect(answer.kind).toBe('lower')
    expect(answer.differences[0]).toMatchObject({
      points: -20,
      what: { nl: 'niet eerder betrokken bij dit gezin (een collega wel)' },
    })
  })

  test('needed elsewhere: proven by solving again, with what moves', async () => {
    const need = [{ competence: 'jr', level: 1, need: 'required' as const }]
    const problem = aProblem({
      cases: [
        aCase('Z1', { formerWorkers: ['M1'], hours: { primary: 5 } }),
        aCase('Z2', { competences: need, hours: { primary: 5 } }),
      ],
      workers: [
        aWorker('M1', { hoursInUse: 20, competences: [{ competence: 'jr', level: 1, expiresOn: null }] }),
        aWorker('M2', { hoursInUse: 20 }),
      ],
    })
    const proposal = await solve(problem)
    expect(proposal.lines.map(line => line.workerId)).toEqual(['M2', 'M1'])
    const answer = await explainNot(problem, proposal, 'Z1', 'M1')
    expect(answer).toMatchObject({ kind: 'neededElsewhere', placedDifference: -1 })
    expect(answer.moves).toEqual([
      { caseId: 'Z1', seat: 'primary', from: 'M2', to: 'M1' },
      { caseId: 'Z2', seat: 'primary', from: 'M1', to: null },
    ])
    expect(answer.sentence.nl).toContain('Z2 blijft wachten')
  })
})

describe('on files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'instroom-solve-'))
    await writeFile(join(folder, 'problem.json'), JSON.stringify(three))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function run(command: typeof solveCommand, ...args: string[]) {
    const out: string[] = []
    const err: string[] = []
    const code = await command(args, { out: line => out.push(line), err: line => err.push(line) })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }
  const at = (name: string) => join(folder, name)

  test('solve, check, explain', async () => {
    const solved = await run(solveCommand, at('problem.json'), '--out', at('proposal.json'), '--seed', '7')
    expect(solved).toMatchObject({ code: 0, out: '' })
    expect(await run(checkCommand, at('problem.json'), at('proposal.json'))).toMatchObject({ code: 0 })
    const told = await run(explainCommand, at('problem.json'), at('proposal.json'), '--case', 'Z1')
    expect(told.out).toContain('Voorgesteld: M1 was eerder betrokken')
    const not = await run(
      explainCommand,
      at('problem.json'),
      at('proposal.json'),
      '--case',
      'Z1',
      '--not',
      'M2',
      '--lang',
      'en',
    )
    expect(not.out).toContain('fits less well')
  })

  test('alternatives, what-if, compare and front', async () => {
    await run(solveCommand, at('problem.json'), '--out', at('proposal.json'), '--seed', '7')
    const priced = await run(
      explainCommand,
      ...[at('problem.json'), at('proposal.json'), '--case', 'Z1', '--alternatives', '--lang', 'en'],
    )
    expect(priced.out).toContain('* M1: no difference | No difference. Nothing else moves.')
    await writeFile(
      at('changes.json'),
      JSON.stringify([{ kind: 'workerLeaves', workerId: 'M1', from: '2026-12-01' }]),
    )
    const files = ['--out', at('if.json'), '--problem', at('supposed.json')]
    const supposed = await run(whatIfCommand, at('problem.json'), at('changes.json'), ...files)
    expect(supposed).toMatchObject({ code: 0, out: '', err: 'M1 is er niet meer vanaf 1 december 2026.' })
    expect(await run(checkCommand, at('supposed.json'), at('if.json'))).toMatchObject({ code: 0 })
    const inputs = [at('problem.json'), at('proposal.json'), at('supposed.json'), at('if.json')]
    const compared = await run(compareCommand, ...inputs)
    expect(compared.out).toContain('Z1: M1 → M2')
    expect(compared.out).toContain('M1: dienstverband gewijzigd.')
    const front = await run(frontCommand, at('problem.json'), '--out', at('front.json'))
    expect(front.out).toContain('meest gelijk')
    await writeFile(at('changes.json'), JSON.stringify([{ kind: 'caseLeaves', caseId: 'Q' }]))
    expect(await run(whatIfCommand, at('problem.json'), at('changes.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('/0/caseId: Zaak Q zit niet in deze ronde.'),
    })
    await writeFile(at('changes.json'), JSON.stringify([{ kind: 'magic' }]))
    expect(await run(whatIfCommand, at('problem.json'), at('changes.json'))).toMatchObject({ code: 2 })
    expect(await run(compareCommand, at('if.json'))).toMatchObject({ code: 2 })
    expect(await run(frontCommand, at('problem.json'), '--points', '99')).toMatchObject({ code: 2 })
  })

  test('check says in words what is wrong, and ends with 1', async () => {
    const proposal = JSON.parse(await readFile(at('proposal.json'), 'utf8')) as Proposal
    proposal.lines[0]!.workerId = 'M4'
    await writeFile(at('wrong.json'), JSON.stringify(proposal))
    const checked = await run(checkCommand, at('problem.json'), at('wrong.json'))
    expect(checked.code).toBe(1)
    expect(checked.out).toContain('medewerker M4 is er niet op 2026-12-01')
    await writeFile(at('other.json'), JSON.stringify({ ...three, waiting: ['Z1'] }))
    expect((await run(checkCommand, at('other.json'), at('proposal.json'))).out).toContain('sha256')
  })

  test('files and fields that are wrong are named, and the code is 2', async () => {
    await writeFile(at('broken.json'), '{"format": 1,')
    await writeFile(
      at('fields.json'),
      JSON.stringify({ ...three, cases: [{ ...three.cases[0], hours: { primary: 'x' } }] }),
    )
    await writeFile(at('nan.json'), JSON.stringify({ ...three, seed: Number.NaN }))
    expect(await run(solveCommand, at('none.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not exist'),
    })
    expect(await run(solveCommand, at('broken.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not JSON'),
    })
    expect(await run(solveCommand, at('fields.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('/cases/0/hours/primary'),
    })
    expect(await run(solveCommand, at('nan.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('/seed'),
    })
    expect(await run(solveCommand)).toMatchObject({ code: 2, err: expect.stringContaining('Usage') })
    expect(await run(solveCommand, at('problem.json'), '--seed', 'x')).toMatchObject({ code: 2 })
    expect(await run(explainCommand, at('problem.json'), at('proposal.json'), '--case', 'Q')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Q is not in'),
    })
  })
})
