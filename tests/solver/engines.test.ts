import { expect, test } from 'vitest'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { LinearModel } from '../../solver/engines/model.ts'

/** A small master over bundles in which no choice covers every seat. */
function withoutAnswer(): LinearModel {
  const points = [
    -4590, -3150, -4320, -5350, -7120, -5800, -3620, -3620, -2720, -2720, -5220, -7290, -6740, -6860, -6640,
    -3120, -5280, -5260, -1980, -4140, -11570, -9020, -11570, -6190, -7100, -6620, -6410, -6290, -4300,
    -10560, -3860, -3860, 600, 600, -310, 760,
  ]
  const workers = [
    [0, 1, 2],
    [3, 4, 5],
    [],
    [13, 14, 15, 16, 17, 18, 19],
    [23, 24, 25, 26, 27, 28],
    [32, 33, 34, 35],
  ]
  const seats = [
    [11, 12, 24, 25, 26, 32, 33],
    [10, 34, 35],
    [22, 29, 30, 31],
    [6, 7, 11, 34],
    [15, 18, 20, 27],
    [1, 16, 19, 29],
    [5, 10, 20, 21, 22],
    [8, 9, 12, 35],
    [6, 8, 30, 32],
    [7, 9, 31, 33],
    [0, 2, 14, 17],
    [0, 1, 13, 14, 15, 16],
    [4, 27, 28],
    [3, 23, 26],
    [21, 25],
  ]
  const row = (columns: number[], min: number) => ({ min, max: 1, columns, values: columns.map(() => 1) })
  return {
    objective: points,
    columns: points.map(() => ({ integer: true, upper: Number.POSITIVE_INFINITY })),
    rows: [
      ...workers.map(one => row(one, Number.NEGATIVE_INFINITY)),
      ...seats.map(one => row(one, 1)),
      { min: 0, max: 0, columns: [], values: [] },
    ],
  }
}

test('a model on which the presolve of the engine fails gets its answer without presolve', async () => {
  const limits = { nodes: 50_000, timeLimitMs: 600_000, absoluteGap: 0.9 }
  expect(await solveWithHighs(withoutAnswer(), limits)).toMatchObject({ status: 'infeasible', values: [] })
})
