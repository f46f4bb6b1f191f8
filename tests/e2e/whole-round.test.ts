import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dayOf } from '../../server/contract/days.ts'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, openRound, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Line = Round['lines'][number]
type Explanation = Endpoints['GET /rounds/:id/cases/:caseNumber/explanation']['reply']

let server: RunningServer
let browser: Browser
let page: Page
/** Of the round that is being made. */
let id: number

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  page = await signIn(browser, server.address, 'intake')
  id = await openRound(page)
  // The round of the demo has the cases; without it they wait again.
  const { version } = await roundNow()
  const status = await page.evaluate(
    async ([round, ifMatch, key]) =>
      (
        await fetch(`/api/rounds/${round}/cancellation`, {
          method: 'POST',
          headers: { 'if-match': ifMatch!, 'idempotency-key': key! },
        })
      ).status,
    [String(id), `"v${version}"`, crypto.randomUUID()],
  )
  expect(status).toBe(200)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const roundNow = () => get<Round>(page, `/rounds/${id}`)
/** Where something is on screen, once it is and stays there. */
async function boxOf(target: Locator) {
  let before = ''
  await expect
    .poll(
      async () => {
        const now = JSON.stringify(await target.boundingBox())
        const stays = now !== 'null' && now === before
        before = now
        return stays
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(true)
  return JSON.parse(before) as { x: number; y: number; width: number; height: number }
}
const row = (caseNumber: string) => page.locator(`a[data-case="${caseNumber}"]`)
const dialog = () => page.getByRole('dialog')

/** Waits until a new calculation is on screen and takes its number from the address. */
async function calculated(): Promise<Round> {
  await page.getByRole('heading', { level: 1, name: /^Ronde \d+, start/ }).waitFor()
  id = Number(/rondes\/(\d+)/.exec(page.url())?.[1])
  await expect.poll(async () => (await roundNow()).run?.state).toMatch(/done|failed|cancelled/)
  const round = await roundNow()
  expect(round.run?.state).toBe('done')
  await page.locator('a[data-case]').first().waitFor()
  return round
}

/** A line that somebody else may have too, with that somebody. */
async function another(lines: readonly Line[]) {
  for (const line of lines) {
    const path = `/rounds/${id}/cases/${line.caseNumber}/explanation`
    const { alternatives } = await get<Explanation>(page, path)
    const other = alternatives.find(one => one.verdict === 'allowed' && !one.current)
    if (other && line.worker) return { line, to: other.worker }
  }
  throw new Error('No case of this round has a second candidate.')
}

/** Two lines that can change places without a rule that nobody may set aside, or above the limit. */
async function swappable(lines: readonly Line[]): Promise<[Line, Line]> {
  for (const first of lines)
    for (const second of lines) {
      if (first.caseNumber >= second.caseNumber) continue
      if (first.worker?.staffNumber === second.worker?.staffNumber) continue
      const query = `first=${first.caseNumber}&firstSeat=primary&second=${second.caseNumber}&secondSeat=primary`
      const effect = await get<Endpoints['GET /rounds/:id/swap']['reply']>(
        page,
        `/rounds/${id}/swap?${query}`,
      )
      const asks = effect.flatMap(one => one.broken.map(rule => rule.setAside))
      if (asks.every(one => one === 'motive')) return [first, second]
    }
  throw new Error('No two cases of this round can change places.')
}

/** Single seats that have somebody, one for each worker first, and none of these cases. */
const singles = (round: Round, without: readonly string[]) =>
  round.lines.filter(
    line =>
      line.worker &&
      !line.waits &&
      !without.includes(line.caseNumber) &&
      round.lines.filter(one => one.caseNumber === line.caseNumber).length === 1,
  )

const inDays = (days: number) => addDays(dayOf(new Date()), days)

describe('a whole round', () => {
  it('goes by mouse from cases that wait to a settled round, with every kind of choice', async () => {
    await page.getByRole('list', { name: 'Dagelijks werk' }).getByRole('link', { name: 'Instroom' }).click()
    await page.getByRole('checkbox', { name: 'Alle getoonde wachtende zaken kiezen' }).click()
    await page.getByRole('link', { name: /^Ronde samenstellen met \d+ zaken$/ }).click()
    // Everything to choose from is there, and it was held against the room.
    await page.getByText('Ruimte tot de bovenkant van de band').waitFor()
    await page.getByRole('button', { name: 'Voorstel berekenen' }).click()
    const round = await calculated()

    // Another worker, by dragging the card on the board.
    const { line: moved, to } = await another(singles(round, []))
    await page.getByRole('button', { name: 'Bord' }).click()
    await page.locator(`[data-card="${moved.caseNumber} primary"]`).waitFor()
    // Wide enough for every column, so that nothing has to scroll under the pointer.
    await page.setViewportSize({ width: 3200, height: 1000 })
    const card = page.locator(`[data-card="${moved.caseNumber} primary"]`)
    const column = page
      .getByRole('region', { name: 'Bord: een kolom per medewerker' })
      .getByRole('region', { name: to.name })
    await card.waitFor()
    const [start, end] = [await boxOf(card), await boxOf(column)]
    await page.mouse.move(start.x + start.width - 30, start.y + 30)
    await page.mouse.down()
    await page.mouse.move(start.x + start.width - 10, start.y + 40, { steps: 4 })
    await page.mouse.move(end.x + end.width / 2, end.y + 120, { steps: 8 })
    await expect.poll(() => column.getAttribute('class')).toContain('target')
    await page.mouse.up()
    await dialog().waitFor()
    await dialog().getByRole('radio', { name: 'Specifieke deskundigheid' }).click()
    await dialog().getByRole('button', { name: 'Medewerker kiezen' }).dblclick()
    await dialog().waitFor({ state: 'hidden' })
    await expect.poll(async () => (await roundNow()).choices.length).toBe(1)
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.getByRole('button', { name: 'Lijst' }).click()

    // A swap: two choices in one, and one step back takes both.
    const [first, second] = await swappable(singles(await roundNow(), [moved.caseNumber]))
    await row(first.caseNumber).click()
    await page.getByRole('button', { name: 'Ruilen…' }).click()
    await dialog()
      .getByLabel('Ruil met')
      .selectOption({
        label: `${second.caseNumber} · ${second.worker!.name}`,
      })
    await dialog().getByText(`${second.worker!.name} krijgt ${first.caseNumber}`).waitFor()
    expect(await flaws(page)).toEqual([])
    await dialog().getByRole('radio', { name: 'Reistijd of regio' }).click()
    await dialog().getByRole('button', { name: 'Ruilen' }).click()
    await dialog().waitFor({ state: 'hidden' })
    const holder = (state: Round, one: Line) =>
      state.lines.find(line => line.caseNumber === one.caseNumber && line.seat === one.seat)?.worker
        ?.staffNumber
    const swapped = await roundNow()
    expect(holder(swapped, first)).toBe(second.worker!.staffNumber)
    expect(holder(swapped, second)).toBe(first.worker!.staffNumber)
    expect(swapped.choices).toHaveLength(3)
    await page.getByRole('button', { name: 'Stappen' }).click()
    await dialog().getByRole('button', { name: 'Ongedaan maken', exact: true }).click()
    await expect.poll(async () => (await roundNow()).choices.length).toBe(1)
    await dialog().getByRole('button', { name: 'Opnieuw doen', exact: true }).click()
    await expect.poll(async () => holder(await roundNow(), first)).toBe(second.worker!.staffNumber)
    await page.keyboard.press('Escape')

    // Rule somebody out until a day, for a case that then goes to nobody; and leave it waiting with a task.
    const [barred] = singles(
      await roundNow(),
      [moved, first, second].map(line => line.caseNumber),
    )
    await row(barred!.caseNumber).click()
    await page.getByRole('button', { name: 'Uitsluiten…' }).click()
    await dialog().getByRole('radio', { name: 'Tot en met een dag' }).click()
    await dialog().getByLabel('Tot en met', { exact: true }).fill(inDays(60))
    await dialog().getByRole('radio', { name: 'Veiligheid van de medewerker' }).click()
    await dialog()
      .getByRole('textbox', { name: /^Toelichting/ })
      .fill('Zie https://dossier.example')
    await dialog().getByRole('button', { name: 'Uitsluiten', exact: true }).click()
    // A link is refused with the field named, and what was typed stays.
    await dialog().getByText('Haal de link uit de tekst').first().waitFor()
    expect(
      await dialog()
        .getByRole('textbox', { name: /^Toelichting/ })
        .inputValue(),
    ).toContain('dossier')
    expect(await flaws(page)).toEqual([])
    await dialog()
      .getByRole('textbox', { name: /^Toelichting/ })
      .fill('Woont in dezelfde straat')
    await dialog().getByRole('button', { name: 'Uitsluiten', exact: true }).click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Laten wachten…' }).click()
    await dialog().getByLabel('Opnieuw bekijken op').fill(inDays(21))
    await dialog().getByRole('checkbox', { name: 'Gegevens opvragen' }).click()
    await dialog().getByRole('radio', { name: 'Gegevens kloppen niet' }).click()
    await dialog().getByRole('button', { name: 'Laten wachten', exact: true }).click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByText('Te doen: Gegevens opvragen.').waitFor()

    // Lock one, take it to the meeting, and look at what the plan became.
    const [locked] = singles(
      await roundNow(),
      [moved, first, second, barred!].map(line => line.caseNumber),
    )
    if (locked) {
      await row(locked.caseNumber).click()
      await page.getByRole('button', { name: 'Vastzetten' }).click()
      await page.getByRole('button', { name: 'Losmaken' }).waitFor()
    }
    await page.getByRole('button', { name: 'Bespreken', exact: true }).click()
    await page.getByRole('button', { name: 'Niet meer bespreken' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Niet meer bespreken' }).waitFor()

    // The check before settling says what will last, and pressing twice decides once.
    await page
      .getByRole('link', { name: 'Vaststellen…' })
      .or(page.getByRole('button', { name: 'Vaststellen…' }))
      .click()
    await page.getByRole('heading', { name: 'Uitsluitingen die blijven gelden' }).waitFor()
    await page.getByText(`${barred!.worker!.name} krijgt ${barred!.caseNumber} niet.`).waitFor()
    expect(await flaws(page)).toEqual([])
    await page.getByRole('button', { name: 'Vaststellen', exact: true }).dblclick()
    await page.getByRole('heading', { level: 1, name: `Ronde ${id} is vastgesteld` }).waitFor()
    await page.getByText('Opnieuw bekijken op').first().waitFor()
    expect(await flaws(page)).toEqual([])

    // The case keeps who may not have it and what is to be done; the lead finds the task.
    await page.getByRole('link', { name: barred!.caseNumber }).first().click()
    await page.getByRole('heading', { name: 'Mag niet naar' }).waitFor()
    await page.getByText('Woont in dezelfde straat').waitFor()
    await page.getByText('Gegevens opvragen:').waitFor()
    expect(await flaws(page)).toEqual([])
    const lead = await signIn(browser, server.address, 'lead')
    await lead.goto(`${server.address}/signalen?soort=taskOpen`)
    await lead.getByText(`Zaak ${barred!.caseNumber} wacht. Te doen: gegevens opvragen.`).first().waitFor()
    await lead.context().close()

    // Ended with a reason, it stays on record.
    await page.getByRole('button', { name: `Uitsluiting van ${barred!.worker!.name} opheffen` }).click()
    await dialog().getByLabel('Waarom is de uitsluiting niet meer nodig?').fill('Verhuisd naar elders')
    await dialog().getByRole('button', { name: 'Opheffen' }).click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByText('1 eerdere uitsluiting').click()
    await page.getByText('Verhuisd naar elders').waitFor()
  })

  it('goes by keyboard alone from cases that wait to a settled round', async () => {
    const keys = page.keyboard
    /** Walks with Tab, as people do, until this has the focus. */
    const tabTo = async (target: Locator) => {
      await target.waitFor()
      for (let step = 0; step < 250; step++) {
        if (await target.evaluate(one => one === document.activeElement)) return
        await keys.press('Tab')
      }
      throw new Error(`Tab does not reach ${target}.`)
    }
    const press = async (target: Locator, key = 'Enter') => {
      await tabTo(target)
      await keys.press(key)
    }

    await page.goto(`${server.address}/rondes`)
    await press(page.getByRole('list', { name: 'Dagelijks werk' }).getByRole('link', { name: 'Instroom' }))
    await press(page.getByRole('checkbox', { name: 'Alle getoonde wachtende zaken kiezen' }), 'Space')
    await press(page.getByRole('link', { name: /^Ronde samenstellen met/ }))
    await press(page.getByRole('button', { name: 'Voorstel berekenen' }))
    const round = await calculated()
    const [first] = singles(round, [])
    const at = round.lines.find(line => line.caseNumber === first?.caseNumber) ?? round.lines[0]!

    // Single keys work outside fields; the case is chosen by walking to its row.
    await tabTo(row(at.caseNumber))
    await keys.press('Enter')
    await page.getByRole('button', { name: 'Bespreken', exact: true }).waitFor()
    await keys.press('d')
    await page.getByRole('button', { name: 'Niet meer bespreken' }).waitFor()
    await keys.press('a')
    await page.getByRole('button', { name: 'Akkoord gegeven' }).waitFor()
    if (first) {
      await keys.press('l')
      await page.getByRole('button', { name: 'Losmaken' }).waitFor()
      await keys.press('l')
      await page.getByRole('button', { name: 'Vastzetten' }).waitFor()
      await keys.press('x')
      await press(dialog().getByRole('radio', { name: 'Alleen in deze ronde' }), 'ArrowDown')
      await keys.press('ArrowDown')
      expect(await dialog().getByRole('radio', { name: 'Altijd' }).isChecked()).toBe(true)
      await press(dialog().getByRole('radio').nth(3), 'Space')
      await press(dialog().getByRole('button', { name: 'Uitsluiten', exact: true }))
      await dialog().waitFor({ state: 'hidden' })
      expect((await roundNow()).choices).toMatchObject([{ kind: 'exclude', lasts: 'always' }])
      await keys.press('Control+z')
      await expect.poll(async () => (await roundNow()).choices.length).toBe(0)
      await keys.press('Control+Shift+Z')
      await expect.poll(async () => (await roundNow()).choices.length).toBe(1)
    }
    await keys.press('u')
    await press(dialog().getByRole('checkbox', { name: 'Een ander team vragen' }), 'Space')
    await press(dialog().getByRole('radio').first(), 'Space')
    await press(dialog().getByRole('button', { name: 'Laten wachten', exact: true }))
    await dialog().waitFor({ state: 'hidden' })
    await page.getByText('Te doen: Een ander team vragen.').waitFor()

    await keys.press('Control+k')
    await page.getByRole('dialog', { name: 'Opdrachten' }).waitFor()
    await keys.type('opnieuw bere')
    await keys.press('Enter')
    await page.getByText(/De nieuwe berekening (liet alles gelijk|wijzigde)/).waitFor()
    await keys.press('Control+Enter')
    await page.getByRole('heading', { level: 1, name: 'Vaststellen' }).waitFor()
    const settle = page.getByRole('button', { name: 'Vaststellen', exact: true })
    await expect.poll(() => settle.isEnabled()).toBe(true)
    await press(settle)
    await page.getByRole('heading', { level: 1, name: `Ronde ${id} is vastgesteld` }).waitFor()
  })
})
