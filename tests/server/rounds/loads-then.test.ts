import { expect, test } from 'vitest'
import type { Movement, SeatGroup } from '../../../server/forecast/forecast.ts'
import { loadsThen } from '../../../server/rounds/loads-then.ts'

const DAYS = Array.from({ length: 12 }, (_, week) => `2026-12-${String(week + 1).padStart(2, '0')}`)
const BAND = { bandLow: 0.9, bandHigh: 1.1, hardLimit: 1.2 }
const still: Movement = { weeks: { begin: 0, middle: 0, end: 0 }, moves: [] }
/** Every week one in ten goes from begin to middle, and one in twenty closes from there. */
const moving: Movement = {
  weeks: { begin: 100, middle: 100, end: 100 },
  moves: [
    { from: 'begin', to: 'middle', count: 10 },
    { from: 'middle', to: 'closed', count: 5 },
  ],
}
const group = (hours: number, given: Partial<SeatGroup> = {}): SeatGroup => ({
  phase: 'begin',
  ratio: { begin: 1, middle: 0.5, end: 0.4 },
  startsOn: null,
  endsOn: null,
  hours,
  squares: hours ** 2,
  ...given,
})

test('nothing moves and nothing ends: the load then is that of now, and the draft adds its hours', () => {
  const worker = { own: [group(10), group(7.35)], added: [group(5)], norms: [25, 25] }
  for (const then of loadsThen(DAYS, worker, still, BAND)) {
    expect(then).toMatchObject({
      before: { hours: 17.35, workload: 0.694 },
      after: { hours: 22.35, workload: 0.894, status: 'room' },
      low: 0.894,
      high: 0.894,
      parts: { now: 17.35, starting: 0, ending: 0, phases: 0, draft: 5 },
    })
  }
})

test('seats that begin and end count from their day, and a norm of its own each time', () => {
  const own = [group(10, { endsOn: DAYS[2]! }), group(3, { startsOn: DAYS[5]! }), group(8)]
  const [four, twelve] = loadsThen(DAYS, { own, added: [], norms: [20, 0] }, still, BAND)
  expect(four).toMatchObject({
    before: { hours: 8, workload: 0.4 },
    parts: { now: 18, starting: 0, ending: 10, phases: 0 },
  })
  expect(twelve).toMatchObject({
    normHours: 0,
    before: { hours: 11, workload: null, status: 'noCaseload' },
    low: null,
    high: null,
    parts: { now: 18, starting: 3, ending: 10, phases: 0 },
  })
})

test('the parts add up to the number in whole hundredths, and the range is around it', () => {
  const own = [group(10.05), group(3.33, { phase: 'middle' }), group(4.5, { endsOn: DAYS[7]! })]
  const added = [group(4.27, { startsOn: DAYS[1]! }), group(2.11)]
  for (const then of loadsThen(DAYS, { own, added, norms: [24.6, 18.45] }, moving, BAND)) {
    const { now, starting, ending, phases, draft } = then.parts
    expect(Math.round((now + starting - ending + phases) * 100)).toBe(Math.round(then.before.hours * 100))
    expect(Math.round((then.before.hours + draft) * 100)).toBe(Math.round(then.after.hours * 100))
    expect(phases).toBeLessThan(0)
    expect(then.low).toBeLessThan(then.after.workload!)
    expect(then.high).toBeGreaterThan(then.after.workload!)
  }
})
