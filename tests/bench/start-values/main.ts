import { parseArgs } from 'node:util'
import { startRulebook } from '../../../db/start-values.ts'
import type { RulebookContent } from '../../../server/contract/rulebook.ts'
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
  },
})

const scaled = (factor: number) =>
  startRulebook.loadCost.map(one => ({ ...one, pointsPerHour: one.pointsPerHour * factor }))
const before: RulebookContent = {
  ...startRulebook,
  loadCost: [0.4, 1, 2, 3.2, 5, 8, 16, 32].map((pointsPerHour, index) => ({
    from: [0, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2][index]!,
    pointsPerHour,
  })),
}
delete before.overdueAfterDays
const { wishTurn: _w, scarceSkill: _s, ...plain } = startRulebook.criteria
before.criteria = plain
const steady = (step: number): RulebookContent['loadCost'] =>
  [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2].map((from, index) => ({
    from,
    pointsPerHour: (index + 1) * step,
  }))

const ways: Record<string, Way> = {
  'least loaded first': 'leastLoaded',
  'before (load cost 0.4 to 32)': { rulebook: before },
  'before, load cost x 2': {
    rulebook: {
      ...before,
      loadCost: before.loadCost.map(one => ({ ...one, pointsPerHour: one.pointsPerHour * 2 })),
    },
  },
  'before, load cost x 4': {
    rulebook: {
      ...before,
      loadCost: before.loadCost.map(one => ({ ...one, pointsPerHour: one.pointsPerHour * 4 })),
    },
  },
  'steady 1': { rulebook: { ...before, loadCost: steady(1) } },
  'steady 2': { rulebook: { ...before, loadCost: steady(2) } },
  'steady 3': { rulebook: { ...before, loadCost: steady(3) } },
  'steady 4': { rulebook: { ...before, loadCost: steady(4) } },
  'before, overdue after 42 days': { rulebook: { ...before, overdueAfterDays: 42 } },
  'before, turn of wishes 5': { rulebook: { ...before, criteria: { ...plain, wishTurn: 5 } } },
  'before, turn of wishes 10': { rulebook: { ...before, criteria: { ...plain, wishTurn: 10 } } },
  'before, scarce skills 10': { rulebook: { ...before, criteria: { ...plain, scarceSkill: 10 } } },
  'start values': { rulebook: startRulebook },
  'start values, load cost x 0.5': { rulebook: { ...startRulebook, loadCost: scaled(0.5) } },
  'start values, load cost x 1.5': { rulebook: { ...startRulebook, loadCost: scaled(1.5) } },
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
] as const) {
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
