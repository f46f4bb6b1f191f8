import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { checkProposal } from '../../solver/check/check.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { solve } from '../../solver/solve.ts'
import type { ProblemArbitrary } from './arbitrary.ts'
import { compareLevels, type Levels, levelsOfProposal } from './oracle.ts'

/** Another way to the best levels of a problem; null when it gives up. */
export type Rival = (problem: Problem) => Promise<Levels | null> | Levels | null

export interface Tally {
  agreed: number
  /** The rival gave no answer. */
  gaveUp: number
  /** The levels agree, but the solver had no proof. */
  unproven: number
  /** The rival's levels are better, and the solver had not claimed a proof. */
  behind: number
}

/**
 * What is wrong with the solver's answer, in words, or how far it agrees. Every answer must pass the check, and no value
 * may pass its bound; a proven answer must be the rival's, an unproven one can only be behind.
 */
export async function compareWith(problem: Problem, rival: Rival): Promise<keyof Tally | { wrong: string }> {
  const judged = validateProblem(problem)
  if ('errors' in judged) return { wrong: `not a valid problem: ${JSON.stringify(judged.errors)}` }
  const proposal = await solve(problem)
  const findings = checkProposal(problem, proposal)
  if (findings.length > 0) return { wrong: findings.map(one => one.message.en).join(' ') }
  const own = levelsOfProposal(problem, proposal)
  const other = await rival(problem)
  if (other === null) return 'gaveUp'
  const isProven = proposal.status === 'optimal' && (proposal.evenLoads?.status ?? 'optimal') === 'optimal'
  if (own.join() === other.join()) return isProven ? 'agreed' : 'unproven'
  if (!isProven && compareLevels(own, other) < 0) {
    const evenOnly = own.slice(0, -1).join() === other.slice(0, -1).join()
    if (proposal.status === 'feasible' || evenOnly) return 'behind'
  }
  return { wrong: `solver ${own.join()} (${proposal.status}), rival ${other.join()}` }
}

/** Problems that disagreed, shrunk, are written here. */
const foundIn = process.env.FOUND_DIR ?? join(tmpdir(), 'instroom-found')

/**
 * Blocks of random problems, each with its own fast-check seed, so that a range of blocks can be run again or resumed.
 * Throws at the first disagreement, with the seed and the shrunk problem in a file.
 */
export async function runBlocks(options: {
  name: string
  arbitrary: ProblemArbitrary
  rival: Rival
  firstBlock: number
  blocks: number
  perBlock: number
  /** Without a proof is wrong as well. */
  strict?: boolean
  progress?: (line: string) => void
}): Promise<Tally> {
  const { name, arbitrary, rival, firstBlock, blocks, perBlock } = options
  const tally: Tally = { agreed: 0, unproven: 0, behind: 0, gaveUp: 0 }
  const started = performance.now()
  for (let block = firstBlock; block < firstBlock + blocks; block++) {
    let wrong = ''
    const property = fc.asyncProperty(arbitrary, async problem => {
      const outcome = await compareWith(problem, rival)
      if (typeof outcome === 'object') wrong = outcome.wrong
      else if (options.strict && outcome !== 'agreed') wrong = outcome
      else {
        tally[outcome]++
        return
      }
      throw new Error(wrong)
    })
    const result = await fc.check(property, { seed: block, numRuns: perBlock })
    if (result.failed) {
      const problem = result.counterexample?.[0]
      const text = JSON.stringify(problem, null, 1)
      mkdirSync(foundIn, { recursive: true })
      const file = join(
        foundIn,
        `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`,
      )
      writeFileSync(file, text)
      throw new Error(
        `${name}, block ${block}, path ${result.counterexamplePath}, after ${result.numShrinks} shrinks: ${wrong}\nThe problem is in ${file}`,
      )
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    options.progress?.(
      `${name}: block ${block} of ${firstBlock}-${firstBlock + blocks - 1} done, ${tally.agreed} agreed, ${tally.unproven} agreed without proof, ${tally.behind} behind without proof, ${tally.gaveUp} without the rival's answer, ${seconds} s`,
    )
  }
  return tally
}
