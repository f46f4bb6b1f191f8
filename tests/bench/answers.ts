import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { tradeOff } from '../../solver/explain/trade-off.ts'
import { solve } from '../../solver/solve.ts'
import { roundOf, type Size } from './rounds.ts'
import { median, shown } from './table.ts'

/** Processor time of one answer, in milliseconds. */
async function timed<T>(ask: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const started = process.cpuUsage()
  const answer = await ask()
  const { user, system } = process.cpuUsage(started)
  return { ms: (user + system) / 1000, answer }
}

/**
 * What people ask of a proposal that is there: everybody for one seat with both prices, and the front of fit against the
 * highest load in nine points. One table line per size; the first round only warms up.
 */
export async function answersTable(sizes: readonly Size[], rounds: number): Promise<string[]> {
  const lines = [
    '| cases x workers | alternatives of one case, both prices (least–most) | workers priced | complete | front of 9 points (least–most) | points found | complete |',
    '|---|---|---|---|---|---|---|',
  ]
  for (const size of sizes) {
    const alternatives: number[] = []
    const fronts: number[] = []
    const told = { priced: [] as number[], whole: 0, points: [] as number[], complete: 0 }
    for (let seed = 0; seed <= rounds; seed++) {
      const problem = roundOf(size, seed)
      const plan = await solve(problem)
      const line = plan.lines.find(one => one.workerId !== null && !one.locked)
      if (!line) continue
      const { caseId, seat } = line
      const priced = await timed(() => priceAlternatives(problem, plan, caseId, { seat }))
      const front = await timed(() => tradeOff(problem, { points: 9 }))
      if (seed === 0) continue
      alternatives.push(priced.ms)
      told.priced.push(priced.answer.alternatives.filter(one => one.solvedAgain !== null).length)
      if (priced.answer.complete) told.whole++
      fronts.push(front.ms)
      told.points.push(front.answer.points.length)
      if (front.answer.complete) told.complete++
    }
    const range = (list: number[]) =>
      `${shown(median(list))} (${shown(Math.min(...list))}–${shown(Math.max(...list))})`
    const asked = alternatives.length
    lines.push(
      `| ${size.name} | ${range(alternatives)} | ${median(told.priced)} | ${told.whole} of ${asked} | ${range(fronts)} | ${median(told.points)} | ${told.complete} of ${asked} |`,
    )
  }
  return lines
}
