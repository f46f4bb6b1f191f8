import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildInstance } from '../../solver/search/instance.ts'
import { answersTable } from './answers.ts'
import { CONTESTANTS, type Contestant } from './contestants.ts'
import { writeFigures } from './figures.ts'
import { beLane, Lane } from './lane.ts'
import { roundOf, type Size, sizeOf } from './rounds.ts'
import { agrees, mainTable, progressTable, type Row } from './table.ts'

/**
 * This solver beside the compact model in HiGHS and in javascript-lp-solver, and beside greedy: the same rounds, the same
 * strict levels, the rivals to the gap that this solver reached; interleaved, each contestant in a process of its own.
 * Times are processor time, so that a busy machine does not blur them. Exit code 1 when two proven answers differ.
 *
 *   npm run bench -- [--sizes 20x25,300x400:near] [--seeds 5] [--cut 20] [--only own,greedy] [--out DIR] [--plot] [--answers]
 *
 *   --sizes   cases x workers, with a kind of round (see rounds.ts)
 *   --seeds   rounds per size; half as many from 300 cases, one from 2,000
 *   --cut     seconds of processor time after which a contestant is cut off
 *   --out     writes solver.md and solver.json there
 *   --answers measures alternatives and the trade-off instead (20x25 and 30x40 unless told otherwise)
 *   --plot    writes docs/images/solver-time.svg and solver-gap.svg; with --from FILE, from an earlier solver.json
 */
const USUAL =
  '10x15,20x25,30x40,60x80,100x120,300x400,1000x1500,200x3000,2000x200,3000x5000,40x14:crisis,60x14:crisis,100x14:crisis'

async function measure(
  sizes: readonly Size[],
  contestants: readonly Contestant[],
  seeds: number,
  cutMs: number,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const size of sizes) {
    const rounds = size.cases >= 2000 ? 1 : size.cases >= 300 ? Math.ceil(seeds / 2) : seeds
    const { items, workers } = buildInstance(roundOf(size, 1))
    const pairs = workers.reduce((sum, one) => sum + one.candidates.length, 0)
    const row: Row = {
      size,
      pairsPerCase: pairs / Math.max(1, items.length),
      outcomes: { own: [], highs: [], jslp: [], greedy: [] },
    }
    const lanes = new Map(contestants.filter(one => !hopeless(rows, one)).map(one => [one, new Lane(one)]))
    for (let seed = 1; seed <= rounds; seed++) {
      let gap = 0
      for (const contestant of CONTESTANTS) {
        const lane = lanes.get(contestant)
        const outcome = lane ? await lane.run({ size, seed, limits: { cutMs, gap } }) : null
        row.outcomes[contestant].push(outcome)
        if (contestant === 'own' && outcome?.levels && outcome.bound !== null)
          gap = Math.max(0, outcome.bound - outcome.levels.at(-1)!)
        if (outcome && process.stderr.isTTY)
          console.error(`${size.name} ${seed} ${contestant} ${outcome.ms.toFixed(0)} ms ${outcome.note}`)
      }
    }
    for (const lane of lanes.values()) lane.close()
    rows.push(row)
    console.log(mainTable(rows).at(-1))
  }
  return rows
}

/** Cut off in every round of the last two sizes: not worth the wait at a larger one. */
function hopeless(rows: readonly Row[], contestant: Contestant): boolean {
  if (contestant === 'own' || contestant === 'greedy' || rows.length < 2) return false
  return rows.slice(-2).every(row => row.outcomes[contestant].every(one => one === null || !one.proven))
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      cut: { type: 'string' },
      sizes: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string' },
      answers: { type: 'boolean' },
      plot: { type: 'boolean' },
    },
  })
  if (values.answers) {
    const sizes = (values.sizes ?? '20x25,30x40').split(',').map(sizeOf)
    console.log((await answersTable(sizes, Number(values.seeds ?? 5))).join('\n'))
    return
  }
  const contestants = CONTESTANTS.filter(one => values.only?.split(',').includes(one) ?? true)
  const rows: Row[] = values.from
    ? JSON.parse(readFileSync(values.from, 'utf8'))
    : await measure(
        (values.sizes ?? USUAL).split(',').map(sizeOf),
        contestants,
        Number(values.seeds ?? 5),
        Number(values.cut ?? 20) * 1000,
      )
  const text = [...mainTable(rows), '', ...progressTable(rows)].join('\n')
  console.log(`\n${text}`)
  if (values.out) {
    mkdirSync(values.out, { recursive: true })
    writeFileSync(join(values.out, 'solver.md'), `${text}\n`)
    writeFileSync(join(values.out, 'solver.json'), JSON.stringify(rows, null, 1))
  }
  if (values.plot) console.log(writeFigures(rows, 'docs/images').join('\n'))
  const contradictions = rows.flatMap(row =>
    CONTESTANTS.flatMap(one =>
      row.outcomes[one].flatMap((_, index) =>
        agrees(row, one, index) ? [] : [`${row.size.name}, seed ${index + 1}: ${one} differs`],
      ),
    ),
  )
  for (const line of contradictions) console.error(line)
  if (contradictions.length > 0) process.exitCode = 1
}

const lane = CONTESTANTS.find(one => one === process.env.BENCH_LANE)
if (lane) await beLane(lane)
else await main()
