import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FoundCases } from '../../server/contract/cases.ts'
import type { Counts } from '../../server/contract/messages.ts'
import type { OwnLoad } from '../../server/contract/own.ts'
import type { Fairness, Trend } from '../../server/contract/reports.ts'
import type { SignalList } from '../../server/contract/signals.ts'
import type { Today } from '../../server/contract/today.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, send, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
let browser: Browser
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const percent = (load: number | null) => `${((load ?? 0) * 100).toFixed(1).replace('.', ',')}\u00a0%`
async function go(page: Page, place: string, title: string) {
  await page.getByRole('navigation', { name: 'Werklast' }).getByRole('link', { name: place }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

describe('the team lead looks at the workload', () => {
  it('sees how it went and what to expect, the same figures as in the record', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.goto(`${server.address}/werklast`)
    await go(page, 'Verloop', 'Verloop')
    const trend = await get<Trend>(page, '/reports/trend')
    await page.getByText(`De werklast is nu ${percent(trend.past.at(-1)!.workload)}`).waitFor()
    // The picture is read out with a sentence, and its table has a row for each week.
    await page.getByRole('img', { name: /Werklast van het team per week/ }).waitFor()
    await page.getByText('Als tabel tonen').click()
    expect(
      await page
        .getByRole('table', { name: /geweest en verwacht/ })
        .getByRole('row')
        .count(),
    ).toBe(1 + 27 + 12)
    const rows = page.getByRole('table', { name: /geweest en verwacht/ }).getByRole('row')
    expect(await rows.nth(1).textContent()).toContain(percent(trend.past[0]!.workload))
    expect(await flaws(page)).toEqual([])

    await go(page, 'Eerlijkheid', 'Eerlijkheid')
    const fairness = await get<Fairness>(page, '/reports/fairness')
    await page.getByText(`De hoogste werklast is ${percent(fairness.spread.highest)}`).waitFor()
    const grid = page.getByRole('table', { name: 'Lopende zaken per medewerker en soort' })
    expect(await grid.getByRole('row').count()).toBe(1 + fairness.workers.length)
    const someone = fairness.workers[3]!
    const cells = await grid.getByRole('row', { name: someone.name }).getByRole('cell').allTextContents()
    expect(cells.map(text => Number(text.replace('–', '0')))).toEqual(someone.running)

    await go(page, 'Instroom en uitstroom', 'Instroom en uitstroom')
    await page.getByLabel('Periode').selectOption('52')
    await page.waitForURL(/weken=52/)
    await page.getByText(/^In 52 weken kwamen \d+ zaken binnen/).waitFor()
    await page.goBack()
    await page.goForward()
    await page.reload()
    expect(await page.getByLabel('Periode').inputValue()).toBe('52')

    await go(page, 'Onvervulde vraag', 'Onvervulde vraag')
    await page.getByRole('table', { name: /per competentie die nodig is/ }).waitFor()
  })

  it('filters the list, and the address remembers it', async () => {
    const page = await signIn(browser, server.address, 'lead')
    const { totals } = await get<Workload>(page, '/workers')
    const [status, count] = Object.entries(totals.statuses).find(([, some]) => some > 0 && some < 12)!
    await page.goto(`${server.address}/werklast?status=${status}`)
    const table = page.getByRole('table', { name: 'Werklast per medewerker' })
    await table.waitFor()
    expect(await table.getByRole('row').count()).toBe(1 + count + 1)
    await page.getByLabel('Zoek op naam of nummer').fill('bestaat niet')
    await page.getByText('Geen resultaten met deze filters.').waitFor()
    await page.getByRole('button', { name: 'Wis filters' }).first().click()
    await expect.poll(() => table.getByRole('row').count()).toBe(1 + 12 + 1)
    expect(new URL(page.url()).search).toBe('')
  })

  it('takes the figures along as Dutch Excel opens them', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.goto(`${server.address}/werklast/verloop`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^verloop-team-[a-z]+-\d{4}-\d{2}-\d{2}\.csv$/)
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    expect(text.startsWith('\uFEFF')).toBe(true)
    // What it is about, an empty line, and the weeks.
    const lines = text.trim().split('\r\n')
    expect(lines[0]).toBe('Overzicht;Verloop')
    expect(lines[5]).toMatch(/^dag;soort;normuren/)
    expect(lines).toHaveLength(5 + 1 + 27 + 12)
  })

  it('gives a signal away and resolves it, with the keyboard alone', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.goto(`${server.address}/signalen`)
    const { signals, people } = await get<SignalList>(page, '/signals')
    // Of the kinds that people can only answer by doing something.
    const signal = signals.find(one => one.kind === 'longAboveNorm' || one.kind === 'oldData')!
    const row = page.getByRole('row', { name: signal.sentence })
    await row.getByRole('button', { name: /Behandelen/ }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Signaal behandelen' })
    await dialog.waitFor()
    expect(await flaws(page)).toEqual([])
    await dialog
      .getByLabel('Wie')
      .selectOption({ label: people.find(one => one.teamIds.includes(signal.teamId))!.name })
    await dialog.getByRole('button', { name: 'Opslaan' }).focus()
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await row.getByText(/^bij /).waitFor()

    await row.getByRole('button', { name: /Behandelen/ }).focus()
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Afgehandeld').focus()
    await page.keyboard.press('Space')
    await dialog.getByRole('button', { name: 'Opslaan' }).click()
    // Without a word of what was done it is not resolved, and nothing is lost.
    await dialog.getByText('Noteer in een paar woorden wat er is gedaan.').first().waitFor()
    await dialog.getByLabel('Notitie').fill('Geen nieuwe zaken tot januari.')
    await dialog.getByRole('button', { name: 'Opslaan' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    await page.getByLabel('Toon').selectOption('hidden')
    await row.getByText('Geen nieuwe zaken tot januari.').waitFor()
    await page.waitForURL(/toon=hidden/)
  })

  it('shows whom it may: leads see wishes of persons, intake people do not', async () => {
    const page = await signIn(browser, server.address, 'intake')
    await page.goto(`${server.address}/werklast/verloop`)
    await page.getByRole('heading', { level: 1, name: 'Verloop' }).waitFor()
    expect(
      await page
        .getByRole('navigation', { name: 'Werklast' })
        .getByRole('link', { name: 'Eerlijkheid' })
        .count(),
    ).toBe(0)
    await page.goto(`${server.address}/werklast/eerlijkheid`)
    await page.waitForURL(/geen-rechten/)
  })
})

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Zoeken' })

describe('each role opens Instroom on what it has to do', () => {
  const hours = (value: number) =>
    new Intl.NumberFormat('nl-NL', { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(value)
  const badge = (page: Page, place: RegExp) =>
    page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: place })

  it.each(['intake', 'lead'] as const)(
    'Vandaag of %s: one thing first, and every number as the page behind it has it',
    async person => {
      const page = await signIn(browser, server.address, person)
      const today = await get<Today>(page, '/today')
      const counts = await get<Counts>(page, '/counts')
      const main = page.getByRole('main')
      expect(await main.locator('.button.primary').allTextContents()).toEqual([
        `Beoordeel ronde ${today.openRounds[0]!.id}`,
      ])
      await main.getByText(`Direct inzetbaar: ${hours(today.room.hours)} uur bij`).waitFor()
      await main.getByText('Hoe berekend?').click()
      const sums = main.getByRole('table', { name: 'Ruimte per medewerker' })
      expect(await sums.getByRole('row').count()).toBe(1 + today.room.people.length)
      expect(await main.getByRole('heading', { name: 'Wie ver van de band zit' }).count()).toBe(
        today.outside.length > 0 ? 1 : 0,
      )
      for (const { worker } of today.going)
        await main.getByRole('link', { name: worker.name }).first().waitFor()
      expect(await flaws(page)).toEqual([])
      await badge(page, new RegExp(`^Instroom ?\\(${counts.intake} te verdelen\\)$`)).waitFor()
      await badge(page, new RegExp(`^Verzoeken ?\\(${counts.requests} te beantwoorden\\)$`)).waitFor()

      await main.getByRole('link', { name: /^Bekijk: \d+ signa/ }).click()
      const list = await get<SignalList>(page, '/signals')
      expect(list.counts.open).toBe(counts.signals)
      await page.getByRole('heading', { level: 1, name: 'Signalen' }).waitFor()
      await page.goBack()
      await main.getByRole('link', { name: /^Bekijk: .* op verdeling$/ }).click()
      await page
        .getByText(new RegExp(`^${counts.intake} zaken`))
        .first()
        .waitFor()
    },
  )

  it('Mijn overzicht of a worker: what is asked, first in a button', async () => {
    const page = await signIn(browser, server.address, 'worker')
    const counts = await get<Counts>(page, '/counts')
    await page.getByRole('heading', { name: 'Wat er van je gevraagd wordt' }).waitFor()
    const first = page.getByRole('main').locator('.button.primary')
    expect(await first.count()).toBe((counts.proposals ?? 0) + counts.estimates! + counts.phases! > 0 ? 1 : 0)
  })

  it('and on a phone what waits stands beside the button of the menu', async () => {
    const page = await signIn(browser, server.address, 'lead', { width: 390, height: 844 })
    const { requests, approvals, estimates } = await get<Counts>(page, '/counts')
    const all = requests! + approvals! + estimates!
    await page.getByRole('button', { name: new RegExp(`^Menu ?\\(${all} wachten op jou\\)$`) }).click()
    await badge(page, /^Verzoeken/).waitFor()
    await page
      .getByRole('banner')
      .getByRole('link', { name: /^Berichten/ })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Berichten' }).waitFor()
  })
})

describe('help', () => {
  it('stands beside the work, and is about the page that somebody walks to', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.getByRole('button', { name: 'Hulp' }).click()
    const panel = page.getByRole('complementary', { name: 'Hulp bij deze pagina' })
    await panel.getByText('Hier staat wat nu aandacht vraagt').waitFor()
    expect(await flaws(page)).toEqual([])
    await page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: 'Werklast' }).click()
    await panel.getByText('Per medewerker de uren in gebruik').waitFor()
    await panel.getByRole('button', { name: 'Sluiten' }).click()
    await panel.waitFor({ state: 'detached' })
  })
})

