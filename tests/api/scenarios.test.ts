import { afterAll, beforeAll, expect, test } from 'vitest'
import { verify } from '../../server/commands/verify.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import type {
  Alternatives,
  Comparison,
  Relaxations,
  RunDetail,
  RunRow,
} from '../../server/contract/scenarios.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { PATIENCE } from '../support/patience.ts'
import { aRound, calculated, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const START = '2026-12-01'

forEachDatabase('what-ifs, comparison, take-over and the trade-off', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let reason: string
  const cases: string[] = []
  const workers: string[] = []
  let round: RoundDetail
  let id: number

  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId, teamId } = app
    workers.push(app.staffNumber)
    for (let index = 0; index < 4; index++) {
      workers.push((await aWorker(db, { organisationId, teamId })).staffNumber)
    }
    for (let index = 0; index < 4; index++) {
      cases.push((await aCase(db, { organisationId, teamId, children: 1 + index })).caseNumber)
    }
    intake = await app.as('intake')
    lead = await app.as('lead')
    const found = await db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    reason = found.code
    round = await aRound(intake, { teamId, cases, workers: null, startOn: START })
    id = round.id
  })
  afterAll(() => app.close())

  /** Waits until a run has ended, by looking now and then. */
  async function ended(runId: number): Promise<RunDetail> {
    for (const until = Date.now() + PATIENCE; ; ) {
      const { body, status, text } = await intake.get<RunDetail>(`/rounds/${id}/runs/${runId}`)
      if (status !== 200) throw new Error(`${status}: ${text}`)
      if (body.state !== 'queued' && body.state !== 'running') return body
      if (Date.now() > until) throw new Error(`Run ${runId} is still ${body.state}.`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  const suppose = (changes: unknown[], key?: string, caller = intake) =>
    caller.post<RunRow & { errors?: { field: string; message: string }[] }>(
      `/rounds/${id}/what-ifs`,
      { name: 'Proef', changes, timeLimitSeconds: 20 },
      key === undefined ? {} : { key },
    )
  const now = async () => (await intake.get<RoundDetail>(`/rounds/${id}`)).body

  test('alternatives carry both prices, and the margin comes from the exact one', async () => {
    const ask = () => intake.get<Alternatives>(`/rounds/${id}/cases/${cases[0]}/alternatives`)
    let { body, status, text } = await ask()
    // On a machine that is busy with other tests the clock may cut it off: what is cut off is asked anew.
    for (let tries = 0; tries < 5 && (status === 503 || !body.complete); tries++)
      ({ body, status, text } = await ask())
    expect(status, text).toBe(200)
    expect(body.complete).toBe(true)
    expect(body.alternatives).toHaveLength(workers.length)
    const line = round.lines.find(one => one.caseNumber === cases[0])!
    const current = body.alternatives.find(one => one.current)!
    expect(current.worker).toEqual(line.worker)
    expect(current.solvedAgain).toMatchObject({ placed: 0, points: 0, exact: true, moves: [] })
    for (const one of body.alternatives) {
      if (!one.solvedAgain) continue
      expect(one.solvedAgain.points).toBeLessThanOrEqual(0)
      if (one.swapAlone.breaks.length === 0) {
        expect(one.solvedAgain.points).toBeGreaterThanOrEqual(one.swapAlone.points - 1e-9)
      }
    }
    expect(['clear', 'narrow', 'equal']).toContain(body.margin)
    expect(body.marginSentence).toBeTruthy()
    const none = await intake.get(`/rounds/${id}/cases/ZK-NIET/alternatives`)
    expect(none.status).toBe(404)
  })

  test('a what-if is a run of its own: the round keeps its proposal and its version', async () => {
    const before = await now()
    const busy = before.lines.find(one => one.worker)!.worker!.staffNumber
    const made = await suppose([
      { kind: 'workerAway', workerId: busy, from: START, until: null },
      { kind: 'casesLike', caseId: cases[1], count: 2 },
    ])
    expect(made.status, made.text).toBe(202)
    expect(made.body).toMatchObject({ kind: 'whatIf', name: 'Proef', standing: false })
    expect(made.body.changes).toHaveLength(2)
    expect(made.body.changes[0]).toContain('is er niet vanaf 1 december 2026.')
    const run = await ended(made.body.id)
    expect(run.state, JSON.stringify(run.error)).toBe('done')
    expect(run.figures).toMatchObject({ cases: cases.length + 2 })
    expect(run.lines.filter(line => line.worker?.staffNumber === busy)).toEqual([])
    expect(run.lines.map(line => line.caseNumber)).toContain(`${cases[1]}.1`)
    expect(run.changeList).toHaveLength(2)

    const after = await now()
    expect(after.version).toBe(before.version)
    expect(after.run?.id).toBe(before.run?.id)
    expect(after.lines).toEqual(before.lines)
    const { body: rows } = await intake.get<RunRow[]>(`/rounds/${id}/runs`)
    expect(rows.map(row => [row.kind, row.standing])).toEqual([
      ['whatIf', false],
      ['round', true],
    ])
    expect(rows[1]!.figures).toMatchObject({ placed: after.figures.placed })
  })

  test('sent twice it runs once; what cannot be supposed is refused with its place and field', async () => {
    const key = crypto.randomUUID()
    const first = await suppose([{ kind: 'weights', criteria: { travel: 0 } }], key)
    const again = await suppose([{ kind: 'weights', criteria: { travel: 0 } }], key)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(again.body.id).toBe(first.body.id)
    await ended(first.body.id)
    const wrong = await suppose([
      { kind: 'weights', criteria: { travel: 0 } },
      { kind: 'workerLeaves', workerId: 'jb-niet', from: START },
    ])
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors).toMatchObject([{ field: 'changes.1.workerId' }])
    for (const changes of [
      [],
      [{ kind: 'magic' }],
      [{ kind: 'weights', criteria: { charm: 3 } }],
      [{ kind: 'casesLike', caseId: cases[0], count: 1000 }],
      [{ kind: 'workerAway', workerId: workers[0], from: 'morgen', until: null }],
    ]) {
      expect((await suppose(changes)).status, JSON.stringify(changes)).toBe(400)
    }
    expect(
      (await suppose([{ kind: 'wait', caseId: cases[0], waits: true }], '')).status,
    ).toBeGreaterThanOrEqual(400)
  })

  test('side by side: what changed in who has what, in the figures, and in the inputs', async () => {
    const { body: rows } = await intake.get<RunRow[]>(`/rounds/${id}/runs`)
    const standing = rows.find(row => row.standing)!
    const away = rows.find(row => row.kind === 'whatIf' && row.changes.length === 2)!
    const { body, status, text } = await intake.get<Comparison>(
      `/rounds/${id}/comparison?runs=${standing.id},${away.id}`,
    )
    expect(status, text).toBe(200)
    expect(body.runs.map(run => run.id)).toEqual([standing.id, away.id])
    expect(body.lines.length).toBeGreaterThan(0)
    for (const line of body.lines)
      expect(line.workers[0]).not.toEqual(line.absent[1] ? undefined : line.workers[1])
    const added = body.lines.find(line => line.caseNumber === `${cases[1]}.1`)!
    expect(added.absent).toEqual([true, false])
    const placed = body.figures.find(figure => figure.code === 'cases')!
    expect(placed.values).toEqual([cases.length, cases.length + 2])
    // The one that places more is best, and nothing else is a reason: no load, no wish, no points of what is placed less.
    const marked = (one: Comparison) => one.figures.filter(figure => figure.best.length > 0)
    expect(body.best).toHaveLength(1)
    expect(marked(body).map(figure => figure.best)).toEqual(marked(body).map(() => body.best))
    expect(marked(body).map(figure => figure.code.split('.')[0])).toEqual(marked(body).map(() => 'placed'))
    expect(marked(body).length).toBeGreaterThan(0)
    expect(body.inputs).toHaveLength(1)
    expect(body.inputs[0]!.changes.join(' ')).toContain('afwezigheid gewijzigd')
    expect(body.inputs[0]!.changes).toContain(`Zaak ${cases[1]}.1 is erbij gekomen.`)
    expect((await intake.get(`/rounds/${id}/comparison?runs=${standing.id}`)).status).toBe(400)
    expect((await intake.get(`/rounds/${id}/comparison?runs=${standing.id},999999`)).status).toBe(404)
    const weights = rows.find(row => row.changes[0]?.startsWith('Andere wegingen'))!
    const other = await intake.get<Comparison>(`/rounds/${id}/comparison?runs=${standing.id},${weights.id}`)
    expect(other.body.inputs[0]!.changes[0]).toMatch(/^Weging van Reistijd: \d+ → 0\.$/)
  })

  test('taken over: choices with a reason, judged together, once, on the version that was seen', async () => {
    const before = await now()
    const line = before.lines.find(one => one.caseNumber === cases[0])!
    const other = workers.find(
      one => !before.lines.some(each => each.worker?.staffNumber === one) && one !== line.worker?.staffNumber,
    )
    const lock = {
      kind: 'lock',
      caseId: cases[0],
      seat: 'primary',
      workerId: other ?? workers.find(one => one !== line.worker?.staffNumber),
      unregisteredException: false,
      aboveLimit: false,
      setAside: [],
    }
    const run = await ended((await suppose([lock])).body.id)
    const input = { ...NOTHING_SET_ASIDE, runId: run.id, point: null, seats: null }
    const path = `/rounds/${id}/take-over`
    expect((await intake.post(path, input, { version: before.version })).status).toBe(422)
    const given = { ...input, reasonCode: reason }
    expect((await intake.post(path, given)).status).toBe(428)
    expect((await intake.post(path, given, { version: before.version - 1 })).status).toBe(412)
    const key = crypto.randomUUID()
    const done = await intake.post<RoundDetail>(path, given, { version: before.version, key })
    expect(done.status, done.text).toBe(201)
    const again = await intake.post<RoundDetail>(path, given, { version: before.version, key })
    expect([again.status, again.body.version]).toEqual([201, done.body.version])
    const who = (lines: RoundDetail['lines']) =>
      lines.map(one => `${one.caseNumber} ${one.seat} ${one.worker?.staffNumber}`).sort()
    expect(who(done.body.lines)).toEqual(who(run.lines))
    expect(done.body.choices.every(choice => choice.reasonCode === reason)).toBe(true)
    const nothing = await intake.post(path, given, { version: done.body.version })
    expect(nothing.status).toBe(409)

    // Back to the round's own proposal: no reason is needed, and the choices are gone.
    const { body: rows } = await intake.get<RunRow[]>(`/rounds/${id}/runs`)
    const standing = rows.find(row => row.standing)!
    const back = await intake.post<RoundDetail>(
      path,
      { ...input, runId: standing.id },
      { version: done.body.version },
    )
    expect(back.status, back.text).toBe(201)
    expect(who(back.body.lines)).toEqual(who(before.lines))
    expect(back.body.choices).toEqual([])
    const history = await intake.get(`/events?object=round&id=${id}`)
    expect(history.text).toContain('overgenomen')
  })

  test('the trade-off: points on the front, comparable, and one can be taken over', async () => {
    const made = await intake.post<RunRow>(`/rounds/${id}/fronts`, {
      name: null,
      points: 7,
      highestLoadAtMost: null,
      pointsAtLeast: null,
      timeLimitSeconds: 30,
    })
    expect(made.status, made.text).toBe(202)
    const run = await ended(made.body.id)
    expect(run.state, JSON.stringify(run.error)).toBe('done')
    const { points, standing, complete } = run.front!
    expect(complete).toBe(true)
    expect(points.length).toBeGreaterThan(0)
    expect(points[0]!.names).toContain('equal')
    expect(points.at(-1)!.names).toContain('preference')
    for (let k = 1; k < points.length; k++) {
      expect(points[k]!.highestLoad).toBeGreaterThan(points[k - 1]!.highestLoad)
      expect(points[k]!.points).toBeGreaterThan(points[k - 1]!.points)
      expect(points[k]!.step).toContain('procentpunt')
    }
    // The round's own proposal has no more points than the front has at its load or less.
    const under = points.filter(point => point.highestLoad <= standing!.highestLoad)
    if (under.length === points.length) {
      expect(standing!.points).toBeLessThanOrEqual(points.at(-1)!.points + 1e-9)
    }
    const { body: rows } = await intake.get<RunRow[]>(`/rounds/${id}/runs`)
    const own = rows.find(row => row.standing)!
    const path = `/rounds/${id}/comparison?runs=${own.id},${run.id}:${points.length - 1}`
    const compared = await intake.get<Comparison>(path)
    expect(compared.status, compared.text).toBe(200)
    expect(compared.body.runs[1]).toMatchObject({ kind: 'front', point: points.length - 1 })
    // Both place as much: a level that differs decides, and "balanced" has no level for the highest load.
    const telling = compared.body.figures.filter(figure => figure.best.length > 0).map(figure => figure.code)
    expect(telling).toEqual(compared.body.best.length > 0 ? [telling[0]] : [])
    expect(['value', 'evenLoads', undefined]).toContain(telling[0])
    const whole = await intake.get(`/rounds/${id}/comparison?runs=${own.id},${run.id}`)
    expect(whole.status).toBe(409)
    const { version } = await now()
    const taken = await intake.post<RoundDetail>(
      `/rounds/${id}/take-over`,
      { ...NOTHING_SET_ASIDE, runId: run.id, point: 99, seats: null, reasonCode: reason },
      { version },
    )
    expect(taken.status).toBe(404)
  })

  test('a case that is not placed: what would place it', async () => {
    const placed = await intake.get(`/rounds/${id}/cases/${cases[0]}/ways`)
    expect(placed.status).toBe(409)
    const before = await now()
    const waits = await intake.post<RoundDetail>(
      `/rounds/${id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        caseNumber: cases[0],
        seat: 'primary',
        kind: 'wait',
        staffNumber: null,
        reasonCode: reason,
      },
      { version: before.version },
    )
    expect(waits.status, waits.text).toBe(201)
    const ask = () => intake.get<Relaxations>(`/rounds/${id}/cases/${cases[0]}/ways`)
    let { body, status, text } = await ask()
    for (let tries = 0; tries < 5 && (status === 503 || body.ways.length === 0); tries++)
      ({ body, status, text } = await ask())
    expect(status, text).toBe(200)
    expect(body.ways[0]).toMatchObject({ kind: 'liftWait', by: 'choice', placed: 1 })
    expect(body.ways[0]!.sentence).toBe('Laat deze zaak niet langer wachten.')
    const tried = await suppose(body.ways[0]!.changes)
    expect(tried.status, tried.text).toBe(202)
    const run = await ended(tried.body.id)
    expect(run.lines.find(line => line.caseNumber === cases[0])!.worker).not.toBeNull()
    const undone = await intake.delete(`/rounds/${id}/choices/${waits.body.choices[0]!.id}`, {
      version: waits.body.version,
    })
    expect(undone.status, undone.text).toBe(200)
  })

  test('thrown away: a what-if goes, a calculation of the round stays', async () => {
    const { body: rows } = await intake.get<RunRow[]>(`/rounds/${id}/runs`)
    const whatIf = rows.find(row => row.kind === 'whatIf')!
    const own = rows.find(row => row.kind === 'round')!
    expect((await intake.delete(`/rounds/${id}/runs/${own.id}`)).status).toBe(409)
    expect((await lead.delete(`/rounds/${id}/runs/${whatIf.id}`)).status).toBe(200)
    expect((await intake.get(`/rounds/${id}/runs/${whatIf.id}`)).status).toBe(404)
    expect((await intake.delete(`/rounds/${id}/runs/${whatIf.id}`)).status).toBe(404)
  })

  test('whose round it is not: as if it were not there; and no further than its own round', async () => {
    const { db, organisationId, otherTeamId } = app
    const other = await app.signIn(
      await aUser(db, { organisationId, roles: [{ role: 'intake', teamId: otherTeamId }] }),
    )
    for (const path of ['runs', `runs/1`, 'comparison?runs=1,2', `cases/${cases[0]}/alternatives`]) {
      expect((await other.get(`/rounds/${id}/${path}`)).status, path).toBe(404)
    }
    expect((await suppose([{ kind: 'wait', caseId: cases[0], waits: true }], undefined, other)).status).toBe(
      404,
    )
  })

  test('everything that was calculated passes the check again', async () => {
    const { checks } = await verify(app.open, TODAY)
    expect(checks.flatMap(check => check.faults)).toEqual([])
  })

  test('a round that is over takes no what-if, and keeps those that it has', async () => {
    const { version } = await calculated(intake, id)
    const over = await intake.post(`/rounds/${id}/cancellation`, undefined, { version })
    expect(over.status, over.text).toBe(200)
    expect((await suppose([{ kind: 'wait', caseId: cases[0], waits: true }])).status).toBe(409)
    expect((await intake.get<RunRow[]>(`/rounds/${id}/runs`)).body.length).toBeGreaterThan(1)
  })
})
