import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startRulebook } from '../../../server/rulebook/start-values.ts'
import { measuresOn, type WeighableCase, weigh } from '../../../server/weighing/weight.ts'

const rulebook = { version: 1, content: startRulebook }
const plain: WeighableCase = {
  measures: ['OTS'],
  phase: 'begin',
  children: 1,
  factors: [],
  duoNeeded: false,
  threat: false,
  override: null,
}
const parts = (theCase: Partial<WeighableCase>) =>
  weigh({ ...plain, ...theCase }, rulebook).parts.map(part => [part.kind, part.hours])

describe('the weight of a case', () => {
  test('one measure in its phase is the base', () => {
    expect(parts({})).toEqual([['base', 5]])
    expect(parts({ phase: 'middle' })).toEqual([['base', 2.5]])
  })

  test('the heaviest measure counts in full, a concurrent one for its percentage, in any order', () => {
    const expected = [
      ['base', 5],
      ['concurrent', 1],
    ]
    expect(parts({ measures: ['OTS', 'JR_GEDWONGEN'] })).toEqual(expected)
    expect(parts({ measures: ['JR_GEDWONGEN', 'OTS', 'OTS'] })).toEqual(expected)
  })

  test('children and factors add up on the base, not on each other', () => {
    expect(parts({ children: 3, factors: ['RECHTSZAKEN', 'COMPLEX_SCHEIDING'] })).toEqual([
      ['base', 5],
      ['children', 3.5],
      ['factor', 1],
      ['factor', 0.5],
    ])
  })

  test('a duo counts over everything and is split over the seats', () => {
    const weight = weigh({ ...plain, children: 2, duoNeeded: true }, rulebook)
    // 5 + 1.75 = 6.75, half more is 10.13 (rounded), of which six tenths for the first seat.
    expect(weight.parts.at(-1)).toMatchObject({ kind: 'duo', hours: 3.38 })
    expect(weight).toMatchObject({ total: 10.13, primary: 6.08, second: 4.05, heavy: true })
  })

  test('people may divide the hours of a duo; dormant, both seats ask their share', () => {
    const override = { hours: 8, reason: 'Afgesproken', second: 3 }
    const duo = { ...plain, duoNeeded: true, override }
    expect(weigh(duo, rulebook)).toMatchObject({ total: 8, primary: 5, second: 3, override })
    const dormant = weigh(
      { ...duo, dormant: true },
      {
        version: 1,
        content: { ...startRulebook, weight: { ...startRulebook.weight, dormantPercent: 50 } },
      },
    )
    expect(dormant).toMatchObject({ total: 4, primary: 2.5, second: 1.5 })
    // No pair any more: all hours are of the one worker.
    expect(weigh({ ...duo, duoNeeded: false }, rulebook)).toMatchObject({
      total: 8,
      primary: 8,
      second: null,
      override: { hours: 8, second: null },
    })
    // Nothing to divide: the rulebook's share of nothing.
    const none = { ...override, hours: 0, second: 0 }
    expect(weigh({ ...duo, override: none }, rulebook)).toMatchObject({ primary: 0, second: 0 })
  })

  test('a threat makes a duo without anybody asking for one', () => {
    expect(weigh({ ...plain, factors: ['DREIGING'], threat: true }, rulebook).second).not.toBeNull()
    expect(weigh(plain, rulebook).second).toBeNull()
  })

  test('an override replaces the total; the parts still show where it came from', () => {
    const weight = weigh({ ...plain, override: { hours: 3, reason: 'Afgesproken', second: null } }, rulebook)
    expect(weight.parts.map(part => [part.kind, part.hours])).toEqual([
      ['base', 5],
      ['override', -2],
    ])
    expect(weight).toMatchObject({ total: 3, primary: 3, provisional: false })
  })

  test.each([
    [{ children: null }, ['children'], 5],
    [{ phase: null }, ['phase'], 5],
    // The heaviest base of the table in this phase.
    [{ measures: [] }, ['measures'], 5.5],
    [{ measures: ['NIEUW'] }, ['measures'], 5.5],
    [{ measures: [], phase: null, children: null }, ['measures', 'phase', 'children'], 5.5],
  ])('what is unknown counts carefully and is named: %o', (given, missing, total) => {
    expect(weigh({ ...plain, ...given }, rulebook)).toMatchObject({ provisional: true, missing, total })
  })

  test('people know better: with an override nothing is provisional, what lacks is still named', () => {
    const weight = weigh(
      { ...plain, phase: null, override: { hours: 4, reason: 'x', second: null } },
      rulebook,
    )
    expect(weight).toMatchObject({ provisional: false, missing: ['phase'] })
  })

  test('labels are in the language of the reader', () => {
    const names = {
      measures: new Map([['OTS', 'Ondertoezichtstelling']]),
      factors: new Map<string, string>(),
    }
    const theCase = { ...plain, children: 3 }
    expect(weigh(theCase, rulebook, { ...names, locale: 'nl' }).parts.map(part => part.label)).toEqual([
      'Ondertoezichtstelling, beginfase',
      '2 kinderen extra (+70 %)',
    ])
    expect(weigh(theCase, rulebook, { ...names, locale: 'en' }).parts[1]?.label).toBe(
      '2 extra children (+70%)',
    )
  })

  test('a factor that lightens never makes a case weigh less than nothing', () => {
    const content = structuredClone(startRulebook)
    content.weight.factors = [{ factor: 'LICHT', percent: -100 }]
    const weight = weigh(
      { ...plain, factors: ['LICHT', 'LICHT2'], children: 1 },
      {
        version: 2,
        content: {
          ...content,
          weight: {
            ...content.weight,
            factors: [...content.weight.factors, { factor: 'LICHT2', percent: -50 }],
          },
        },
      },
    )
    expect(weight.total).toBe(0)
  })

  const bases = startRulebook.weight.bases.map(one => one.measure)
  const factors = startRulebook.weight.factors.map(one => one.factor)
  const anyCase: fc.Arbitrary<WeighableCase> = fc.record({
    measures: fc.uniqueArray(fc.constantFrom(...bases, 'ONBEKEND'), { maxLength: 4 }),
    phase: fc.constantFrom('begin', 'middle', 'end', null),
    children: fc.option(fc.integer({ min: 0, max: 12 })),
    factors: fc.uniqueArray(fc.constantFrom(...factors, 'ONBEKEND')),
    duoNeeded: fc.boolean(),
    threat: fc.boolean(),
    override: fc.option(
      fc
        .record({
          hours: fc.integer({ min: 0, max: 6000 }),
          share: fc.option(fc.integer({ min: 0, max: 100 })),
        })
        .map(({ hours, share }) => ({
          hours: hours / 100,
          reason: 'x',
          second: share === null ? null : Math.round((hours * share) / 100) / 100,
        })),
    ),
  })
  const anyRulebook = fc
    .record({
      concurrentPercent: fc.integer({ min: 0, max: 200 }),
      extraChildPercent: fc.double({ min: 0, max: 200, noNaN: true }),
      percent: fc.integer({ min: -100, max: 300 }),
      duo: fc.record({
        percent: fc.double({ min: 0, max: 200, noNaN: true }),
        primaryShare: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    })
    .map(({ percent, ...given }) => ({
      version: 3,
      content: {
        ...startRulebook,
        weight: {
          ...startRulebook.weight,
          ...given,
          factors: factors.map(factor => ({ factor, percent })),
        },
      },
    }))
  const cents = (hours: number) => Math.round(hours * 100)

  test('parts add up to the total, seats too, whatever the case and the rulebook', () => {
    fc.assert(
      fc.property(anyCase, anyRulebook, (theCase, book) => {
        const weight = weigh(theCase, book)
        const sum = weight.parts.reduce((total, part) => total + cents(part.hours), 0)
        expect(sum).toBe(cents(weight.total))
        expect(cents(weight.primary) + cents(weight.second ?? 0)).toBe(cents(weight.total))
        expect(weight.total).toBeGreaterThanOrEqual(0)
        for (const part of weight.parts) expect(cents(part.hours) / 100).toBe(part.hours)
        if (theCase.override) expect(weight.total).toBe(theCase.override.hours)
        const by = theCase.override?.second
        if (by && weight.second !== null) expect(weight.second).toBe(by)
      }),
      { numRuns: 2000 },
    )
  })

  test('the order in which people enter things does not matter', () => {
    fc.assert(
      fc.property(anyCase, theCase => {
        const turned = {
          ...theCase,
          measures: [...theCase.measures].reverse(),
          factors: [...theCase.factors].reverse(),
        }
        expect(weigh(turned, rulebook)).toEqual(weigh(theCase, rulebook))
      }),
    )
  })

  test('more children never weigh less', () => {
    fc.assert(
      fc.property(anyCase, theCase => {
        const one = weigh({ ...theCase, override: null, children: 2 }, rulebook).total
        expect(weigh({ ...theCase, override: null, children: 3 }, rulebook).total).toBeGreaterThanOrEqual(one)
      }),
    )
  })
})

test('measures that have ended no longer count, unless all have', () => {
  const measures = [
    { measure: 'OTS', endOn: '2026-11-24' },
    { measure: 'VOTS', endOn: '2026-06-01' },
  ]
  expect(measuresOn(measures, '2026-11-24')).toEqual(['OTS'])
  expect(measuresOn(measures, '2026-11-25')).toEqual(['OTS', 'VOTS'])
  expect(measuresOn([{ measure: 'OTS', endOn: null }], '2030-01-01')).toEqual(['OTS'])
})
