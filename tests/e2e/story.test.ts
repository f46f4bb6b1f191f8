import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, newPage, openRound, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Case = Endpoints['GET /cases/:caseNumber']['reply']
type Worker = Endpoints['GET /workers/:staffNumber']['reply']

let server: RunningServer
let browser: Browser
let openId: number

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

type Explanation = Endpoints['GET /rounds/:id/cases/:caseNumber/explanation']['reply']

/** A line whose case somebody else may have too, within the band: for the team to choose otherwise. */
async function lineWithAnotherCandidate(page: Page, round: Round) {
  for (const line of round.lines.filter(one => one.worker && one.seat === 'primary')) {
    const { alternatives } = await get<Explanation>(
      page,
      `/rounds/${round.id}/cases/${line.caseNumber}/explanation`,
    )
    const other = alternatives.find(one => one.verdict === 'allowed' && !one.current)
    if (other) return { line, other: other.worker }
  }
  throw new Error('No case of this round has a second candidate.')
}

/** The story of a round, by people in two browsers. */
describe('from a proposal to confirmed allocations', () => {
  let team: Page
  let colleague: Page
  let round: Round
  /** Whose case, and to whom the team gives it instead. */
  let overridden: { caseNumber: string; from: string; to: string }
  let locked: string

  it('greets with the address and the accounts of the demo', () => {
    expect(server.greeting).toContain('Instroom is at http://127.0.0.1:')
    expect(server.greeting).toMatch(/: intake \(Team Oost\)$/m)
  })

  it('lets a visitor pick a role and see what asks attention', async () => {
    team = await signIn(browser, server.address, 'intake')
    openId = await openRound(team)
    await team.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()
    await team.getByText('voorstel klaar om te beoordelen').waitFor()
    await team.getByRole('link', { name: `Ronde ${openId}`, exact: true }).click()
    await team.getByRole('heading', { level: 1, name: new RegExp(`^Ronde ${openId}, start`) }).waitFor()
    await team.getByText('Bewezen de beste verdeling').waitFor()
    round = await get<Round>(team, `/rounds/${openId}`)
    expect(round.solution?.status).toBe('optimal')
    expect(round.lines.some(line => line.worker)).toBe(true)
  })

  it('says why, with points that add up to the total shown', async () => {
    const line = round.lines.find(one => one.worker && one.seat === 'primary')!
    await team.locator(`a[data-case="${line.caseNumber}"]`).click()
    const panel = team.getByRole('table', { name: `Punten per criterium voor ${line.worker!.name}` })
    await panel.waitFor()
    // What adds nothing is in one line until somebody asks.
    const silent = panel.getByRole('button', { name: 'Toon waarom' })
    if ((await silent.count()) > 0) await silent.click()
    const points = async (rows: string) =>
      (
        await panel
          .locator(`${rows} tr td.number:not(.calc)`)
          .evaluateAll(cells => cells.map(cell => cell.firstChild?.textContent ?? ''))
      ).map(text => Number(text.trim().replace('−', '-').replace(',', '.')))
    const shown = await points('tbody')
    expect(shown).toHaveLength(Object.keys(startRulebook.criteria).length)
    expect(Math.round(shown.reduce((sum, one) => sum + one, 0) * 10) / 10).toBe(line.points)
    expect(await points('tfoot')).toEqual([line.points])
    await team.getByText(/^Voldoet aan alle \d+ regels$/).waitFor()
  })

  it('lets the team override one line with a motive, and a second browser sees it without reload', async () => {
    colleague = await signIn(browser, server.address, 'intakeOfAll')
    await colleague.goto(`${server.address}/rondes/${openId}`)
    await colleague.getByText('Nog geen eigen keuzes').waitFor()

    const { line, other } = await lineWithAnotherCandidate(team, round)
    await team.locator(`a[data-case="${line.caseNumber}"]`).click()
    await team.getByRole('button', { name: 'Andere medewerker…' }).click()
    const dialog = team.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Medewerker', exact: true }).fill(other.name)
    await dialog.getByRole('option', { name: other.name }).click()
    await dialog.getByRole('button', { name: 'Medewerker kiezen' }).click()
    await dialog.getByText('Kies een reden.').first().waitFor()
    expect(await flaws(team)).toEqual([])

    await dialog.getByRole('radio', { name: /anders/i }).check()
    await dialog.getByRole('textbox', { name: /^Toelichting/ }).fill('Kent de school en de wijkagent goed')
    await dialog.getByRole('button', { name: 'Medewerker kiezen' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await team.getByText('1 eigen keuze', { exact: false }).first().waitFor()
    await colleague.getByText('1 eigen keuze', { exact: false }).first().waitFor()
    await colleague
      .locator('tr', { has: colleague.locator(`a[data-case="${line.caseNumber}"]`) })
      .getByText('afwijking')
      .waitFor()

    const after = await get<Round>(team, `/rounds/${openId}`)
    const changed = after.lines.find(one => one.caseNumber === line.caseNumber && one.seat === 'primary')!
    expect(changed.worker!.staffNumber).toBe(other.staffNumber)
    expect(changed.deviates).toBe(true)
    overridden = { caseNumber: line.caseNumber, from: line.worker!.staffNumber, to: other.staffNumber }
  })

  it('locks another line and calculates again around the choices', async () => {
    const line = round.lines.find(
      one => one.worker && one.caseNumber !== overridden.caseNumber && one.seat === 'primary',
    )!
    locked = line.caseNumber
    await team.locator(`a[data-case="${locked}"]`).click()
    await team.getByRole('button', { name: 'Vastzetten' }).click()
    await team.getByText('2 eigen keuzes', { exact: false }).first().waitFor()
    await team.getByRole('button', { name: 'Opnieuw berekenen rondom mijn keuzes' }).click()
    await team.getByText(/De nieuwe berekening (liet alles gelijk|wijzigde)/).waitFor()
    const after = await get<Round>(team, `/rounds/${openId}`)
    expect(after.choicesSinceRun).toBe(0)
    const workerOf = (caseNumber: string) =>
      after.lines.find(one => one.caseNumber === caseNumber && one.seat === 'primary')!.worker?.staffNumber
    expect(workerOf(overridden.caseNumber)).toBe(overridden.to)
    expect(workerOf(locked)).toBe(line.worker!.staffNumber)
    round = after
  })

  it('settles after a last look; the colleague who comes second is told', async () => {
    await colleague.goto(`${server.address}/rondes/${openId}/vaststellen`)
    await colleague.getByRole('button', { name: 'Vaststellen', exact: true }).waitFor()
    await team
      .getByRole('link', { name: 'Vaststellen…' })
      .or(team.getByRole('button', { name: 'Vaststellen…' }))
      .click()
    await team.getByText('Er wordt pas iets toegedeeld als je op Vaststellen klikt.').waitFor()
    await team.getByText('Kent de school en de wijkagent goed').waitFor()
    // Twice, as impatient people do: it decides once.
    await team.getByRole('button', { name: 'Vaststellen', exact: true }).dblclick()
    await team.getByRole('heading', { level: 1, name: `Ronde ${openId} is vastgesteld` }).waitFor()
    await colleague.getByText('Deze ronde is al vastgesteld of geannuleerd.').waitFor()
    expect(await flaws(team)).toEqual([])

    const decided = await get<Case>(team, `/cases/${overridden.caseNumber}`)
    expect(decided.primary?.staffNumber).toBe(overridden.to)
    expect(decided.status).toBe('later')
    expect(decided.decisions.filter(one => one.seat === 'primary')).toHaveLength(1)
    expect(decided.decisions[0]).toMatchObject({
      kind: 'deviation',
      reasonText: 'Kent de school en de wijkagent goed',
    })
    const settled = await get<Round>(team, `/rounds/${openId}`)
    expect(settled.status).toBe('settled')
  })

  it('keeps the page of the result on reload, and the record in the history', async () => {
    await team.reload()
    await team.getByRole('heading', { level: 1, name: `Ronde ${openId} is vastgesteld` }).waitFor()
    await team.getByRole('navigation').getByRole('link', { name: 'Historie' }).click()
    await team.getByRole('heading', { level: 1, name: 'Historie' }).waitFor()
    await team
      .getByText(new RegExp(`[Rr]onde ${openId} .*vastgesteld|stelde ronde ${openId} vast`))
      .first()
      .waitFor()
    await team.getByText(overridden.caseNumber).first().waitFor()
  })

  it('counts the new case in the load of the worker from the start date on', async () => {
    const before = round.loads.find(one => one.worker.staffNumber === overridden.to)!
    const worker = await get<Worker>(team, `/workers/${overridden.to}?on=${round.startOn}`)
    expect(worker.load.hoursInUse).toBeCloseTo(before.after.hours, 2)
    expect(worker.cases.map(one => one.caseNumber)).toContain(overridden.caseNumber)
    await team.goto(`${server.address}/werklast?op=${round.startOn}`)
    await team.getByRole('heading', { level: 1, name: 'Werklast' }).waitFor()
    await team.getByText(worker.name).first().waitFor({ state: 'attached' })
  })
})

describe('the other roles', () => {
  it('shows a worker the own cases and load, and keeps the wishes that are saved', async () => {
    const worker = await signIn(browser, server.address, 'worker')
    await worker.getByRole('heading', { level: 1, name: 'Mijn overzicht' }).waitFor()
    const { user } = await get<Endpoints['GET /session']['reply']>(worker, '/session')
    const wishes = async () => (await get<Worker>(worker, `/workers/${user!.staffNumber}`)).preferences!
    await worker.getByRole('navigation').getByRole('link', { name: 'Mijn voorkeuren' }).click()
    const wish = worker.getByRole('radio', { name: 'wil ik leren' }).first()
    await wish.check()
    await worker.getByRole('button', { name: 'Opslaan' }).click()
    await expect.poll(async () => (await wishes()).some(one => one.value === 'learn')).toBe(true)
    await worker.reload()
    await wish.waitFor()
    expect(await wish.isChecked()).toBe(true)
  })

  it('refuses a worker the pages of the team, and the numbers behind them', async () => {
    const worker = await signIn(browser, server.address, 'worker')
    await worker.getByRole('heading', { level: 1, name: 'Mijn overzicht' }).waitFor()
    await worker.goto(`${server.address}/rondes/${openId}`)
    await worker.getByRole('heading', { level: 1, name: 'Je hebt geen toegang' }).waitFor()
    const status = await worker.evaluate(async id => (await fetch(`/api/rounds/${id}`)).status, openId)
    expect(status).toBe(403)
  })

  it('lets the administrator invite a colleague, who signs in with the one-time link', async () => {
    const admin = await signIn(browser, server.address, 'admin')
    await admin.goto(`${server.address}/beheer/gebruikers`)
    await admin.getByRole('heading', { level: 1, name: 'Gebruikers' }).waitFor()
    await admin.getByRole('button', { name: 'Gebruiker uitnodigen' }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('Naam').fill('N. Nieuw')
    await dialog.getByLabel('E-mailadres').fill('n.nieuw@voorbeeld.test')
    await dialog.getByRole('checkbox', { name: 'beheerder' }).check()
    await dialog.getByRole('button', { name: 'Link maken' }).click()
    const link = new URL(await admin.getByLabel('Eenmalige link').inputValue())
    expect(await flaws(admin)).toEqual([])

    const fresh = await newPage(browser)
    await fresh.goto(server.address + link.pathname)
    expect(await flaws(fresh)).toEqual([])
    await fresh.getByLabel('Wachtwoord', { exact: true }).fill('een lange zin die ik onthoud')
    await fresh.getByRole('button', { name: 'Opslaan en aanmelden' }).click()
    await fresh.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor()

    const again = await newPage(browser)
    await again.goto(server.address + link.pathname)
    await again.getByText('Deze link werkt niet (meer)').waitFor()
  })
})
