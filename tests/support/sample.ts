import type { TSchema } from 'typebox'

interface Shape {
  const?: unknown
  anyOf?: Shape[]
  type?: string
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  minItems?: number
  minimum?: number
  pattern?: string
  format?: string
}

/** The smallest value that a schema of the contract takes: required fields only, the first of what may be. */
export function sampleOf(schema: TSchema): unknown {
  return sample(schema as Shape, 0)
}

function sample(shape: Shape, index: number): unknown {
  if ('const' in shape) return shape.const
  if (shape.anyOf) {
    const nothing = shape.anyOf.find(one => one.type === 'null')
    return sample(nothing ?? shape.anyOf[0]!, index)
  }
  if (shape.type === 'object') {
    return Object.fromEntries(
      (shape.required ?? []).map(name => [name, sample(shape.properties![name]!, index)]),
    )
  }
  // Lists ask for different values.
  if (shape.type === 'array') {
    return Array.from({ length: shape.minItems ?? 0 }, (_, position) => sample(shape.items!, position))
  }
  if (shape.type === 'integer' || shape.type === 'number') return (shape.minimum ?? 0) + index
  if (shape.type === 'boolean') return false
  if (shape.type === 'null') return null
  return shape.format === 'date' || shape.pattern?.includes('\\d{4}-') ? '2026-12-01' : `x${index}`
}