describe('finding', () => {
  it('searches from any page with the keyboard, within rights, and no address holds what was typed', async () => {
    const page = await signIn(browser, server.address, 'lead')
    const { workers } = await get<Workload>(page, '/workers')
    const { name, staffNumber } = workers[2]!
    await page.keyboard.press('Control+k')
    const dialog = dialogOf(page)
    await dialog.getByLabel('Zoek een zaak, gezin of medewerker').fill(name)
    await dialog.getByRole('option', { name }).first().waitFor()
    expect(await flaws(page)).toEqual([])
    await dialog.getByLabel('Zoek een zaak, gezin of medewerker').fill(staffNumber.toUpperCase())
    await expect
      .poll(() => dialog.getByRole('group', { name: 'Medewerkers' }).getByRole('option').count())
      .toBe(1)
    await dialog.getByRole('group', { name: 'Medewerkers' }).getByRole('option', { name }).click()
    await page.waitForURL(url => url.pathname === `/medewerkers/${staffNumber}` && url.search === '')
    await page.context().close()

    const worker = await signIn(browser, server.address, 'worker', { width: 390, height: 844 })
    await worker.getByRole('banner').getByRole('button', { name: 'Zoeken' }).click()
    // Somebody else of the team.
    const { staffNumber: own } = await get<OwnLoad>(worker, '/mine/load')
    const other = workers.find(one => one.staffNumber !== own)!
    await dialogOf(worker).getByLabel('Zoek een zaak, gezin of medewerker').fill(other.staffNumber)
    await dialogOf(worker).getByText('Niets gevonden in wat jij mag zien.').waitFor()
    await worker.context().close()
  })

  it('has every case in one list, and finds it again as it was left', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.goto(`${server.address}/zaken?status=allocated`)
    const list = page.getByRole('table', { name: 'Alle zaken' })
    await list.waitFor()
    const who = await list.getByRole('row').nth(1).getByRole('cell').nth(1).textContent()
    await page.getByLabel('Zoeken', { exact: true }).fill(who!.trim())
    await list.getByRole('button', { name: 'Ontvangen' }).click()
    await page.waitForURL(/sorteer=received/)
    const { total } = await send<FoundCases>(page, 'POST', '/cases/search', {
      text: who!.trim(),
      statuses: ['allocated'],
      team: null,
      measure: null,
      sort: { by: 'received', down: false },
      from: 0,
      limit: 50,
    })
    const asItWas = async () => {
      await expect.poll(() => list.getByRole('row').count()).toBe(1 + Math.min(50, total))
      expect(await page.getByLabel('Zoeken', { exact: true }).inputValue()).toBe(who!.trim())
      expect(await page.getByLabel('Status').inputValue()).toBe('allocated')
      expect(new URL(page.url()).search).toBe('?status=allocated&sorteer=received')
    }
    await asItWas()
    await list.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: /^Zaak/ }).waitFor()
    await page.goBack()
    await asItWas()
    const menu = page.getByRole('navigation', { name: 'Hoofdmenu' })
    await menu.getByRole('link', { name: 'Werklast' }).click()
    await page.getByRole('heading', { level: 1, name: 'Werklast' }).waitFor()
    await menu.getByRole('link', { name: 'Alle zaken' }).click()
    await asItWas()
  })
})
