import type { BrokenRule, Problem, Seat } from '../../solver/problem.ts'
import { broken, ruleSentence, rules, setAsideOf, type TakenSeat } from '../../solver/rules.ts'
import type { CodeNames } from '../../solver/sentences.ts'
import type { Locale, ProblemDetails } from '../contract/common.ts'
import type { ChoiceInput } from '../contract/rounds.ts'
import { type BothLanguages, Refusal } from '../http/call.ts'
import { type PlannedSeat, type StandingChoice, seatKey, withoutLocks } from './plan.ts'
import type { FixedSeat } from './problem-of.ts'

/** What people gave along with a worker they chose. */
export type GivenMotivation = Pick<StandingChoice, 'setAside' | 'unregisteredReason' | 'acceptsExcess'>

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
  planned: PlannedSeat
  /** What stands in the way; empty: it holds. */
  open: BrokenRule[]
}

/**
 * Judges every filled seat of the plan against a Problem, in the order in which it came about, so that a rule broken by
 * several seats together (load, new cases) counts against the one that came last and not against those before it:
 * first the choices that the calculation reckoned with, then what it proposed around them, then the later choices.
 */
export function judgePlan(
  problem: Problem,
  seats: readonly PlannedSeat[],
  reckonedWith: ReadonlySet<string>,
): JudgedSeat[] {
  const filled = seats.filter(one => one.worker !== null)
  const byChoice = (a: PlannedSeat, b: PlannedSeat) => (a.choice?.id ?? 0) - (b.choice?.id ?? 0)
  const chosen = filled.filter(one => one.choice !== null).sort(byChoice)
  const known = (one: PlannedSeat) =>
    reckonedWith.has(`${seatKey(one.case.id, one.seat)} ${one.worker?.id ?? ''}`)
  const before = chosen.filter(known)
  const proposed = filled.filter(one => one.choice === null)
  const after = chosen.filter(one => !known(one))

  const plain = withoutLocks(problem)
  const judged: JudgedSeat[] = []
  const taken: TakenSeat[] = []
  const judgeChosen = (planned: PlannedSeat) => {
    if (!planned.worker || !planned.choice) return
    const breaches = broken(plain, planned.case, planned.seat, planned.worker, taken)
    const open = unanswered(breaches, planned.choice)
    judged.push({ planned, open })
    // A seat that does not hold takes nothing, so it does not count against the others either.
    if (open.length === 0) taken.push(takenBy(planned))
  }
  before.forEach(judgeChosen)
  const around = {
    ...plain,
    locks: judged.filter(one => one.open.length === 0).flatMap(one => lockOf(one.planned)),
  }
  taken.push(...proposed.map(takenBy))
  for (const planned of proposed) {
    if (!planned.worker) continue
    judged.push({ planned, open: broken(around, planned.case, planned.seat, planned.worker, taken) })
  }
  after.forEach(judgeChosen)
  return judged
}

function takenBy(planned: PlannedSeat): TakenSeat {
  return { caseId: planned.case.id, seat: planned.seat, workerId: planned.worker?.id ?? '' }
}

function lockOf({ choice, worker, case: theCase, seat }: PlannedSeat): Problem['locks'] {
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

/** A standing choice by row ids. */
export interface ChoiceRow extends GivenMotivation {
  caseId: number
  seat: Seat
  kind: StandingChoice['kind']
  workerId: number | null
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

export interface ReasonRule {
  code: string
  needsText: boolean
}

/**
 * Judges the form of a choice, before its rules: does it name a worker where it must, and a reason of the list, with text
 * where the reason asks for it. Throws a 422 that names the fields.
 */
export function requireMotive(input: ChoiceInput, reasons: readonly ReasonRule[], locale: Locale): void {
  const errors: { field: string; message: string }[] = []
  const wrong = (field: string, text: BothLanguages) => errors.push({ field, message: text[locale] })
  if ((input.kind === 'wait') !== (input.staffNumber === null)) {
    wrong('staffNumber', {
      nl: input.kind === 'wait' ? 'Bij wachten hoort geen medewerker.' : 'Kies een medewerker.',
      en: input.kind === 'wait' ? 'A wait names no worker.' : 'Choose a worker.',
    })
  }
  const reason = reasons.find(one => one.code === input.reasonCode)
  if (input.reasonCode === null && (input.kind !== 'lock' || input.setAside.length > 0)) {
    wrong('reasonCode', { nl: 'Kies een reden.', en: 'Choose a reason.' })
  }
  if (input.reasonCode !== null && !reason) {
    wrong('reasonCode', {
      nl: `De reden ${input.reasonCode} staat niet in de lijst.`,
      en: `The reason ${input.reasonCode} is not in the list.`,
    })
  }
  if (reason?.needsText && !input.reasonText?.trim()) {
    wrong('reasonText', {
      nl: 'Geef bij deze reden een toelichting.',
      en: 'This reason needs an explanation.',
    })
  }
  for (const rule of input.setAside) {
    if (!rules.some(one => one.code === rule && one.setAside === 'motive')) {
      wrong('setAside', {
        nl: `De regel ${rule} kan niet met een motief opzij worden gezet.`,
        en: `The rule ${rule} cannot be set aside with a motive.`,
      })
    }
  }
  if (errors.length > 0) {
    throw new Refusal(
      422,
      {
        nl: 'Deze keuze mist nog iets. Vul aan wat er staat.',
        en: 'This choice lacks something. Complete what is named.',
      },
      { errors },
    )
  }
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
