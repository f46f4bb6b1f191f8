import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, openRound, send, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Explanation = Endpoints['GET /rounds/:id/cases/:caseNumber/explanation']['reply']

let server: RunningServer
let browser: Browser
let mine: Page
let theirs: Page
let openId: number

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  // As high as the dialog of a conflict: what its edge cuts off is no target, and would be measured as a small one.
  mine = await signIn(browser, server.address, 'intake', { width: 1600, height: 1400 })
  openId = await openRound(mine)
  theirs = await signIn(browser, server.address, 'lead')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const roundNow = () => get<Round>(mine, `/rounds/${openId}`)
const standing = async (caseNumber: string) =>
  (await roundNow()).choices.filter(one => one.caseNumber === caseNumber)

/** Takes back every choice, as the page would. */
async function startAfresh() {
  for (const { id } of (await roundNow()).choices) {
    const { version } = await roundNow()
    await mine.evaluate(
      async ([round, choice, seen]) => {
        const headers = { 'if-match': `"v${seen}"` }
        const answer = await fetch(`/api/rounds/${round}/choices/${choice}`, { method: 'DELETE', headers })
        if (!answer.ok) throw new Error(await answer.text())
      },
      [openId, id, version] as const,
    )
  }
}

/** Who may have a case beside the one of the proposal, each with at most a motive. */
async function rivals(round: Round, caseNumber: string) {
  const { alternatives } = await get<Explanation>(mine, `/rounds/${round.id}/cases/${caseNumber}/explanation`)
  return alternatives
    .filter(one => !one.current && one.broken.every(rule => rule.setAside === 'motive'))
    .map(one => one.worker)
}

/** A case with two people beside the one of the proposal. */
async function contested(round: Round) {
  for (const line of round.lines) {
    if (!line.worker || line.locked || line.seat !== 'primary') continue
    const may = await rivals(round, line.caseNumber)
    if (may.length >= 2) return { caseNumber: line.caseNumber, first: may[0]!, second: may[1]! }
  }
  throw new Error('No case of this round has three candidates.')
}

async function openCase(page: Page, caseNumber: string, view = 'lijst') {
  await page.goto(`${server.address}/rondes/${openId}?weergave=${view}&zaak=${caseNumber}&paneel=open`)
  await page.locator('#panel-title').waitFor()
}

