import { Compile } from 'typebox/compile'
import { isDay } from './days.ts'
import { hundredths } from './load.ts'
import { type Policy, Problem, type ProblemCase, type ProblemWorker, Proposal } from './problem.ts'

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
    const message = one.message === 'schema is false' ? 'nothing of this name is known here' : one.message
    errors.push({ path: one.instancePath || '/', message })
  }
  return errors
}

/** What a schema cannot say: doubles, unknown ids, days that do not exist, limits in the wrong order. Empty when all is well. */
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
  })

  rising(policy.heavyCost ?? [], '/policy/heavyCost', wrong)

  const cases = ids(problem.cases, '/cases', wrong)
  const workers = ids(problem.workers, '/workers', wrong)
  problem.cases.forEach((one, index) => {
    const path = `/cases/${index}/hours`
    hundredthsOnly(one.hours.primary, `${path}/primary`, wrong)
    if (one.hours.second !== undefined) hundredthsOnly(one.hours.second, `${path}/second`, wrong)
    if (one.duo && one.hours.second === undefined)
      wrong(path, `case ${one.id} is a duo without hours for the second seat`)
    checkCurrent(one, `/cases/${index}`, workers, wrong)
    if (one.taken && (!one.duo || one.current))
      wrong(`/cases/${index}/taken`, `case ${one.id} is no duo that waits for its other worker`)
  })
  problem.workers.forEach((one, index) => {
    for (const field of ['contractHours', 'normHours', 'hoursInUse'] as const) {
      hundredthsOnly(one[field], `/workers/${index}/${field}`, wrong)
    }
    one.ahead?.forEach((day, at) => {
      const path = `/workers/${index}/ahead/${at}`
      for (const field of ['hours', 'normHours'] as const)
        hundredthsOnly(day[field], `${path}/${field}`, wrong)
      if (day.on <= problem.startOn) wrong(`${path}/on`, `${day.on} is not after startOn ${problem.startOn}`)
    })
    checkWishes(policy, one, `/workers/${index}`, wrong)
    if (one.mentor === one.id)
      wrong(`/workers/${index}/mentor`, `worker ${one.id} cannot be their own mentor`)
    else if (one.mentor && !workers.has(one.mentor)) {
      wrong(
        `/workers/${index}/mentor`,
        `unknown worker ${one.mentor}; leave out a mentor who does not take part`,
      )
    }
  })
  hundredthsOnly(policy.travel.hours, '/policy/travel/hours', wrong)
  // Caps are shares of it.
  if (hundredths(policy.fullTimeHours) === 0)
    wrong('/policy/fullTimeHours', `${policy.fullTimeHours} hours is under a hundredth of an hour`)
  checkDays(problem, wrong)

  const seats = new Set<string>()
  const waiting = new Set(problem.waiting)
  problem.locks.forEach((lock, index) => {
    const theCase = cases.get(lock.caseId)
    if (!theCase) wrong(`/locks/${index}/caseId`, `unknown case ${lock.caseId}`)
    if (!workers.has(lock.workerId)) wrong(`/locks/${index}/workerId`, `unknown worker ${lock.workerId}`)
    if (theCase && lock.seat === 'second' && !theCase.duo) {
      wrong(`/locks/${index}/seat`, `case ${lock.caseId} has no second seat`)
    }
    if (theCase?.taken?.seat === lock.seat)
      wrong(
        `/locks/${index}/seat`,
        `${theCase.taken.workerId} has the ${lock.seat} seat of case ${lock.caseId}`,
      )
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
    const theCase = cases.get(id)
    if (!theCase) wrong(`/waiting/${index}`, `unknown case ${id}`)
    else if (theCase.current)
      wrong(`/waiting/${index}`, `case ${id} is allocated already and cannot wait; lock it`)
  })
  const kept = new Set<string>()
  problem.earlier?.lines.forEach((line, index) => {
    const seat = `${line.seat} ${line.caseId}`
    if (kept.has(seat))
      wrong(`/earlier/lines/${index}`, `the ${line.seat} seat of case ${line.caseId} occurs twice`)
    kept.add(seat)
  })
  return errors
}

type Wrong = (path: string, message: string) => void

/** Every day of the problem exists. */
function checkDays({ startOn, cases, workers, exclusions }: Problem, wrong: Wrong): void {
  const check = (day: string | null | undefined, path: string) => {
    if (day !== null && day !== undefined && !isDay(day))
      wrong(path, `${day} is no day; write it as 2026-12-01`)
  }
  check(startOn, '/startOn')
  cases.forEach((one, index) => {
    check(one.expectedUntil, `/cases/${index}/expectedUntil`)
  })
  workers.forEach((one, index) => {
    const path = `/workers/${index}`
    check(one.employedFrom, `${path}/employedFrom`)
    check(one.employedUntil, `${path}/employedUntil`)
    check(one.registration.from, `${path}/registration/from`)
    check(one.registration.until, `${path}/registration/until`)
    one.away.forEach((period, k) => {
      check(period.from, `${path}/away/${k}/from`)
      check(period.until, `${path}/away/${k}/until`)
    })
    one.ahead?.forEach((day, k) => {
      check(day.on, `${path}/ahead/${k}/on`)
    })
    one.competences.forEach((own, k) => {
      check(own.expiresOn, `${path}/competences/${k}/expiresOn`)
    })
  })
  exclusions.forEach((one, index) => {
    check(one.until, `/exclusions/${index}/until`)
  })
}

/** Who holds an existing case: workers of this problem, two people, and both seats of a duo or only the first. */
function checkCurrent(
  one: ProblemCase,
  path: string,
  workers: ReadonlyMap<string, ProblemWorker>,
  wrong: Wrong,
): void {
  const { current } = one
  if (!current) {
    if (one.movable) wrong(`${path}/movable`, `case ${one.id} has no current worker to move from`)
    return
  }
  for (const seat of ['primary', 'second'] as const) {
    const id = current[seat]
    if (id !== undefined && !workers.has(id)) wrong(`${path}/current/${seat}`, `unknown worker ${id}`)
  }
  if (current.primary === current.second)
    wrong(`${path}/current`, `${current.primary} has both seats of case ${one.id}`)
  if (one.duo !== (current.second !== undefined)) {
    wrong(
      `${path}/current`,
      one.duo
        ? `case ${one.id} is a duo, but nobody has its second seat`
        : `case ${one.id} is no duo, but somebody has a second seat`,
    )
  }
}

/** No more "rather not" than the budget, and no more wishes granted than asked. */
function checkWishes(policy: Policy, one: ProblemWorker, path: string, wrong: Wrong): void {
  const stated = one.preferences.filter(wish => wish.value === 'rather_not').length
  if (policy.wishBudget !== undefined && stated > policy.wishBudget) {
    wrong(
      `${path}/preferences`,
      `worker ${one.id} states "rather not" ${stated} times; the rulebook allows ${policy.wishBudget}`,
    )
  }
  if (one.wishes && one.wishes.granted > one.wishes.asked) {
    wrong(`${path}/wishes/granted`, `${one.wishes.granted} is more than the ${one.wishes.asked} asked`)
  }
}

/** Heavy cases cost more the more there are: thresholds and points rise. */
function rising(steps: readonly { from: number; points: number }[], path: string, wrong: Wrong): void {
  steps.forEach((step, index) => {
    const before = steps[index - 1]
    if (!before) return
    if (step.from <= before.from)
      wrong(`${path}/${index}/from`, `${step.from} must be above ${before.from}, the step before`)
    if (step.points < before.points)
      wrong(`${path}/${index}/points`, `${step.points} is under ${before.points}, the step before`)
  })
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
