/**
 * The pictures of the manual and the README, from the demo: `npm run screens`. The data come from the demo's seed; only
 * days differ, since the demo lies around today. Only the last of the pictures of a round changes something in it.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type Look, openRound, type Person, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { withFewColours } from './png.ts'

const DIRECTORY = new URL('../../docs/images/', import.meta.url).pathname
/** All pictures together: a clone of the repository should stay small. */
const MAX_BYTES = 1_500_000

interface Picture {
  name: string
  path: string
  look?: Look
  /** What has to be there; without it the heading and the data are enough. */
  ready?: string
  /** What somebody does first. */
  act?: (page: Page) => Promise<void>
}

const PICTURES: Record<Exclude<Person, 'intakeOfAll' | 'admin'>, Picture[]> = {
  intake: [
    { name: 'today', path: '/vandaag' },
    { name: 'intake', path: '/instroom' },
    { name: 'review', path: '/rondes/:open', ready: 'canvas' },
    { name: 'review-dark', path: '/rondes/:open', look: { theme: 'dark' }, ready: 'canvas' },
    { name: 'review-phone', path: '/rondes/:open', look: { width: 390, height: 844 } },
    { name: 'alternatives', path: '/rondes/:open?tab=alternatives', ready: 'tr.person' },
    { name: 'board', path: '/rondes/:open?weergave=bord', ready: '[data-card]' },
    { name: 'grid', path: '/rondes/:open?weergave=raster', ready: '[role=gridcell]' },
    { name: 'settle', path: '/rondes/:open/vaststellen' },
    {
      name: 'meeting',
      path: '/rondes/:open/overleg',
      act: page => page.getByRole('button', { name: 'Overleg openen' }).click(),
      ready: 'textarea',
    },
  ],
  lead: [
    { name: 'workload', path: '/werklast', ready: 'canvas' },
    { name: 'trend', path: '/werklast/verloop', ready: 'canvas' },
    { name: 'fairness', path: '/werklast/eerlijkheid' },
    { name: 'signals', path: '/signalen' },
  ],
  worker: [
    { name: 'mine', path: '/mijn' },
    { name: 'my-load', path: '/mijn/werklast' },
    { name: 'my-preferences', path: '/mijn/voorkeuren' },
  ],
}

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

async function take(page: Page, { name, path, act, ready }: Picture): Promise<void> {
  await page.goto(server.address + path.replace(':open', String(openId)))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  await act?.(page)
  if (ready) await page.locator(ready).first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    return document.fonts.ready
  })
  const picture = await page.screenshot({ animations: 'disabled' })
  writeFileSync(join(DIRECTORY, `${name}.png`), withFewColours(picture))
}

test.each(Object.keys(PICTURES) as (keyof typeof PICTURES)[])('what %s sees', async person => {
  mkdirSync(DIRECTORY, { recursive: true })
  for (const picture of PICTURES[person]) {
    const page = await signIn(browser, server.address, person, picture.look)
    await take(page, picture)
    await page.context().close()
  }
})

test('the pictures stay small', () => {
  const sizes = readdirSync(DIRECTORY)
    .filter(name => name.endsWith('.png'))
    .map(name => ({ name, bytes: statSync(join(DIRECTORY, name)).size }))
  console.log(sizes.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1000)} KB`).join('\n'))
  expect(sizes.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThan(MAX_BYTES)
})
