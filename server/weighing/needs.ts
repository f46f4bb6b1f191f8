import type { CompetenceNeed, Seat } from '../../solver/problem/problem.ts'
import { weighsMore } from '../contract/usual-needs.ts'

/** A need as it is stored and as a file has it; null: of both seats. */
export type StoredNeed = Omit<CompetenceNeed, 'seat'> & { seat: Seat | null }

/**
 * What a case asks of who does it, in order of competence and seat. One seat of a pair can ask something of its own. On a case
 * that is no pair (any more) all of it is asked of the one worker: a competence that both seats ask is then one need, at the
 * highest level that is required, or else the highest that is wanted.
 */
export function needsOf(rows: readonly StoredNeed[], duo: boolean): CompetenceNeed[] {
  const place = ({ seat }: StoredNeed) => (seat === null ? 0 : seat === 'primary' ? 1 : 2)
  const sorted = [...rows].sort((a, b) =>
    a.competence < b.competence ? -1 : a.competence > b.competence ? 1 : place(a) - place(b),
  )
  if (duo) return sorted.map(({ seat, ...need }) => (seat === null ? need : { ...need, seat }))
  const general = new Map<string, CompetenceNeed>()
  for (const { seat: _, ...need } of sorted) {
    const held = general.get(need.competence)
    if (!held || weighsMore(need, held)) general.set(need.competence, need)
  }
  return [...general.values()]
}

/** Whether two needs ask the same competence of the same seat: a need of both seats meets every other one. */
export function overlap(
  a: Pick<CompetenceNeed, 'competence'> & { seat?: Seat | null },
  b: Pick<CompetenceNeed, 'competence'> & { seat?: Seat | null },
): boolean {
  return a.competence === b.competence && (!a.seat || !b.seat || a.seat === b.seat)
}
