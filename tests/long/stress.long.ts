import { expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { solve } from '../../solver/solve.ts'
import { extremeProblem, messyProblem } from '../support/messy.ts'
import { bruteForce, levelsOfProposal } from '../support/oracle.ts'
import { faultsOf, type StressTally } from '../support/stress.ts'

const first = Number(process.env.FIRST ?? 1)
const blocks = Number(process.env.BLOCKS ?? 20)

/** Seeds of a block of twenty: FIRST and BLOCKS say which, as in range.ts. */
function* seedsOf(): Generator<number> {
  for (let seed = (first - 1) * 20 + 1; seed <= (first - 1 + blocks) * 20; seed++) yield seed
}

test('rounds of up to 160 cases and 50 workers in which everything comes together, ended in every way', async () => {
  const tally: StressTally = { runs: 0, optimal: 0, byClock: 0, byPerson: 0, derived: 0 }
  for (const seed of seedsOf()) {
    const problem = messyProblem(seed + 10_000, {
      cases: seed % 3 === 0 ? 160 : 50,
      workers: seed % 4 === 0 ? 50 : 16,
    })
    expect(await faultsOf(problem, seed, 6000, tally), `seed ${seed}`).toEqual([])
    if (seed % 20 === 0) console.log(`everything together: seed ${seed}, ${JSON.stringify(tally)}`)
  }
})

test('the smallest and largest numbers, against every allocation there is', async () => {
  for (const block of seedsOf()) {
    for (let seed = block * 10 + 1000; seed < block * 10 + 1010; seed++) {
      const problem = extremeProblem(seed)
      const proposal = await solve(problem)
      expect(checkProposal(problem, proposal), `seed ${seed}`).toEqual([])
      expect(levelsOfProposal(problem, proposal), `seed ${seed}`).toEqual(bruteForce(problem))
    }
    if (block % 20 === 0) console.log(`smallest and largest: ${block * 10} problems`)
  }
})
