import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Explanation } from '../../server/contract/explanations.ts'
import type { RoundDetail, RoundMatrix } from '../../server/contract/rounds.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

forEachDatabase('every case against every worker', engine => {
  let app: TestApp
  let intake: Caller
  let round: RoundDetail

  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId, teamId } = app
    for (let index = 0; index < 4; index++) await aWorker(db, { organisationId, teamId })
    const cases = [
      (await aCase(db, { organisationId, teamId, children: 2 })).caseNumber,
      (await aCase(db, { organisationId, teamId, factors: ['DREIGING'] })).caseNumber,
    ]
    intake = await app.as('intake')
    round = await aRound(intake, { teamId, cases, workers: null, startOn: '2026-12-01' })
  })
  afterAll(() => app.close())

  const matrix = async () => {
    const { status, body, text } = await intake.get<RoundMatrix>(`/rounds/${round.id}/matrix`)
    expect(status, text).toBe(200)
    return body
  }

  async function expectTheAlternatives() {
    const { workers, rows } = await matrix()
    expect(rows.map(row => `${row.caseNumber} ${row.seat}`)).toEqual(
      round.lines.map(line => `${line.caseNumber} ${line.seat}`),
    )
    for (const row of rows) {
      const { body } = await intake.get<Explanation>(
        `/rounds/${round.id}/cases/${row.caseNumber}/explanation?seat=${row.seat}`,
      )
      const cells = workers.map((worker, at) => [worker.staffNumber, row.points[at], row.standings[at]])
      const told = body.alternatives.map(one => [one.worker.staffNumber, one.points, one.standing])
      expect(cells.sort()).toEqual(told.sort())
    }
  }

  test('says the same of a pair as the list of alternatives', expectTheAlternatives)

  test('follows what the team rules out', async () => {
    const line = round.lines.find(one => one.worker)!
    const { body, status, text } = await intake.post<RoundDetail>(
      `/rounds/${round.id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        caseNumber: line.caseNumber,
        seat: line.seat,
        kind: 'exclude',
        staffNumber: line.worker!.staffNumber,
        reasonCode: 'AFSPRAAK',
      },
      { version: round.version },
    )
    expect(status, text).toBe(201)
    round = body
    await expectTheAlternatives()
    const { workers, rows } = await matrix()
    const row = rows.find(one => one.caseNumber === line.caseNumber && one.seat === line.seat)!
    const at = workers.findIndex(one => one.staffNumber === line.worker!.staffNumber)
    // What the team ruled out itself it may also set aside, with a reason.
    expect(row.standings[at]).toBe('withReason')
  })
})
