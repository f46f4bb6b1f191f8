import type { Choice } from '../../server/contract/choices.ts'
import { byName } from '../../server/contract/names.ts'
import type { DraftLine, DraftLoad, RoundDetail } from '../../server/contract/rounds.ts'
import { type DraftCase, standingChoice } from './draft.ts'

/** One seat of a case on the board. */
export interface BoardCard {
  key: string
  draft: DraftCase
  line: DraftLine
}

/** A column: one worker, or, without one, what nobody gets. */
export interface BoardColumn {
  /** Staff number; '' is the column of what is not allocated. */
  key: string
  load: DraftLoad | null
  cards: BoardCard[]
}

export const cardKey = (line: Pick<DraftLine, 'caseNumber' | 'seat'>) => `${line.caseNumber} ${line.seat}`

/** Everybody of the round by name, behind the column of what nobody gets; cards in the order of the cases. */
export function columnsOf(cases: readonly DraftCase[], loads: readonly DraftLoad[]): BoardColumn[] {
  const cards = new Map<string, BoardCard[]>()
  for (const draft of cases) {
    for (const line of draft.lines) {
      const to = line.waits ? '' : (line.worker?.staffNumber ?? '')
      cards.set(to, [...(cards.get(to) ?? []), { key: cardKey(line), draft, line }])
    }
  }
  const people = [...loads].sort((a, b) => byName(a.worker.name, b.worker.name))
  return [
    { key: '', load: null, cards: cards.get('') ?? [] },
    ...people.map(load => ({
      key: load.worker.staffNumber,
      load,
      cards: cards.get(load.worker.staffNumber) ?? [],
    })),
  ]
}

/** What putting a card in a column comes down to. */
export type Move =
  | { kind: 'none' }
  /** Back to what was proposed: the choice that stands is taken back. */
  | { kind: 'undo'; choice: Choice }
  | { kind: 'override'; staffNumber: string }
  | { kind: 'wait' }

export function moveOf(round: RoundDetail, line: DraftLine, to: string): Move {
  const choice = standingChoice(round, line)
  if (to === '') return line.waits ? { kind: 'none' } : { kind: 'wait' }
  if (!line.waits && line.worker?.staffNumber === to) return { kind: 'none' }
  if (choice && line.proposed?.staffNumber === to) return { kind: 'undo', choice }
  return { kind: 'override', staffNumber: to }
}

/** The next column in a direction, held at both ends. */
export function columnBeside(columns: readonly BoardColumn[], at: string, step: number): string {
  const index = columns.findIndex(column => column.key === at)
  return columns[Math.min(columns.length - 1, Math.max(0, index + step))]?.key ?? at
}
