import { describe, expect, test } from 'vitest'
import { reasonSentence } from '../../solver/explain/reasons.ts'
import type { ProblemCase, ProblemWorker } from '../../solver/problem/problem.ts'
import {
  continuity,
  contributions,
  criterionOf,
  fewestPeople,
  heavySpread,
  learning,
  pairUnits,
  preference,
  scarceSkill,
  totalUnits,
  travel,
  wantedCompetence,
  wishTurn,
} from '../../solver/rules/criteria.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../support/problems.ts'

const problem = aProblem()
const judged = (
  judge: typeof travel,
  theCase: Partial<ProblemCase> = {},
  worker: Partial<ProblemWorker> = {},
): [number, string] => {
  const answer = judge(problem, aCase('Z1', theCase), aWorker('M1', worker))
  return [answer.value, answer.reason.code]
}
const wants = (...levels: number[]) =>
  levels.map((level, index) => ({ competence: `c${index}`, level, need: 'wanted' as const }))
const has = (...levels: number[]) =>
  levels.map((level, index) => ({ competence: `c${index}`, level, expiresOn: null }))

describe('criteria', () => {
  test('wanted competence: the mean of what is met, by level', () => {
    expect(judged(wantedCompetence)).toEqual([0, 'noneWanted'])
    expect(judged(wantedCompetence, { competences: wants(2) }, { competences: has(2) })).toEqual([
      1,
      'allWanted',
    ])
    expect(judged(wantedCompetence, { competences: wants(4) }, { competences: has(2) })).toEqual([
      0.5,
      'lowerLevel',
    ])
    expect(judged(wantedCompetence, { competences: wants(1, 3) }, { competences: has(5) })).toEqual([
      0.5,
      'someWanted',
    ])
    expect(judged(wantedCompetence, { competences: wants(1) })).toEqual([0, 'noWanted'])
  })

  test('scarce competences are kept free for the cases that are expected', () => {
    const skilled = (id: string, ...codes: string[]) =>
      aWorker(id, { competences: codes.map(competence => ({ competence, level: 1, expiresOn: null })) })
    const [one, two, three] = [skilled('M1', 'rare', 'rarer'), skilled('M2', 'rare'), skilled('M3', 'usual')]
    const team = aProblem({
      workers: [one, two, three, ...['M4', 'M5', 'M6'].map(id => skilled(id, 'usual'))],
      expected: [
        { competence: 'rare', cases: 1 },
        { competence: 'rarer', cases: 0.7 },
        { competence: 'usual', cases: 9 },
      ],
    })
    const plain = aCase('Z1')
    const asking = (competence: string) =>
      aCase('Z2', { competences: [{ competence, level: 1, need: 'required' }] })
    const says = (theCase: ProblemCase, worker: ProblemWorker, within = team) => {
      const { value, reason } = scarceSkill(within, theCase, worker)
      return [value, reason.code, reason.facts.competence]
    }
    expect(says(plain, one)).toEqual([-0.7, 'onlyOne', 'rarer'])
    expect(says(plain, two)).toEqual([-0.5, 'oneOfFew', 'rare'])
    // Asked for, so not taken from the cases to come; the other one still is.
    expect(says(asking('rare'), two)).toEqual([0, 'nothingScarce', undefined])
    expect(says(asking('rarer'), one)).toEqual([-0.5, 'oneOfFew', 'rare'])
    // More than one in three has it; nobody without a caseload counts.
    expect(says(plain, three)).toEqual([0, 'nothingScarce', undefined])
    const fewer = { ...team, workers: team.workers.map(w => (w.id > 'M4' ? { ...w, normHours: 0 } : w)) }
    expect(says(plain, two, fewer)).toEqual([0, 'nothingScarce', undefined])
    expect(says(plain, one, fewer)).toEqual([-0.7, 'onlyOne', 'rarer'])
    const { reason } = scarceSkill(team, plain, two)
    expect(reasonSentence(reason).nl).toBe(
      'is een van de 2 (van 6) met rare; te verwachten zaken daarvoor in vier weken: 1',
    )
  })

  test('an expired competence does not count', () => {
    const worker = { competences: [{ competence: 'c0', level: 3, expiresOn: '2026-11-30' }] }
    expect(judged(wantedCompetence, { competences: wants(1) }, worker)).toEqual([0, 'noWanted'])
  })

  test('preference: measure, factor, region and heavy; unknown is neutral', () => {
    const wish = (
      kind: 'measure' | 'factor' | 'region' | 'heavy',
      code: string,
      value: 'rather' | 'rather_not',
    ) => ({
      preferences: [{ kind, code, value }],
    })
    expect(judged(preference)).toEqual([0, 'noPreferences'])
    expect(judged(preference, {}, wish('measure', 'ots', 'rather'))).toEqual([1, 'rather'])
    expect(judged(preference, {}, wish('measure', 'jr', 'rather'))).toEqual([0, 'neutral'])
    expect(judged(preference, { factors: ['f'] }, wish('factor', 'f', 'rather_not'))).toEqual([
      -1,
      'ratherNot',
    ])
    expect(judged(preference, {}, wish('region', 'Enschede', 'rather'))).toEqual([1, 'rather'])
    expect(judged(preference, {}, wish('heavy', 'heavy', 'rather_not'))).toEqual([0, 'neutral'])
    expect(judged(preference, { hours: { primary: 5 } }, wish('heavy', 'heavy', 'rather_not'))).toEqual([
      -1,
      'ratherNot',
    ])
    const both = {
      preferences: [
        ...wish('measure', 'ots', 'rather').preferences,
        ...wish('region', 'Enschede', 'rather_not').preferences,
      ],
    }
    expect(judged(preference, {}, both)).toEqual([0, 'mixed'])
  })

  test('continuity', () => {
    expect(judged(continuity)).toEqual([0, 'noFormerWorker'])
    expect(judged(continuity, { formerWorkers: ['M1'] })).toEqual([1, 'formerWorker'])
    expect(judged(continuity, { formerWorkers: ['M2'] })).toEqual([0, 'otherFormerWorker'])
    expect(judged(continuity, { familyWorker: 'M1' })).toEqual([1, 'currentWorker'])
  })

  test('travel: 1 at the door, 0 at the threshold, -1 at twice the threshold', () => {
    const at = (minutes: number) => judged(travel, {}, { travelMinutes: { Enschede: minutes } })
    expect(at(0)).toEqual([1, 'travelTime'])
    expect(at(30)).toEqual([0, 'travelTime'])
    expect(at(60)).toEqual([-1, 'travelTime'])
    expect(at(600)).toEqual([-1, 'travelTime'])
    expect(judged(travel, { municipality: null })).toEqual([0, 'travelUnknown'])
    expect(judged(travel, { municipality: 'toString' })).toEqual([0, 'travelUnknown'])
  })

  test('spread of heavy cases: against the own maximum, heavy cases only', () => {
    const heavy = { hours: { primary: 6 } }
    expect(judged(heavySpread, {}, { heavyCases: 3 })).toEqual([0, 'notHeavy'])
    expect(judged(heavySpread, heavy, { heavyCases: 0 })).toEqual([1, 'heavyCount'])
    expect(judged(heavySpread, heavy, { heavyCases: 3 })).toEqual([-1, 'heavyCount'])
  })

  test('learning wish', () => {
    expect(judged(learning)).toEqual([0, 'noLearningWish'])
    const wish = { preferences: [{ kind: 'measure' as const, code: 'ots', value: 'learn' as const }] }
    expect(judged(learning, {}, wish)).toEqual([1, 'wantsToLearn'])
    expect(judged(preference, {}, wish)).toEqual([0, 'neutral'])
  })

  test('fewest people around a family', () => {
    expect(judged(fewestPeople)).toEqual([0, 'nobodyInvolved'])
    expect(judged(fewestPeople, { workersInvolved: ['M2'] })).toEqual([0, 'newFace'])
    expect(judged(fewestPeople, { workersInvolved: ['M1', 'M2'] })).toEqual([1, 'involved'])
  })

  test('wishes in turn: the share of the team less the own share, only where a wish is granted', () => {
    const wish = { preferences: [{ kind: 'measure' as const, code: 'ots', value: 'rather' as const }] }
    const turn = (granted: number, asked: number, more: Partial<ProblemWorker> = wish) => {
      const worker = aWorker('M1', { ...more, wishes: { granted, asked } })
      const others = aProblem({
        workers: [worker, aWorker('M2', { wishes: { granted: 10 - granted, asked: 20 - asked } })],
      })
      const { value, reason } = wishTurn(others, aCase('Z1'), worker)
      expect(reasonSentence(reason).nl).not.toMatch(/[{}]/)
      return [value, reason.code]
    }
    expect(turn(2, 10)).toEqual([0.3, 'fewerWishes'])
    expect(turn(8, 10)).toEqual([-0.3, 'moreWishes'])
    expect(turn(5, 10)).toEqual([0, 'wishesEven'])
    expect(turn(0, 0)).toEqual([0, 'wishesUnknown'])
    expect(turn(2, 10, {})).toEqual([0, 'noWishGranted'])
    const against = { preferences: [{ kind: 'measure' as const, code: 'ots', value: 'rather_not' as const }] }
    expect(turn(2, 10, against)).toEqual([0, 'noWishGranted'])
    expect(judged(wishTurn, {}, wish)).toEqual([0, 'wishesUnknown'])
  })

  test('a wish about one seat of a duo is judged for that seat', () => {
    const theCase = aCase('Z1', {
      competences: [{ competence: 'c0', level: 1, need: 'wanted', seat: 'second' }],
    })
    const worker = aWorker('M1', { competences: has(2) })
    expect(wantedCompetence(problem, theCase, worker, 'primary').reason.code).toBe('noneWanted')
    expect(wantedCompetence(problem, theCase, worker, 'second').reason.code).toBe('allWanted')
  })

  test('contributions add up exactly, stay in tenths and have a sentence', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = randomProblem(seed, { cases: 4, workers: 4 })
      for (const theCase of random.cases) {
        for (const worker of random.workers) {
          const parts = contributions(random, theCase, worker)
          const weighed = Object.keys(criterionOf).filter(code => code in random.policy.criteria)
          expect(parts.map(part => part.criterion)).toEqual(weighed)
          expect(pairUnits(random, theCase, worker, 'primary')).toBe(totalUnits(parts))
          for (const part of parts) {
            expect(Math.abs(part.value), `seed ${seed}`).toBeLessThanOrEqual(1)
            expect(Math.abs(part.points * 10 - Math.round(part.points * 10))).toBeLessThan(1e-9)
            expect(reasonSentence(part.reason).nl, part.reason.code).not.toMatch(/[{}]/)
          }
          const tenths = parts.reduce((sum, part) => sum + Math.round(part.points * 10), 0)
          expect(totalUnits(parts)).toBe(tenths * 10)
        }
      }
    }
  })
})
