import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, openRound, send, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Explanation = Endpoints['GET /rounds/:id/cases/:caseNumber/explanation']['reply']

let server: RunningServer
let browser: Browser
let page: Page
let openId: number

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  page = await signIn(browser, server.address, 'intake')
  openId = await openRound(page)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const roundNow = () => get<Round>(page, `/rounds/${openId}`)
const card = (key: string) => page.locator(`[data-card="${key}"]`)

async function open(query: string): Promise<void> {
  await page.goto(`${server.address}/rondes/${openId}${query}`)
  await page.getByRole('heading', { level: 2, name: /^Zaken/ }).waitFor()
}

/** Cases that somebody else may have too, with that somebody. */
async function others(round: Round) {
  const found: { caseNumber: string; from: string; to: { staffNumber: string; name: string } }[] = []
  for (const line of round.lines.filter(one => one.worker && one.seat === 'primary')) {
    const path = `/rounds/${round.id}/cases/${line.caseNumber}/explanation`
    const { alternatives } = await get<Explanation>(page, path)
    const other = alternatives.find(one => one.verdict === 'allowed' && !one.current)
    if (other && line.worker)
      found.push({ caseNumber: line.caseNumber, from: line.worker.staffNumber, to: other.worker })
  }
  if (found.length === 0) throw new Error('No case of this round has a second candidate.')
  return found
}

