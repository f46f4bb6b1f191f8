import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verify } from '../../server/commands/verify.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type {
  HeldCase,
  ProposedMove,
  ReallocationDetail,
  ReallocationStart,
} from '../../server/contract/reallocation.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { PATIENCE } from '../support/patience.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const LONG_AGO = '2026-02-02'
type Refused = Omit<ProblemDetails, 'status'>

forEachDatabase('dealing out again what a team has', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let reason: string
  /** Has nearly everything; two colleagues have room. */
  let full: { id: number; staffNumber: string }
  let free: { id: number; staffNumber: string }[]

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
    const found = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    reason = found.code
    full = await aWorker(app.db, scope())
    free = [await aWorker(app.db, scope()), await aWorker(app.db, scope())]
  })
  afterAll(() => app.close())

  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  /** A case that this worker has had for long. */
  async function held(
    by: { id: number },
    hours = 4,
    startsOn = LONG_AGO,
    given: Record<string, unknown> = {},
  ) {
    const made = await aCase(app.db, {
      ...scope(),
      phase: 'middle',
      weightOverrideHours: hours,
      weightOverrideReason: 'proef',
      ...given,
    })
    await anAllocation(app.db, { caseId: made.id, workerId: by.id, hours, startsOn })
    return made
  }
  /** Somebody with far too much, beside a colleague who has nothing yet. */
  async function overloaded(): Promise<string[]> {
    const worker = await aWorker(app.db, scope())
    await aWorker(app.db, scope())
    const made: string[] = []
    for (let n = 0; n < 8; n++) made.push((await held(worker, 5)).caseNumber)
    return made
  }
  const path = () => `/teams/${app.teamId}`
  const start = async (caller = intake) =>
    (await caller.get<ReallocationStart>(`${path()}/reallocation`)).body
  const rowOf = async (caseNumber: string): Promise<HeldCase | undefined> =>
    (await start()).cases.find(one => one.caseNumber === caseNumber)
  const input = (given: Record<string, unknown> = {}) => ({
    movable: [] as string[],
    moveCost: 1,
    withWaiting: false,
    profile: 'balanced',
    timeLimitSeconds: 20,
    ...given,
  })
  const ask = (given: Record<string, unknown>, caller = intake, key?: string) =>
    caller.post<ReallocationDetail & Refused>(
      `${path()}/reallocations`,
      input(given),
      key === undefined ? {} : { key },
    )
  async function ended(runId: number, caller = intake): Promise<ReallocationDetail> {
    for (const until = Date.now() + PATIENCE; ; ) {
      const { body, status, text } = await caller.get<ReallocationDetail>(`${path()}/reallocations/${runId}`)
      if (status !== 200) throw new Error(`${status}: ${text}`)
      if (body.state !== 'queued' && body.state !== 'running') return body
      if (Date.now() > until) throw new Error(`Run ${runId} is still ${body.state}.`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  async function calculated(given: Record<string, unknown>): Promise<ReallocationDetail> {
    const asked = await ask(given)
    expect(asked.status, asked.text).toBe(202)
    return ended(asked.body.id)
  }
  const decide = (
    runId: number,
    moves: ProposedMove[],
    given: Record<string, unknown> = {},
    caller = intake,
  ) =>
    caller.post<ReallocationDetail & Refused>(`${path()}/reallocations/${runId}/moves`, {
      moves: moves.map(({ caseNumber, seat }) => ({ caseNumber, seat })),
      startOn: TODAY,
      ...NOTHING_SET_ASIDE,
      reasonCode: reason,
      ...given,
    })
  const holders = async (caseNumber: string) =>
    app.db
      .selectFrom('allocation as a')
      .innerJoin('caseFile as c', 'c.id', 'a.caseId')
      .innerJoin('worker as w', 'w.id', 'a.workerId')
      .select(['w.staffNumber', 'a.startsOn', 'a.endsOn', 'a.seat'])
      .where('c.caseNumber', '=', caseNumber)
      .orderBy('a.id')
      .execute()

  let cases: string[]

  test('without cases there is nothing to deal out, and the answer says so', async () => {
    const body = await start()
    expect(body).toMatchObject({ cases: [], run: null, team: { id: app.teamId } })
    expect(body.profiles.map(one => one.code)).toContain('balanced')
    expect((await ask({ movable: ['9999'] })).status).toBe(422)
  })

  test('an overloaded worker gives cases away; what it gains adds up; nothing is decided', async () => {
    cases = []
    for (let n = 0; n < 8; n++) cases.push((await held(full, 4)).caseNumber)
    const before = await app.db.selectFrom('allocation').selectAll().orderBy('id').execute()
    const run = await calculated({ movable: cases })
    expect(run.state, run.error ?? '').toBe('done')
    const result = run.result!
    expect(result.figures.moves).toBeGreaterThan(0)
    expect(result.figures.moves).toBe(result.moves.length)
    expect(result.figures.highestLoadAfter!).toBeLessThan(result.figures.highestLoadBefore!)
    expect(result.status).toBe('optimal')
    expect(result.stale).toEqual([])
    for (const move of result.moves) {
      expect(move).toMatchObject({ from: { staffNumber: full.staffNumber }, state: 'open', since: null })
      const { fit, load, move: price, total } = move.gain
      expect(fit + load + price).toBeCloseTo(total, 6)
      expect(move.contributions.reduce((sum, one) => sum + one.to - one.from, 0)).toBeCloseTo(fit, 6)
      // Of the best answer no single move could be left out with profit.
      expect(total).toBeGreaterThanOrEqual(-1e-9)
      expect(move.sentence).toContain('%')
    }
    const gain = result.figures.gain!
    expect(gain.fit + gain.load + gain.move).toBeCloseTo(gain.total, 6)
    expect(gain.move).toBeCloseTo(-result.moves.length, 6)
    // The loads are those of the page about workload.
    const load = result.loads.find(one => one.worker.staffNumber === full.staffNumber)!
    const { body: worker } = await intake.get<{ load: { hoursInUse: number; norm: { normHours: number } } }>(
      `/workers/${full.staffNumber}`,
    )
    expect(load.before.hours).toBe(worker.load.hoursInUse)
    expect(load.normHours).toBe(worker.load.norm.normHours)
    expect(await app.db.selectFrom('allocation').selectAll().orderBy('id').execute()).toEqual(before)
    expect((await start()).run).toMatchObject({ id: run.id, state: 'done', moveCost: 1 })
  })

  test('with a price that no move is worth, nobody has to move', async () => {
    const run = await calculated({ movable: cases, moveCost: 1000 })
    expect(run.result).toMatchObject({
      moves: [],
      figures: { moves: 0, gain: { fit: 0, load: 0, move: 0, total: 0 } },
    })
  })

  test('only what may move does', async () => {
    const run = await calculated({ movable: [cases[0]] })
    expect(run.result!.moves.map(one => one.caseNumber)).toEqual([cases[0]])
  })

  test('the same question twice makes one calculation', async () => {
    const key = randomUUID()
    const first = await ask({ movable: cases }, intake, key)
    const again = await ask({ movable: cases }, intake, key)
    expect(again.body.id).toBe(first.body.id)
    await ended(first.body.id)
  })

  test('somebody decides about a move: seats, decision, event, messages; the calculation does not call that stale', async () => {
    const run = await calculated({ movable: cases })
    const move = run.result!.moves[0]!
    const answer = await decide(run.id, [move])
    expect(answer.status, answer.text).toBe(201)
    const after = answer.body.result!
    expect(after.moves.find(one => one.caseNumber === move.caseNumber)).toMatchObject({
      state: 'done',
      since: TODAY,
    })
    expect(after.stale).toEqual([])
    expect(await holders(move.caseNumber)).toEqual([
      { staffNumber: full.staffNumber, startsOn: LONG_AGO, endsOn: TODAY, seat: 'primary' },
      { staffNumber: move.to.staffNumber, startsOn: TODAY, endsOn: null, seat: 'primary' },
    ])
    const moved = await app.db
      .selectFrom('caseFile')
      .select('id')
      .where('caseNumber', '=', move.caseNumber)
      .executeTakeFirstOrThrow()
    const event = await app.db
      .selectFrom('event')
      .select(['data', 'objectId'])
      .where('type', '=', 'case.moved')
      .executeTakeFirstOrThrow()
    expect(event).toMatchObject({
      objectId: `case#${moved.id}`,
      data: { run: run.id, from: full.staffNumber, worker: move.to.staffNumber, startOn: TODAY },
    })
    // A second time it is not there any more.
    const again = await decide(run.id, [move])
    expect(again.status, again.text).toBe(409)
    expect((await verify(app.open, TODAY)).checks.flatMap(one => one.faults)).toEqual([])
  })

  test('from a later day it is planned, and until then the case stays with who has it', async () => {
    const run = await calculated({ movable: await overloaded() })
    const [move] = run.result!.moves
    const answer = await decide(run.id, [move!], { startOn: '2026-12-07' })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.body.result!.moves.find(one => one.caseNumber === move!.caseNumber)).toMatchObject({
      state: 'planned',
      since: '2026-12-07',
    })
    expect(answer.body.result!.stale).toEqual([])
    expect(await rowOf(move!.caseNumber)).toMatchObject({ stays: 'ending', fixed: true })
    expect((await ask({ movable: [move!.caseNumber] })).status).toBe(422)
  })

  test('a calculation for a later day knows what is decided for then, and what it proposes can be decided', async () => {
    const later = '2026-12-14'
    const busy = await aWorker(app.db, scope())
    const movable: string[] = []
    for (let n = 0; n < 7; n++) movable.push((await held(busy, 5)).caseNumber)
    // Somebody who is free today, and for whom much was decided that begins before that day.
    const soon = await aWorker(app.db, scope())
    for (let n = 0; n < 2; n++) {
      const urgent = await aCase(app.db, {
        ...scope(),
        urgency: 'emergency',
        weightOverrideHours: 12,
        weightOverrideReason: 'proef',
      })
      const given = await lead.post(
        `/cases/${urgent.caseNumber}/allocations`,
        {
          ...NOTHING_SET_ASIDE,
          kind: 'emergency',
          seat: 'primary',
          staffNumber: soon.staffNumber,
          startOn: '2026-12-07',
          reasonCode: 'SPOED',
          setAside: ['band', 'newPerWeek', 'heavyCases'],
        },
        { version: 1 },
      )
      expect(given.status, given.text).toBe(201)
    }
    const past = await ask({ movable, startOn: '2026-11-01' })
    expect(past.status).toBe(422)
    const { result, id } = await calculated({ movable, startOn: later })
    expect(result?.startOn).toBe(later)
    const load = result?.loads.find(one => one.worker.staffNumber === soon.staffNumber)
    expect(load?.before.hours).toBe(24)
    expect(result?.stale).toEqual([])
    expect(result?.moves.length).toBeGreaterThan(0)
    const decided = await decide(id, result!.moves, { startOn: later })
    expect(decided.status, decided.text).toBe(201)
    expect(decided.body.result!.stale).toEqual([])
  })

  test('nobody who leaves or goes away soon gets a case of somebody else, and what they have may stay', async () => {
    const leaver = await aWorker(app.db, { ...scope(), employedUntil: '2027-01-15' })
    const away = await aWorker(app.db, {
      ...scope(),
      absences: [{ percentage: 100, validFrom: '2026-12-20', validUntil: '2027-03-31' }],
    })
    const kept = await held(leaver, 2)
    const movable = await overloaded()
    const run = await calculated({ movable: [...movable, kept.caseNumber], moveCost: 0 })
    expect(run.result!.moves.length).toBeGreaterThan(0)
    const receivers = run.result!.moves.map(one => one.to.staffNumber)
    expect(receivers).not.toContain(leaver.staffNumber)
    expect(receivers).not.toContain(away.staffNumber)
    expect(run.result!.unplaced).toEqual([])
  })

  test('a move without a reason, in the past, or that was never proposed is refused by name', async () => {
    const run = await calculated({ movable: await overloaded() })
    const [move] = run.result!.moves
    const none = await decide(run.id, [move!], { reasonCode: null })
    expect(none.status).toBe(422)
    expect(none.body.errors).toMatchObject([{ field: 'reasonCode' }])
    const past = await decide(run.id, [move!], { startOn: '2026-11-01' })
    expect(past.body.errors).toMatchObject([{ field: 'startOn' }])
    const other = await decide(run.id, [{ ...move!, seat: 'second' }])
    expect(other.body.errors).toMatchObject([{ field: 'moves.0' }])
  })

  test('the rules are judged anew: above the hard limit only with that right, as a decision of its own', async () => {
    const run = await calculated({ movable: await overloaded() })
    const [move] = run.result!.moves
    const receiver = await app.db
      .selectFrom('worker')
      .select('id')
      .where('staffNumber', '=', move!.to.staffNumber)
      .executeTakeFirstOrThrow()
    // Meanwhile the receiver got far more than was known when it was calculated.
    await held(receiver, 40)
    const refused = await decide(run.id, [move!], { acceptsExcess: true })
    expect(refused.status).toBe(422)
    expect(refused.body.cases!.map(one => [one.caseNumber, one.rule, one.setAside])).toEqual([
      [move!.caseNumber, 'hardLimit', 'right'],
      [move!.caseNumber, 'band', 'motive'],
    ])
    expect(await holders(move!.caseNumber)).toHaveLength(1)
    const rules = refused.body.cases!.filter(one => one.setAside === 'motive').map(one => one.rule)
    const accepted = await decide(run.id, [move!], { acceptsExcess: true, setAside: rules }, lead)
    expect(accepted.status, accepted.text).toBe(201)
    const decision = await app.db
      .selectFrom('decision as d')
      .innerJoin('caseFile as c', 'c.id', 'd.caseId')
      .select(['d.kind', 'd.acceptsExcess', 'd.roundId'])
      .where('c.caseNumber', '=', move!.caseNumber)
      .executeTakeFirstOrThrow()
    expect(decision).toEqual({ kind: 'tailored', acceptsExcess: true, roundId: null })
  })

  test('what changed since is told', async () => {
    const movable = (await start()).cases.filter(one => !one.fixed).map(one => one.caseNumber)
    const run = await calculated({ movable })
    expect(run.result!.stale).toEqual([])
    const added = await held(free[0]!, 3)
    const { body } = await intake.get<ReallocationDetail>(`${path()}/reallocations/${run.id}`)
    expect(body.result!.stale.join(' ')).toContain(added.caseNumber)
  })

  test('why a case stays: new, closing, pair without its second, under way, of another team', async () => {
    const recent = await held(free[0]!, 2, '2026-11-02')
    expect(await rowOf(recent.caseNumber)).toMatchObject({ stays: 'recent', fixed: false })
    const closing = await held(free[0]!, 2, LONG_AGO, { phase: 'end' })
    expect(await rowOf(closing.caseNumber)).toMatchObject({ stays: 'closing', fixed: false })
    const waiting = (await start()).waiting
    const pair = await held(free[0]!, 2, LONG_AGO, { duoNeeded: true })
    // It waits for its second worker, and for that seat alone it can be dealt out along with the rest.
    expect((await start()).waiting).toBe(waiting + 1)
    expect(await rowOf(pair.caseNumber)).toMatchObject({ stays: 'openSeat', fixed: true })
    const refused = await ask({ movable: [pair.caseNumber] })
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toMatchObject([{ field: 'movable.0' }])
    const stranger = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    const foreign = await held(stranger, 2)
    expect(await rowOf(foreign.caseNumber)).toMatchObject({ stays: 'otherTeam', fixed: true })
    // What stays of itself may be asked for all the same where that is advice only.
    const run = await calculated({ movable: [recent.caseNumber, closing.caseNumber] })
    expect(run.state).toBe('done')
    const all = await calculated({ movable: [recent.caseNumber], withWaiting: true })
    const seats = [...all.result!.moves, ...all.result!.placed, ...all.result!.unplaced]
      .filter(one => one.caseNumber === pair.caseNumber)
      .map(one => one.seat)
    expect(seats).toEqual(['second'])
  })

  test('both seats of a pair and the cases of one family go together', async () => {
    const heavy = await aWorker(app.db, scope())
    const [one, two] = [
      await held(heavy, 16, LONG_AGO, { familyNumber: 'G-samen' }),
      await held(heavy, 16, LONG_AGO, { familyNumber: 'G-samen' }),
    ]
    const run = await calculated({ movable: [one.caseNumber, two.caseNumber], moveCost: 0 })
    const moves = run.result!.moves.filter(move => [one.caseNumber, two.caseNumber].includes(move.caseNumber))
    // Brothers and sisters stay with one worker: both or none.
    expect([0, 2]).toContain(moves.length)
    for (const move of moves) expect(move.together).toHaveLength(moves.length - 1)
    if (moves.length === 2) expect(moves[0]!.to).toEqual(moves[1]!.to)
  })

  test('waiting cases can be dealt out along with the rest; what a team has not looked at stays out', async () => {
    const waiting = await aCase(app.db, scope())
    expect((await start()).waiting).toBeGreaterThan(0)
    const run = await calculated({ movable: [cases.at(-1)], withWaiting: true })
    const all = [...run.result!.placed, ...run.result!.unplaced].map(one => one.caseNumber)
    expect(all).toContain(waiting.caseNumber)
    expect(run.result!.figures.gain).toBeNull()
    await intake.get(`/teams/${app.teamId}/settling`)
    const settling = await app.db
      .selectFrom('teamSettling')
      .selectAll()
      .where('teamId', '=', app.teamId)
      .execute()
    await app.db
      .insertInto('teamSettling')
      .values({ ...(settling[0] ?? {}), teamId: app.teamId, firstLook: true } as never)
      .onConflict(conflict => conflict.column('teamId').doUpdateSet({ firstLook: true }))
      .execute()
    const shown = (await start()).waiting
    await aRound(intake, {
      teamId: app.teamId,
      cases: [waiting.caseNumber],
      workers: null,
      startOn: '2026-12-01',
    })
    expect((await start()).waiting).toBe(shown - 1)
  })

  test('a calculation can be stopped and cancelled; one that has ended stays as it is', async () => {
    const movable = (await start()).cases.filter(one => !one.fixed).map(one => one.caseNumber)
    const asked = await ask({ movable })
    const cancelled = await intake.post<ReallocationDetail>(
      `${path()}/reallocations/${asked.body.id}/cancellation`,
    )
    expect(cancelled.status, cancelled.text).toBe(200)
    const state = (await ended(asked.body.id)).state
    expect(['cancelled', 'done']).toContain(state)
    const stopped = await intake.post<ReallocationDetail>(`${path()}/reallocations/${asked.body.id}/stop`)
    expect(stopped.body.state).toBe(state)
    expect(await calculated({ movable })).toMatchObject({ state: 'done' })
  })

  test('another team is not there; a worker and an administrator may not', async () => {
    for (const caller of [intake, lead]) {
      expect((await caller.get(`/teams/${app.otherTeamId}/reallocation`)).status).toBe(404)
      expect(
        (await caller.post(`/teams/${app.otherTeamId}/reallocations`, input({ movable: ['1'] }))).status,
      ).toBe(404)
    }
    for (const role of ['worker', 'admin'] as const) {
      const caller = await app.as(role)
      expect((await caller.get(`${path()}/reallocation`)).status).toBe(403)
    }
  })
})
