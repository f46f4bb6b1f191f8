import { usualNeeds } from '../../../server/contract/usual-needs.ts'
import { startRulebook } from '../../../server/rulebook/start-values.ts'
import { weigh } from '../../../server/weighing/weight.ts'
import type { Phase, ProblemCase, ProblemWorker, Urgency } from '../../../solver/problem/problem.ts'
import { randomSource } from '../../support/problems.ts'

/**
 * Made-up teams and made-up inflow for the study of the start values. Inflow and length of measures are those that Statistics
 * Netherlands published over 2022 (new measures; stock divided by flow); who knows and wants what is drawn.
 */
const INFLOW: readonly { measure: string; share: number; weeks: number; emergency: number }[] = [
  { measure: 'OTS', share: 45, weeks: 130, emergency: 0.05 },
  { measure: 'JR_GEDWONGEN', share: 23, weeks: 68, emergency: 0 },
  { measure: 'JR_VRIJWILLIG', share: 12, weeks: 14, emergency: 0 },
  { measure: 'VOTS', share: 9.5, weeks: 13, emergency: 0.7 },
  { measure: 'VOOGDIJ', share: 6.4, weeks: 390, emergency: 0 },
  { measure: 'TVOOGDIJ', share: 1.9, weeks: 47, emergency: 0.3 },
  { measure: 'ITB_HK', share: 1.5, weeks: 30, emergency: 0.2 },
  { measure: 'ITB_CRIEM', share: 0.7, weeks: 11, emergency: 0 },
]
const FACTORS = [
  ['COMPLEX_SCHEIDING', 0.35],
  ['UHP', 0.3],
  ['RECHTSZAKEN', 0.1],
  ['TOLK', 0.1],
  ['INTENSIEF_CONTACT', 0.15],
] as const
const KNOWS = [
  ['OTS', 1, 3],
  ['CRISIS', 0.6, 3],
  ['VOOGDIJ', 0.7, 2],
  ['JEUGDRECLASSERING', 0.6, 2],
  ['ITB', 0.25, 3],
  ['SCHEIDING', 0.5, 2],
  ['UITHUISPLAATSING', 0.6, 2],
  ['TOLKGESPREK', 0.3, 2],
] as const
const PLACES = ['A', 'B', 'C', 'D', 'E']

export interface Family {
  case: ProblemCase
  urgency: Urgency
  arrived: number
  /** The week in which it ends, whoever has it. */
  ends: number
  /** Hours of the first seat in a phase that is so many weeks old. */
  hoursAt(week: number): number
  heavyAt(week: number): boolean
}

export interface Draw {
  next(): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
}

export function drawFrom(seed: number): Draw {
  const next = randomSource(seed)
  return {
    next,
    chance: share => next() < share,
    pick: list => list[Math.floor(next() * list.length)]!,
  }
}

/** How many come in a week, when `mean` do on average. */
export function poisson(draw: Draw, mean: number): number {
  const least = Math.exp(-mean)
  let count = 0
  for (let product = draw.next(); product > least; product *= draw.next()) count++
  return count
}

export function aFamily(draw: Draw, id: string, arrived: number, staff: readonly string[]): Family {
  const total = INFLOW.reduce((sum, one) => sum + one.share, 0)
  const at = draw.next() * total
  const upTo = (index: number) => INFLOW.slice(0, index + 1).reduce((sum, one) => sum + one.share, 0)
  const kind = INFLOW.find((_, index) => at < upTo(index)) ?? INFLOW[0]!
  const factors = FACTORS.filter(([, share]) => draw.chance(share)).map(([code]) => code as string)
  const children = 1 + (draw.chance(0.3) ? 1 : 0) + (draw.chance(0.1) ? 1 : 0)
  const urgency: Urgency = draw.chance(kind.emergency) ? 'emergency' : draw.chance(0.15) ? 'high' : 'normal'
  const lasts = Math.max(4, Math.round(-Math.log(1 - draw.next()) * kind.weeks))
  const usual = startRulebook.weight.phaseWeeks?.find(one => one.measure === kind.measure)
  const phaseAt = (week: number): Phase => {
    const age = week - arrived
    if (!usual || age < (usual.begin ?? Number.POSITIVE_INFINITY)) return 'begin'
    return age < (usual.begin ?? 0) + (usual.middle ?? Number.POSITIVE_INFINITY) ? 'middle' : 'end'
  }
  const weights = new Map<Phase, ReturnType<typeof weigh>>()
  const weightAt = (week: number) => {
    const phase = phaseAt(week)
    const known = weights.get(phase)
    if (known) return known
    const weight = weigh(
      { measures: [kind.measure], phase, children, factors, duoNeeded: false, threat: false, override: null },
      { version: 1, content: startRulebook },
    )
    weights.set(phase, weight)
    return weight
  }
  const measures = [kind.measure]
  return {
    arrived,
    urgency,
    ends: arrived + lasts,
    hoursAt: week => weightAt(week).primary,
    heavyAt: week => weightAt(week).heavy,
    case: {
      id,
      urgency,
      waitingDays: 0,
      hours: { primary: weightAt(arrived).primary },
      children,
      measures,
      phase: 'begin',
      factors,
      threat: false,
      duo: false,
      municipality: draw.pick(PLACES),
      competences: usualNeeds(startRulebook, { measures, factors }),
      formerWorkers: draw.chance(0.15) ? [draw.pick(staff)] : [],
      excludedWorkers: [],
      group: null,
      familyWorker: null,
    },
  }
}

/** Somebody who stays in service, with what they know (`all`: everything) and would rather do. Loads are filled in every week. */
export function aPerson(draw: Draw, id: string, knows: 'all' | 'some'): ProblemWorker {
  const contractHours = draw.pick([24, 28, 32, 36])
  const home = draw.pick(PLACES)
  const wish = (kind: 'measure' | 'factor' | 'region' | 'heavy', code: string) => ({
    kind,
    code,
    value: draw.pick(['rather', 'rather', 'rather_not'] as const),
  })
  const wishes = [
    wish('measure', draw.pick(['OTS', 'VOTS', 'JR_GEDWONGEN', 'VOOGDIJ'])),
    wish('factor', draw.pick(['COMPLEX_SCHEIDING', 'UHP', 'INTENSIEF_CONTACT'])),
    wish('region', draw.pick(PLACES)),
  ]
  return {
    id,
    contractHours,
    normHours: Math.round(contractHours * startRulebook.caseTimeShare * 100) / 100,
    hoursInUse: 0,
    heavyCases: 0,
    newThisWeek: 0,
    registration: { status: 'registered', from: null, until: null },
    employedFrom: '2020-01-01',
    employedUntil: null,
    away: [],
    competences: KNOWS.filter(([, share]) => draw.chance(share) || knows === 'all').map(
      ([competence, , most]) => ({
        competence,
        level: knows === 'all' ? most : 1 + Math.floor(draw.next() * most),
        expiresOn: null,
      }),
    ),
    preferences: draw.chance(0.8) ? wishes : [],
    travelMinutes: Object.fromEntries(
      PLACES.map(place => [place, place === home ? 10 : 15 + Math.floor(draw.next() * 35)]),
    ),
  }
}
