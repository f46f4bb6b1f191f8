import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('odd input to the own screens', engine => {
  let app: TestApp
  let me: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    me = await app.as('worker')
  })
  afterAll(() => app.close())

  test('days at the ends of the calendar, or from before one was there, get an answer', async () => {
    const lead = await app.as('lead')
    for (const on of ['0000-01-01', '0001-01-01', '1990-01-01', '9999-12-31']) {
      for (const [who, path] of [
        [me, '/mine/load'],
        [lead, '/exports/workload'],
        [lead, '/workload'],
      ] as const) {
        const { status, text } = await who.get(`${path}?on=${on}`)
        expect(status, `${path} ${on}: ${text.slice(0, 300)}`).toBeLessThan(500)
      }
    }
    const far = {
      kind: 'absence',
      reason: null,
      percentage: 100,
      validFrom: '9999-12-31',
      validUntil: '9999-12-31',
    }
    const { status, text } = await me.post('/mine/availability/preview', { entries: [far] }, { key: null })
    expect(status, text).toBeLessThan(500)
    const kept = await me.post('/mine/availability', { entries: [far] })
    expect(kept.status, kept.text).toBeLessThan(500)
    expect((await me.get('/mine/load')).status).toBe(200)
  })

  test('a character of two halves is one character', async () => {
    const whole = await me.post<{ text: string }>('/mine/corrections', { subject: 'other', text: 'goed 😀' })
    expect(whole.status, whole.text).toBe(201)
    expect(whole.body.text).toBe('goed 😀')
  })

  test('a lead never has more open corrections of one worker than can be read', async () => {
    const correct = () => me.post('/mine/corrections', { subject: 'other', text: 'Dit klopt niet.' })
    const statuses: number[] = []
    for (let count = 0; count < 21; count++) statuses.push((await correct()).status)
    expect(statuses.filter(status => status === 409).length).toBeGreaterThan(0)
    expect(statuses.at(-1)).toBe(409)
  })

  test('somebody who changed teams can look back at a day in the team of before', async () => {
    await app.db
      .updateTable('worker')
      .set({ teamId: app.otherTeamId })
      .where('id', '=', app.workerId)
      .execute()
    for (const on of [TODAY, '2026-11-01']) {
      const { status, text } = await me.get(`/mine/load?on=${on}`)
      expect(status, text).toBe(200)
    }
  })
})
