import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('accounts', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  test('somebody who is signed in is told who they are and what they may do', async () => {
    const intake = await app.as('intake')
    const { status, body } = await intake.get('/session')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      setupNeeded: false,
      user: { roles: ['intake'], teams: [{ name: 'Team Oost' }] },
    })
  })

  test('nobody signed in: no name, no organisation', async () => {
    const { body } = await app.anonymous.get('/session')
    expect(body).toMatchObject({ user: null, organisation: null })
  })
})
