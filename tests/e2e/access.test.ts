import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { flaws, flawsInTheDark, get, newPage, openRound, type Person, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** Every page, by a person who may open it. `:case` is a waiting case, `:open` the round that is open. */
const PAGES: Record<Exclude<Person, 'intake'>, string[]> = {
  intakeOfAll: [
    '/vandaag',
    '/instroom',
    '/instroom?zoek=bestaatniet',
    '/zaken',
    '/zaken/nieuw',
    '/zaken/:case',
    '/zaken/:case/wijzigen',
    '/zaken/:case/toedelen',
    '/rondes',
    '/rondes/nieuw',
    '/rondes/:open',
    '/rondes/:open?tab=alternatives',
    '/rondes/:open?tab=whyNot',
    '/rondes/:open/vaststellen',
    '/rondes/:open/antwoorden',
    '/rondes/:open/overleg',
    '/rondes/:open/verslag',
    '/rondes/:open/berekeningen',
    '/rondes/:open/afweging',
    '/rondes/:open/niet-verdeeld',
    '/rondes/:open/vastgesteld',
    '/werklast',
    '/draagvlak',
    '/draagvlak/besluiten',
    '/schattingen',
    '/aanvragen',
    '/beheer/regels/versies/1',
    '/medewerkers',
    '/medewerkers/jb-001',
    '/historie',
    '/importeren',
  ],
  lead: [
    '/medewerkers/nieuw',
    '/medewerkers/jb-001/wijzigen',
    '/aanvragen',
    '/schattingen',
    '/beheer/regels',
    '/werklast/verloop',
    '/werklast/eerlijkheid',
    '/werklast/stroom',
    '/werklast/vraag',
    '/werklast/aanwezigheid',
    '/signalen',
    '/fasen',
    '/goedkeuringen',
    '/beheer/vaststellen',
  ],
  worker: [
    '/mijn',
    '/mijn/werklast',
    '/mijn/beschikbaarheid',
    '/mijn/beschikbaarheid?weergave=kalender',
    '/mijn/voorkeuren',
    '/mijn/historie',
    '/mijn/historie?soort=decision',
    '/mijn/account',
    '/mijn/voorstellen',
    '/berichten',
    '/schattingen',
    '/fasen',
    '/draagvlak/vragen',
    '/rondes/:open',
  ],
  admin: [
    '/beheer/gebruikers',
    '/beheer/gebruikers/uitnodigen',
    '/beheer/catalogi',
    '/beheer/regels',
    '/beheer/regels/versies',
    '/beheer/regels/concept',
    '/beheer/regels/effect',
    '/bestaat-niet',
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

async function open(page: Page, path: string): Promise<void> {
  await page.goto(server.address + path.replace(':open', String(openId)))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

/** The widths at which the page that is open is wider than its window: of a phone, and of 1280 pixels at 200 %. */
async function widerThanItsWindow(page: Page): Promise<number[]> {
  const size = page.viewportSize()!
  const wide: number[] = []
  for (const width of [320, 640]) {
    await page.setViewportSize({ width, height: 700 })
    const over = await page.evaluate(async () => {
      // Charts take their new size in a frame of their own.
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
      return document.documentElement.scrollWidth - document.documentElement.clientWidth
    })
    if (over > 1) wide.push(width)
  }
  await page.setViewportSize(size)
  return wide
}

describe('pages, in the light and in the dark', () => {
  it.each(['light', 'dark'] as const)('let everybody in at the front door in the %s theme', async theme => {
    const page = await newPage(browser, { theme })
    await open(page, '/aanmelden')
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme)
    expect(await flaws(page)).toEqual([])
  })

  it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
    'have no barrier that axe finds, and no sideways scrolling on a phone or at twice the size, for %s',
    async name => {
      const page = await signIn(browser, server.address, name)
      const complaints: string[] = []
      page.on('pageerror', error => complaints.push(`error on ${page.url()}: ${error.message}`))
      page.on('console', message => {
        if (message.type() === 'error' && message.text().includes('Content Security Policy'))
          complaints.push(`${page.url()}: ${message.text()}`)
      })
      const waiting =
        name === 'intakeOfAll'
          ? (await get<{ cases: { caseNumber: string }[] }>(page, '/cases?status=waiting')).cases[0]!
              .caseNumber
          : ''
      for (const path of PAGES[name]) {
        await open(page, path.replace(':case', waiting))
        complaints.push(...(await flaws(page)).map(flaw => `${path}: ${flaw}`))
        complaints.push(...(await flawsInTheDark(page)).map(flaw => `${path} in the dark: ${flaw}`))
        complaints.push(
          ...(await widerThanItsWindow(page)).map(width => `${path} scrolls sideways at ${width}`),
        )
      }
      expect(complaints).toEqual([])
    },
  )
})

describe('on a small screen and in English', () => {
  it('opens the start page of who is signed in at the address without a path', async () => {
    for (const [person, start] of [
      ['worker', '/mijn'],
      ['lead', '/vandaag'],
    ] as const) {
      const page = await signIn(browser, server.address, person)
      await page.goto(`${server.address}/`)
      await page.waitForURL(`${server.address}${start}`)
      await page.context().close()
    }
  })

  it('speaks English when asked, and remembers it', async () => {
    const page = await signIn(browser, server.address, 'intake')
    await page.getByLabel('Taal').selectOption('en')
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await flaws(page)).toEqual([])
  })

  it('reaches a case and its reasons with the keyboard alone', async () => {
    const page = await signIn(browser, server.address, 'intakeOfAll')
    await open(page, '/rondes/:open')
    const links = page.locator('a[data-case]')
    await links.first().focus()
    await page.keyboard.press('ArrowDown')
    const second = await links.nth(1).getAttribute('data-case')
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.case)).toBe(second)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('panel-title')
    expect(await page.locator('#panel-title').textContent()).toContain(second!)
  })
})
