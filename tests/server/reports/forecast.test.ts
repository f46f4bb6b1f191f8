import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  expectedHours,
  type Inflow,
  type Movement,
  type SeatGroup,
} from '../../../server/forecast/forecast.ts'
import { type Able, unmet } from '../../../server/reports/demand.ts'
import { spreadOf, wishesMet } from '../../../server/reports/fairness.ts'
import { waitedOf } from '../../../server/reports/flow.ts'
import { type Asked, metInOrder } from '../../../server/workload/met.ts'

const WEEKS = Array.from({ length: 12 }, (_, week) => `week ${String(week).padStart(2, '0')}`)
const still: Movement = { weeks: { begin: 100, middle: 100, end: 100 }, moves: [] }
const nothingNew: Inflow = { mean: 0, variance: 0, weeks: 26, ratio: { begin: 1, middle: 0.5, end: 0.4 } }
const group = (given: Partial<SeatGroup> = {}): SeatGroup => ({
  phase: 'begin',
  ratio: { begin: 1, middle: 0.5, end: 0.4 },
  startsOn: null,
  endsOn: null,
  hours: 10,
  squares: 50,
  ...given,
})

describe('what is to be expected', () => {
  test('nothing moves, nothing comes: the hours stay, without a margin', () => {
    for (const week of expectedHours(WEEKS, [group()], still, nothingNew)) {
      expect(week).toEqual({ hours: 10, margin: 0, known: 10 })
    }
  })

  test('a seat counts from its first day until its last', () => {
    const weeks = expectedHours(
      WEEKS,
      [group({ endsOn: 'week 03' }), group({ hours: 4, startsOn: 'week 06' })],
      still,
      nothingNew,
    )
    expect(weeks.map(week => week.known)).toEqual([10, 10, 10, 0, 0, 0, 4, 4, 4, 4, 4, 4])
  })

  test('what moves one in ten weeks halves one in ten', () => {
    const moves: Movement = { ...still, moves: [{ from: 'begin', to: 'middle', count: 10 }] }
    const [first, second] = expectedHours(WEEKS, [group()], moves, nothingNew)
    expect(first!.known).toBeCloseTo(10 * (0.9 + 0.1 * 0.5), 10)
    expect(second!.known).toBeCloseTo(10 * (0.81 + 0.19 * 0.5), 10)
    // Variance of one week: Σh² · p(1-p)(1-½)².
    expect(first!.margin).toBeCloseTo(1.2816 * Math.sqrt(50 * 0.9 * 0.1 * 0.25), 6)
  })

  test('what is planned is known: nothing is left to chance until its last phase begins', () => {
    const days = ['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22']
    const moves: Movement = {
      ...still,
      moves: [
        { from: 'begin', to: 'middle', count: 10 },
        { from: 'middle', to: 'closed', count: 20 },
      ],
    }
    const plannedOn = '2026-12-08'
    const groups = [
      group({ endsOn: plannedOn, plannedOn }),
      group({
        phase: 'middle',
        ratio: { begin: 2, middle: 1, end: 0.8 },
        hours: 5,
        squares: 25,
        startsOn: plannedOn,
        plannedOn,
      }),
    ]
    const weeks = expectedHours(days, groups, moves, nothingNew)
    expect(weeks.map(week => Number(week.known.toFixed(10)))).toEqual([10, 5, 4, 3.2])
    expect(weeks.slice(0, 2).map(week => week.margin)).toEqual([0, 0])
    expect(weeks[2]!.margin).toBeGreaterThan(0)
  })

  test('closing takes the hours away, new work brings them', () => {
    const moves: Movement = { ...still, moves: [{ from: 'begin', to: 'closed', count: 20 }] }
    const weeks = expectedHours(WEEKS, [group()], moves, { ...nothingNew, mean: 2, variance: 1 })
    expect(weeks[1]!.known).toBeCloseTo(10 * 0.64, 10)
    expect(weeks[1]!.hours).toBeCloseTo(10 * 0.64 + 2 * (1 + 0.8), 10)
    expect(weeks[1]!.margin).toBeGreaterThan(weeks[0]!.margin)
  })

  test('seen for a day: more moves than weeks is no chance above one', () => {
    const moves: Movement = {
      weeks: { begin: 1, middle: 0, end: 0 },
      moves: [
        { from: 'begin', to: 'middle', count: 3 },
        { from: 'begin', to: 'closed', count: 1 },
      ],
    }
    const [week] = expectedHours(WEEKS, [group()], moves, nothingNew)
    expect(week!.known).toBeCloseTo(10 * 0.75 * 0.5, 10)
  })

  test('the range holds what happens about four times out of five', () => {
    // A made-up team of forty seats that really moves like this, eight hundred times.
    let state = 7
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 4294967296
    }
    const chance = {
      begin: { middle: 0.08, closed: 0.01 },
      middle: { end: 0.03, closed: 0.01 },
      end: { closed: 0.08 },
    }
    const ratio = { begin: 1, middle: 0.5, end: 0.4 }
    const movement: Movement = {
      weeks: { begin: 1000, middle: 1000, end: 1000 },
      moves: [
        { from: 'begin', to: 'middle', count: 80 },
        { from: 'begin', to: 'closed', count: 10 },
        { from: 'middle', to: 'end', count: 30 },
        { from: 'middle', to: 'closed', count: 10 },
        { from: 'end', to: 'closed', count: 80 },
      ],
    }
    type Phase = keyof typeof chance | 'closed'
    const step = (phase: Phase): Phase => {
      if (phase === 'closed') return phase
      let draw = next()
      for (const [to, probability] of Object.entries(chance[phase])) {
        draw -= probability
        if (draw < 0) return to as Phase
      }
      return phase
    }
    const weigh = (phase: Phase) => (phase === 'closed' ? 0 : ratio[phase])
    // New work: none, one or two cases of four hours a week.
    const arrivals = () => Math.floor(next() * 3)
    let held = 0
    const trials = 800
    for (let trial = 0; trial < trials; trial++) {
      const seen = Array.from({ length: 26 }, () => arrivals() * 4)
      const mean = seen.reduce((a, b) => a + b, 0) / 26
      const variance = seen.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 25
      const seats: { phase: Phase; hours: number }[] = Array.from({ length: 40 }, (_, index) => ({
        phase: (['begin', 'middle', 'end'] as const)[index % 3]!,
        hours: 2 + (index % 5),
      }))
      const groups = (['begin', 'middle', 'end'] as const).map(phase => {
        const own = seats.filter(one => one.phase === phase).map(one => one.hours * ratio[phase])
        return group({
          phase,
          ratio: { begin: 1 / ratio[phase], middle: 0.5 / ratio[phase], end: 0.4 / ratio[phase] },
          hours: own.reduce((a, b) => a + b, 0),
          squares: own.reduce((a, b) => a + b * b, 0),
        })
      })
      const { hours, margin } = expectedHours(WEEKS, groups, movement, {
        mean,
        variance,
        weeks: 26,
        ratio,
      })[11]!
      for (let week = 0; week < 12; week++) {
        for (const seat of seats) seat.phase = step(seat.phase)
        for (let more = arrivals(); more > 0; more--) seats.push({ phase: 'begin', hours: 4 })
      }
      const real = seats.reduce((sum, seat) => sum + seat.hours * weigh(seat.phase), 0)
      if (Math.abs(real - hours) <= margin) held++
    }
    expect(held / trials).toBeGreaterThan(0.74)
    expect(held / trials).toBeLessThan(0.86)
  })
})