async function giveReason(): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Specifieke deskundigheid' }).check()
  await dialog.getByRole('button', { name: 'Medewerker kiezen' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

describe('the review room', () => {
  it('shows the work, not its controls: eight cases and why the first goes where it goes, also when something changed', async () => {
    const looks = await signIn(browser, server.address, 'intake', { width: 1280, height: 800 })
    let running = false
    // Twelve cases for one worker each, whatever the round of today has.
    await looks.route(`**/api/rounds/${openId}`, async route => {
      const answer = await route.fetch()
      const round = (await answer.json()) as Round
      const [line] = round.lines.filter(one => one.worker)
      const theCase = round.cases.find(one => one.caseNumber === line!.caseNumber)!
      const numbers = [theCase.caseNumber, ...Array.from({ length: 11 }, (_, k) => `ZK-9999-00${k + 10}`)]
      await route.fulfill({
        response: answer,
        json: {
          ...round,
          cases: numbers.map(caseNumber => ({ ...theCase, caseNumber, duo: false })),
          lines: numbers.map(caseNumber => ({ ...line!, caseNumber, seat: 'primary', messages: [] })),
          stale: ['J. Bos: 32 → 28 uur'],
          staleInShort: 'Veranderd sinds de berekening: 1 medewerker.',
          run: round.run && running ? { ...round.run, state: 'running' } : round.run,
        } satisfies Round,
      })
    })
    await looks.goto(`${server.address}/rondes/${openId}`)
    await looks.getByText('Veranderd sinds de berekening: 1 medewerker.').waitFor()
    await looks.locator('.contributions .axis b').first().waitFor()
    const seen = await looks.evaluate(() => {
      const fold = document.querySelector('section.bar')!.getBoundingClientRect().top
      const above = (selector: string) =>
        [...document.querySelectorAll(selector)].filter(one => one.getBoundingClientRect().bottom <= fold)
          .length
      return {
        rows: above('tbody tr:has(a[data-case])'),
        sentence: above('.reasons .lead'),
        bars: above('.axis b'),
      }
    })
    expect(seen.rows).toBeGreaterThanOrEqual(8)
    expect(seen).toMatchObject({ sentence: 1 })
    expect(seen.bars).toBeGreaterThanOrEqual(1)
    // Four people for it without scrolling beside the notice, in the words of the grid.
    await looks.getByRole('tab', { name: 'Alternatieven' }).click()
    await looks.getByText('Rest opnieuw verdeeld:').first().waitFor()
    const people = await looks.evaluate(() => {
      const fold = document.querySelector('section.bar')!.getBoundingClientRect().top
      const rows = [...document.querySelectorAll('.people .rules')]
      return rows.filter(one => one.getBoundingClientRect().bottom <= fold).length
    })
    expect(people).toBeGreaterThanOrEqual(4)
    const standings = (await looks.locator('.people .group th').allInnerTexts()).map(one =>
      one.replace(/ \(.*/, '').trim(),
    )
    expect(['Mag', 'Mag met een reden', 'Mag niet'].filter(one => standings.includes(one))).toEqual(standings)
    await looks.getByRole('tab', { name: 'Waarom?' }).click()
    running = true
    await looks.reload()
    await looks.locator('.room progress, .room [role=progressbar]').first().waitFor()
    await looks.locator('.figures').getByText('Verdeeld', { exact: true }).first().waitFor()
    running = false
    await looks.reload()
    await looks.locator('.contributions .axis b').first().waitFor()
    // What is done now and then is behind one press, by keyboard too; a dialog gives the focus back there.
    const more = looks.getByRole('button', { name: 'Meer' })
    await more.focus()
    await looks.keyboard.press('Enter')
    await looks.getByRole('menuitem', { name: 'Sneltoetsen' }).press('Enter')
    await looks.getByRole('dialog', { name: 'Sneltoetsen' }).waitFor()
    await looks.keyboard.press('Escape')
    await expect.poll(() => looks.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Meer')
    await looks.setViewportSize({ width: 390, height: 844 })
    await looks.goto(`${server.address}/rondes/${openId}`)
    const first = looks.locator('a[data-case]').first()
    await first.waitFor()
    const box = (await first.boundingBox())!
    const bar = (await looks.locator('section.bar').boundingBox())!
    expect(box.y + box.height).toBeLessThan(bar.y)
    await looks.unrouteAll({ behavior: 'ignoreErrors' })
    await looks.context().close()
  })

  it('shows the same round as list, board and grid, without barriers in either theme', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const looks = await signIn(browser, server.address, 'intake', { theme })
      for (const view of ['lijst', 'bord', 'raster']) {
        await looks.goto(`${server.address}/rondes/${openId}?weergave=${view}`)
        await looks.getByRole('button', { name: 'Lijst' }).waitFor()
        await looks
          .locator({ lijst: 'tbody a[data-case]', bord: '.card', raster: '[role=gridcell]' }[view]!)
          .first()
          .waitFor()
        expect(await flaws(looks), `${view}, ${theme}`).toEqual([])
      }
      for (const tab of ['alternatives', 'whatIf', 'history']) {
        await looks.goto(`${server.address}/rondes/${openId}?tab=${tab}`)
        await looks.getByRole('tab', { selected: true }).waitFor()
        expect(await flaws(looks), `${tab}, ${theme}`).toEqual([])
      }
      await looks.keyboard.press('?')
      await looks.getByRole('dialog', { name: 'Sneltoetsen' }).waitFor()
      expect(await flaws(looks), `keys, ${theme}`).toEqual([])
      await looks.context().close()
    }
  })

  it('undoes ten steps, does them again, and keeps them over a reload', async () => {
    await open('')
    const round = await roundNow()
    const free = round.lines.filter(line => line.worker)
    // Locking and releasing are steps as well: ten of them on whatever cases the round has.
    for (let step = 0; step < 10; step++) {
      const line = free[Math.floor(step / 2) % free.length]!
      await page.locator(`a[data-case="${line.caseNumber}"]`).click()
      await page.getByRole('button', { name: step % 2 ? 'Losmaken' : 'Vastzetten' }).click()
      await page.getByRole('button', { name: step % 2 ? 'Vastzetten' : 'Losmaken' }).waitFor()
    }
    await page.getByRole('button', { name: 'Stappen' }).click()
    const dialog = page.getByRole('dialog', { name: 'Stappen' })
    const undone = dialog.locator('li.undone')
    expect(await dialog.getByRole('listitem').count()).toBe(10)
    // Half-way every second step stands: after nine, one lock.
    await dialog.getByRole('button', { name: 'Ongedaan maken', exact: true }).click()
    await expect.poll(async () => (await roundNow()).choices.length).toBe(1)
    await page.reload()
    await page.getByRole('button', { name: 'Stappen' }).click()
    expect(await undone.count()).toBe(1)
    await dialog.getByRole('button', { name: 'Alles ongedaan maken' }).click()
    await expect.poll(() => undone.count()).toBe(10)
    expect((await roundNow()).choices).toEqual([])
    await dialog
      .getByRole('button', { name: /^Tot hier/ })
      .nth(2)
      .click()
    await expect.poll(async () => (await roundNow()).choices.length).toBe(1)
    await expect.poll(() => undone.count()).toBe(7)
    await dialog.getByRole('button', { name: 'Ongedaan maken', exact: true }).click()
    await expect.poll(async () => (await roundNow()).choices.length).toBe(0)
    await page.keyboard.press('Escape')
  })

  it('comes back after a reload with view, case, tab, filter and marks', async () => {
    const caseNumber = (await roundNow()).cases[1]!.caseNumber
    await open(`?weergave=lijst&zaak=${caseNumber}&tab=alternatives&toon=open`)
    // The same person on another device.
    const phone = await signIn(browser, server.address, 'intake', { width: 390, height: 844 })
    await phone.goto(`${server.address}/rondes/${openId}`)
    const agreed = phone.locator('tr', { hasText: caseNumber }).getByRole('img', { name: 'beoordeeld' })
    await phone.locator('a[data-case]').first().waitFor()
    expect(await agreed.count()).toBe(0)
    await page.locator('.people tbody').first().waitFor()
    await page
      .getByText(/Rest opnieuw verdeeld/)
      .first()
      .waitFor()
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('main *, .bar *')]
          .filter(one => !one.closest('svg') && !one.classList.contains('told'))
          .map(one => {
            const { x, y, width, height } = one.getBoundingClientRect()
            return `${one.tagName} ${[x, y, width, height].map(Math.round)}`
          }),
      )
    const before = await places()
    await page.getByRole('button', { name: 'Akkoord', exact: true }).click()
    await page.getByText(/^Beoordeeld: 1 van/).waitFor()
    await agreed.waitFor()
    await phone.context().close()
    // Nothing has moved: not the list, though it shows what is still to review, nor the buttons or the bar.
    expect(await places()).toEqual(before)
    await page.getByLabel('Toon', { exact: true }).selectOption('all')
    await page.getByRole('button', { name: 'Bespreken' }).click()
    await page.getByRole('button', { name: 'Niet meer bespreken' }).waitFor()
    await page.getByLabel('Toon', { exact: true }).selectOption('discuss')
    await page.reload()
    await page.getByRole('button', { name: 'Akkoord gegeven' }).waitFor()
    await page.getByRole('tab', { name: 'Alternatieven', selected: true }).waitFor()
    expect(await page.locator('a[data-case]').allInnerTexts()).toEqual([caseNumber])
    await page.getByRole('button', { name: 'Niet meer bespreken' }).click()
    await page.getByRole('button', { name: 'Wis filters' }).click()
    await page.locator('a[data-case]').nth(1).waitFor()
  })

  it('lets somebody drag a case to another worker, give a reason, and see it land', async () => {
    const [first] = await others(await roundNow())
    // Wide enough for every column, so that nothing has to scroll under the pointer.
    await page.setViewportSize({ width: 3200, height: 1000 })
    await open('?weergave=bord')
    const from = card(`${first!.caseNumber} primary`)
    const column = page
      .getByRole('region', { name: 'Bord: een kolom per medewerker' })
      .getByRole('region', { name: first!.to.name })
    const [start, end] = [await from.boundingBox(), await column.boundingBox()]
    await page.mouse.move(start!.x + start!.width - 30, start!.y + 30)
    await page.mouse.down()
    await page.mouse.move(start!.x + start!.width - 10, start!.y + 40, { steps: 4 })
    await page.mouse.move(end!.x + end!.width / 2, end!.y + 120, { steps: 8 })
    await expect.poll(() => column.getAttribute('class')).toContain('target')
    await page.mouse.up()
    const dialog = page.getByRole('dialog', { name: `Andere medewerker voor ${first!.caseNumber}` })
    await dialog.waitFor()
    expect(await dialog.getByRole('combobox', { name: 'Medewerker', exact: true }).inputValue()).toBe(
      first!.to.name,
    )
    await giveReason()
    await column.locator(`[data-card="${first!.caseNumber} primary"]`).waitFor()
    await expect
      .poll(() =>
        page.evaluate(() => document.activeElement?.closest('[data-card]')?.getAttribute('data-card')),
      )
      .toBe(`${first!.caseNumber} primary`)
    const now = (await roundNow()).lines.find(
      line => line.caseNumber === first!.caseNumber && line.seat === 'primary',
    )
    expect(now?.worker?.staffNumber).toBe(first!.to.staffNumber)
    await page.getByRole('button', { name: 'Ongedaan maken', exact: true }).click()
    await expect.poll(async () => (await roundNow()).choices.length).toBe(0)
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  it('goes from proposal to settled round with the keyboard alone', async () => {
    const [first] = await others(await roundNow())
    // What was agreed with before is kept, and the key would take it back.
    for (const { caseNumber } of (await roundNow()).cases)
      await send(page, 'PUT', `/rounds/${openId}/cases/${caseNumber}/agreement`, { seats: [] })
    await open('?weergave=bord')
    const keys = page.keyboard
    const said = page.getByRole('status')
    // Pick the card up with its handle, walk to the column, drop it.
    await card(`${first!.caseNumber} primary`).getByRole('button', { name: 'Pak' }).focus()
    await keys.press('Space')
    await said.getByText(`Zaak ${first!.caseNumber} opgepakt.`).waitFor()
    const columns = await page
      .locator('section.column')
      .evaluateAll(all => all.map(one => one.getAttribute('aria-label')))
    const at = await card(`${first!.caseNumber} primary`).evaluate(
      one => one.closest('section')?.getAttribute('aria-label') ?? '',
    )
    const steps = columns.indexOf(first!.to.name) - columns.indexOf(at)
    for (let step = 0; step < Math.abs(steps); step++)
      await keys.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft')
    await said.getByText(`Kolom ${first!.to.name}`).waitFor()
    await keys.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await dialog.getByRole('radio').first().focus()
    await keys.press('Space')
    await keys.press('Tab')
    await keys.type('Kent de school en de wijkagent')
    await dialog.getByRole('button', { name: 'Medewerker kiezen' }).focus()
    await keys.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(async () => (await roundNow()).choices.length).toBe(1)

    // The list by single keys: next case, agree, lock.
    await keys.press('1')
    await page.locator('a[data-case]').first().waitFor()
    await keys.press('j')
    await keys.press('a')
    await page.getByRole('button', { name: 'Akkoord gegeven' }).waitFor()
    // Calculate again, by the command menu.
    await keys.press('Control+k')
    await page.getByRole('dialog', { name: 'Opdrachten' }).waitFor()
    await keys.type('opnieuw bere')
    await keys.press('Enter')
    await page.getByText(/De nieuwe berekening (liet alles gelijk|wijzigde)/).waitFor()
    // And settle.
    await keys.press('Control+Enter')
    await page.getByRole('heading', { level: 1, name: 'Vaststellen' }).waitFor()
    const settle = page.getByRole('button', { name: 'Vaststellen', exact: true })
    await expect.poll(() => settle.isEnabled()).toBe(true)
    await settle.focus()
    await keys.press('Enter')
    await page.getByRole('heading', { level: 1, name: `Ronde ${openId} is vastgesteld` }).waitFor()
  })

  it('takes two presses from Vandaag to a proposal, and by keyboard at most twenty strokes to the page to settle', async () => {
    // Every press of a key counts, Tab too; nothing is typed. A press with a modifier is one.
    let strokes = 0
    const press = async (key: string) => {
      strokes++
      await page.keyboard.press(key)
    }
    const reach = async (target: Locator) => {
      await target.waitFor()
      for (let step = 0; !(await target.evaluate(one => one === document.activeElement)); step++) {
        if (step > 40) throw new Error(`Tab does not reach ${target}.`)
        await press('Tab')
      }
    }
    const go = async (target: Locator) => {
      await reach(target)
      await press('Enter')
    }
    // As big as a small laptop: all there is to choose in one screen, with the button.
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${server.address}/vandaag`)
    const compose = page.locator('main').locator('a[href^="/rondes/nieuw"]').first()
    await compose.waitFor()
    await page.getByRole('heading', { level: 1 }).focus()
    await go(compose)
    await page.getByRole('heading', { level: 1, name: 'Ronde samenstellen' }).waitFor()
    await page.getByRole('row', { name: /ZK-/ }).first().waitFor()
    const seen = ['1. Teams', '2. Zaken', '3. Medewerkers', '4. Doel en startdatum'].map(name =>
      page.getByRole('heading', { name }),
    )
    for (const one of [...seen, page.getByLabel('Startdatum van de toedelingen')]) {
      const box = (await one.boundingBox())!
      expect(box.y + box.height).toBeLessThanOrEqual(800)
    }
    const button = page.getByRole('button', { name: 'Voorstel berekenen' })
    await page.getByRole('row', { name: /ZK-/ }).first().scrollIntoViewIfNeeded()
    expect((await button.boundingBox())!.y).toBeLessThan(120)
    expect(strokes).toBeLessThanOrEqual(8)
    await go(button)
    await page.getByText('Bewezen de beste verdeling').waitFor()
    await press('Control+Enter')
    await page.getByRole('heading', { level: 1, name: 'Vaststellen' }).waitFor()
    expect(strokes).toBeLessThanOrEqual(20)
  })
})
