import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dayOf } from '../../server/contract/days.ts'
import type {
  RulebookDraft,
  RulebookEffect,
  RulebookVersion,
} from '../../server/contract/rulebook-versions.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
let browser: Browser
let admin: Page
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  admin = await signIn(browser, server.address, 'admin')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const percent = (load: number | null) => `${((load ?? 0) * 100).toFixed(1).replace('.', ',')}\u00a0%`
const dayFromNow = (days: number) => addDays(dayOf(new Date()), days)
const field = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true })

describe('an administrator writes the next rules', () => {
  it('with a mistake that is told at its field, and nothing lost at a reload', async () => {
    await admin.goto(`${server.address}/beheer/regels`)
    await admin.getByRole('link', { name: 'Nieuwe versie maken' }).click()
    await admin.getByText('Niets anders dan versie 1, die nu geldt.').waitFor()
    const begin = field(admin, 'Ondertoezichtstelling (OTS), Beginfase')
    await begin.fill('99')
    await begin.press('Tab')
    await admin.getByText('Vul een getal in van 0 tot en met 60 u.').waitFor()
    expect(await begin.getAttribute('aria-invalid')).toBe('true')
    await begin.fill('6,5')
    await begin.press('Tab')
    expect(await begin.getAttribute('aria-invalid')).toBe(null)
    await field(admin, 'Harde grens').fill('115')
    await field(admin, 'Harde grens').press('Tab')
    await admin.getByText('2 verschillen met versie 1, die nu geldt.').waitFor()
    const changes = admin.getByRole('table', { name: 'Wat verandert er' })
    expect(await changes.getByRole('row', { name: /Harde grens/ }).textContent()).toContain('120')
    expect(await flaws(admin)).toEqual([])

    admin.once('dialog', dialog => void dialog.accept())
    await admin.reload()
    await admin.getByText('Hier staat wat je eerder typte en nog niet hebt bewaard.').waitFor()
    expect(await begin.inputValue()).toBe('6,5')
    await admin.getByRole('button', { name: 'Concept bewaren' }).click()
    await admin.getByText('Het concept is bewaard; andere beheerders zien het ook.').waitFor()
    expect((await get<RulebookDraft>(admin, '/rulebook/draft')).content?.hardLimit).toBe(1.15)
  })

  it('sees what they would do, as a lead does for the own team', async () => {
    await admin.getByRole('button', { name: 'Bewaren en effect bekijken' }).click()
    await admin.waitForURL(/regels\/effect/)
    const effect = await get<RulebookEffect>(admin, '/rulebook/effect')
    const { sums } = effect
    await admin
      .getByText(
        `De werklast van iedereen samen gaat van ${percent(sums.before)} naar ${percent(sums.after)}.`,
      )
      .waitFor()
    expect(sums.after).toBeGreaterThan(sums.before!)
    await admin.getByRole('img', { name: /Boven de band zitten nu/ }).waitFor()
    const someone = effect.workers.find(one => one.after.workload !== null)!
    const row = admin.getByRole('table', { name: 'Per medewerker' }).getByRole('row', { name: someone.name })
    expect(await row.textContent()).toContain(percent(someone.after.workload))
    expect(await flaws(admin)).toEqual([])

    const lead = await signIn(browser, server.address, 'lead')
    await lead.goto(`${server.address}/beheer/regels`)
    await lead.getByRole('link', { name: 'Bekijk het effect' }).click()
    await lead.getByRole('heading', { level: 1, name: 'Effect van het concept' }).waitFor()
    const own = await get<RulebookEffect>(lead, '/rulebook/effect')
    expect(own.teams).toHaveLength(1)
    expect(own.workers).toHaveLength(own.teams[0]!.sums.workers)
    expect(await lead.getByRole('link', { name: 'Verder met het concept' }).count()).toBe(0)
    await lead.close()
  })

  it('meets the draft of a colleague without losing the own change', async () => {
    await admin.goto(`${server.address}/beheer/regels/concept`)
    await admin.getByText('2 verschillen').waitFor()
    await field(admin, 'Nieuwe zaken per week').fill('3')
    await field(admin, 'Nieuwe zaken per week').press('Tab')
    const draft = await get<RulebookDraft>(admin, '/rulebook/draft')
    const status = await admin.evaluate(async ({ content, version }) => {
      const answer = await fetch('/api/rulebook/draft', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'if-match': `"v${version}"` },
        body: JSON.stringify({ content: { ...content, heavyCases: 5 }, basedOn: 1 }),
      })
      return answer.status
    }, draft)
    expect(status).toBe(200)
    await admin.getByRole('button', { name: 'Concept bewaren' }).click()
    await admin.getByRole('button', { name: 'Nieuwe stand ophalen' }).click()
    await admin.getByText(/Iemand anders heeft intussen een nieuwer concept bewaard/).waitFor()
    expect(await field(admin, 'Nieuwe zaken per week').inputValue()).toBe('3')
    expect(await field(admin, 'Zware zaken tegelijk').inputValue()).toBe('5')
    await admin.getByRole('button', { name: 'Concept bewaren' }).click()
    await admin.getByText('Het concept is bewaard; andere beheerders zien het ook.').waitFor()
  })

  it('publishes them from a day to come, with why; compares, and withdraws', async () => {
    await admin.getByRole('button', { name: 'Versie vaststellen' }).click()
    await admin.getByText('Schrijf in een paar woorden waarom.').first().waitFor()
    await admin.getByLabel('Geldt vanaf').fill(dayFromNow(30))
    await admin.getByLabel('Waarom').fill('Begin van een OTS kost meer tijd.')
    await admin.getByRole('button', { name: 'Versie vaststellen' }).click()
    // Asked once, with whose load it changes and how.
    const ask = admin.getByRole('dialog', { name: 'Deze versie vaststellen?' })
    const { workers } = await get<RulebookEffect>(admin, '/rulebook/effect')
    const changed = workers.filter(one => one.before.workload !== one.after.workload)
    await ask
      .getByText(`krijgen ${changed.length} van de ${workers.length} mensen een andere werklast`)
      .waitFor()
    expect(await ask.getByRole('row').count()).toBe(changed.length + 1)
    const someone = ask.getByRole('row', { name: changed[0]!.name })
    expect(await someone.textContent()).toContain(percent(changed[0]!.after.workload))
    expect(await flaws(admin)).toEqual([])
    await ask.getByRole('button', { name: 'Vaststellen' }).click()
    await admin.getByText('Versie 2 is vastgesteld.').waitFor()
    const [newest] = await get<RulebookVersion[]>(admin, '/rulebooks')
    expect(newest).toMatchObject({ version: 2, state: 'coming', reason: 'Begin van een OTS kost meer tijd.' })
    expect(await flaws(admin)).toEqual([])

    await admin.getByLabel('Van', { exact: true }).selectOption('1')
    await admin.getByLabel('Met', { exact: true }).selectOption('2')
    await admin.getByText('4 verschillen.').waitFor()
    await admin.reload()
    await admin
      .getByRole('table', { name: 'Twee versies vergelijken' })
      .getByRole('row', { name: /Harde grens/ })
      .waitFor()

    await admin.getByRole('button', { name: 'Intrekken… Versie 2' }).click()
    const dialog = admin.getByRole('dialog', { name: 'Versie 2 intrekken?' })
    await dialog.getByLabel('Waarom').fill('Nog niet besproken.')
    expect(await flaws(admin)).toEqual([])
    await dialog.getByRole('button', { name: 'Intrekken' }).click()
    await dialog.waitFor({ state: 'detached' })
    await admin.getByText('ingetrokken', { exact: true }).waitFor()
    await admin.getByText(/Nog niet besproken\./).waitFor()
  })
})
