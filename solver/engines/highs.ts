import loadHighs, { type Highs } from 'highs'
import { type Column, type EngineAnswer, keepsModel, type LinearModel } from './model.ts'

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
  /** Asked while the engine searches; true ends it. */
  shouldStop?: () => boolean
  /** Some columns with their values in an answer known already. */
  start?: { columns: readonly number[]; values: readonly number[] }
}

/**
 * Runs the engine and says how that ended; null where it fails. Its presolve does so now and then, mostly on models without an answer, and always on
 * the same ones: then it runs once more without it.
 */
function statusOf(
  native: ReturnType<Highs['createModel']>,
  callbacks?: Parameters<typeof native.run>[0],
): number | null {
  for (const isRetry of [false, true]) {
    try {
      if (isRetry) native.options.set({ presolve: 'off' })
      return native.run(callbacks).modelStatus
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'HighsError') throw error
    }
  }
  return null
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
    if (limits.start) {
      const { columns, values: known } = limits.start
      native.setSolution({ indices: Int32Array.from(columns), values: Float64Array.from(known) })
    }
    const ends = performance.now() + limits.timeLimitMs
    const modelStatus = statusOf(native, {
      [engine.constants.callbackType.mipInterrupt]: (event: { interrupt: () => void }) => {
        if (performance.now() > ends || limits.shouldStop?.()) event.interrupt()
      },
    })
    if (modelStatus === null)
      return { status: 'failed', values: [], bound: Number.POSITIVE_INFINITY, nodes: 0 }
    const { optimal, infeasible } = engine.constants.modelStatus
    const nodes = Math.max(0, Number(native.info.get('mip_node_count')))
    if (modelStatus === infeasible)
      return { status: 'infeasible', values: [], bound: Number.NEGATIVE_INFINITY, nodes }
    const bound = Number(native.info.get('mip_dual_bound'))
    const solved = native.info.get('primal_solution_status') === engine.constants.solutionStatus.feasible
    if (!solved) return { status: 'failed', values: [], bound, nodes }
    const answer = [...native.getSolution().colValue]
    if (!keepsModel(model, answer, 1e-5)) return { status: 'failed', values: [], bound, nodes }
    if (modelStatus === optimal) return { status: 'optimal', values: answer, bound, nodes }
    return { status: 'limit', values: answer, bound, nodes, late: performance.now() >= ends }
  } finally {
    native.dispose()
  }
}

/** By row, what one more unit of its limit is worth in the linear relaxation of a model; null without an optimum. */
export async function relaxedDuals(model: LinearModel, timeLimitMs: number): Promise<Float64Array | null> {
  const program = await LinearProgram.open(model.rows, [])
  try {
    const columns = model.objective.map((cost): Column => ({ cost, rows: [], values: [] }))
    model.rows.forEach((row, index) => {
      row.columns.forEach((column, k) => {
        columns[column]!.rows.push(index)
        columns[column]!.values.push(row.values[k]!)
      })
    })
    program.add(
      columns,
      model.columns.map(column => column.upper),
    )
    return program.solve(timeLimitMs, false)?.duals ?? null
  } finally {
    program.dispose()
  }
}

export interface ProgramAnswer {
  objective: number
  /** By row: what one more unit of its limit is worth. */
  duals: Float64Array
  /** By column, in the order in which they were added. */
  values: Float64Array
  /** What one more unit of each column would add; 0 or less at the optimum. */
  gains: Float64Array
}

/**
 * A linear program that grows by columns, to maximise; HiGHS goes on from the last basis. Columns are at least 0; those of
 * the first call also at most 1. Dispose it when done.
 */
export class LinearProgram {
  private readonly native: ReturnType<Highs['createModel']>
  private readonly engine: Highs

  private constructor(
    engine: Highs,
    rows: readonly { min: number; max: number }[],
    first: readonly Column[],
  ) {
    this.engine = engine
    this.native = engine.createModel()
    this.native.options.set({ output_flag: false, random_seed: 1, solver: 'simplex' })
    this.native.passModel({
      numCols: 0,
      numRows: rows.length,
      sense: engine.constants.objectiveSense.maximize,
      colCost: [],
      colLower: [],
      colUpper: [],
      rowLower: Float64Array.from(rows, row => row.min),
      rowUpper: Float64Array.from(rows, row => row.max),
      matrix: { format: 'csc', numRows: rows.length, numCols: 0, starts: [0], indices: [], values: [] },
    })
    this.add(
      first,
      first.map(() => 1),
    )
  }

  static async open(
    rows: readonly { min: number; max: number }[],
    first: readonly Column[],
  ): Promise<LinearProgram> {
    return new LinearProgram(await highs(), rows, first)
  }

  /** `upper` by column; without it they have no bound of their own. */
  add(columns: readonly Column[], upper?: readonly number[]): void {
    if (columns.length === 0) return
    const starts = new Int32Array(columns.length + 1)
    columns.forEach((column, k) => {
      starts[k + 1] = starts[k]! + column.rows.length
    })
    this.native.addCols({
      cost: Float64Array.from(columns, column => column.cost),
      lower: new Float64Array(columns.length),
      upper: Float64Array.from(columns, (_, k) => upper?.[k] ?? Number.POSITIVE_INFINITY),
      matrix: {
        format: 'csc',
        numRows: this.native.getDimensions().numRows,
        numCols: columns.length,
        starts,
        indices: Int32Array.from(columns.flatMap(column => column.rows)),
        values: Float64Array.from(columns.flatMap(column => column.values)),
      },
    })
  }

  /** The optimum over the columns so far; null when there is none (or the time is up). */
  solve(timeLimitMs: number, isRetry: boolean): ProgramAnswer | null {
    this.native.zeroAllClocks()
    this.native.options.set({
      time_limit: Math.max(0.01, timeLimitMs / 1000),
      presolve: isRetry ? 'off' : 'choose',
      // New columns leave the last basis primal feasible.
      simplex_strategy: isRetry ? 4 : 1,
    })
    const modelStatus = statusOf(this.native)
    if (modelStatus !== this.engine.constants.modelStatus.optimal) return null
    const { colValue, rowDual, colDual } = this.native.getSolution()
    return { objective: this.native.getObjectiveValue(), duals: rowDual, values: colValue, gains: colDual }
  }

  dispose(): void {
    this.native.dispose()
  }
}
