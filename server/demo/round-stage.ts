import type { Tx } from '../../db/database.ts'
import type { CaseExplanation } from '../../solver/explain/explain.ts'
import type { Fit } from '../../solver/explain/fit.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { ChoiceInput } from '../contract/choices.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import type { SignedIn } from '../http/call.ts'
import { makeChoice } from '../rounds/make-choice.ts'
import type { Random } from './random.ts'
import { madeBy, type People } from './round-people.ts'
import type { PastRound } from './round-plan.ts'

/** The transaction, the people and the chance with which the past is played. */
export interface Stage {
  tx: Tx
  people: People
  random: Random
  teamIds: ReadonlyMap<string, number>
  /** Teams that asked their workers first once. */
  tried: Set<number>
  /** Teams that look for themselves before they see a suggestion, at this moment of the past. */
  looking: Set<number>
}

/** A round under way: what was calculated, and the clock of the day. */
export interface Played {
  id: number
  teamId: number
  composer: SignedIn
  caseIds: ReadonlyMap<string, number>
  problem: Problem
  proposal: Proposal
  round: PastRound
  /** The moment, this many minutes after the round was made. */
  at(minutes: number): Date
  /** What the meeting says about the cases that it was about. */
  discussed: Map<string, 'agreed' | 'changed' | 'waits' | 'later'>
}

/** Records one choice of the composer, this many minutes after the round was made. */
export async function chooseFor(
  { tx }: Stage,
  { id, composer, at }: Played,
  minutes: number,
  choice: Omit<ChoiceInput, 'seat' | 'unregisteredReason' | 'setAside' | 'acceptsExcess'> &
    Partial<Pick<ChoiceInput, 'setAside'>>,
): Promise<void> {
  const body: ChoiceInput = {
    seat: 'primary',
    unregisteredReason: null,
    setAside: [],
    acceptsExcess: false,
    ...choice,
  }
  await makeChoice(
    madeBy<'POST /rounds/:id/choices'>(
      tx,
      composer,
      at(minutes),
      { params: { id }, body },
      await versionOf(tx, id),
    ),
  )
}

/** Who else may have the case: within the band first, then those who would rather have it, then by fit for it. */
export function othersFor({ alternatives, proposed }: CaseExplanation): Fit[] {
  const wish = (fit: Fit) => fit.contributions.find(part => part.criterion === 'preference')?.value ?? 0
  return alternatives
    .filter(fit => fit.status !== 'notAllowed' && fit.workerId !== proposed?.workerId)
    .sort(
      (a, b) =>
        Number(a.status === 'aboveBand') - Number(b.status === 'aboveBand') ||
        wish(b) - wish(a) ||
        b.score - a.score,
    )
}

/** Somebody, with the rules that a motive sets aside. */
export function chosen({ workerId, broken }: Fit): Pick<ChoiceInput, 'staffNumber' | 'setAside'> {
  return { staffNumber: workerId, setAside: broken.map(one => one.rule) }
}

export async function versionOf(tx: Tx, roundId: number): Promise<number> {
  const { version } = await tx
    .selectFrom('round')
    .select('version')
    .where('id', '=', roundId)
    .executeTakeFirstOrThrow()
  return version
}

/** What happened in a round, as its events say it. */
export function eventOf(
  { id, teamId }: Pick<Played, 'id' | 'teamId'>,
  actor: SignedIn,
  at: Date,
  type: EventType,
  data: Record<string, unknown>,
): NewEvent {
  const { organisationId } = actor
  return { type, actor, organisationId, teamId, objectType: 'round', objectId: String(id), data, at }
}
