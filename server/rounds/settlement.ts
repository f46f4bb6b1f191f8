import type { BrokenRule, Problem } from '../../solver/problem.ts'
import { ruleSentence } from '../../solver/rules.ts'
import type { CodeNames } from '../../solver/sentences.ts'
import type { Locale } from '../contract/common.ts'
import { judgePlan } from './choices.ts'
import type { PlannedSeat } from './plan.ts'

/** Why a line cannot be settled: a broken rule, or the case found its worker elsewhere. */
export type Obstacle = BrokenRule | { rule: 'taken' }

/** A line that cannot be settled, as the event keeps it and the result shows it. */
export interface RefusedLine {
  caseNumber: string
  seat: 'primary' | 'second'
  rule: Obstacle['rule']
  facts: BrokenRule['facts']
}

/** What settling would do: whole cases only, so that a duo never starts with one person. */
export interface Settlement {
  accepted: PlannedSeat[]
  waiting: PlannedSeat[]
  refused: RefusedLine[]
}

/**
 * Judges the plan on today's tables. A case goes through when every seat is filled and holds; a case that nobody was found
 * for simply waits again and is in none of the lists.
 */
export function settlementOf(
  problem: Problem,
  seats: readonly PlannedSeat[],
  reckoned: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): Settlement {
  const refused: RefusedLine[] = []
  const refuse = (seat: PlannedSeat, obstacle: Obstacle) =>
    refused.push({
      caseNumber: seat.case.id,
      seat: seat.seat,
      rule: obstacle.rule,
      facts: 'facts' in obstacle ? obstacle.facts : {},
    })
  const stands = seats.filter(one => one.worker !== null || one.choice?.kind === 'wait')
  for (const seat of stands) if (taken.has(seat.case.id)) refuse(seat, { rule: 'taken' })
  const free = seats.filter(one => !taken.has(one.case.id))
  for (const { planned, open } of judgePlan(problem, free, reckoned)) {
    for (const breach of open) refuse(planned, breach)
  }
  const filled = new Set(free.filter(one => one.worker !== null).map(one => one.case.id))
  for (const seat of free) {
    if (seat.worker === null && seat.choice === null && filled.has(seat.case.id)) {
      refuse(seat, { rule: 'duoRequired', facts: { why: 'seat' } })
    }
  }
  const out = new Set(refused.map(one => one.caseNumber))
  return {
    accepted: free.filter(one => one.worker !== null && !out.has(one.case.id)),
    waiting: free.filter(one => one.choice?.kind === 'wait'),
    refused,
  }
}

/** The sentence of a refused line. */
export function refusedSentence(
  line: Pick<RefusedLine, 'rule' | 'facts'>,
  locale: Locale,
  codes: CodeNames,
): string {
  if (line.rule === 'taken') {
    return locale === 'nl'
      ? 'Deze zaak is intussen al toegedeeld of gesloten.'
      : 'This case has been allocated or closed in the meantime.'
  }
  return ruleSentence({ rule: line.rule, facts: line.facts }, codes)[locale]
}
