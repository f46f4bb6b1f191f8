import type { RoundDetail } from '../../server/contract/rounds.ts'
import type { Caller } from './app.ts'
import { PATIENCE } from './patience.ts'

/** Waits until the newest run of a round has ended, looking now and then; fails after 20 seconds. */
export async function calculated(caller: Caller, id: number): Promise<RoundDetail> {
  const until = Date.now() + PATIENCE
  for (;;) {
    const { body, status, text } = await caller.get<RoundDetail>(`/rounds/${id}`)
    if (status !== 200) throw new Error(`GET /rounds/${id} gave ${status}: ${text}`)
    const { run } = body
    if (run && run.state !== 'queued' && run.state !== 'running') return body
    if (Date.now() > until) throw new Error(`The run of round ${id} is still ${run?.state ?? 'not there'}.`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** What a choice carries when nothing is set aside. */
export const NOTHING_SET_ASIDE = {
  reasonCode: null,
  reasonText: null,
  unregisteredReason: null,
  setAside: [] as string[],
  acceptsExcess: false,
}

/** Makes a round of one team and waits for its first proposal. */
export async function aRound(
  caller: Caller,
  given: { teamId: number; cases: string[]; workers: string[] | null; startOn: string },
): Promise<RoundDetail> {
  const made = await caller.post<{ id: number }>('/rounds', {
    teamIds: [given.teamId],
    caseNumbers: given.cases,
    staffNumbers: given.workers,
    startOn: given.startOn,
    profile: 'balanced',
  })
  if (made.status !== 201) throw new Error(`POST /rounds gave ${made.status}: ${made.text}`)
  return calculated(caller, made.body.id)
}