describe('fairness', () => {
  test('quartiles between two values, and nothing without a norm', () => {
    expect(spreadOf([1, null, 0.8, 0.9, 1.2])).toEqual({
      highest: 1.2,
      upperQuartile: 1.05,
      median: 0.95,
      lowerQuartile: 0.875,
      lowest: 0.8,
    })
    expect(spreadOf([null]).median).toBeNull()
  })

  test('a wish is met by its measure, factor, region or heaviness, and a seat can meet one and go against another', () => {
    const given = {
      workerId: 1,
      measures: ['OTS'],
      factors: ['UHP'],
      municipality: 'ALMELO',
      phase: 'begin',
      heavy: true,
      decidedOn: '2026-05-04',
    }
    const always = { fromOn: '-infinity', untilOn: 'infinity' }
    expect(wishesMet(given, [{ kind: 'measure', code: 'OTS', value: 'rather', ...always }])).toEqual({
      met: true,
      against: false,
    })
    expect(
      wishesMet(given, [
        { kind: 'factor', code: 'UHP', value: 'learn', ...always },
        { kind: 'heavy', code: 'heavy', value: 'rather_not', ...always },
        { kind: 'region', code: 'BORNE', value: 'rather', ...always },
      ]),
    ).toEqual({ met: true, against: true })
    const nothing = { met: false, against: false }
    expect(wishesMet(given, [{ kind: 'region', code: 'ALMELO', value: 'neutral', ...always }])).toEqual(
      nothing,
    )
    // Only what stood on the day of the decision: from its first day, until the day before its last.
    const stood = (fromOn: string, untilOn: string) =>
      wishesMet(given, [{ kind: 'measure', code: 'OTS', value: 'rather', fromOn, untilOn }]).met
    expect(stood('2026-05-04', 'infinity')).toBe(true)
    expect(stood('2026-05-05', 'infinity')).toBe(false)
    expect(stood('-infinity', '2026-05-05')).toBe(true)
    expect(stood('-infinity', '2026-05-04')).toBe(false)
  })
})

