import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, flawsInTheDark, openRound, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']

const ROUND = /\/api\/rounds\/\d+$/

/** Every state of the review room, with how to bring it about and what shows that it is there. */
interface State {
  name: string
  path?: string
  /** Another answer about the round than the server has just now. */
  answer?: (round: Round) => Round
  /** What happens on the way to the server, or after the page is there. */
  before?: (page: Page) => Promise<unknown>
  after?: (page: Page) => Promise<unknown>
  shows: string
}

const OUTDATED = {
  type: 'about:blank',
  title: 'Changed',
  status: 412,
  detail: 'Somebody was first.',
  requestId: '1',
}

const STATES: State[] = [
  {
    name: 'loading',
    // The answer never comes.
    before: page => page.route(ROUND, () => {}),
    shows: '[aria-busy=true]',
  },
  {
    name: 'unreachable',
    before: page => page.route(ROUND, route => route.abort()),
    shows: '.fault[role=alert]',
  },
  {
    name: 'empty',
    answer: round => ({ ...round, cases: [], lines: [], choices: [] }),
    shows: 'section[data-pane] p.nothing',
  },
  { name: 'no result', path: '?zoek=bestaatniet', shows: '.nothing[role=status] button' },
  {
    name: 'all agreed with',
    after: async page => {
      const count = await page.locator('a[data-case]').count()
      await page.locator('a[data-case]').first().click()
      for (let at = 1; at <= count; at++) {
        await page.keyboard.press('a')
        await expect.poll(() => page.locator('tbody svg.agreed').count()).toBe(at)
        if (at < count) await page.keyboard.press('j')
      }
    },
    shows: 'tbody svg.agreed',
  },
  {
    name: 'stale',
    answer: round => ({
      ...round,
      stale: ['J. Bos: 32 → 28 uur'],
      staleInShort: 'Veranderd sinds de berekening: 1 medewerker.',
    }),
    shows: '.stale[role=status]',
  },
  {
    name: 'a run that failed',
    answer: round => ({ ...round, run: round.run && { ...round.run, state: 'failed' } }),
    shows: '.failed[role=alert]',
  },
  {
    name: 'no proposal yet',
    answer: round => ({
      ...round,
      run: null,
      solution: null,
      lines: round.lines.map(line => ({ ...line, worker: null, before: null, after: null, points: null })),
    }),
    shows: 'a[data-case]',
  },
  {
    name: 'somebody was first',
    after: async page => {
      await page.route(/\/choices$/, route =>
        route.fulfill({ status: 412, contentType: 'application/problem+json', json: OUTDATED }),
      )
      await page.locator('a[data-case]').first().click()
      await page.keyboard.press('l')
    },
    shows: '.refusal[role=alert]',
  },
  {
    name: 'settled',
    answer: round => ({ ...round, status: 'settled', settledAt: round.createdAt }),
    shows: '.notice[role=status]',
  },
  { name: 'cancelled', answer: round => ({ ...round, status: 'cancelled' }), shows: '.notice[role=status]' },
]

describe('the states of the review room', () => {
  let server: RunningServer
  let browser: Browser
  let openId: number
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
    const page = await signIn(browser, server.address, 'intake')
    openId = await openRound(page)
    await page.context().close()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('have no barrier that axe finds, in the light and in the dark', async () => {
    const page = await signIn(browser, server.address, 'intake')
    const found: string[] = []
    for (const { name, path = '', answer, before, after, shows } of STATES) {
      if (answer)
        await page.route(ROUND, async route => {
          const response = await route.fetch()
          await route.fulfill({ response, json: answer((await response.json()) as Round) })
        })
      await before?.(page)
      await page.goto(`${server.address}/rondes/${openId}${path}`)
      if (after) await page.locator('a[data-case]').first().waitFor()
      await after?.(page)
      await page.locator(shows).first().waitFor()
      found.push(...(await flaws(page)).map(flaw => `${name}: ${flaw}`))
      found.push(...(await flawsInTheDark(page)).map(flaw => `${name} in the dark: ${flaw}`))
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    }
    expect(found).toEqual([])
    await page.context().close()
  })

  it('turn away who has no right to rounds, without a barrier', async () => {
    const page = await signIn(browser, server.address, 'worker')
    await page.goto(`${server.address}/rondes/${openId}`)
    await page.waitForURL(/geen-rechten/)
    expect(await flaws(page)).toEqual([])
    await page.context().close()
  })
})
