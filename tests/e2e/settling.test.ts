import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, openRound, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Round = Endpoints['GET /rounds/:id']['reply']
type Explanation = Endpoints['GET /rounds/:id/cases/:caseNumber/explanation']['reply']

let server: RunningServer
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** A request as the page itself would send it. */
async function post<Reply>(page: Page, path: string, body: unknown, version?: number): Promise<Reply> {
  return page.evaluate(
    async ([url, sent, seen]) => {
      const answer = await fetch(`/api${url}`, {
        method: 'POST',
        headers: {
          'idempotency-key': crypto.randomUUID(),
          ...(sent !== null && { 'content-type': 'application/json' }),
          ...(seen !== undefined && { 'if-match': `"v${seen}"` }),
        },
        body: sent === null ? undefined : JSON.stringify(sent),
      })
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
      return answer.json()
    },
    [path, body, version] as const,
  ) as Promise<Reply>
}

async function calculated(page: Page, id: number): Promise<Round> {
  const state = async () => (await get<Round>(page, `/rounds/${id}`)).run?.state
  await expect.poll(state).toBe('done')
  return get<Round>(page, `/rounds/${id}`)
}

describe('settling a round with people', () => {
  let team: Page
  let lead: Page
  let worker: Page
  let round: Round
  let staffNumber: string
  /** The case that the team gives to the worker, who objects. */
  let chosen: string

  it('lets the lead choose that workers answer first', async () => {
    lead = await signIn(browser, server.address, 'lead')
    await lead.goto(`${server.address}/beheer/vaststellen`)
    await lead.getByRole('radio', { name: /^Eerst delen/ }).check()
    await lead.getByRole('button', { name: 'Opslaan voor Team Oost' }).click()
    await lead.getByText('Opgeslagen voor Team Oost.').waitFor()
    await lead.getByText('Er is geen mailserver ingesteld.').waitFor()
    expect(await flaws(lead)).toEqual([])
  })

  it('shares the plan: each worker sees the own line and the own load', async () => {
    team = await signIn(browser, server.address, 'intake')
    worker = await signIn(browser, server.address, 'worker')
    staffNumber = (await get<Endpoints['GET /session']['reply']>(worker, '/session')).user!.staffNumber!
    const old = await get<Round>(team, `/rounds/${await openRound(team)}`)
    await post(team, `/rounds/${old.id}/cancellation`, null, old.version)
    const colleagues = old.workers.map(one => one.staffNumber).filter(number => number !== staffNumber)
    const made = await post<{ id: number }>(team, '/rounds', {
      teamIds: old.teams.map(one => one.id),
      caseNumbers: old.cases.slice(0, 6).map(one => one.caseNumber),
      staffNumbers: [staffNumber, ...colleagues.slice(0, 10)],
      startOn: old.startOn,
      profile: 'balanced',
    })
    round = await calculated(team, made.id)
    chosen = await giveTo(lead, round, staffNumber)

    await team.goto(`${server.address}/rondes/${round.id}/antwoorden`)
    await team.getByRole('button', { name: /(voorstel|voorstellen) delen/ }).click()
    await team.getByText(/(voorstel is|voorstellen zijn) gedeeld/).waitFor()
    expect(await flaws(team)).toEqual([])

    await worker.goto(`${server.address}/mijn/voorstellen`)
    await worker.getByRole('heading', { level: 3, name: chosen }).waitFor()
    await worker.getByText('Er is nog niets toegedeeld.', { exact: false }).waitFor()
    const page = await worker.content()
    for (const line of round.lines.filter(one => one.worker && one.caseNumber !== chosen)) {
      expect(page).not.toContain(line.caseNumber)
    }
  })

  it('keeps what a worker types through a reload, and shows the objection to the team at once', async () => {
    await worker.getByRole('radio', { name: /^Bezwaar/ }).check()
    await worker.getByLabel('Toelichting').fill('Ik begeleid al een gezin in dezelfde straat')
    await worker.reload()
    await worker.getByRole('radio', { name: /^Bezwaar/ }).check()
    expect(await worker.getByLabel('Toelichting').inputValue()).toBe(
      'Ik begeleid al een gezin in dezelfde straat',
    )
    await worker.getByRole('button', { name: 'Antwoord geven' }).click()
    await worker.getByText('Kies een reden.').first().waitFor()
    await worker.getByRole('radio', { name: 'Mijn werklast laat het niet toe' }).check()
    // Twice, as impatient people do: it answers once.
    await worker.getByRole('button', { name: 'Antwoord geven' }).dblclick()
    await worker.getByText(`Je antwoord over ${chosen} is doorgegeven: Bezwaar.`).waitFor()
    expect(await flaws(worker)).toEqual([])

    await team.getByText(/^1 bezwaar, /).waitFor()
    await team.getByText('Ik begeleid al een gezin in dezelfde straat').waitFor()
  })

  it('calculates around the objection: somebody else is proposed', async () => {
    const before = await get<Round>(team, `/rounds/${round.id}`)
    expect(before.choicesSinceRun).toBeGreaterThan(0)
    await post(team, `/rounds/${round.id}/runs`, { timeLimitSeconds: 20 }, before.version)
    round = await calculated(team, round.id)
    const line = round.lines.find(one => one.caseNumber === chosen && one.seat === 'primary')!
    expect(line.worker?.staffNumber).not.toBe(staffNumber)
    await team.getByRole('heading', { name: 'Bezwaren bij eerdere voorstellen' }).waitFor()
    await worker.reload()
    await worker.getByText('De zaak gaat niet meer naar jou.').waitFor()
  })

  it('looks first, then at the suggestion, in a meeting on two screens', async () => {
    const team2 = await signIn(browser, server.address, 'intakeOfAll')
    await lead.goto(`${server.address}/beheer/vaststellen`)
    await lead.getByRole('checkbox', { name: /^Eerst zelf kijken/ }).check()
    await lead.getByRole('button', { name: 'Opslaan voor Team Oost' }).click()
    await lead.getByText('Opgeslagen voor Team Oost.').waitFor()

    // Outside the meeting there is nothing to see either.
    await team.goto(`${server.address}/rondes/${round.id}`)
    await team.getByText(/^Eerst zelf kijken: van \d+ zaken/).waitFor()
    expect(await team.locator('a[data-case]').count()).toBe(0)
    expect(await flaws(team)).toEqual([])
    await team.goto(`${server.address}/rondes/${round.id}/overleg`)
    await team.getByRole('button', { name: 'Overleg openen' }).click()
    await team.getByRole('heading', { name: 'Eerst zelf kijken' }).waitFor()
    expect(await team.getByRole('heading', { name: 'In het concept' }).count()).toBe(0)
    expect(await flaws(team)).toEqual([])
    const caseNumber = (await team.locator('#meeting-case').textContent())!
    await team2.goto(`${server.address}/rondes/${round.id}/overleg?zaak=${caseNumber}`)
    for (const [page, hours] of [
      [team, '4'],
      [team2, '6.5'],
    ] as const) {
      await page.getByLabel('Uren per week').fill(hours)
      await page.getByRole('button', { name: 'Mijn blik vastleggen' }).click()
      await page.getByText('Je blik is vastgelegd.', { exact: false }).waitFor()
    }
    await team.getByText('2 gegeven', { exact: false }).waitFor()
    await team.getByRole('button', { name: 'Onthullen' }).click()
    await team.getByRole('heading', { name: 'In het concept' }).waitFor()
    await team2.getByRole('heading', { name: 'In het concept' }).waitFor()
    await team.getByText(/Geschatte zwaarte 4,0 tot 6,5 uur/).waitFor()
    expect((await get<Round>(team, `/rounds/${round.id}`)).cases.map(one => one.caseNumber)).toEqual([
      caseNumber,
    ])

    // Both write about the same case; who comes second sees both versions and decides.
    await team2.getByRole('radio', { name: 'Later bespreken' }).check()
    await team2.getByLabel('Motivering').fill('Eerst het advies van de gedragswetenschapper')
    await team.getByRole('radio', { name: 'Akkoord' }).check()
    await team.getByLabel('Andere mening').fill('De teamleider had liever gewacht')
    await team.getByRole('button', { name: 'Vastleggen', exact: true }).click()
    await team.getByText(`Vastgelegd bij zaak ${caseNumber}.`).waitFor({ state: 'attached' })
    await team2.getByRole('button', { name: 'Vastleggen', exact: true }).click()
    await team2.getByText(/heeft dit intussen ook gewijzigd/).waitFor()
    await team2.getByText('Andere mening: De teamleider had liever gewacht').waitFor()
    expect(await flaws(team2)).toEqual([])
    expect(await team2.getByLabel('Motivering').inputValue()).toBe(
      'Eerst het advies van de gedragswetenschapper',
    )
    await team2.getByRole('button', { name: 'De andere versie overnemen' }).click()
    expect(await team2.getByLabel('Andere mening').inputValue()).toBe('De teamleider had liever gewacht')

    await team.getByRole('button', { name: 'Overleg sluiten' }).click()
    await team.getByText(/^Over (1 zaak|\d+ zaken) is nog niets besloten$/).waitFor()
    expect(await flaws(team)).toEqual([])
    await team.getByRole('button', { name: 'Toch sluiten' }).click()
    await team.getByRole('button', { name: 'Overleg opnieuw openen' }).click()
    await team.getByRole('button', { name: 'Overleg sluiten' }).click()
    await team.getByRole('button', { name: 'Toch sluiten' }).click()
    await team.getByText('Het overleg is gesloten.', { exact: false }).first().waitFor()
    await team2.context().close()
  })

  it('settles part of the round on choice; the rest goes on in a new one', async () => {
    await lead.goto(`${server.address}/beheer/vaststellen`)
    await lead.getByRole('radio', { name: /^In één overleg/ }).check()
    await lead.getByRole('checkbox', { name: /^Eerst zelf kijken/ }).uncheck()
    await lead.getByRole('button', { name: 'Opslaan voor Team Oost' }).click()
    await lead.getByText('Opgeslagen voor Team Oost.').waitFor()

    await team.goto(`${server.address}/rondes/${round.id}/vaststellen`)
    const boxes = team.getByRole('checkbox', { name: /nu vaststellen$/ })
    await boxes.first().waitFor()
    const all = await boxes.count()
    expect(all).toBeGreaterThan(1)
    await boxes.first().uncheck()
    await team.getByRole('radio', { name: 'Gaat meteen verder in een nieuwe ronde' }).check()
    expect(await flaws(team)).toEqual([])
    await team.getByRole('button', { name: 'Vaststellen', exact: true }).dblclick()
    await team.getByRole('heading', { level: 1, name: `Ronde ${round.id} is vastgesteld` }).waitFor()
    await team.getByText('De rest gaat verder in').waitFor()
    const result = await get<Endpoints['GET /rounds/:id/result']['reply']>(team, `/rounds/${round.id}/result`)
    expect(new Set(result.decisions.map(one => one.caseNumber)).size).toBe(all - 1)
    expect(result.nextRoundId).toBeGreaterThan(round.id)
  })

  it('withdraws a decision with a reason, and keeps it on the list', async () => {
    await team
      .getByRole('button', { name: /^Besluit over .* intrekken$/ })
      .first()
      .click()
    const dialog = team.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Intrekken' }).click()
    await dialog.getByText('Geef een reden van minstens 10 tekens.').first().waitFor()
    expect(await flaws(team)).toEqual([])
    await dialog.getByLabel('Reden').fill('De zaak bleek naar een andere regio te gaan')
    await dialog.getByRole('button', { name: 'Intrekken' }).click()
    await team.getByText(/Het besluit over .* is ingetrokken/).waitFor()
    await team.reload()
    await team.getByText('De zaak bleek naar een andere regio te gaan').waitFor()
    expect(await flaws(team)).toEqual([])
  })

  it('ends in minutes that say what was decided and who saw it otherwise', async () => {
    await team.goto(`${server.address}/rondes/${round.id}/verslag`)
    await team.getByRole('heading', { level: 1, name: `Verslag van ronde ${round.id}` }).waitFor()
    await team.getByText('De teamleider had liever gewacht').waitFor()
    expect(await team.getByText(/^Concept:/).count()).toBe(0)
    expect(await flaws(team)).toEqual([])
    const [download] = await Promise.all([
      team.waitForEvent('download'),
      team.getByRole('link', { name: 'CSV voor Excel' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^verslag-ronde-\d+-\d{4}-\d{2}-\d{2}\.csv$/)
  })

  it('tells people with a badge, and asks them two questions without a name', async () => {
    await team.goto(`${server.address}/berichten`)
    await team.getByText('nieuw').first().waitFor()
    expect(await flaws(team)).toEqual([])
    await team
      .getByRole('link', { name: /^Twee vragen over verdeelronde/ })
      .first()
      .click()
    await team.getByRole('heading', { level: 1, name: 'Twee vragen over de ronde' }).waitFor()
    await team.getByRole('button', { name: 'Versturen' }).click()
    await team.getByText('Kies een antwoord.').first().waitFor()
    await team
      .getByRole('group', { name: /steunen/ })
      .getByRole('radio', { name: 'eens', exact: true })
      .check()
    await team
      .getByRole('group', { name: /eerlijk/ })
      .getByRole('radio', { name: 'neutraal' })
      .check()
    expect(await flaws(team)).toEqual([])
    await team.getByRole('button', { name: 'Versturen' }).click()
    await team.getByText('Dank je.', { exact: false }).waitFor()
    await team.goto(`${server.address}/draagvlak`)
    // What was said about earlier rounds shows; about this one nothing does as long as the questions are open.
    await team.getByRole('heading', { name: 'Draagvlak per ronde' }).waitFor()
    const { running } = await get<Endpoints['GET /support']['reply']>(team, '/support')
    expect(running).toBeGreaterThan(0)
    expect(await flaws(team)).toEqual([])
  })
})

/** The lead gives a case to this worker, above the hard limit when it must be. */
async function giveTo(lead: Page, round: Round, staffNumber: string): Promise<string> {
  const { overrideReasons } = await get<Endpoints['GET /catalogues']['reply']>(lead, '/catalogues')
  const already = round.lines.find(one => one.worker?.staffNumber === staffNumber)
  if (already) return already.caseNumber
  for (const { caseNumber } of round.cases) {
    const explained = await get<Explanation>(lead, `/rounds/${round.id}/cases/${caseNumber}/explanation`)
    const fit = explained.alternatives.find(one => one.worker.staffNumber === staffNumber)
    if (!fit || fit.broken.some(one => one.setAside !== 'motive' && one.setAside !== 'right')) continue
    await post(
      lead,
      `/rounds/${round.id}/choices`,
      {
        caseNumber,
        seat: 'primary',
        kind: 'override',
        staffNumber,
        reasonCode: overrideReasons.find(one => !one.needsText)!.code,
        reasonText: null,
        unregisteredReason: null,
        setAside: fit.broken.filter(one => one.setAside === 'motive').map(one => one.rule),
        acceptsExcess: fit.broken.some(one => one.setAside === 'right'),
      },
      round.version,
    )
    return caseNumber
  }
  throw new Error('No case of this round can go to this worker.')
}
