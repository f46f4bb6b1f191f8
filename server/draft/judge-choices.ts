import type { BrokenRule, Problem, Seat } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { setAsideOf, type TakenSeat } from '../../solver/rules/rules.ts'
import type { ChoiceInput } from '../contract/choices.ts'
import type { Locale, ProblemDetails } from '../contract/common.ts'
import { type BothLanguages, Refusal } from '../http/call.ts'
import type { ChoiceRow, GivenMotivation, StoredChoice } from './choice-row.ts'
import { type DraftSeat, type StandingChoice, seatKey, withoutLocks } from './draft-view.ts'
import type { FixedSeat } from './problem-of.ts'

/**
 * The broken rules that a motivation does not answer: rules that nobody may set aside, rules it does not name, a missing
 * "tenzij" reason, and load above the hard limit that nobody accepted. Who accepts that excess has accepted the band too.
 */
export function unanswered(breaches: readonly BrokenRule[], given: GivenMotivation): BrokenRule[] {
  const excess = given.acceptsExcess && breaches.some(one => one.rule === 'hardLimit')
  return breaches.filter(({ rule }) => {
    switch (setAsideOf(rule)) {
      case 'motive':
        return !given.setAside.includes(rule) && !(rule === 'band' && excess)
      case 'right':
        return !given.acceptsExcess
      case 'unregisteredException':
        return given.unregisteredReason === null
      default:
        return true
    }
  })
}

export interface JudgedSeat {
  drafted: DraftSeat
  /** What stands in the way; empty: it holds. */
  open: BrokenRule[]
}

/**
 * Judges every filled seat of the draft against a Problem, in the order in which it came about, so that a rule broken by
 * several seats together (load, new cases) counts against the one that came last and not against those before it:
 * first the choices that the calculation reckoned with, then what it proposed around them, then the later choices.
 */
export function judgeDraft(
  problem: Problem,
  seats: readonly DraftSeat[],
  reckonedWith: ReadonlySet<string>,
): JudgedSeat[] {
  const filled = seats.filter(one => one.worker !== null)
  const byChoice = (a: DraftSeat, b: DraftSeat) => (a.choice?.id ?? 0) - (b.choice?.id ?? 0)
  const chosen = filled.filter(one => one.choice !== null).sort(byChoice)
  const known = (one: DraftSeat) =>
    reckonedWith.has(`${seatKey(one.case.id, one.seat)} ${one.worker?.id ?? ''}`)
  const before = chosen.filter(known)
  const proposed = filled.filter(one => one.choice === null)
  const after = chosen.filter(one => !known(one))

  const plain = withoutLocks(problem)
  const judged: JudgedSeat[] = []
  const taken: TakenSeat[] = []
  const judgeChosen = (drafted: DraftSeat) => {
    if (!drafted.worker || !drafted.choice) return
    const breaches = broken(plain, drafted.case, drafted.seat, drafted.worker, taken)
    const open = unanswered(breaches, drafted.choice)
    judged.push({ drafted, open })
    // A seat that does not hold takes nothing, so it does not count against the others either.
    if (open.length === 0) taken.push(takenBy(drafted))
  }
  before.forEach(judgeChosen)
  const around = {
    ...plain,
    locks: judged.filter(one => one.open.length === 0).flatMap(one => lockOf(one.drafted)),
  }
  taken.push(...proposed.map(takenBy))
  for (const drafted of proposed) {
    if (!drafted.worker) continue
    judged.push({ drafted, open: broken(around, drafted.case, drafted.seat, drafted.worker, taken) })
  }
  after.forEach(judgeChosen)
  return judged
}

function takenBy(drafted: DraftSeat): TakenSeat {
  return { caseId: drafted.case.id, seat: drafted.seat, workerId: drafted.worker?.id ?? '' }
}

function lockOf({ choice, worker, case: theCase, seat }: DraftSeat): Problem['locks'] {
  if (!choice || !worker) return []
  return [{ caseId: theCase.id, seat, workerId: worker.id, ...allowances(choice) }]
}

/** What a lock allows in the Problem, from what people recorded with it. */
function allowances(
  given: GivenMotivation,
): Pick<FixedSeat, 'unregisteredException' | 'aboveLimit' | 'setAside'> {
  return {
    unregisteredException: given.unregisteredReason !== null,
    aboveLimit: given.acceptsExcess,
    setAside: [...given.setAside],
  }
}

/**
 * What the next calculation has to work around: the choices, and the pairs that a worker objected to, which no choice of
 * before the objection holds together.
 */
export function constraintsOf(
  choices: readonly ChoiceRow[],
  objected: readonly { caseId: number; workerId: number }[] = [],
): {
  locks: FixedSeat[]
  exclusions: { caseId: number; workerId: number }[]
  waiting: number[]
} {
  const apart = new Set(objected.map(one => `${one.caseId} ${one.workerId}`))
  return {
    locks: choices.flatMap(one =>
      one.workerId !== null &&
      (one.kind === 'lock' || one.kind === 'override') &&
      !apart.has(`${one.caseId} ${one.workerId}`)
        ? [{ caseId: one.caseId, seat: one.seat, workerId: one.workerId, ...allowances(one) }]
        : [],
    ),
    exclusions: [
      ...choices.flatMap(one =>
        one.workerId !== null && one.kind === 'exclude' && !apart.has(`${one.caseId} ${one.workerId}`)
          ? [{ caseId: one.caseId, workerId: one.workerId }]
          : [],
      ),
      ...objected.map(({ caseId, workerId }) => ({ caseId, workerId })),
    ],
    waiting: [...new Set(choices.filter(one => one.kind === 'wait').map(one => one.caseId))],
  }
}