describe('waiting', () => {
  test('terms count working days with their holidays, and the last day is in time', () => {
    // Received on the Thursday before Easter: the fifth working day is the Friday after.
    const got = (gotOn: string) => ({ urgency: 'normal' as const, receivedOn: '2026-04-02', gotOn })
    const waited = waitedOf([
      got('2026-04-10'),
      got('2026-04-13'),
      got('2026-05-14'),
      got('2026-05-15'),
      got('2026-04-02'),
    ])
    expect(waited).toEqual({ cases: 5, medianDays: 11, longDays: 43, withinFirstContact: 2, withinPlan: 4 })
    expect(waitedOf([])).toEqual({
      cases: 0,
      medianDays: null,
      longDays: null,
      withinFirstContact: 0,
      withinPlan: 0,
    })
  })
})

describe('unmet demand', () => {
  const need = (competence: string, level: number, seat?: 'primary' | 'second') => ({
    competence,
    level,
    need: 'required' as const,
    ...(seat && { seat }),
  })
  const wanted = (competence: string, level: number) => ({
    ...need(competence, level),
    need: 'wanted' as const,
  })
  const alone = (primary: number) => ({ seats: { primary } })
  const able = (roomHours: number, ...competences: [string, number][]): Able => ({
    roomHours,
    competences: competences.map(([competence, level]) => ({ competence, level })),
    seats: ['primary', 'second'],
  })

  test('hours that wait per competence and level against the room of who has it', () => {
    const report = unmet(
      [
        { competences: [need('OTS', 1), wanted('SCHEIDING', 2)], ...alone(5), waitingDays: 3 },
        { competences: [need('OTS', 1), need('VEILIGHEID', 2)], ...alone(8.5), waitingDays: 12 },
      ],
      [able(4, ['OTS', 3]), able(2.5, ['OTS', 1], ['VEILIGHEID', 1]), able(9)],
    )
    const ots = { competence: 'OTS', level: 1, cases: 2, hours: 13.5, workers: 2, roomHours: 6.5 }
    const safety = { competence: 'VEILIGHEID', level: 2, cases: 1, hours: 8.5, workers: 0, roomHours: 0 }
    // What asks both at once is met by nobody; the other finds its five hours.
    expect(report.competences).toEqual([
      { ...ots, unmetHours: 8.5, longestDays: 12 },
      { ...safety, unmetHours: 8.5, longestDays: 12 },
    ])
    expect(report.total).toEqual({
      cases: 2,
      hours: 13.5,
      roomHours: 15.5,
      unmetHours: 8.5,
      unmetForCompetences: 8.5,
    })
  })

  test('who can do two things has their hours once: what comes first has them', () => {
    const both = able(6, ['OTS', 1], ['SCHEIDING', 1])
    const asks = (competence: string) => ({ competences: [need(competence, 1)], ...alone(5), waitingDays: 1 })
    const short = (cases: Parameters<typeof unmet>[0], people: Able[]) =>
      unmet(cases, people).competences.map(one => [one.competence, one.unmetHours])
    expect(short([asks('SCHEIDING'), asks('OTS')], [both])).toEqual([
      ['OTS', 4],
      ['SCHEIDING', 0],
    ])
    expect(short([asks('OTS'), asks('SCHEIDING')], [both])).toEqual([
      ['OTS', 0],
      ['SCHEIDING', 4],
    ])
    // The first moves over to a colleague who can do only that.
    expect(short([asks('OTS'), asks('SCHEIDING')], [both, able(5, ['OTS', 1])])).toEqual([
      ['OTS', 0],
      ['SCHEIDING', 0],
    ])
    // What asks nothing takes room as well, and is told apart.
    const plain = { competences: [], ...alone(4), waitingDays: 9 }
    expect(unmet([plain, asks('OTS'), plain], [both]).total).toMatchObject({
      hours: 13,
      unmetHours: 7,
      unmetForCompetences: 3,
    })
  })

  test('what one seat of a pair asks takes the hours of that seat, and the case counts once', () => {
    const competences = [
      need('OTS', 1, 'primary'),
      need('OTS', 1, 'second'),
      need('SCHEIDING', 2, 'primary'),
      need('SCHEIDING', 1, 'second'),
    ]
    const pair = { competences, seats: { primary: 4.5, second: 3 }, waitingDays: 1 }
    const { competences: lines, total } = unmet([pair], [])
    expect(lines.map(one => [one.competence, one.level, one.cases, one.hours])).toEqual([
      ['OTS', 1, 1, 7.5],
      ['SCHEIDING', 1, 1, 3],
      ['SCHEIDING', 2, 1, 4.5],
    ])
    expect(total).toMatchObject({ cases: 1, hours: 7.5 })
    // Where only the second seat is open, only that one waits; who is in training can take it.
    const trainee: Able = { ...able(9, ['OTS', 1], ['SCHEIDING', 2]), seats: ['second'] }
    expect(unmet([{ ...pair, seats: { second: 3 } }], [trainee]).total).toMatchObject({
      hours: 3,
      unmetHours: 0,
    })
    expect(unmet([pair], [trainee]).total).toMatchObject({ hours: 7.5, unmetHours: 4.5 })
  })

  test('what is met in order is the most that can be met, and never more than before of what came first', () => {
    const people = fc.array(fc.nat({ max: 3 }), { maxLength: 4 }).map(list => [...new Set(list)].sort())
    const asked = fc.array(fc.record({ hours: fc.nat({ max: 12 }), people }), { maxLength: 6 })
    const rooms = fc.array(fc.nat({ max: 15 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(asked, rooms, (list, room) => {
        const met = metInOrder(list, room)
        list.forEach((_, index) => {
          const sum = met.slice(0, index + 1).reduce((total, hours) => total + hours, 0)
          expect(sum).toBe(mostMet(list.slice(0, index + 1), room))
        })
      }),
    )
  })
})

/** The most hours that can be met, by the least that stands in the way (max-flow min-cut): over every set of people. */
function mostMet(asked: readonly Asked[], room: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let set = 0; set < 2 ** room.length; set++) {
    const inSet = (person: number) => (set & (1 << person)) !== 0
    const ofPeople = room.reduce((sum, hours, person) => sum + (inSet(person) ? hours : 0), 0)
    const elsewhere = asked.reduce((sum, one) => sum + (one.people.every(inSet) ? 0 : one.hours), 0)
    least = Math.min(least, ofPeople + elsewhere)
  }
  return least
}
