import type { DraftLoad, RoundDetail, RoundOutlook } from '../../server/contract/rounds.ts'
import { percentage, pointsBetween } from '../base/format.ts'

/** The load of one worker without and with the draft, on one of the moments that people look at. */
export interface EffectRow extends Pick<DraftLoad, 'worker' | 'normHours' | 'before' | 'after'> {
  /** Gets something by this draft. */
  changes: boolean
  /** Where the load with the draft lies four times out of five; null now, and where there is no norm. */
  low: number | null
  high: number | null
}

export const differenceIn = ({ before, after }: Pick<EffectRow, 'before' | 'after'>) =>
  pointsBetween(before.workload, after.workload)

export function rowsNow(loads: readonly DraftLoad[]): EffectRow[] {
  return loads.map(load => ({ ...load, changes: load.newCases > 0, low: null, high: null }))
}

/** The people of `loads`, in that order, at one of the horizons. Who is not in the outlook is left out. */
export function rowsThen(loads: readonly DraftLoad[], outlook: RoundOutlook, place: number): EffectRow[] {
  const then = new Map(outlook.workers.map(one => [one.worker.staffNumber, one.at[place]]))
  return loads.flatMap(load => {
    const at = then.get(load.worker.staffNumber)
    return at ? [{ ...at, worker: load.worker, changes: load.newCases > 0 || at.parts.draft !== 0 }] : []
  })
}

/** The highest load without and with the draft, and how many end above the norm; null: nobody has a norm. */
export function summaryOf(rows: readonly EffectRow[], band: RoundDetail['band']) {
  const highest = (loads: (number | null)[]) =>
    loads.reduce<number | null>((most, one) => (one === null ? most : Math.max(most ?? 0, one)), null)
  return {
    before: highest(rows.map(row => row.before.workload)),
    after: highest(rows.map(row => row.after.workload)),
    above: rows.filter(row => percentage(row.after.workload) > percentage(band.high)).length,
  }
}
