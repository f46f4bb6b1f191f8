import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'

const PEOPLE = 10
const WORKERS = 5
const CASES_EACH = 16
/** 36 contract hours give 25.2 norm hours in the start values of the rulebook, so a limit of 30.24. */
const IN_USE = 20

describe.runIf(inject('postgres'))('many people allocate at once, near the hard limit', () => {
  let app: TestApp
  const people: Caller[] = []
  beforeAll(async () => {
    app = await startApp({ engine: 'PostgreSQL' })
    for (let n = 0; n < PEOPLE; n++) {
      const roles = [{ role: 'intake' as const, teamId: app.teamId }]
      people.push(await app.signIn(await aUser(app.db, { organisationId: app.organisationId, roles })))
    }
  })
  afterAll(() => app.close())

  test('nobody gets above it without a decision about that, and nobody gets an error of ours', async () => {
    const scope = { organisationId: app.organisationId, teamId: app.teamId }
    const pairs: { caseNumber: string; staffNumber: string }[] = []
    for (let n = 0; n < WORKERS; n++) {
      const worker = await aWorker(app.db, scope)
      const weight = { weightOverrideHours: IN_USE, weightOverrideReason: 'proef' }
      const held = await aCase(app.db, { ...scope, ...weight })
      await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours: IN_USE })
      for (let k = 0; k < CASES_EACH; k++) {
        const { caseNumber } = await aCase(app.db, {
          ...scope,
          urgency: 'emergency',
          weightOverrideHours: 2 + (k % 3) / 2,
          weightOverrideReason: 'proef',
        })
        pairs.push({ caseNumber, staffNumber: worker.staffNumber })
      }
    }
    // Every worker is asked for by everybody at the same moment, in an order that differs from person to person.
    const waits: number[] = []
    const ask = async (caller: Caller, { caseNumber, staffNumber }: (typeof pairs)[number]) => {
      const asked = performance.now()
      const answer = await caller.post<Partial<ProblemDetails>>(
        `/cases/${caseNumber}/allocations`,
        {
          kind: 'emergency',
          seat: 'primary',
          staffNumber,
          startOn: TODAY,
          reasonCode: 'AFSPRAAK',
          reasonText: null,
          unregisteredReason: null,
          setAside: ['newPerWeek', 'heavyCases', 'band'],
          // Somebody without the right says yes all the same.
          acceptsExcess: true,
        },
        { version: 1 },
      )
      waits.push(performance.now() - asked)
      return answer
    }
    const answers = await Promise.all(
      pairs.map((_, n) => ask(people[n % PEOPLE]!, pairs[(n * 37) % pairs.length]!)),
    )
    const count = (status: number) => answers.filter(answer => answer.status === status).length
    const given = count(201)
    expect(given + count(422), answers.find(one => ![201, 422].includes(one.status))?.text).toBe(pairs.length)
    for (const { status, body } of answers) {
      if (status === 422) expect(body.cases?.map(one => one.rule)).toContain('hardLimit')
    }
    const { rows } = await app.open.pool.query<{ hours: number; most: number; seats: number }>(
      `select hours_in_use(w.id, $1::date) as hours, round(n.norm_hours * 1.2, 2) as most,
         (select count(*) from allocation a where a.worker_id = w.id and a.origin = 'decision') as seats
       from worker w join worker_norms($1::date) n on n.worker_id = w.id
       where exists (select from allocation a where a.worker_id = w.id)`,
      [TODAY],
    )
    expect(rows).toHaveLength(WORKERS)
    for (const { hours, most } of rows) {
      expect(hours).toBeLessThanOrEqual(most)
      // And the room was used: the smallest case would not have fitted any more.
      expect(hours + 2).toBeGreaterThan(most)
    }
    expect(rows.reduce((sum, row) => sum + row.seats, 0)).toBe(given)
    waits.sort((a, b) => a - b)
    console.log(
      `${pairs.length} allocations at once by ${PEOPLE} people: ${given} given, ${count(422)} refused, 0 errors, ` +
        `p95 ${waits[Math.floor(waits.length * 0.95)]!.toFixed(0)} ms.`,
    )
  })
})
