import solver, { type Model } from 'javascript-lp-solver'
import { type EngineAnswer, keepsModel, type LinearModel } from '../../solver/engines/model.ts'

/**
 * Solves a small integer model with javascript-lp-solver.
 *
 * After its time limit the library returns `feasible: true` with a fractional answer, so every answer is tested against
 * the model here, and an answer that took the whole time is not called optimal.
 */
export function solveWithJslp(model: LinearModel, timeLimitMs: number): EngineAnswer {
  const constraints: Model['constraints'] = {}
  const variables: Model['variables'] = {}
  const ints: Record<string, 1> = {}
  model.columns.forEach((column, index) => {
    const variable: Record<string, number> = { value: model.objective[index]! }
    if (Number.isFinite(column.upper)) {
      const name = `u${index}`
      constraints[name] = { max: column.upper }
      variable[name] = 1
    }
    variables[`x${index}`] = variable
    if (column.integer) ints[`x${index}`] = 1
  })
  model.rows.forEach((row, index) => {
    const name = `r${index}`
    const bound: { min?: number; max?: number; equal?: number } = {}
    if (row.min === row.max) bound.equal = row.min
    else {
      if (Number.isFinite(row.min)) bound.min = row.min
      if (Number.isFinite(row.max)) bound.max = row.max
    }
    constraints[name] = bound
    row.columns.forEach((column, k) => {
      variables[`x${column}`]![name] = row.values[k]!
    })
  })
  const none: EngineAnswer = { status: 'failed', values: [], bound: Number.POSITIVE_INFINITY, nodes: 0 }
  const started = performance.now()
  let result: Record<string, unknown>
  try {
    result = solver.Solve({
      optimize: 'value',
      opType: 'max',
      constraints,
      variables,
      ints,
      options: { timeout: timeLimitMs },
    }) as unknown as Record<string, unknown>
  } catch {
    return none
  }
  const inTime = performance.now() - started < timeLimitMs
  if (result.feasible !== true) return { ...none, status: inTime ? 'infeasible' : 'failed' }
  const values = model.columns.map((_, index) => {
    const value = result[`x${index}`]
    return typeof value === 'number' ? value : 0
  })
  if (!keepsModel(model, values)) return none
  const reached = values.reduce((sum, value, index) => sum + value * model.objective[index]!, 0)
  return {
    status: inTime ? 'optimal' : 'limit',
    values,
    bound: inTime ? reached : Number.POSITIVE_INFINITY,
    nodes: 0,
  }
}
