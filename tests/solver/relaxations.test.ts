import { describe, expect, test } from 'vitest'
import { relaxationsFor } from '../../solver/explain/relaxations.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import { draftOf, worthOf } from '../../solver/explain/worth.ts'
import { isPlaced } from '../../solver/search/proposal.ts'
import { solve } from '../../solver/solve.ts'
import { bruteForce } from '../support/oracle.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../support/problems.ts'

const full = aWorker('M1', { hoursInUse: 25 })
const fuller = aWorker('M2', { hoursInUse: 26 })

describe('what would place a case', () => {
  test('the least that people can do comes first, and each way is there once', async () => {
    const problem = aProblem({ workers: [fuller, full] })
    const { relaxations, trade, complete } = await relaxationsFor(problem, await solve(problem), 'Z1')
    expect(
      relaxations.map(relaxation => [relaxation.kind, relaxation.rule, relaxation.workerId, relaxation.by]),
    ).toEqual([
      ['setAside', 'band', 'M1', 'motive'],
      ['extraRoom', null, 'M1', 'facts'],
    ])
    expect(relaxations[0]).toMatchObject({ placed: 1, changes: [{ kind: 'lock', workerId: 'M1' }] })
    // 25 + 3 hours against 110 % of 25.
    expect(relaxations[1]!.changes).toEqual([{ kind: 'extraRoom', workerId: 'M1', hours: 0.5 }])
    expect(relaxations[1]!.sentence.nl).toBe('Met 0,5 uur meer ruimte kan M1 deze zaak doen.')
    expect({ trade, complete }).toEqual({ trade: null, complete: true })
  })

  test('as little room as the case takes, where others of the draft can move', async () => {
    const jr = [{ competence: 'jr', level: 1, expiresOn: null }]
    const problem = aProblem({
      cases: [
        aCase('Z1', {
          competences: [{ competence: 'jr', level: 1, need: 'required' }],
          hours: { primary: 6 },
        }),
        aCase('Z2', { hours: { primary: 3 }, formerWorkers: ['M1'], waitingDays: 90 }),
        aCase('Z3', { hours: { primary: 2 } }),
      ],
      workers: [aWorker('M1', { competences: jr, hoursInUse: 22.5 }), aWorker('M2', { hoursInUse: 20 })],
    })
    const draft = await solve(problem)
    expect(draft.lines.map(line => line.workerId)).toEqual([null, 'M1', 'M2'])
    const { relaxations } = await relaxationsFor(problem, draft, 'Z1')
    // On top of the draft 22.5 + 3 + 6 hours are 4 too many; but the other case can go to M2, and 22.5 + 6 are 1 too many.
    const room = relaxations.find(relaxation => relaxation.kind === 'extraRoom')!
    expect(room.changes).toEqual([{ kind: 'extraRoom', workerId: 'M1', hours: 1 }])
    expect(room.moves).toContainEqual({ caseId: 'Z2', seat: 'primary', from: 'M1', to: 'M2' })
  })

  test('choices of the team: that it waits, and an exclusion', async () => {
    const waits = aProblem({ waiting: ['Z1'] })
    const lifted = await relaxationsFor(waits, await solve(waits), 'Z1')
    expect(lifted.relaxations[0]).toMatchObject({ kind: 'liftWait', by: 'choice', placed: 1 })
    const excluded = aProblem({ exclusions: [{ caseId: 'Z1', workerId: 'M1' }] })
    const { relaxations } = await relaxationsFor(excluded, await solve(excluded), 'Z1')
    expect(relaxations[0]).toMatchObject({ kind: 'liftExclusion', workerId: 'M1' })
  })

  test('a lock of another case that stands in the way', async () => {
    const jr = [{ competence: 'jr', level: 1, expiresOn: null }]
    const problem = aProblem({
      cases: [
        aCase('Z1', {
          competences: [{ competence: 'jr', level: 1, need: 'required' }],
          hours: { primary: 8 },
        }),
        aCase('Z2', { hours: { primary: 8 } }),
      ],
      workers: [aWorker('M1', { competences: jr }), aWorker('M2')],
      locks: [
        {
          caseId: 'Z2',
          seat: 'primary',
          workerId: 'M1',
          unregisteredException: false,
          aboveLimit: false,
          setAside: [],
        },
      ],
    })
    const { relaxations } = await relaxationsFor(problem, await solve(problem), 'Z1')
    expect(relaxations.map(relaxation => relaxation.kind)).toContain('liftLock')
    const lift = relaxations.find(relaxation => relaxation.kind === 'liftLock')!
    expect(lift.moves).toContainEqual({ caseId: 'Z2', seat: 'primary', from: 'M1', to: 'M2' })
    expect(relaxations.map(relaxation => relaxation.kind)).toContain('competenceWanted')
  })

  test('a draft that people changed may need nothing but to solve again', async () => {
    const problem = aProblem({
      cases: [aCase('Z1', { hours: { primary: 8 } })],
      workers: [aWorker('M1')],
    })
    const draft = draftOf(problem, [{ caseId: 'Z1', seat: 'primary', workerId: null }])
    const { relaxations } = await relaxationsFor(problem, draft, 'Z1')
    expect(relaxations.map(relaxation => relaxation.kind)).toEqual(['recalculate'])
  })

  test('needed elsewhere: which case would wait instead', async () => {
    const problem = aProblem({
      cases: [
        aCase('Z1', { hours: { primary: 6 }, waitingDays: 3 }),
        aCase('Z2', { hours: { primary: 6 }, waitingDays: 30 }),
      ],
      workers: [aWorker('M1')],
    })
    const proposal = await solve(problem)
    expect(isPlaced(proposal.lines, 'Z1')).toBe(false)
    const { trade } = await relaxationsFor(problem, proposal, 'Z1')
    expect(trade).toMatchObject({ workerId: 'M1', displaced: ['Z2'], placed: 0 })
    expect(trade!.sentence.nl).toContain('Z2 blijft wachten')
  })

  test('nothing that people may set aside', async () => {
    const problem = aProblem({ cases: [aCase('Z1', { excludedWorkers: ['M1'] })] })
    expect(await relaxationsFor(problem, await solve(problem), 'Z1')).toMatchObject({
      relaxations: [],
      trade: null,
    })
  })

  test('on random rounds every way and every trade is borne out by every allocation there is', async () => {
    let found = 0
    for (let seed = 1; seed <= Number(process.env.SOLVER_SEEDS ?? 15); seed++) {
      const problem = randomProblem(seed + 3000, { cases: 4, workers: 3, tight: true })
      const proposal = await solve(problem)
      const now = worthOf(problem, proposal)
      for (const theCase of problem.cases) {
        if (isPlaced(proposal.lines, theCase.id)) continue
        const { relaxations, trade } = await relaxationsFor(problem, proposal, theCase.id)
        for (const relaxation of relaxations) {
          found++
          expect(relaxation.sentence.nl + relaxation.sentence.en).not.toMatch(/[{}]|undefined|NaN/)
          const supposed = applyChanges(problem, relaxation.changes)
          if (!('problem' in supposed)) throw new Error(`seed ${seed}: ${JSON.stringify(supposed.errors)}`)
          const levels = bruteForce(supposed.problem)
          const placed = levels[0]! + levels[2]! + levels[5]! + levels[6]! + levels[8]!
          expect(placed, `seed ${seed}, ${theCase.id}, ${relaxation.kind} ${relaxation.rule}`).toBe(
            now.placed + relaxation.placed,
          )
        }
        if (trade) expect(trade.displaced).not.toContain(theCase.id)
      }
    }
    expect(found).toBeGreaterThan(5)
  })
})
