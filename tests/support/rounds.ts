import type { RoundDetail } from '../../server/contract/rounds.ts'
import type { Caller } from './app.ts'

/** Waits until the newest run of a round has ended, looking now and then; fails after 20 seconds. */
export async function calculated(caller: Caller, id: number): Promise<RoundDetail> {
  const until = Date.now() + 20_000
  for (;;) {
    const { body, status, text } = await caller.get<RoundDetail>(`/rounds/${id}`)
    if (status !== 200) throw new Error(`GET /rounds/${id} gave ${status}: ${text}`)
    const { run } = body
    if (run && run.state !== 'queued' && run.state !== 'running') return body
    if (Date.now() > until) throw new Error(`The run of round ${id} is still ${run?.state ?? 'not there'}.`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
