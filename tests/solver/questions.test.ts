import { expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { relaxationsFor } from '../../solver/explain/relaxations.ts'
import { type Move, plainLock, withLock } from '../../solver/explain/resolve.ts'
import { tradeOff } from '../../solver/explain/trade-off.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import { draftOf, type Price, priceOf, worthOf } from '../../solver/explain/worth.ts'
import { seatsOf } from '../../solver/problem/load.ts'
import type { Problem, Proposal, Seat } from '../../solver/problem/problem.ts'
import { isPlaced } from '../../solver/search/proposal.ts'
import { solve } from '../../solver/solve.ts'
import { messyProblem } from '../support/messy.ts'
import { shownOnly } from '../support/oracle.ts'
import { randomSource } from '../support/problems.ts'

/** The draft with the moves made, as a draft of its own; every move starts where the draft has it. */
function moved(problem: Problem, draft: Pick<Proposal, 'lines'>, moves: readonly Move[]): Proposal {
  const given = draft.lines.map(({ caseId, seat, workerId }) => ({ caseId, seat, workerId }))
  for (const { caseId, seat, from, to } of moves) {
    const line = given.find(one => one.caseId === caseId && one.seat === seat)
    expect(line?.workerId).toBe(from)
    line!.workerId = to
  }
  return draftOf(problem, given)
}

/** Rules that an allocation breaks, in words. */
const brokenIn = (problem: Problem, draft: Proposal) =>
  checkProposal(problem, draft).flatMap(one => (shownOnly.has(one.code) ? [] : [one.message.en]))

/** No oracle can follow rounds of this size: what an answer says is done, and then judged and counted again. */
test('chains of moves can be made, break no rule and cost what is said', { timeout: 240_000 }, async () => {
  const count = { chains: 0, relaxations: 0, points: 0 }
  for (let seed = 1; seed <= 16; seed++) {
    const problem = messyProblem(seed + 500, { cases: 24, workers: 9 })
    const next = randomSource(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
    const draft = await solve(problem, { timeLimitMs: 5000 })
    const now = worthOf(problem, draft)
    const limits = { timeLimitMs: pick([100, 1000]) }

    const holds = (
      asked: Problem,
      moves: readonly Move[],
      price: Price & { exact: boolean },
      where: string,
    ) => {
      const after = moved(asked, draft, moves)
      expect(brokenIn(asked, after), where).toEqual([])
      const made = priceOf(worthOf(problem, after), now)
      if (price.exact) {
        const { levels, emergencies, placed, highestLoad, points } = price
        expect(made, where).toEqual({ levels, emergencies, placed, highestLoad, points })
      } else {
        // The least is never on the wrong side of what is made.
        expect(made.levels[0]!.better, where).toBe(price.levels[0]!.better)
      }
      count.chains++
      return after
    }
    const theCase = pick(problem.cases)
    const seat: Seat = pick(seatsOf(theCase))
    const fixed = (workerId: string) => withLock(problem, plainLock(theCase.id, seat, workerId))

    const worker = pick(problem.workers).id
    const not = await explainNot(problem, draft, theCase.id, worker, { seat, ...limits })
    if (not.totalDifference !== null) {
      const where = `seed ${seed}: why not ${worker} for ${theCase.id}, ${not.kind}`
      const after = moved(problem, draft, not.moves)
      const price = priceOf(worthOf(problem, after), now)
      expect(brokenIn(fixed(worker), after), where).toEqual([])
      expect([price.points, price.placed], where).toEqual([not.totalDifference, not.placedDifference])
    }

    const priced = await priceAlternatives(problem, draft, theCase.id, { seat, ...limits })
    for (const one of priced.alternatives) {
      const where = `seed ${seed}: ${theCase.id} ${seat} to ${one.workerId}`
      if (!one.solvedAgain) continue
      const after = holds(fixed(one.workerId), one.solvedAgain.moves, one.solvedAgain, where)
      expect(after.lines.find(line => line.caseId === theCase.id && line.seat === seat)?.workerId).toBe(
        one.workerId,
      )
    }

    for (const open of problem.cases.filter(one => !isPlaced(draft.lines, one.id)).slice(0, 2)) {
      const { relaxations, trade } = await relaxationsFor(problem, draft, open.id, limits)
      for (const relaxation of relaxations) {
        const where = `seed ${seed}: ${open.id} by ${relaxation.kind} ${relaxation.rule}`
        const supposed = applyChanges(problem, relaxation.changes)
        if ('errors' in supposed) throw new Error(`${where}: ${JSON.stringify(supposed.errors)}`)
        const after = holds(supposed.problem, relaxation.moves, relaxation, where)
        expect(isPlaced(after.lines, open.id), where).toBe(true)
        // An emergency may come in the place of a less urgent case: better is judged by the levels, in order.
        expect(relaxation.levels[0]?.better, where).toBe(true)
        count.relaxations++
      }
      if (!trade) continue
      const after = moved(problem, draft, trade.moves)
      expect(isPlaced(after.lines, open.id)).toBe(true)
      for (const id of trade.displaced) expect(isPlaced(after.lines, id), `seed ${seed}`).toBe(false)
    }

    const front = await tradeOff(problem, { points: 5, ...limits })
    front.points.forEach((point, k) => {
      count.points++
      expect(checkProposal(problem, point.proposal), `seed ${seed}`).toEqual([])
      const before = front.points[k - 1]
      if (!before) return
      expect(point.highest, `seed ${seed}`).toBeGreaterThan(before.highest)
      expect(point.points, `seed ${seed}`).toBeGreaterThan(before.points)
    })
  }
  expect(count.chains).toBeGreaterThan(30)
  expect(count.relaxations).toBeGreaterThan(5)
  expect(count.points).toBeGreaterThan(5)
})
