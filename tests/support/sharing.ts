import { expect } from 'vitest'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { LineState, MyProposals, Sharing, TeamSettling } from '../../server/contract/sharing.ts'
import type { Caller, TestApp } from './app.ts'
import { aCase, anAllocation, aUser, aWorker } from './builders.ts'
import { aRound } from './rounds.ts'

export const START = '2026-12-01'

/** What people do in a round that is shared first; `at` gives the app once it runs. */
export function sharingActs(at: () => { app: TestApp; intake: Caller; lead: Caller }) {
  const way = async (to: 'meeting' | 'shared') => {
    const [now] = (await at().lead.get<TeamSettling[]>('/settling')).body
    const put = await at().lead.put(
      `/teams/${at().app.teamId}/settling`,
      { way: to, answerDays: 3, firstLook: false, minutes: true, pulse: true },
      { version: now!.version },
    )
    expect(put.status, put.text).toBe(200)
  }
  /** Somebody who signs in, with this many hours in use. */
  const colleague = async (hours = 0) => {
    const { db, organisationId, teamId } = at().app
    const worker = await aWorker(db, { organisationId, teamId })
    if (hours > 0) {
      const held = await aCase(db, { organisationId, teamId })
      await anAllocation(db, { caseId: held.id, workerId: worker.id, hours })
    }
    const userId = await aUser(db, { organisationId, roles: [{ role: 'worker' }], workerId: worker.id })
    return { ...worker, userId, me: await at().app.signIn(userId) }
  }
  const waitingCase = () =>
    aCase(at().app.db, { organisationId: at().app.organisationId, teamId: at().app.teamId })
  const roundOf = async (workers: { staffNumber: string }[], cases: number) => {
    const numbers: string[] = []
    for (let index = 0; index < cases; index++) numbers.push((await waitingCase()).caseNumber)
    return aRound(at().intake, {
      teamId: at().app.teamId,
      cases: numbers,
      workers: workers.map(one => one.staffNumber),
      startOn: START,
    })
  }
  const share = (round: RoundDetail) =>
    at().intake.post<Sharing>(`/rounds/${round.id}/sharing`, undefined, { version: round.version })
  const fresh = async (round: RoundDetail) => (await at().intake.get<RoundDetail>(`/rounds/${round.id}`)).body
  const mine = async (caller: Caller) => (await caller.get<MyProposals>('/mine/proposals')).body
  const give = async (caller: Caller, roundId: number, kind: string, more: object = {}) => {
    const proposal = (await mine(caller)).proposals.find(one => one.roundId === roundId)!
    return caller.post<MyProposals>(
      `/mine/proposals/${proposal.id}/answer`,
      { kind, reasonCode: null, reasonText: null, ...more },
      { version: proposal.version },
    )
  }
  const settle = <Body = RoundResult>(
    caller: Caller,
    round: RoundDetail,
    body: object = { partial: false },
  ) => caller.post<Body>(`/rounds/${round.id}/confirmation`, body, { version: round.version })
  const states = (sharing: Sharing): LineState[] => sharing.lines.map(line => line.state)

  return { way, colleague, waitingCase, roundOf, share, fresh, mine, give, settle, states }
}
