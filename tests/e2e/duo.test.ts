import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Workers = Endpoints['GET /workers']['reply']['workers']
type Catalogues = Endpoints['GET /catalogues']['reply']

let server: RunningServer
let browser: Browser
let page: Page
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  page = await signIn(browser, server.address, 'intake')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const caseNumber = 'ZK-DUO-1'
const detail = () => get<CaseDetail>(page, `/cases/${caseNumber}`)

/** Two competences that the team does not have in the same people: the first has none of the second and the other way round. */
function apart(workers: Workers, catalogues: Catalogues) {
  const able = workers.filter(one => one.availability === 'available' && one.registration === 'registered')
  const only = (has: string, lacks: string) =>
    able.filter(one => one.competences.includes(has) && !one.competences.includes(lacks)).length
  const pairs = catalogues.competences.flatMap(first =>
    catalogues.competences.map(second => ({
      first,
      second,
      people: Math.min(only(first.code, second.code), only(second.code, first.code)),
    })),
  )
  const [best] = pairs.sort((a, b) => b.people - a.people)
  expect(best!.people).toBeGreaterThan(0)
  return best!
}

describe('a duo of which each seat needs something else', () => {
  it('is entered, weighed, calculated and explained per seat, and loses the seats with the duo', async () => {
    const { workers } = await get<{ workers: Workers }>(page, '/workers')
    const { first, second } = apart(workers, await get<Catalogues>(page, '/catalogues'))

    // Entered: the question for which seat comes with the duo. Asked twice of a seat is told at the line.
    await page.goto(`${server.address}/zaken/nieuw`)
    await page.getByLabel('Zaaknummer', { exact: true }).fill(caseNumber)
    await page.getByRole('radio', { name: 'Spoed' }).check()
    await page
      .getByLabel('Maatregel 1', { exact: true })
      .selectOption({ label: 'Ondertoezichtstelling (OTS)' })
    await page.getByLabel('Fase', { exact: true }).selectOption('end')
    await page.getByLabel('Aantal kinderen', { exact: true }).fill('1')
    // What the rules usually ask with this measure is filled in, and taken away here.
    await page.getByText('Ingevuld volgens de regels: Ondertoezichtstelling.').waitFor()
    await page.getByRole('button', { name: 'Competentie 1 verwijderen' }).click()
    await page.getByRole('button', { name: 'Competentie toevoegen' }).click()
    expect(await page.getByLabel('Voor', { exact: true }).count()).toBe(0)
    await page.getByRole('checkbox', { name: 'Twee jeugdbeschermers nodig (duo)' }).check()
    await page.getByLabel('Competentie 1', { exact: true }).selectOption(first.code)
    await page.getByLabel('Voor', { exact: true }).selectOption({ label: 'eerste plek' })
    await page.getByRole('button', { name: 'Competentie toevoegen' }).click()
    await page.getByLabel('Competentie 2', { exact: true }).selectOption(first.code)
    const saveNew = page.getByRole('button', { name: 'Zaak opslaan' })
    await saveNew.click()
    await page.getByText('Deze competentie wordt voor deze plek al gevraagd.').first().waitFor()
    await page.getByLabel('Competentie 2', { exact: true }).selectOption(second.code)
    await page.getByLabel('Voor', { exact: true }).nth(1).selectOption({ label: 'tweede plek' })
    expect(await flaws(page)).toEqual([])
    await saveNew.click()
    await page.getByRole('heading', { level: 1, name: `Zaak ${caseNumber}` }).waitFor()
    await page.getByText(`${first.name}, niveau 1, voor de eerste plek`).waitFor()
    await page.getByText(`${second.name}, niveau 1, voor de tweede plek`).waitFor()

    // Weighed: the second seat only goes along now and then.
    await page.getByRole('button', { name: 'Zwaarte met de hand…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Uren per week', { exact: true }).fill('3')
    const ofSecond = dialog.getByLabel('Waarvan voor de tweede plek', { exact: true })
    await dialog.getByLabel('Reden', { exact: true }).fill('De tweede gaat alleen mee op huisbezoek')
    await ofSecond.fill('4')
    await dialog.getByRole('button', { name: 'Zwaarte vaststellen' }).click()
    await dialog.getByText('Vul een getal in van 0 tot 3,0, of laat het veld leeg.').first().waitFor()
    await ofSecond.fill('0,5')
    await dialog.getByText('Eerste plek 2,5 uur, tweede plek 0,5 uur.').waitFor()
    expect(await flaws(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Zwaarte vaststellen' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('2,5 uur voor de eerste plek en 0,5 uur voor de tweede').waitFor()

    // Calculated: each seat goes to somebody who has what that seat needs.
    await page.goto(`${server.address}/instroom?zoek=${caseNumber}`)
    await page.getByRole('checkbox', { name: `Zaak ${caseNumber} kiezen voor een ronde` }).check()
    await page.getByRole('link', { name: 'Ronde samenstellen met 1 zaak' }).click()
    await page.getByText('Ruimte tot de bovenkant van de band').waitFor()
    await page.getByRole('button', { name: 'Voorstel berekenen' }).click()
    await page.getByRole('heading', { level: 1, name: /^Ronde \d+, start/ }).waitFor()
    const round = Number(/rondes\/(\d+)/.exec(page.url())?.[1])
    const now = () => get<Round>(page, `/rounds/${round}`)
    await expect.poll(async () => (await now()).run?.state).toBe('done')
    const { lines } = await now()
    const holder = (seat: 'primary' | 'second') => {
      const staffNumber = lines.find(line => line.seat === seat)?.worker?.staffNumber
      return workers.find(one => one.staffNumber === staffNumber)
    }
    expect(holder('primary')?.competences).toContain(first.code)
    expect(holder('second')?.competences).toContain(second.code)

    // Explained: what each seat asks, who has it, and who does not.
    await page.goto(`${server.address}/rondes/${round}?zaak=${caseNumber}`)
    const panel = page.getByRole('region', { name: 'Gekozen zaak' })
    await panel
      .getByText(
        `Nodig: ${[first, second]
          .sort((a, b) => (a.code < b.code ? -1 : 1))
          .map(one => `${one.name}, niveau 1, voor de ${one.code === first.code ? 'eerste' : 'tweede'} plek`)
          .join('; ')}.`,
      )
      .waitFor()
    const kept = (seat: string) => panel.getByText(`voor de ${seat} plek van het duo nodig zijn`)
    await kept('eerste').first().waitFor({ state: 'attached' })
    expect(await flaws(page)).toEqual([])
    const missing = (name: string, seat: string) =>
      page
        .getByText(`Heeft de competentie ${name} niet. Voor de ${seat} plek van het duo is niveau 1 nodig`)
        .first()
        .waitFor({ state: 'attached' })
    await panel.getByRole('tab', { name: 'Alternatieven' }).click()
    await missing(first.name, 'eerste')
    await panel.getByRole('radio', { name: /^Tweede medewerker/ }).check()
    await missing(second.name, 'tweede')
    await panel.getByRole('tab', { name: 'Waarom?' }).click()
    await kept('tweede').first().waitFor({ state: 'attached' })

    // No duo any more: said before it is saved, and all of it is then asked of the one worker.
    await page.goto(`${server.address}/zaken/${caseNumber}/wijzigen`)
    await page.getByRole('checkbox', { name: 'Twee jeugdbeschermers nodig (duo)' }).uncheck()
    await page.getByText('Alle competenties gelden nu voor de ene jeugdbeschermer.').waitFor()
    expect(await page.getByLabel('Voor', { exact: true }).count()).toBe(0)
    expect(await flaws(page)).toEqual([])
    await page.getByRole('button', { name: 'Wijzigingen opslaan' }).click()
    await page.getByText(`${first.name}, niveau 1`, { exact: false }).waitFor()
    expect((await detail()).competences.map(one => one.seat)).toEqual([undefined, undefined])
    expect((await detail()).weight).toMatchObject({ total: 3, primary: 3, second: null })
  })
})
