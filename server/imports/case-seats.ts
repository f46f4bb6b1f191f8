import { isDuo } from '../weighing/weight.ts'
import type { CaseRecord, CasesState } from './case-record.ts'
import { found, type SettleRow } from './plan.ts'

/** Factors are found whatever their capitals, as they are when they are settled. */
export function duoOf({ duoNeeded, factors }: CaseRecord, state: CasesState): boolean {
  return isDuo({ duoNeeded, threat: factors.some(factor => found(state.factors, factor)?.value) })
}

const seatFields = [
  { seat: 'primary', worker: 'primary', from: 'primaryFrom' },
  { seat: 'second', worker: 'second', from: 'secondFrom' },
] as const

/**
 * Who has the case. A file brings in seats that are still free; it never moves one from one worker to another, because
 * that is a decision with a reason. An empty cell says nothing. Whoever may not read the case is not told who holds it, so
 * what the file says of a seat that is held is passed over.
 */
export function settleSeats(row: SettleRow<CaseRecord>, state: CasesState, record: CaseRecord): CaseRecord {
  const { before } = row
  let settled = record
  for (const { seat, worker, from } of seatFields) {
    const held = before?.[worker] ?? null
    const heldFrom = before?.[from] ?? null
    const wanted = record[worker]
    if (!row.sound(worker, from)) continue
    if (held !== null) {
      if (wanted !== null && wanted !== held) {
        if (row.seen) row.fault(worker, 'otherWorkerNow', { worker: held, from: heldFrom ?? '' })
      } else if (row.has(from) && record[from] !== null && record[from] !== heldFrom) {
        if (row.seen) row.fault(from, 'otherStartNow', { from: heldFrom ?? '' })
      }
      settled = { ...settled, [worker]: held, [from]: heldFrom }
    } else if (wanted !== null) {
      checkNewSeat(row, state, seat, worker, wanted, from, record[from])
    } else if (record[from] !== null) {
      row.fault(from, 'startWithoutWorker')
    }
  }
  if (settled.primary !== null && settled.primary === settled.second) row.clash('second', 'sameWorkerTwice')
  const duo = !row.sound('duoNeeded', 'factors') || duoOf(record, state)
  if (settled.second !== null && before?.second == null && !duo) row.clash('second', 'secondWithoutDuo')
  if (row.sound('primary') && settled.primary === null && settled.second !== null)
    row.clash('second', 'secondWithoutFirst')
  return settled
}

function checkNewSeat(
  row: SettleRow<CaseRecord>,
  state: CasesState,
  seat: 'primary' | 'second',
  field: 'primary' | 'second',
  staffNumber: string,
  fromField: 'primaryFrom' | 'secondFrom',
  from: string | null,
): void {
  const { caseNumber } = row.record
  const worker = state.workers.get(staffNumber)
  if (state.inOpenRound.has(caseNumber)) row.clash(field, 'inOpenRound')
  if (!worker) {
    row.fault(field, 'unknownWorker')
    return
  }
  if (from === null) {
    row.fault(fromField, 'startMissing')
    return
  }
  if (from < worker.employedFrom || (worker.employedUntil !== null && from > worker.employedUntil)) {
    row.fault(fromField, 'notEmployed')
  }
  // The seat stays filled from that day on, so every period that reaches past it is in the way.
  const inTheWay = (state.seats.get(caseNumber) ?? [])
    .filter(one => one.endsOn === null || one.endsOn > from)
    .find(one => one.seat === seat || one.staffNumber === staffNumber)
  if (inTheWay) row.clash(fromField, 'seatTaken', { until: inTheWay.endsOn ?? '…' })
}
