import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemOf } from '../../../server/draft/problem-of.ts'
import { startThread } from '../../../server/event-loop/solver-thread.ts'
import { claimRun, failRun, keepLease, storeProposal } from '../../../server/jobs/queue.ts'
import { type JobOptions, type Jobs, startJobs } from '../../../server/jobs/runner.ts'
import { sha256 } from '../../../solver/problem/canonical.ts'
import type { Problem } from '../../../solver/problem/problem.ts'
import { solve } from '../../../solver/solve.ts'
import { aCase, anAllocation, anOrganisation, aTeam, aWorker } from '../../support/builders.ts'
import { type Engine, engines, forEachDatabase, freshDatabase } from '../../support/databases.ts'
import { PATIENCE } from '../../support/patience.ts'
import { randomProblem } from '../../support/problems.ts'

const START = '2026-12-01'
const SOLVER = new URL('../../../dist/server/solver-thread.js', import.meta.url)
const quiet = { info: () => {}, error: () => {} }

/** Three workers and four waiting cases with fixed numbers, and a round of them. */
async function aWorld(engine: Engine) {
  const open = await freshDatabase(engine)
  const { db } = open
  const organisationId = await anOrganisation(db)
  const teamId = await aTeam(db, { organisationId })
  const workerIds: number[] = []
  for (let index = 0; index < 3; index++) {
    const { id } = await aWorker(db, {
      organisationId,
      teamId,
      staffNumber: `w-${index}`,
      baseMunicipality: index === 0 ? 'ENSCHEDE' : null,
      preferences: [{ kind: 'measure', code: 'OTS', value: index === 1 ? 'rather' : 'rather_not' }],
    })
    workerIds.push(id)
    const held = await aCase(db, {
      organisationId,
      teamId,
      caseNumber: `H-${index}`,
      familyNumber: `F-${index}`,
    })
    await anAllocation(db, { caseId: held.id, workerId: id, hours: 4 + index })
  }
  const caseIds: number[] = []
  for (let index = 0; index < 4; index++) {
    const { id } = await aCase(db, {
      organisationId,
      teamId,
      caseNumber: `Z-${index}`,
      familyNumber: `G-${Math.min(index, 2)}`,
      children: index + 1,
      municipalityCode: 'ENSCHEDE',
    })
    caseIds.push(id)
  }
  const rulebook = await db.selectFrom('rulebook').select('id').executeTakeFirstOrThrow()
  const problem = async () => {
    const built = await problemOf(db, {
      organisationId,
      caseIds,
      workerIds,
      startOn: START,
      seed: 7,
      profile: 'balanced',
      locks: [],
      exclusions: [],
      waiting: [],
      today: '2026-11-24',
    })
    return built.problem
  }
  const queue = async (made: Problem, timeLimitSeconds = 20) => {
    const round = await db
      .insertInto('round')
      .values({
        organisationId,
        startOn: START,
        rulebookId: rulebook.id,
        profile: 'balanced',
        seed: 7,
        createdBy: null,
        settledBy: null,
        settledAt: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const run = await db
      .insertInto('run')
      .values({
        roundId: round.id,
        problem: JSON.stringify(made),
        problemSha256: sha256(made),
        timeLimitSeconds,
        requestedBy: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return run.id
  }
  const ended = async (runId: number) => {
    const until = Date.now() + PATIENCE
    for (;;) {
      const run = await db.selectFrom('run').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()
      if (run.finishedAt) return run
      if (Date.now() > until) throw new Error(`Run ${runId} is still ${run.state}.`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  const running = async (runId: number) => {
    const until = Date.now() + PATIENCE
    for (;;) {
      const run = await db.selectFrom('run').select('state').where('id', '=', runId).executeTakeFirstOrThrow()
      if (run.state === 'running') return
      if (Date.now() > until) throw new Error(`Run ${runId} is still ${run.state}.`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  return { open, db, problem, queue, ended, running }
}

const directory = mkdtempSync(join(tmpdir(), 'instroom-threads-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A thread that does something no solver should. */
function aThread(name: string, source: string): URL {
  const file = join(directory, `${name}.mjs`)
  writeFileSync(file, source)
  return pathToFileURL(file)
}
const endless = () => aThread('endless', 'for (;;) {}')
const greedy = () =>
  aThread('greedy', 'const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()))')
const broken = () => aThread('broken', 'throw new Error("broken on purpose")')

forEachDatabase('runs', engine => {
  let world: Awaited<ReturnType<typeof aWorld>>
  let jobs: Jobs | null = null
  const start = (given: Partial<JobOptions> = {}) => {
    jobs = startJobs({ open: world.open, log: quiet, threadUrl: SOLVER, pollMs: 50, ...given })
    return jobs
  }
  const stop = async () => {
    await jobs?.stop()
    jobs = null
  }

  beforeAll(async () => {
    world = await aWorld(engine)
  })
  afterAll(async () => {
    await stop()
    await world.open.close()
  })

  test('a run is solved in a thread, as solving it here would', async () => {
    const problem = await world.problem()
    const runId = await world.queue(problem)
    start()
    expect((await world.ended(runId)).state).toBe('done')
    await stop()
    const stored = await world.db
      .selectFrom('proposal')
      .select(['id', 'result'])
      .where('runId', '=', runId)
      .executeTakeFirstOrThrow()
    const here = await solve(problem)
    const timeless = { wallMs: 0 }
    expect({ ...stored.result, ...timeless }).toEqual({ ...here, ...timeless })
    const lines = await world.db
      .selectFrom('proposalLine')
      .select('caseId')
      .where('proposalId', '=', stored.id)
      .execute()
    expect(lines).toHaveLength(4)
  })

  test('the late result of a process that lost its lease is thrown away', async () => {
    const problem = await world.problem()
    const runId = await world.queue(problem)
    const first = await claimRun(world.db, { leaseSeconds: 0 })
    expect(first).toMatchObject({ id: runId, attempt: 1 })
    const second = await claimRun(world.db)
    expect(second).toMatchObject({ id: runId, attempt: 2 })
    expect(await claimRun(world.db)).toBeNull()
    const proposal = await solve(problem)
    expect(await keepLease(world.db, first!)).toBe('lost')
    expect(await storeProposal(world.db, first!, proposal)).toBe(false)
    expect(await storeProposal(world.db, second!, proposal)).toBe(true)
    expect(await storeProposal(world.db, second!, proposal)).toBe(false)
    await failRun(world.db, first!, { failure: 'failed', again: 'retry' })
    expect((await world.ended(runId)).state).toBe('done')
    const { count } = await world.db
      .selectFrom('proposal')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .where('runId', '=', runId)
      .executeTakeFirstOrThrow()
    expect(count).toBe(1)
  })

  test('several processes share a queue: every run is solved once', async () => {
    const problem = await world.problem()
    const ids = []
    for (let index = 0; index < 6; index++) ids.push(await world.queue(problem))
    const others = [0, 1, 2].map(() =>
      startJobs({ open: world.open, log: quiet, threadUrl: SOLVER, pollMs: 20 }),
    )
    const runs = await Promise.all(ids.map(world.ended))
    await Promise.all(others.map(one => one.stop()))
    expect(runs.map(run => [run.state, run.attempt])).toEqual(ids.map(() => ['done', 1]))
  })

  test('a thread that does not end is ended, and the run says so', async () => {
    const runId = await world.queue(await world.problem(), 1)
    start({ threadUrl: endless() })
    const run = await world.ended(runId)
    await stop()
    expect(run).toMatchObject({ state: 'failed', error: 'time', attempt: 1 })
  })

  test('a thread that eats memory or breaks is tried once more, then failed', async () => {
    for (const [threadUrl, error] of [
      [greedy(), 'memory'],
      [broken(), 'failed'],
    ] as const) {
      const runId = await world.queue(await world.problem(), 120)
      start({ threadUrl })
      expect(await world.ended(runId)).toMatchObject({ state: 'failed', error, attempt: 2 })
      await stop()
    }
  })

  test('an answer to another problem is refused', async () => {
    const runId = await world.queue(await world.problem(), 5)
    const answer = { ...(await solve(await world.problem())), problemSha256: 'another' }
    const source = `import { parentPort } from 'node:worker_threads'
      parentPort.postMessage(${JSON.stringify({ kind: 'proposal', proposal: answer })})`
    start({ threadUrl: aThread('liar', source) })
    expect(await world.ended(runId)).toMatchObject({ state: 'failed', error: 'refused' })
    await stop()
  })

  test('a request to stop reaches a thread that does not listen', async () => {
    const runId = await world.queue(await world.problem(), 60)
    start({ threadUrl: endless(), leaseSeconds: 0.3 })
    await world.running(runId)
    await world.db.updateTable('run').set({ stopRequested: true }).where('id', '=', runId).execute()
    expect(await world.ended(runId)).toMatchObject({ state: 'cancelled', error: 'stopped' })
    await stop()
  })

  test('a process that stops gives its run back, as often as it takes, and that counts as no try', async () => {
    const runId = await world.queue(await world.problem(), 60)
    for (let restart = 1; restart <= 5; restart++) {
      start({ threadUrl: endless() })
      await world.running(runId)
      await stop()
      const given = await world.db
        .selectFrom('run')
        .select(['state', 'leaseUntil', 'attempt', 'returned'])
        .where('id', '=', runId)
        .executeTakeFirstOrThrow()
      expect(given).toEqual({ state: 'queued', leaseUntil: null, attempt: restart, returned: restart })
    }
    start()
    expect(await world.ended(runId)).toMatchObject({ state: 'done', attempt: 6 })
    await stop()
  })
})

test('a solver that is asked to stop answers with the best it has', async () => {
  const problem = randomProblem(5, { cases: 40, workers: 50 })
  const stop = new SharedArrayBuffer(4)
  Atomics.store(new Int32Array(stop), 0, 1)
  const result = await startThread({ problem, limits: { timeLimitMs: 20_000 }, stop }, SOLVER).result
  expect(result.kind).toBe('proposal')
  if (result.kind === 'proposal') expect(['person', 'proof']).toContain(result.proposal.endedBy)
})

test('the same rows give the same problem on every database', async () => {
  const hashes = []
  for (const engine of [...engines, 'PGlite'] as const) {
    const world = await aWorld(engine)
    hashes.push(sha256(await world.problem()))
    await world.open.close()
  }
  expect(new Set(hashes).size).toBe(1)
})
