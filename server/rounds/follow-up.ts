import type { RoundState } from '../draft/state.ts'
import type { Call } from '../http/call.ts'
import { createRound } from './create.ts'

/**
 * Goes on with the cases that a partial settlement left: a new round of the same teams, workers, start and profile, which
 * begins to calculate. Nothing when there are none.
 */
export async function followUp(
  call: Call<'POST /rounds/:id/confirmation'>,
  { round, now: built, workers }: RoundState,
  caseNumbers: readonly string[],
): Promise<void> {
  if (caseNumbers.length === 0) return
  await createRound(call, {
    organisationId: round.organisationId,
    teams: round.teams,
    caseIds: caseNumbers.map(number => built.caseIds.get(number)!),
    workerIds: workers.map(worker => worker.id),
    startOn: round.startOn,
    rulebookId: built.rulebook.id,
    profile: round.profile,
    after: round.id,
  })
}
