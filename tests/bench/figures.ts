import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTESTANTS, type Contestant, LABELS } from './contestants.ts'
import { plotSvg, type Series } from './plot.ts'
import { gapOf, median, type Row, shortfallOf, timesOf } from './table.ts'

const LOOKS: Record<Contestant, Pick<Series, 'colour' | 'shape'>> = {
  own: { colour: '#12436D', shape: 'disc' },
  highs: { colour: '#28A197', shape: 'square' },
  jslp: { colour: '#F46A25', shape: 'triangle' },
  greedy: { colour: '#801650', shape: 'diamond' },
}

/** A gap of nothing has no place on a logarithmic axis: it is drawn here. */
const noGap = 1e-7

/** Time and gap against size, for the sizes with more workers than cases but not ten times as many. */
export function writeFigures(rows: readonly Row[], directory: string): string[] {
  const some = rows.filter(({ size }) => size.workers >= size.cases && size.workers < 10 * size.cases)
  const at = ({ size }: Row) => size.cases * size.workers
  const common = {
    xLabel: 'cases x workers of the round',
    xTicks: some.map(row => ({ at: at(row), text: row.size.name })),
  }
  const series = (points: (row: Row, contestant: Contestant) => { y: number; open?: boolean }[]): Series[] =>
    CONTESTANTS.map(contestant => ({
      label: LABELS[contestant],
      ...LOOKS[contestant],
      points: some.flatMap(row => points(row, contestant).map(one => ({ ...one, x: at(row) }))),
    }))
  const time = plotSvg({
    ...common,
    title: 'Time to the answer (hollow: cut off or not proven)',
    yLabel: 'seconds of processor time',
    yTicks: [0.001, 0.01, 0.1, 1, 10, 100].map(one => ({ at: one, text: String(one) })),
    series: series((row, contestant) => {
      const list = timesOf(row, contestant)
      if (list.length === 0) return []
      const open =
        contestant !== 'greedy' && row.outcomes[contestant].some(one => one !== null && !one.proven)
      return [{ y: Math.max(0.001, median(list) / 1000), open }]
    }),
  })
  const gap = plotSvg({
    ...common,
    title: 'How far from what can be reached at most',
    yLabel: 'share of cases missing, else of points less load cost',
    yTicks: [noGap, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].map(one => ({
      at: one,
      text: one === noGap ? 'none' : `${Number((one * 100).toPrecision(1))} %`,
    })),
    series: series((row, contestant) => {
      const gaps = row.outcomes[contestant].flatMap(
        (_, index) => gapOf(row, contestant, index) ?? shortfallOf(row, contestant, index) ?? [],
      )
      return gaps.length === 0 ? [] : [{ y: Math.min(1, Math.max(noGap, median(gaps))) }]
    }),
  })
  mkdirSync(directory, { recursive: true })
  const files = [
    [join(directory, 'solver-time.svg'), time],
    [join(directory, 'solver-gap.svg'), gap],
  ] as const
  for (const [file, text] of files) writeFileSync(file, text)
  return files.map(([file]) => file)
}