/** How many choices and objections the calculation did not know: made since, or undone since. */
export function unreckoned(
  problem: Problem,
  choices: readonly StandingChoice[],
  objected: readonly { caseId: string; workerId: string }[] = [],
): number {
  const apart = new Set(objected.map(one => `${one.caseId} ${one.workerId}`))
  const standing = choices.filter(
    one => one.kind === 'exclude' || !apart.has(`${one.caseId} ${one.workerId}`),
  )
  const now = new Set([
    ...objected.map(one => `exclude ${one.caseId} ${one.workerId}`),
    ...standing.map(one => {
      if (one.kind === 'wait') return `wait ${one.caseId}`
      if (one.kind === 'exclude') return `exclude ${one.caseId} ${one.workerId}`
      return `fix ${seatKey(one.caseId, one.seat)} ${one.workerId}`
    }),
  ])
  const then = new Set([
    ...problem.waiting.map(id => `wait ${id}`),
    ...problem.exclusions.map(one => `exclude ${one.caseId} ${one.workerId}`),
    ...problem.locks.map(one => `fix ${seatKey(one.caseId, one.seat)} ${one.workerId}`),
  ])
  return [...now].filter(key => !then.has(key)).length + [...then].filter(key => !now.has(key)).length
}

/** The seats that a calculation had to work around: 'case seat worker'. */
export function reckonedIn(problem: Problem | null): Set<string> {
  return new Set((problem?.locks ?? []).map(one => `${seatKey(one.caseId, one.seat)} ${one.workerId}`))
}

/** The broken rules of a seat as a problem+json lists them. */
export function breachList(
  caseId: string,
  seat: Seat,
  breaches: readonly BrokenRule[],
  locale: Locale,
  codes: CodeNames,
): NonNullable<ProblemDetails['cases']> {
  return breaches.map(breach => ({
    caseNumber: caseId,
    seat,
    rule: breach.rule,
    message: ruleSentence(breach, codes)[locale],
    setAside: setAsideOf(breach.rule),
  }))
}

/** Throws 409 for a choice that stands already, or that is none: the worker of the proposal is locked, not chosen. */
export function refuseWhatChangesNothing(
  input: ChoiceInput,
  drafted: DraftSeat,
  ofCase: readonly StoredChoice[],
): void {
  if (ofCase.some(one => isSame(one, input))) {
    throw conflict({
      nl: 'Deze keuze staat er al.',
      en: 'This choice is already there.',
    })
  }
  const { staffNumber, kind } = input
  const stands = drafted.choice === null ? drafted.worker?.id : null
  if (kind === 'lock' && staffNumber !== stands && staffNumber !== drafted.proposedId) {
    throw conflict({
      nl: 'Vastzetten kan alleen met de medewerker die nu in het voorstel staat. Kies anders "andere medewerker".',
      en: 'Only the worker in the proposal can be locked. Otherwise choose "another worker".',
    })
  }
  if (kind === 'override' && drafted.proposedId === staffNumber) {
    throw conflict({
      nl: 'Dit is de medewerker uit het voorstel. Maak je keuze ongedaan of zet de plek vast.',
      en: 'This is the worker in the proposal. Undo your choice or lock the seat.',
    })
  }
  const fixed = ofCase.some(
    one => (one.kind === 'lock' || one.kind === 'override') && one.staffNumber === staffNumber,
  )
  if (kind === 'exclude' && fixed) {
    throw conflict({
      nl: 'Deze medewerker is voor deze zaak gekozen of vastgezet. Maak die keuze eerst ongedaan.',
      en: 'This worker has been chosen or locked for this case. Undo that choice first.',
    })
  }
}

/** What a choice says beyond whom it is about: how long it lasts, or when the case is looked at again and what is done. */
function isSame(one: StoredChoice, input: ChoiceInput): boolean {
  if (one.kind !== input.kind || one.staffNumber !== input.staffNumber) return false
  if (one.kind === 'exclude')
    return one.lasts === (input.lasts ?? 'round') && one.untilOn === (input.untilOn ?? null)
  if (one.kind !== 'wait') return one.seat === input.seat
  return (
    (!input.reviewOn || one.reviewOn === input.reviewOn) &&
    [...one.tasks].sort().join() === [...(input.tasks ?? [])].sort().join()
  )
}

/**
 * A wait takes the place of every choice on the case's seats; a worker, of the choice on that seat and of a wait; an
 * exclusion, of a shorter or longer one of the same worker.
 */
export function replacedBy(input: ChoiceInput, ofCase: readonly StoredChoice[]): StoredChoice[] {
  if (input.kind === 'exclude')
    return ofCase.filter(one => one.kind === 'exclude' && one.staffNumber === input.staffNumber)
  return ofCase.filter(
    one =>
      one.kind !== 'exclude' && (input.kind === 'wait' || one.kind === 'wait' || one.seat === input.seat),
  )
}

function conflict(text: BothLanguages): Refusal {
  return new Refusal(409, text)
}
