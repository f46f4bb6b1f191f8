import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, flawsInTheDark, get, newPage } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}.csv`, import.meta.url))
const PASSWORD = 'een lange zin die ik onthoud'
const NEW_PASSWORD = 'zeilboot kaneel ladder vlieger'

let server: RunningServer
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: false }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function importFile(page: Page, kind: string, file: string): Promise<void> {
  await page.goto(`${server.address}/importeren`)
  await page.getByRole('radio', { name: kind }).check()
  await page.locator('input[type=file]').setInputFiles(example(file))
  await page.getByRole('heading', { name: 'Dit gaat er gebeuren' }).waitFor()
  await page.getByRole('button', { name: /^\d+ rijen inlezen$/ }).click()
  await page.getByRole('heading', { name: 'Ingelezen' }).waitFor()
}

/** The real thing: empty, from the one-time link at the start to a proposal over imported cases. */
describe('the first day of an organisation', () => {
  let admin: Page
  let teams: Endpoints['GET /teams']['reply']

  it('has nobody to pick, and says where the first link is', async () => {
    const visitor = await newPage(browser)
    await visitor.goto(server.address)
    await visitor.getByRole('heading', { name: 'Eerst een beheerder' }).waitFor()
    expect(await visitor.evaluate(async () => (await fetch('/api/demo/accounts')).status)).toBe(404)
  })

  it('makes the first administrator with the one-time link', async () => {
    const link = new URL(server.greeting.match(/^http\S+\/uitnodiging\/\S+$/m)![0])
    admin = await newPage(browser)
    await admin.goto(server.address + link.pathname)
    await admin.getByLabel('Je naam').fill('B. Beheer')
    await admin.getByLabel('Je e-mailadres').fill('b.beheer@voorbeeld.test')
    await admin.getByLabel('Naam van de organisatie').fill('Jeugdbescherming Voorbeeld')
    await admin.getByLabel('Wachtwoord', { exact: true }).fill(PASSWORD)
    await admin.getByRole('button', { name: 'Opslaan en aanmelden' }).click()
    await admin.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()
  })

  /** What the list of first steps offers to do next, and how far it is. */
  const firstSteps = async (page: Page, done: number, next: string) => {
    await page.goto(`${server.address}/vandaag`)
    const list = page.getByRole('region', { name: 'Eerste stappen' })
    await list.getByText(`${done} van de 6 gedaan`).waitFor()
    await list.getByText(next).waitFor()
    return list
  }

  it('is told what to do first, and what others do', async () => {
    const list = await firstSteps(admin, 1, 'Maak ten minste één team.')
    await list.getByText('Dit doet het instroomteam.').waitFor()
    expect(await flaws(admin)).toEqual([])
    await list.getByRole('link', { name: 'Medewerkers inlezen' }).click()
    await admin.waitForURL(/importeren\?soort=workers/)
  })

  it('lets anybody change the password, see where they are signed in, and take language and theme along', async () => {
    await admin.getByRole('link', { name: 'B. Beheer, mijn account' }).click()
    await admin.getByRole('heading', { level: 1, name: 'Mijn account' }).waitFor()
    expect(await flaws(admin)).toEqual([])
    expect(await flawsInTheDark(admin)).toEqual([])
    const form = admin.getByRole('region', { name: 'Wachtwoord' })
    const change = async (present: string, password: string) => {
      await form.getByLabel('Huidig wachtwoord').fill(present)
      await form.getByLabel('Nieuw wachtwoord').fill(password)
      await form.getByRole('button', { name: 'Wachtwoord wijzigen' }).click()
    }
    await change('een ander wachtwoord', NEW_PASSWORD)
    await form.getByRole('alert').getByText('Dit is niet je huidige wachtwoord').waitFor()

    const elsewhere = await newPage(browser)
    const signIn = async (password: string) => {
      await elsewhere.goto(`${server.address}/aanmelden`)
      await elsewhere.getByLabel('E-mailadres').fill('b.beheer@voorbeeld.test')
      await elsewhere.getByLabel('Wachtwoord', { exact: true }).fill(password)
      await elsewhere.getByRole('button', { name: 'Aanmelden' }).click()
      await elsewhere.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()
    }
    await signIn(PASSWORD)
    await change(PASSWORD, NEW_PASSWORD)
    await form.getByText('Je wachtwoord is gewijzigd').waitFor()
    await elsewhere.reload()
    await elsewhere.getByRole('heading', { level: 1, name: 'Aanmelden' }).waitFor()

    await admin.getByLabel('Weergave').last().selectOption('Donker')
    await signIn(NEW_PASSWORD)
    expect(await elsewhere.locator('html').getAttribute('data-theme')).toBe('dark')
    await admin.reload()
    const sessions = admin.getByRole('region', { name: 'Waar je aangemeld bent' })
    await sessions.getByText('Dit apparaat').waitFor()
    await sessions.getByRole('button', { name: /^Beëindig de sessie van Chrome op Linux/ }).click()
    await sessions.getByText(/is beëindigd/).waitFor()
    await elsewhere.reload()
    await elsewhere.getByRole('heading', { level: 1, name: 'Aanmelden' }).waitFor()
    await elsewhere.context().close()
  })

  it('imports the example files, each after a look at what they change', async () => {
    await importFile(admin, 'Medewerkers', 'workers')
    teams = await get(admin, '/teams')
    expect(teams).toHaveLength(4)
    await admin.getByRole('heading', { name: 'Wat je nu kunt doen' }).waitFor()
    await admin.getByRole('button', { name: 'Lees de zaken in.' }).click()
    await importFile(admin, 'Zaken', 'cases')
    await firstSteps(admin, 4, 'Nodig iemand uit met de rol instroomteam.')
  })

  it('says of the columns of another system what they are', async () => {
    await admin.goto(`${server.address}/importeren?soort=workers`)
    const buffer = Buffer.from('Pers.nr;taakuren;Kostenplaats\njb-001;7,5;4711')
    await admin.locator('input[type=file]').setInputFiles({ name: 'hr.csv', mimeType: 'text/csv', buffer })
    await admin.getByLabel('Kolom van Instroom voor Pers.nr').selectOption('personeelsnummer')
    await admin.getByLabel('Kolom van Instroom voor Kostenplaats').selectOption('Overslaan')
    await admin.getByRole('heading', { name: 'Dit gaat er gebeuren' }).waitFor()
    await admin.getByText('1 rij gelezen: 0 nieuw, 1 gewijzigd, 0 gelijk.').waitFor()
    expect(await flaws(admin)).toEqual([])
  })

  it('keeps cases from the administrator, who invites the intake team', async () => {
    expect(await admin.evaluate(async () => (await fetch('/api/cases')).status)).toBe(403)
    await admin.goto(`${server.address}/beheer/gebruikers`)
    await admin.getByRole('button', { name: 'Gebruiker uitnodigen' }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('Naam').fill('I. Instroom')
    await dialog.getByLabel('E-mailadres').fill('i.instroom@voorbeeld.test')
    const intake = dialog.getByRole('group', { name: 'instroomteam' })
    for (const team of teams) await intake.getByRole('checkbox', { name: team.name }).check()
    await dialog.getByRole('button', { name: 'Link maken' }).click()
    const link = new URL(await admin.getByLabel('Eenmalige link').inputValue())

    const team = await newPage(browser)
    await team.goto(server.address + link.pathname)
    await team.getByLabel('Wachtwoord', { exact: true }).fill(PASSWORD)
    await team.getByRole('button', { name: 'Opslaan en aanmelden' }).click()
    await team.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()
    await team.getByRole('button', { name: 'Afmelden' }).click()

    await team.getByLabel('E-mailadres').fill('i.instroom@voorbeeld.test')
    await team.getByLabel('Wachtwoord', { exact: true }).fill('iets heel anders dan dat')
    await team.getByRole('button', { name: 'Aanmelden' }).click()
    await team.getByRole('alert').first().waitFor()
    await team.getByLabel('Wachtwoord', { exact: true }).fill(PASSWORD)
    await team.getByRole('button', { name: 'Aanmelden' }).click()
    await team.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()

    const list = await firstSteps(team, 5, 'Stel een ronde samen')
    await list.getByRole('link', { name: 'Ronde samenstellen' }).waitFor()

    // One round of the four teams together, with every case that waits.
    await team.goto(`${server.address}/rondes/nieuw`)
    for (const one of teams) await team.getByRole('checkbox', { name: one.name, exact: true }).check()
    await team.getByRole('row', { name: /^ZK-/ }).nth(24).waitFor()
    await team.getByRole('button', { name: 'Voorstel berekenen' }).click()
    await team.getByText('Bewezen de beste verdeling').waitFor()
    const { figures, lines } = await get<Endpoints['GET /rounds/:id']['reply']>(team, '/rounds/1')
    expect(figures.cases).toBe(25)
    expect(figures.placed).toBeGreaterThan(12)
    for (const line of lines.filter(one => !one.worker)) expect(line.messages.length).toBeGreaterThan(0)
  })
})
