/** A linear model to maximise, as both engines take it. Columns are 0 or 1 unless they are continuous. */
export interface LinearModel {
  objective: number[]
  columns: { integer: boolean; upper: number }[]
  rows: Row[]
}

export interface Row {
  min: number
  max: number
  columns: number[]
  values: number[]
}

/** A column of a model that grows by columns: its entries by row. */
export interface Column {
  cost: number
  rows: number[]
  values: number[]
}

/** What an engine says. Nothing of it is trusted: callers rebuild the allocation and count again. */
export interface EngineAnswer {
  status: 'optimal' | 'limit' | 'infeasible' | 'failed'
  /** Per column; empty without an answer. */
  values: number[]
  /** Upper bound on the objective; infinite when the engine knows none. */
  bound: number
  nodes: number
  /** With 'limit': it was the clock. */
  late?: boolean
}

/** Whether the values are whole where they must be, within bounds, and keep every row. */
export function keepsModel(model: LinearModel, values: readonly number[], tolerance = 1e-6): boolean {
  if (values.length !== model.columns.length) return false
  for (let column = 0; column < values.length; column++) {
    const value = values[column]!
    const { integer, upper } = model.columns[column]!
    if (!(value >= -tolerance && value <= upper + tolerance)) return false
    if (integer && Math.abs(value - Math.round(value)) > tolerance) return false
  }
  return model.rows.every(row => {
    let sum = 0
    let scale = 1
    row.columns.forEach((column, k) => {
      sum += row.values[k]! * values[column]!
      scale = Math.max(scale, Math.abs(row.values[k]!))
    })
    return sum >= row.min - tolerance * scale && sum <= row.max + tolerance * scale
  })
}
