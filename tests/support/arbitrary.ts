import { Arbitrary, type Random, Stream, Value } from 'fast-check'
import type { Problem } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { aCase, aPolicy, aWorker, randomProblem, randomSource } from './problems.ts'

/** How large the problems are; drawn anew for each from a source that belongs to its seed. */
export type SizeOf = (next: () => number) => Parameters<typeof randomProblem>[1]

export function problemOfSeed(seed: number, sizeOf: SizeOf): Problem {
  return randomProblem(seed, sizeOf(randomSource(seed * 7919)))
}

/**
 * Random problems for fast-check that shrink by what they consist of: fewer cases, fewer workers, then without locks and
 * other choices, then rule by rule and field by field to the plain values of `aCase`, `aWorker` and `aPolicy`. Another
 * seed would be another problem; this keeps the one that failed.
 */
export class ProblemArbitrary extends Arbitrary<Problem> {
  private readonly sizeOf: SizeOf
  private readonly adapt: (problem: Problem) => Problem

  constructor(sizeOf: SizeOf, adapt: (problem: Problem) => Problem = problem => problem) {
    super()
    this.sizeOf = sizeOf
    this.adapt = adapt
  }

  override generate(source: Random): Value<Problem> {
    return new Value(this.adapt(problemOfSeed(source.nextInt(1, 2 ** 31 - 1), this.sizeOf)), undefined)
  }

  override canShrinkWithoutContext(_value: unknown): _value is Problem {
    return true
  }

  override shrink(problem: Problem): Stream<Value<Problem>> {
    return new Stream(smaller(problem)).map(one => new Value(one, undefined))
  }
}

/** Problems with one thing less, the largest steps first; only those that are still valid. */
export function* smaller(problem: Problem): IterableIterator<Problem> {
  for (const one of parts(problem)) if ('problem' in validateProblem(one)) yield one
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

function* parts(problem: Problem): IterableIterator<Problem> {
  for (const key of ['cases', 'workers'] as const) {
    const ids = problem[key].map(one => one.id)
    for (let size = Math.ceil(ids.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
      for (let from = 0; from < ids.length; from += size)
        yield without(problem, new Set(ids.slice(from, from + size)))
    }
  }
  const { cases, workers, policy, seed, ...rest } = problem
  for (const part of plainer(rest as Fields, {}))
    yield { ...problem, ...absent(rest, part), ...part } as Problem
  if (seed !== 1) yield { ...problem, seed: 1 }
  for (const part of plainer(policy as Fields, aPolicy() as Fields))
    yield { ...problem, policy: part as Problem['policy'] }
  for (const [index, one] of cases.entries()) {
    for (const part of plainer(one as Fields, aCase(one.id) as Fields))
      yield { ...problem, cases: cases.with(index, part as Problem['cases'][number]) }
  }
  for (const [index, one] of workers.entries()) {
    for (const part of plainer(one as Fields, aWorker(one.id) as Fields))
      yield { ...problem, workers: workers.with(index, part as Problem['workers'][number]) }
  }
}

/** Members that a part has lost, as undefined ones, to lay over the whole. */
function absent(whole: object, part: object): Record<string, undefined> {
  return Object.fromEntries(Object.keys(whole).flatMap(key => (key in part ? [] : [[key, undefined]])))
}

/** One member less, one member plain, or one entry of a list less. */
function* plainer(fields: Fields, plain: Fields): IterableIterator<Fields> {
  for (const [key, value] of Object.entries(fields)) {
    // Gone already: without it the problem would be the same one, for ever.
    if (value === undefined) continue
    if (key in plain) {
      if (JSON.stringify(value) === JSON.stringify(plain[key])) continue
      yield { ...fields, [key]: plain[key]! }
    } else {
      const { [key]: _, ...others } = fields
      yield others
    }
    if (!Array.isArray(value)) continue
    if (!(key in plain) && value.length > 0) yield { ...fields, [key]: [] }
    if (value.length < 2) continue
    for (const index of value.keys()) yield { ...fields, [key]: value.toSpliced(index, 1) }
  }
}

/** The problem without some cases or workers and without everything that speaks of them. */
export function without(problem: Problem, gone: ReadonlySet<string>): Problem {
  const speaksOf = (value: Json): boolean =>
    typeof value === 'string'
      ? gone.has(value)
      : value !== null &&
        typeof value === 'object' &&
        !Array.isArray(value) &&
        ['id', 'caseId', 'workerId'].some(key => typeof value[key] === 'string' && gone.has(value[key]))
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return value.filter(one => !speaksOf(one)).map(clean)
    if (value === null || typeof value !== 'object') return speaksOf(value) ? null : value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)]))
  }
  return clean(problem as Json) as Problem
}
