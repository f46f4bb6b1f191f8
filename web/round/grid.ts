import type { Standing } from '../../server/contract/explanations.ts'
import { byName } from '../../server/contract/names.ts'
import type { RoundDetail, RoundMatrix } from '../../server/contract/rounds.ts'
import type { DraftCase } from './draft.ts'

export interface GridCell {
  staffNumber: string
  points: number
  standing: Standing
  /** In the draft as it stands. */
  current: boolean
  /** Of who may have it, the most points. */
  best: boolean
}

export interface GridRow {
  caseNumber: string
  seat: 'primary' | 'second'
  urgent: boolean
  cells: GridCell[]
}

export interface Grid {
  workers: RoundMatrix['workers']
  rows: GridRow[]
}

/** The cases shown against everybody, people by name; a duo has a row per seat. */
export function gridOf(matrix: RoundMatrix, cases: readonly DraftCase[]): Grid {
  const order = matrix.workers
    .map((worker, at) => ({ worker, at }))
    .sort((a, b) => byName(a.worker.name, b.worker.name))
  const rows = new Map(matrix.rows.map(row => [`${row.caseNumber} ${row.seat}`, row]))
  return {
    workers: order.map(({ worker }) => worker),
    rows: cases.flatMap(one =>
      one.lines.flatMap(line => {
        const row = rows.get(`${line.caseNumber} ${line.seat}`)
        if (!row) return []
        const allowed = row.points.filter((_, at) => row.standings[at] === 'may')
        const most = allowed.length > 0 ? Math.max(...allowed) : null
        const cells = order.map(({ worker, at }): GridCell => {
          const standing = row.standings[at] ?? 'mayNot'
          const points = row.points[at] ?? 0
          return {
            staffNumber: worker.staffNumber,
            points,
            standing,
            current: !line.waits && line.worker?.staffNumber === worker.staffNumber,
            best: standing === 'may' && points === most,
          }
        })
        const { caseNumber, seat } = line
        return [{ caseNumber, seat, urgent: one.case.urgency !== 'normal', cells }]
      }),
    ),
  }
}

/** Where an arrow key leads in a grid, held at the edges; null for other keys. */
export function cellBeside(
  at: { row: number; column: number },
  key: string,
  size: { rows: number; columns: number },
): { row: number; column: number } | null {
  const held = (row: number, column: number) => ({
    row: Math.min(size.rows - 1, Math.max(0, row)),
    column: Math.min(size.columns - 1, Math.max(0, column)),
  })
  switch (key) {
    case 'ArrowUp':
      return held(at.row - 1, at.column)
    case 'ArrowDown':
      return held(at.row + 1, at.column)
    case 'ArrowLeft':
      return held(at.row, at.column - 1)
    case 'ArrowRight':
      return held(at.row, at.column + 1)
    case 'Home':
      return held(at.row, 0)
    case 'End':
      return held(at.row, size.columns - 1)
    case 'PageUp':
      return held(at.row - 10, at.column)
    case 'PageDown':
      return held(at.row + 10, at.column)
    default:
      return null
  }
}

export const loadsByWorker = (round: RoundDetail) =>
  new Map(round.loads.map(load => [load.worker.staffNumber, load]))
