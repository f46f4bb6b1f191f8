import type { LoadChange, Problem, ProposalLine, Seat } from '../problem/problem.ts'
import { lookup } from '../rules/lookup.ts'
import { filledLine, loadOfWorker } from '../search/proposal.ts'
import { linesOf, type Price, priceOf, type Worth, worthOf } from './worth.ts'

/**
 * What a draft is worth when one seat goes to somebody else and all else stays. Only the seat's own line and the loads of two
 * people are counted again, so that a thousand people can be weighed at once.
 */
export class SwapPrices {
  private readonly problem: Problem
  private readonly lines: ProposalLine[]
  private readonly loads: LoadChange[]
  private readonly at: number
  private readonly now: Worth
  private readonly seatsOf = new Map<string, { caseId: string; seat: Seat }[]>()
  private readonly rowOf: Map<string, number>

  constructor(
    problem: Problem,
    lines: readonly Pick<ProposalLine, 'caseId' | 'seat' | 'workerId'>[],
    caseId: string,
    seat: Seat,
  ) {
    const counted = linesOf(
      problem,
      lines.map(one => ({ caseId: one.caseId, seat: one.seat, workerId: one.workerId })),
    )
    this.problem = problem
    this.lines = counted.lines
    this.loads = counted.loads
    this.at = counted.lines.findIndex(one => one.caseId === caseId && one.seat === seat)
    this.now = worthOf(problem, counted)
    this.rowOf = new Map(counted.loads.map((one, row) => [one.workerId, row]))
    for (const one of counted.lines) {
      if (one.workerId === null) continue
      const mine = this.seatsOf.get(one.workerId)
      if (mine) mine.push(one)
      else this.seatsOf.set(one.workerId, [one])
    }
  }

  of(workerId: string): Price {
    const line = this.lines[this.at]!
    if (line.workerId === workerId) return priceOf(this.now, this.now)
    const lines = [...this.lines]
    const loads = [...this.loads]
    const given = { caseId: line.caseId, seat: line.seat, workerId, locked: false }
    if (line.workerId !== null) {
      const left = this.seatsOf.get(line.workerId)!.filter(one => one !== line)
      loads[this.rowOf.get(line.workerId)!] = this.load(line.workerId, left)
    }
    const gets = this.load(workerId, [...(this.seatsOf.get(workerId) ?? []), given])
    loads[this.rowOf.get(workerId)!] = gets
    lines[this.at] = filledLine(this.problem, given, gets)
    return priceOf(worthOf(this.problem, { lines, loads }), this.now)
  }

  private load(workerId: string, seats: readonly { caseId: string; seat: Seat }[]): LoadChange {
    return loadOfWorker(this.problem, lookup(this.problem).workers.get(workerId)!, seats)
  }
}
