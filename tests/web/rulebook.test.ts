import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesBetween } from '../../server/contract/rulebook-changes.ts'
import { numbersOutOfRange, RULE_NUMBERS, ruleNumberAt } from '../../server/contract/rulebook-limits.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { classesOf, sortEffect } from '../../web/rulebook/rule-effect.ts'
import { copyOf, mergeRules, placeByName, setAt, valueAt } from '../../web/rulebook/rule-values.ts'

const changed = (...sets: [string, unknown][]) => {
  const content = copyOf(startRulebook)
  for (const [field, value] of sets) setAt(content, field, value)
  return content
}

test('the start values are within the ranges, and a slip of the keyboard is not', () => {
  expect(numbersOutOfRange(startRulebook)).toEqual([])
  const fields = (content: unknown) => numbersOutOfRange(content).map(one => one.field)
  expect(fields(changed(['weight.bases.0.begin', 99]))).toEqual(['weight.bases.0.begin'])
  expect(fields(changed(['bandHigh', 11]))).toEqual(['bandHigh'])
  expect(fields(changed(['newPerWeek', 1.5]))).toEqual(['newPerWeek'])
  expect(fields(changed(['newPerWeek', null]))).toEqual(['newPerWeek'])
  expect(fields(changed(['newPerMonth', undefined]))).toEqual([])
  // 0.29 is exactly 29 %, whatever a machine makes of the product.
  expect(fields(changed(['weight.duo.primaryShare', 0.29]))).toEqual([])
  expect(new Set(RULE_NUMBERS.map(one => one.field)).size).toBe(RULE_NUMBERS.length)
})

test('changes name entries by their code, so that an entry in between moves nothing', () => {
  const after = changed(['weight.bases.1.begin', 6])
  after.weight.bases.unshift({ measure: 'NIEUW', begin: 1, middle: 1, end: 1 })
  expect(changesBetween(startRulebook, after)).toEqual([
    { field: 'weight/bases/NIEUW/begin', from: null, to: 1 },
    { field: 'weight/bases/NIEUW/middle', from: null, to: 1 },
    { field: 'weight/bases/NIEUW/end', from: null, to: 1 },
    { field: 'weight/bases/VOTS/begin', from: 5.5, to: 6 },
  ])
  expect(changesBetween(startRulebook, changed(['openPerNew', 6]))).toEqual([
    { field: 'openPerNew', from: null, to: 6 },
  ])
  expect(placeByName(startRulebook, 'weight.bases.1.begin')).toBe('weight/bases/VOTS/begin')
  expect(ruleNumberAt('', ['weight', 'bases', 'VOTS', 'begin'])?.unit).toBe('hours')
})

test('what two people changed comes together; where both changed the same, it is said', () => {
  const mine = changed(['weight.bases.0.begin', 6], ['newPerWeek', 3], ['openPerNew', 6])
  const theirs = changed(['weight.bases.0.end', 1], ['newPerWeek', 4], ['heavyCases', 5])
  const { merged, both } = mergeRules(startRulebook, mine, theirs)
  expect(both).toEqual(['newPerWeek'])
  expect(merged.weight.bases[0]).toMatchObject({ begin: 6, end: 1 })
  expect(merged).toMatchObject({ newPerWeek: 3, heavyCases: 5, openPerNew: 6 })
})

test('laying changes over what nobody else touched gives what was typed, and the other way round', () => {
  const fields = [
    'weight.bases.2.middle',
    'bandLow',
    'criteria.travel',
    'weight.factors.3.percent',
    'loadCost',
  ]
  const edits = fc.array(fc.tuple(fc.constantFrom(...fields), fc.integer({ min: 0, max: 9 })))
  fc.assert(
    fc.property(edits, edits, (first, second) => {
      const list = (value: number) => [{ from: 0, pointsPerHour: value }]
      const made = (sets: [string, number][]) =>
        changed(
          ...sets.map(([field, value]): [string, unknown] => [
            field,
            field === 'loadCost' ? list(value) : value,
          ]),
        )
      const mine = made(first)
      const theirs = made(second)
      expect(mergeRules(startRulebook, mine, copyOf(startRulebook)).merged).toEqual(mine)
      expect(mergeRules(startRulebook, copyOf(startRulebook), theirs).merged).toEqual(theirs)
      const { merged, both } = mergeRules(startRulebook, mine, theirs)
      for (const field of fields) {
        const untouched =
          JSON.stringify(valueAt(mine, field)) === JSON.stringify(valueAt(startRulebook, field))
        expect(valueAt(merged, field)).toEqual(valueAt(untouched ? theirs : mine, field))
      }
      expect(both.every(place => changesBetween(mine, theirs).some(one => one.field.startsWith(place)))).toBe(
        true,
      )
    }),
  )
})

test('loads fall in classes by the percentage that is shown; who has no norm is in none', () => {
  const worker = (name: string, before: number | null, after: number | null) => {
    const side = (workload: number | null) => ({
      normHours: 1,
      hoursInUse: 1,
      workload,
      status: 'onNorm' as const,
    })
    return { staffNumber: name, name, teamId: 1, team: 'Oost', before: side(before), after: side(after) }
  }
  const workers = [worker('b', 0.8999999, 1.1), worker('a', null, null), worker('c', 1.6, 0.499)]
  const classes = classesOf(workers).filter(one => one.before + one.after > 0)
  expect(classes).toEqual([
    { from: 0, before: 0, after: 1 },
    { from: 90, before: 1, after: 0 },
    { from: 110, before: 0, after: 1 },
    { from: 130, before: 1, after: 0 },
  ])
  const names = (sort: string) => sortEffect(workers, sort, (a, b) => a.localeCompare(b)).map(one => one.name)
  expect(names('name')).toEqual(['a', 'b', 'c'])
  expect(names('-difference')).toEqual(['b', 'a', 'c'])
  expect(names('after')).toEqual(['a', 'c', 'b'])
})
