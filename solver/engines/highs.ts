import loadHighs, { type Highs } from 'highs'
import { type EngineAnswer, keepsModel, type LinearModel } from './model.ts'

let loading: Promise<Highs> | undefined

/** Loads the engine once per thread. */
export function highs(): Promise<Highs> {
  loading ??= loadHighs()
  return loading
}

export interface HighsLimits {
  /** Branch-and-bound nodes: a work limit that gives the same answer on every machine. */
  nodes: number
  /** Backstop on the clock. */
  timeLimitMs: number
  /** Stop when bound and answer differ less than this; with a whole-number objective, under 1 is a proof. */
  absoluteGap: number
}

/** Solves an integer model with HiGHS. The bound holds for maximisation, also when a limit ended the search. */
export async function solveWithHighs(model: LinearModel, limits: HighsLimits): Promise<EngineAnswer> {
  const engine = await highs()
  const numCols = model.columns.length
  const numRows = model.rows.length
  if (numCols === 0) {
    const empty = keepsModel(model, [])
    return { status: empty ? 'optimal' : 'infeasible', values: [], bound: 0, nodes: 0 }
  }
  const starts = new Int32Array(numRows + 1)
  let entries = 0
  model.rows.forEach((row, index) => {
    entries += row.columns.length
    starts[index + 1] = entries
  })
  const indices = new Int32Array(entries)
  const values = new Float64Array(entries)
  model.rows.forEach((row, index) => {
    row.columns.forEach((column, k) => {
      indices[starts[index]! + k] = column
      values[starts[index]! + k] = row.values[k]!
    })
  })
  const native = engine.createModel()
  try {
    native.options.set({
      output_flag: false,
      random_seed: 1,
      mip_rel_gap: 0,
      mip_abs_gap: limits.absoluteGap,
      mip_max_nodes: limits.nodes,
      time_limit: Math.max(0.01, limits.timeLimitMs / 1000),
    })
    native.passModel({
      numCols,
      numRows,
      sense: engine.constants.objectiveSense.maximize,
      colCost: Float64Array.from(model.objective),
      colLower: new Float64Array(numCols),
      colUpper: Float64Array.from(model.columns, column => column.upper),
      rowLower: Float64Array.from(model.rows, row => row.min),
      rowUpper: Float64Array.from(model.rows, row => row.max),
      matrix: { format: 'csr', numRows, numCols, starts, indices, values },
      integrality: Int32Array.from(model.columns, column => (column.integer ? 1 : 0)),
    })
    const { modelStatus } = native.run()
    const { optimal, infeasible } = engine.constants.modelStatus
    const nodes = Math.max(0, Number(native.info.get('mip_node_count')))
    if (modelStatus === infeasible)
      return { status: 'infeasible', values: [], bound: Number.NEGATIVE_INFINITY, nodes }
    const bound = Number(native.info.get('mip_dual_bound'))
    const solved = native.info.get('primal_solution_status') === engine.constants.solutionStatus.feasible
    if (!solved) return { status: 'failed', values: [], bound, nodes }
    const answer = [...native.getSolution().colValue]
    if (!keepsModel(model, answer, 1e-5)) return { status: 'failed', values: [], bound, nodes }
    return { status: modelStatus === optimal ? 'optimal' : 'limit', values: answer, bound, nodes }
  } finally {
    native.dispose()
  }
}