/** Opens the dialog for another worker, fills it in, and leaves it open. */
async function fillIn(page: Page, name: string, text: string) {
  await page.getByRole('button', { name: 'Andere medewerker' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Medewerker', { exact: true }).fill(name)
  await page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .click()
  await dialog.getByRole('radio', { name: 'Specifieke deskundigheid' }).check()
  await dialog.getByRole('textbox', { name: /Toelichting/ }).fill(text)
  return dialog
}
const choose = (page: Page) =>
  page.getByRole('dialog').getByRole('button', { name: 'Medewerker kiezen' }).click()

describe('two people at once', () => {
  beforeEach(startAfresh)

  for (const view of ['lijst', 'bord']) {
    it(`shows both choices of one case and lets the second person decide which holds (${view})`, async () => {
      const round = await roundNow()
      const { caseNumber, first, second } = await contested(round)
      await openCase(mine, caseNumber, view)
      const dialog = await fillIn(mine, second.name, 'Kent de wijk al jaren goed')

      await openCase(theirs, caseNumber)
      await fillIn(theirs, first.name, 'Sprak de school al eerder')
      await choose(theirs)
      await theirs.getByRole('dialog').waitFor({ state: 'hidden' })

      await choose(mine)
      const conflict = dialog.getByRole('alert').filter({ hasText: 'Wat geldt?' })
      await conflict.getByText('Sprak de school al eerder').waitFor()
      await conflict.getByText(`Naar ${second.name}`).waitFor()
      expect(await flaws(mine)).toEqual([])
      // Nothing was made meanwhile.
      expect((await standing(caseNumber)).map(one => one.worker?.staffNumber)).toEqual([first.staffNumber])
      await conflict.getByRole('button', { name: 'Mijn keuze toch doorzetten' }).click()
      await dialog.waitFor({ state: 'hidden' })
      expect(await standing(caseNumber)).toMatchObject([
        { worker: { staffNumber: second.staffNumber }, reasonText: 'Kent de wijk al jaren goed' },
      ])
    })
  }

  it('goes on by itself when a colleague changed another case only', async () => {
    const round = await roundNow()
    const { caseNumber, first } = await contested(round)
    const other = round.lines.find(line => line.worker && !line.locked && line.caseNumber !== caseNumber)!
    await openCase(mine, caseNumber)
    await fillIn(mine, first.name, 'Kent de wijk al jaren goed')
    const theirChoice = {
      caseNumber: other.caseNumber,
      seat: other.seat,
      kind: 'lock',
      staffNumber: other.worker!.staffNumber,
      reasonCode: 'DESKUNDIGHEID',
      reasonText: 'Sprak de school al eerder',
      unregisteredReason: null,
      setAside: [],
      acceptsExcess: false,
    }
    await send(theirs, 'POST', `/rounds/${openId}/choices`, theirChoice, round.version)
    await choose(mine)
    await mine.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await standing(caseNumber)).toMatchObject([{ worker: { staffNumber: first.staffNumber } }])
  })

  it('keeps theirs, or takes the case to the meeting, and loses nothing that was typed', async () => {
    const round = await roundNow()
    const { caseNumber, first, second } = await contested(round)
    await openCase(mine, caseNumber)
    const dialog = await fillIn(mine, second.name, 'Een lang motief dat blijft staan')
    // A reload in the middle: the text is back when the dialog is.
    await mine.reload()
    await mine.locator('#panel-title').waitFor()
    await mine.getByRole('button', { name: 'Andere medewerker' }).first().click()
    await dialog.getByText('Wat je hier eerder typte, is teruggezet.').waitFor()
    expect(await dialog.getByRole('textbox', { name: /Toelichting/ }).inputValue()).toBe(
      'Een lang motief dat blijft staan',
    )

    await openCase(theirs, caseNumber)
    await fillIn(theirs, first.name, 'Sprak de school al eerder')
    await choose(theirs)
    await theirs.getByRole('dialog').waitFor({ state: 'hidden' })
    await choose(mine)
    await dialog.getByRole('button', { name: 'Bespreken in het overleg' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(async () => (await roundNow()).discuss.map(one => one.caseNumber)).toContain(caseNumber)
    expect(await standing(caseNumber)).toMatchObject([{ worker: { staffNumber: first.staffNumber } }])

    // What was seen before it was opened again is no conflict, and leaving it is a choice as well.
    await mine.getByRole('button', { name: 'Andere medewerker' }).first().click()
    expect(await dialog.getByRole('textbox', { name: /Toelichting/ }).inputValue()).toBe(
      'Een lang motief dat blijft staan',
    )
    await mine.keyboard.press('Escape')
  })

  it('brings somebody back to where they were when the session ends in the middle of a motive', async () => {
    const round = await roundNow()
    const { caseNumber, second } = await contested(round)
    await openCase(mine, caseNumber)
    const dialog = await fillIn(mine, second.name, 'Dit motief overleeft een verlopen sessie')
    await mine.context().clearCookies()
    await choose(mine)
    await mine.getByText('Je sessie is verlopen.', { exact: false }).waitFor()
    expect(new URL(mine.url()).pathname).toBe('/aanmelden')
    expect(await flaws(mine)).toEqual([])
    const accounts = await get<Endpoints['GET /demo/accounts']['reply']>(mine, '/demo/accounts')
    const { name } = accounts.find(one => one.roles.includes('intake') && one.teams.length === 1)!
    await mine.getByRole('button', { name: `Aanmelden als ${name}` }).click()
    await mine.locator('#panel-title').waitFor()
    await mine.getByRole('button', { name: 'Andere medewerker' }).first().click()
    expect(await dialog.getByRole('textbox', { name: /Toelichting/ }).inputValue()).toBe(
      'Dit motief overleeft een verlopen sessie',
    )
    await mine.keyboard.press('Escape')

    // Who signs out leaves nothing behind for the next person.
    await mine.getByRole('button', { name: 'Afmelden' }).click()
    await mine.waitForURL(/aanmelden/)
    expect(await mine.evaluate(() => Object.keys(localStorage).filter(key => key.includes('draft')))).toEqual(
      [],
    )
  })
})
