import { parseArgs } from 'node:util'
import type { RulebookContent } from '../../../server/contract/rulebook.ts'
import { startRulebook } from '../../../server/rulebook/start-values.ts'
import { mean, type Outcome, type Setting, simulate, type Way } from './simulate.ts'

/**
 * What the start values of the rulebook do over a year, beside other values and beside "the least loaded first".
 *
 *   npm run bench:start-values -- [--teams 4] [--weeks 60] [--workers 12] [--seed 1] [--only name,name]
 *
 * Two inflows: what keeps a team just under its norm, and a third more. Every way sees the same people and families.
 */
const { values } = parseArgs({
  options: {
    teams: { type: 'string', default: '4' },
    weeks: { type: 'string', default: '60' },
    workers: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    inflow: { type: 'string' },
  },
})

const CRITERIA = { competence: 25, preference: 20, continuity: 25, travel: 10, heavySpread: 10, learning: 10 }
const FROM = [0, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2]
const curve = (points: readonly number[]) =>
  points.map((pointsPerHour, index) => ({ from: FROM[index]!, pointsPerHour }))
/** The first start values, before this study. */
const FIRST = [0.4, 1, 2, 3.2, 5, 8, 16, 32]
const { overdueAfterDays: _, ...rest } = startRulebook
const first: RulebookContent = { ...rest, criteria: CRITERIA, loadCost: curve(FIRST) }
const times = (factor: number): RulebookContent => ({
  ...first,
  loadCost: curve(FIRST.map(one => one * factor)),
})
const five = times(5)
/** The same step from every tenth of the norm to the next. */
const steps = (step: number): RulebookContent['loadCost'] =>
  [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2].map((from, index) => ({
    from,
    pointsPerHour: (index + 1) * step,
  }))
const withFive = (
  changes: Partial<RulebookContent>,
  criteria: Partial<RulebookContent['criteria']> = {},
): Way => ({
  rulebook: { ...five, ...changes, criteria: { ...CRITERIA, ...criteria } },
})

const ways: Record<string, Way> = {
  'least loaded first': 'leastLoaded',
  'first values': { rulebook: first },
  'load cost x 2': { rulebook: times(2) },
  'load cost x 3': { rulebook: times(3) },
  'load cost x 4': { rulebook: times(4) },
  'load cost x 5': { rulebook: five },
  'load cost x 6': { rulebook: times(6) },
  'steps of 4': { rulebook: { ...first, loadCost: steps(4) } },
  'steps of 6': { rulebook: { ...first, loadCost: steps(6) } },
  'steps of 8': { rulebook: { ...first, loadCost: steps(8) } },
  'x 5, overdue after 42 days': withFive({ overdueAfterDays: 42 }),
  'x 5, overdue after 28 days': withFive({ overdueAfterDays: 28 }),
  'x 5, turn of wishes 5': withFive({}, { wishTurn: 5 }),
  'x 5, turn of wishes 10': withFive({}, { wishTurn: 10 }),
  'x 5, turn of wishes 20': withFive({}, { wishTurn: 20 }),
  'x 5, scarce skills 5': withFive({}, { scarceSkill: 5 }),
  'x 5, scarce skills 10': withFive({}, { scarceSkill: 10 }),
  'x 5, scarce skills 20': withFive({}, { scarceSkill: 20 }),
  'start values': { rulebook: startRulebook },
}

const teams = Number(values.teams)
const setting = { workers: Number(values.workers), weeks: Number(values.weeks) }
const only = values.only?.split(',')
console.log(
  '| Way | inflow | spread | fit | 95 % placed within, weeks | 99 % | longest | wishes, between people | above the band |',
)
console.log('|---|---|---|---|---|---|---|---|---|')
for (const [name, inflow] of [
  ['normal', 0.98],
  ['a third more', 1.3],
  ['double', 2],
] as const) {
  if (values.inflow !== undefined && values.inflow !== name) continue
  for (const [wayName, way] of Object.entries(ways)) {
    if (only && !only.some(one => wayName.includes(one))) continue
    console.log(row(wayName, name, await all(way, { ...setting, inflow })))
  }
}

async function all(way: Way, asked: Setting): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let team = 0; team < teams; team++)
    outcomes.push(await simulate(way, asked, Number(values.seed) * 1000 + team))
  return outcomes
}

function row(way: string, inflow: string, outcomes: readonly Outcome[]): string {
  const waits = outcomes.flatMap(one => one.waits).sort((a, b) => a - b)
  const within = (share: number) => waits[Math.min(waits.length - 1, Math.floor(share * waits.length))] ?? 0
  const of = (pick: (one: Outcome) => number) => mean(outcomes.map(pick))
  return `| ${[
    way,
    inflow,
    of(one => one.spread).toFixed(3),
    of(one => one.fit).toFixed(1),
    within(0.95),
    within(0.99),
    waits.at(-1) ?? 0,
    of(one => one.wishSpread).toFixed(2),
    `${(100 * of(one => one.above)).toFixed(1)} %`,
  ].join(' | ')} |`
}
