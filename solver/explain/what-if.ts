import type { Change } from '../problem/changes.ts'
import { addDays, isDay } from '../problem/days.ts'
import { hundredths, seatsOf } from '../problem/load.ts'
import type { Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import type { Sentence } from '../problem/sentences.ts'
import { semanticErrors } from '../problem/validate.ts'

/** What is wrong with one change: its place in the list, its field, and a sentence with what to do. */
export interface ChangeError {
  index: number
  field: string
  message: Sentence
}

class Wrong extends Error {
  readonly field: string
  readonly sentence: Sentence

  constructor(field: string, sentence: Sentence) {
    super(sentence.en)
    this.field = field
    this.sentence = sentence
  }
}

/**
 * The Problem with all of this supposed, in the order of the list; the given one stays as it is. Nothing is read or written.
 * Errors instead when a change names what is not there, says nothing new, or leaves a Problem that contradicts itself.
 */
export function applyChanges(
  problem: Problem,
  changes: readonly Change[],
): { problem: Problem } | { errors: ChangeError[] } {
  const errors: ChangeError[] = []
  let supposed = problem
  changes.forEach((change, index) => {
    try {
      supposed = applyOne(supposed, change)
    } catch (error) {
      if (!(error instanceof Wrong)) throw error
      errors.push({ index, field: error.field, message: error.sentence })
    }
  })
  if (errors.length === 0) {
    const [first] = semanticErrors(supposed)
    if (first) {
      const said = `${first.path}: ${first.message}`
      errors.push({
        index: changes.length - 1,
        field: '',
        message: {
          nl: `Deze wijzigingen spreken elkaar tegen (${said}).`,
          en: `These changes contradict each other (${said}).`,
        },
      })
    }
  }
  return errors.length > 0 ? { errors } : { problem: supposed }
}

function applyOne(problem: Problem, change: Change): Problem {
  switch (change.kind) {
    case 'workerLeaves': {
      needsDay(change.from, 'from')
      const last = addDays(change.from, -1)
      return withWorker(problem, change.workerId, worker => ({
        ...worker,
        employedUntil:
          worker.employedUntil !== null && worker.employedUntil < last ? worker.employedUntil : last,
      }))
    }
    case 'workerAway': {
      needsDay(change.from, 'from')
      if (change.until !== null) {
        needsDay(change.until, 'until')
        if (change.until < change.from) {
          throw new Wrong('until', {
            nl: `${change.until} ligt voor ${change.from}. Neem een latere laatste dag.`,
            en: `${change.until} is before ${change.from}. Take a later last day.`,
          })
        }
      }
      return withWorker(problem, change.workerId, worker => ({
        ...worker,
        away: [...worker.away, { from: change.from, until: change.until }],
      }))
    }
    case 'workerHours':
      return withWorker(problem, change.workerId, worker => otherHours(worker, change))
    case 'extraRoom':
      return withWorker(problem, change.workerId, worker => extraRoom(worker, change.hours))
    case 'casesLike':
      return casesLike(problem, change)
    case 'caseLeaves': {
      findCase(problem, change.caseId)
      const others = <T extends { caseId: string }>(list: readonly T[]) =>
        list.filter(one => one.caseId !== change.caseId)
      return {
        ...problem,
        cases: problem.cases.filter(one => one.id !== change.caseId),
        locks: others(problem.locks),
        exclusions: others(problem.exclusions),
        waiting: problem.waiting.filter(id => id !== change.caseId),
        ...(problem.earlier && {
          earlier: { ...problem.earlier, lines: others(problem.earlier.lines) },
        }),
      }
    }
    case 'caseUrgency':
      return withCase(problem, change.caseId, one => ({ ...one, urgency: change.urgency }))
    case 'competenceWanted':
      return withCase(problem, change.caseId, one => wantedOnly(one, change))
    case 'weights':
      if (Object.keys(change.criteria).length === 0) {
        throw new Wrong('criteria', {
          nl: 'Noem een criterium dat een andere weging krijgt.',
          en: 'Name a criterion that gets another weight.',
        })
      }
      return {
        ...problem,
        policy: { ...problem.policy, criteria: { ...problem.policy.criteria, ...change.criteria } },
      }
    case 'limits': {
      const { kind: _, ...limits } = change
      if (Object.keys(limits).length === 0) {
        throw new Wrong('', {
          nl: 'Noem een grens die anders wordt.',
          en: 'Name a limit that changes.',
        })
      }
      const policy = { ...problem.policy, ...limits }
      if (policy.bandHigh > policy.hardLimit || policy.bandHigh < policy.bandLow) {
        throw new Wrong('bandHigh', {
          nl: `De band (${policy.bandLow} tot ${policy.bandHigh}) moet onder de harde grens (${policy.hardLimit}) blijven.`,
          en: `The target range (${policy.bandLow} to ${policy.bandHigh}) must stay below the hard limit (${policy.hardLimit}).`,
        })
      }
      return { ...problem, policy }
    }
    case 'lock': {
      const { kind: _, ...lock } = change
      seatOf(problem, change)
      findWorker(problem, change.workerId)
      return {
        ...problem,
        locks: [...problem.locks.filter(one => !sameSeat(one, lock)), lock],
        waiting: problem.waiting.filter(id => id !== lock.caseId),
      }
    }
    case 'unlock': {
      seatOf(problem, change)
      if (!problem.locks.some(one => sameSeat(one, change))) {
        throw new Wrong('caseId', {
          nl: `Op deze plek van zaak ${change.caseId} is niemand vastgezet.`,
          en: `Nobody is locked to this seat of case ${change.caseId}.`,
        })
      }
      return { ...problem, locks: problem.locks.filter(one => !sameSeat(one, change)) }
    }
    case 'exclude': {
      const { caseId, workerId } = change
      findCase(problem, caseId)
      findWorker(problem, workerId)
      if (problem.exclusions.some(one => one.caseId === caseId && one.workerId === workerId)) return problem
      return { ...problem, exclusions: [...problem.exclusions, { caseId, workerId }] }
    }
    case 'include': {
      const { caseId, workerId } = change
      findCase(problem, caseId)
      findWorker(problem, workerId)
      const exclusions = problem.exclusions.filter(one => one.caseId !== caseId || one.workerId !== workerId)
      if (exclusions.length === problem.exclusions.length) {
        throw new Wrong('workerId', {
          nl: `Het team heeft ${workerId} voor zaak ${caseId} niet uitgesloten.`,
          en: `The team has not excluded ${workerId} from case ${caseId}.`,
        })
      }
      return { ...problem, exclusions }
    }
    case 'wait': {
      findCase(problem, change.caseId)
      const others = problem.waiting.filter(id => id !== change.caseId)
      if (!change.waits) return { ...problem, waiting: others }
      return {
        ...problem,
        waiting: [...others, change.caseId],
        locks: problem.locks.filter(lock => lock.caseId !== change.caseId),
      }
    }
  }
}

function otherHours(worker: ProblemWorker, change: Extract<Change, { kind: 'workerHours' }>): ProblemWorker {
  const { contractHours } = change
  if (change.normHours === undefined && worker.contractHours === 0) {
    throw new Wrong('normHours', {
      nl: `${worker.id} heeft nu geen contracturen. Geef ook de normuren.`,
      en: `${worker.id} has no contract hours now. Also give the norm hours.`,
    })
  }
  const share = change.normHours ?? (worker.normHours * contractHours) / worker.contractHours
  return {
    ...worker,
    contractHours: rounded(contractHours),
    normHours: rounded(share),
    ...(worker.ahead &&
      worker.normHours > 0 && {
        ahead: worker.ahead.map(day => ({
          ...day,
          normHours: rounded((day.normHours * share) / worker.normHours),
        })),
      }),
  }
}

function extraRoom(worker: ProblemWorker, hours: number): ProblemWorker {
  const inUse = rounded(worker.hoursInUse - hours)
  if (inUse < 0) {
    throw new Wrong('hours', {
      nl: `${worker.id} heeft maar ${worker.hoursInUse} uur in gebruik. Geef hoogstens dat aantal vrij, of verander de contracturen.`,
      en: `${worker.id} has only ${worker.hoursInUse} hours in use. Free at most that many, or change the contract hours.`,
    })
  }
  return {
    ...worker,
    hoursInUse: inUse,
    ...(worker.ahead && {
      ahead: worker.ahead.map(day => ({ ...day, hours: Math.max(0, rounded(day.hours - hours)) })),
    }),
  }
}

function casesLike(problem: Problem, { caseId, count }: Extract<Change, { kind: 'casesLike' }>): Problem {
  // A copy is nobody's yet: not who holds it, nor who is around its family.
  const { current: _, movable: __, workersInvolved: ___, ...model } = findCase(problem, caseId)
  const known = new Set(problem.cases.map(one => one.id))
  const more: ProblemCase[] = []
  for (let number = 1; more.length < count; number++) {
    const id = `${caseId}.${number}`
    if (known.has(id)) continue
    more.push({
      ...model,
      id,
      waitingDays: 0,
      formerWorkers: [],
      excludedWorkers: [],
      group: null,
      familyWorker: null,
    })
  }
  return { ...problem, cases: [...problem.cases, ...more] }
}

function wantedOnly(
  theCase: ProblemCase,
  { competence, seat }: { competence: string; seat?: Seat },
): ProblemCase {
  const isIt = (need: ProblemCase['competences'][number]) =>
    need.competence === competence && need.need === 'required' && (seat === undefined || need.seat === seat)
  if (!theCase.competences.some(isIt)) {
    throw new Wrong('competence', {
      nl: `Zaak ${theCase.id} heeft de competentie ${competence} niet nodig.`,
      en: `Case ${theCase.id} does not require the competence ${competence}.`,
    })
  }
  return {
    ...theCase,
    competences: theCase.competences.map(need => (isIt(need) ? { ...need, need: 'wanted' as const } : need)),
  }
}

function sameSeat(a: { caseId: string; seat: Seat }, b: { caseId: string; seat: Seat }): boolean {
  return a.caseId === b.caseId && a.seat === b.seat
}

function seatOf(problem: Problem, { caseId, seat }: { caseId: string; seat: Seat }): void {
  if (seatsOf(findCase(problem, caseId)).includes(seat)) return
  throw new Wrong('seat', {
    nl: `Zaak ${caseId} heeft geen tweede plek.`,
    en: `Case ${caseId} has no second seat.`,
  })
}

function withWorker(problem: Problem, id: string, change: (worker: ProblemWorker) => ProblemWorker): Problem {
  const found = findWorker(problem, id)
  return { ...problem, workers: problem.workers.map(one => (one === found ? change(one) : one)) }
}

function withCase(problem: Problem, id: string, change: (theCase: ProblemCase) => ProblemCase): Problem {
  const found = findCase(problem, id)
  return { ...problem, cases: problem.cases.map(one => (one === found ? change(one) : one)) }
}

function findCase(problem: Problem, id: string): ProblemCase {
  const found = problem.cases.find(one => one.id === id)
  if (found) return found
  throw new Wrong('caseId', {
    nl: `Zaak ${id} zit niet in deze ronde.`,
    en: `Case ${id} is not in this round.`,
  })
}

function findWorker(problem: Problem, id: string): ProblemWorker {
  const found = problem.workers.find(one => one.id === id)
  if (found) return found
  throw new Wrong('workerId', {
    nl: `Medewerker ${id} doet niet mee in deze ronde.`,
    en: `Worker ${id} does not take part in this round.`,
  })
}

function needsDay(day: string, field: string): void {
  if (isDay(day)) return
  throw new Wrong(field, {
    nl: `${day} is geen dag. Schrijf een dag als 2026-12-01.`,
    en: `${day} is not a day. Write it as 2026-12-01.`,
  })
}

/** To whole hundredths, as every number of hours is. */
function rounded(hours: number): number {
  return hundredths(hours) / 100
}
