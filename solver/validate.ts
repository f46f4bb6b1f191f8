import { Compile } from 'typebox/compile'
import { Problem, Proposal } from './problem.ts'

export interface InputError {
  /** JSON pointer to the offending field, for instance /cases/3/hours/primary. */
  path: string
  message: string
}

const problemSchema = Compile(Problem)
const proposalSchema = Compile(Proposal)

/** Judges untrusted JSON: first its shape, then whether it contradicts itself. */
export function validateProblem(json: unknown): { problem: Problem } | { errors: InputError[] } {
  if (!problemSchema.Check(json)) return { errors: shapeErrors(problemSchema.Errors(json)) }
  const errors = semanticErrors(json)
  return errors.length > 0 ? { errors } : { problem: json }
}

/** Judges untrusted JSON by its shape; `checkProposal` judges what it says. */
export function validateProposal(json: unknown): { proposal: Proposal } | { errors: InputError[] } {
  if (!proposalSchema.Check(json)) return { errors: shapeErrors(proposalSchema.Errors(json)) }
  return { proposal: json }
}

function shapeErrors(list: Iterable<{ instancePath: string; message: string }>): InputError[] {
  const errors: InputError[] = []
  for (const one of list) {
    if (errors.length === 20) break
    errors.push({ path: one.instancePath || '/', message: one.message })
  }
  return errors
}

/** What a schema cannot say: doubles, unknown ids, limits in the wrong order. Empty when all is well. */
export function semanticErrors(problem: Problem): InputError[] {
  const errors: InputError[] = []
  const wrong = (path: string, message: string) => errors.push({ path, message })
  const { policy } = problem

  if (policy.bandLow > policy.bandHigh) {
    wrong('/policy/bandLow', `${policy.bandLow} is above bandHigh ${policy.bandHigh}`)
  }
  if (policy.bandHigh > policy.hardLimit) {
    wrong('/policy/bandHigh', `${policy.bandHigh} is above hardLimit ${policy.hardLimit}`)
  }
  policy.loadCost.forEach((step, index) => {
    const before = policy.loadCost[index - 1]
    if (before && step.from <= before.from) {
      wrong(`/policy/loadCost/${index}/from`, `${step.from} must be above ${before.from}, the step before`)
    }
    if (before && step.pointsPerHour < before.pointsPerHour) {
      wrong(
        `/policy/loadCost/${index}/pointsPerHour`,
        `${step.pointsPerHour} is under ${before.pointsPerHour}, the step before: load must not get cheaper`,
      )
    }
  })

  const cases = ids(problem.cases, '/cases', wrong)
  const workers = ids(problem.workers, '/workers', wrong)
  problem.cases.forEach((one, index) => {
    const path = `/cases/${index}/hours`
    hundredthsOnly(one.hours.primary, `${path}/primary`, wrong)
    if (one.hours.second !== undefined) hundredthsOnly(one.hours.second, `${path}/second`, wrong)
    if (one.duo && one.hours.second === undefined)
      wrong(path, `case ${one.id} is a duo without hours for the second seat`)
  })
  problem.workers.forEach((one, index) => {
    for (const field of ['contractHours', 'normHours', 'hoursInUse'] as const) {
      hundredthsOnly(one[field], `/workers/${index}/${field}`, wrong)
    }
  })
  hundredthsOnly(policy.travel.hours, '/policy/travel/hours', wrong)

  const seats = new Set<string>()
  const waiting = new Set(problem.waiting)
  problem.locks.forEach((lock, index) => {
    const theCase = cases.get(lock.caseId)
    if (!theCase) wrong(`/locks/${index}/caseId`, `unknown case ${lock.caseId}`)
    if (!workers.has(lock.workerId)) wrong(`/locks/${index}/workerId`, `unknown worker ${lock.workerId}`)
    if (theCase && lock.seat === 'second' && !theCase.duo) {
      wrong(`/locks/${index}/seat`, `case ${lock.caseId} has no second seat`)
    }
    if (waiting.has(lock.caseId)) wrong(`/locks/${index}/caseId`, `case ${lock.caseId} is also set to wait`)
    const seat = `${lock.seat} ${lock.caseId}`
    if (seats.has(seat))
      wrong(`/locks/${index}`, `the ${lock.seat} seat of case ${lock.caseId} is locked twice`)
    seats.add(seat)
  })
  problem.exclusions.forEach((one, index) => {
    if (!cases.has(one.caseId)) wrong(`/exclusions/${index}/caseId`, `unknown case ${one.caseId}`)
    if (!workers.has(one.workerId)) wrong(`/exclusions/${index}/workerId`, `unknown worker ${one.workerId}`)
  })
  problem.waiting.forEach((id, index) => {
    if (!cases.has(id)) wrong(`/waiting/${index}`, `unknown case ${id}`)
  })
  return errors
}

function ids<T extends { id: string }>(
  list: readonly T[],
  path: string,
  wrong: (path: string, message: string) => void,
): Map<string, T> {
  const known = new Map<string, T>()
  list.forEach((one, index) => {
    if (known.has(one.id)) wrong(`${path}/${index}/id`, `${one.id} occurs twice`)
    known.set(one.id, one)
  })
  return known
}

function hundredthsOnly(value: number, path: string, wrong: (path: string, message: string) => void): void {
  if (!Number.isFinite(value)) wrong(path, `${value} is no number of hours`)
  else if (Math.abs(value * 100 - Math.round(value * 100)) > 1e-6) {
    wrong(path, `${value} hours has more than two decimals`)
  }
}
