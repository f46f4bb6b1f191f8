import type { Choice, ChoiceInput } from '../../server/contract/choices.ts'

/**
 * One thing that this person did in the round: which choices it added and which it took away. The server knows single
 * choices only; a step says how to go back to before it and forward again, also for two choices at once (a swap).
 */
export interface Step {
  id: number
  /** ISO moment. */
  at: string
  /** What is shown of it, made when it happened. */
  text: string
  before: ChoiceInput[]
  after: ChoiceInput[]
}

export interface Steps {
  all: Step[]
  /** How many of them hold; those behind it were undone and can be made again. */
  done: number
}

export const NO_STEPS: Steps = { all: [], done: 0 }

/** A new step makes what was undone before it impossible to make again, as everywhere. */
export function withStep(steps: Steps, step: Omit<Step, 'id'>): Steps {
  const kept = steps.all.slice(0, steps.done)
  const id = (kept.at(-1)?.id ?? 0) + 1
  return { all: [...kept, { ...step, id }], done: kept.length + 1 }
}

/** A choice that stands, in the form in which it can be made again. */
export function inputOf(choice: Choice): ChoiceInput {
  const { id: _id, by: _by, at: _at, approval: _approval, worker, ...input } = choice
  return { ...input, staffNumber: worker?.staffNumber ?? null }
}

function sameChoice(choice: Choice, input: ChoiceInput): boolean {
  if (choice.caseNumber !== input.caseNumber || choice.kind !== input.kind) return false
  if ((choice.worker?.staffNumber ?? null) !== input.staffNumber) return false
  if (choice.kind === 'exclude')
    return choice.lasts === (input.lasts ?? 'round') && choice.untilOn === (input.untilOn ?? null)
  if (choice.kind !== 'wait') return choice.seat === input.seat
  return (
    (!input.reviewOn || choice.reviewOn === input.reviewOn) &&
    [...choice.tasks].sort().join() === [...(input.tasks ?? [])].sort().join()
  )
}

/** The choice that stands and is this one, if nobody took it back meanwhile. */
export const standingOf = (choices: readonly Choice[], input: ChoiceInput) =>
  choices.find(choice => sameChoice(choice, input))

export interface Work {
  withdraw: Choice[]
  make: ChoiceInput[]
}

/**
 * What has to be asked of the server to go back over a step, or forward: first what must go, then what must come. A
 * choice that is there already is not made twice; one that a colleague already took back is left alone.
 */
export function workOf(step: Step, direction: 'back' | 'forward', standing: readonly Choice[]): Work {
  const [from, to] = direction === 'back' ? [step.after, step.before] : [step.before, step.after]
  const make = to.filter(input => !standingOf(standing, input))
  // Making a choice takes the place of what stands on its seat: only what nothing replaces is withdrawn.
  const withdraw = from
    .filter(input => !make.some(one => replaces(one, input)))
    .flatMap(input => standingOf(standing, input) ?? [])
  return { withdraw, make }
}

function replaces(one: ChoiceInput, other: ChoiceInput): boolean {
  if (one.caseNumber !== other.caseNumber) return false
  if (one.kind === 'exclude' || other.kind === 'exclude')
    return one.kind === other.kind && one.staffNumber === other.staffNumber
  return one.kind === 'wait' || other.kind === 'wait' || one.seat === other.seat
}

/** What a choice made now will take the place of. */
export const replacedBy = (input: ChoiceInput, standing: readonly Choice[]) =>
  standing.filter(choice => replaces(input, inputOf(choice))).map(inputOf)
