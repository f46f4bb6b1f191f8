import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, type Person, signIn } from '../support/pages.ts'
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

async function open(page: Page, path: string): Promise<void> {
  await page.goto(server.address + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}
const as = (person: Person, look = {}) => signIn(browser, server.address, person, look)

it('leave is asked with its effect in sight, granted by the lead, and then holds', async () => {
  const worker = await as('worker')
  await open(worker, '/mijn/beschikbaarheid')
  await worker.getByRole('button', { name: 'Toevoegen' }).click()
  const dialog = worker.getByRole('dialog')
  await dialog.getByLabel('Van', { exact: true }).fill('2031-03-03')
  await dialog.getByLabel('Tot en met').fill('2031-04-30')
  await dialog.getByLabel('Percentage van je contract').fill('50')
  await dialog.getByText(/Je norm gaat op 3 mrt 2031 van/).waitFor()
  expect(await flaws(worker)).toEqual([])
  await dialog.getByRole('button', { name: 'Verzoek versturen' }).click()
  const row = worker.getByRole('row', { name: /3 mrt 2031 t\/m 30 apr 2031/ })
  await row.getByText('wacht op antwoord').waitFor()

  const lead = await as('lead')
  await open(lead, '/aanvragen')
  const asked = lead.getByRole('row', { name: /3 mrt 2031/ })
  await asked.getByRole('button').click()
  await lead
    .getByRole('dialog')
    .getByText(/De norm gaat op 3 mrt 2031/)
    .waitFor()
  expect(await flaws(lead)).toEqual([])
  await lead.getByRole('dialog').getByRole('button', { name: 'Antwoord geven' }).click()
  await lead.getByRole('row', { name: /3 mrt 2031.*toegekend/ }).waitFor()

  // The page of the worker hears of it by itself.
  await row.getByText('komt').waitFor()
  await row.getByRole('button', { name: /Intrekken/ }).click()
  await worker.getByText(/Ingetrokken: Verlof of afwezigheid, 3 mrt 2031/).waitFor()
})

it('only the days of a calendar file leave the browser', async () => {
  const worker = await as('worker')
  await open(worker, '/mijn/beschikbaarheid')
  const sent: string[] = []
  worker.on('request', request => sent.push(request.postData() ?? ''))
  await worker.getByRole('button', { name: 'Agenda inlezen' }).click()
  const dialog = worker.getByRole('dialog')
  const today = (await get<{ today: string }>(worker, '/session')).today
  const year = Number(today.slice(0, 4)) + 1
  const file = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//NL',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTAMP:20260101T000000Z',
    `DTSTART;VALUE=DATE:${year}0601`,
    `DTEND;VALUE=DATE:${year}0606`,
    'SUMMARY:Geheime titel',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:2',
    'DTSTAMP:20260101T000000Z',
    `DTSTART;VALUE=DATE:${year}0604`,
    'RRULE:FREQ=WEEKLY;COUNT=3',
    'SUMMARY:Geheime reeks',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:3',
    'SUMMARY:Zonder begin',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n')
  await dialog
    .getByLabel('Agendabestand')
    .setInputFiles({ name: 'agenda.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) })
  await dialog.getByRole('row', { name: /Geheime titel/ }).waitFor()
  await dialog.getByText(/Zonder begin \(regel \d+\): de begindatum ontbreekt/).waitFor()
  const series = dialog.getByRole('row', { name: /Geheime reeks/ })
  await series.getByText('3 keer').click()
  expect(await flaws(worker)).toEqual([])
  await series.getByRole('button', { name: `Weglaten: 18 jun ${year}` }).click()
  await dialog.getByLabel('Geheime titel, Tot en met').fill(`${year}-06-03`)
  await dialog.getByRole('button', { name: '2 verzoeken versturen' }).click()
  await worker.getByRole('row', { name: new RegExp(`1 jun ${year} t/m 3 jun ${year}`) }).waitFor()
  await worker.getByRole('row', { name: new RegExp(`2 keer, 4 jun ${year} t/m 11 jun ${year}`) }).waitFor()
  const bodies = sent.join('\n')
  expect(bodies).toContain(`${year}-06-01`)
  expect(bodies).not.toContain('Geheime')
})

it('wishes show what they do while one chooses, and an earlier statement is taken over', async () => {
  const worker = await as('worker')
  await open(worker, '/mijn/voorkeuren')
  await worker.getByText(/Je komt nu voor \d+ van de 58 soorten werk in aanmerking/).waitFor()
  await worker.getByRole('radiogroup', { name: 'Eindfase' }).getByLabel('liever niet').check()
  await worker.getByText(/en bij (?!0 )\d+ als min/).waitFor()
  await worker.getByLabel('Eerdere opgave').selectOption({ index: 1 })
  await worker.getByRole('button', { name: 'Overnemen' }).click()
  await worker.getByText(/Overgenomen van/).waitFor()
  expect(
    await worker.getByRole('radiogroup', { name: 'Beginfase' }).getByLabel('liever wel').isChecked(),
  ).toBe(true)
  await worker.getByText('Je wilt iets leren, maar hebt nog geen mentor gekozen.').waitFor()
  await worker.getByLabel('Wie begeleidt je bij leerzaken?').selectOption({ index: 1 })
  await worker.getByRole('button', { name: 'Opslaan' }).click()
  await worker.getByText('Opgeslagen. Ze tellen mee vanaf de volgende berekening.').waitFor()
  expect(await flaws(worker)).toEqual([])
})

it('every part of the load opens, and a weight is disputed and answered', async () => {
  const worker = await as('worker')
  await open(worker, '/mijn/werklast')
  const parts = worker.getByRole('button', { name: /Onderdelen/ })
  const caseNumber = (await parts.nth(1).textContent())!.replace('Onderdelen', '').trim()
  await parts.nth(1).click()
  await worker.getByText(/telt .* uur op jouw plek/).waitFor()
  await worker.getByRole('button', { name: 'Niet eens met deze zwaarte' }).click()
  const dialog = worker.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Vraag versturen' }).click()
  await dialog.getByRole('link', { name: /Vertel waarom/ }).waitFor()
  await dialog.getByRole('textbox', { name: 'Waarom?' }).fill('Er is veel overleg bij gekomen.')
  await dialog.getByRole('button', { name: 'Vraag versturen' }).click()
  await worker.getByText(`Je vraag over zaak ${caseNumber} is verstuurd.`).waitFor()

  const lead = await as('lead')
  await open(lead, '/aanvragen?soort=weight')
  await lead
    .getByRole('row', { name: new RegExp(caseNumber) })
    .getByRole('button')
    .click()
  await lead.getByRole('dialog').getByLabel('Afwijzen').check()
  await lead.getByRole('dialog').getByLabel('Toelichting').fill('Dit zit al in de tabel.')
  await lead.getByRole('dialog').getByRole('button', { name: 'Antwoord geven' }).click()
  await lead.getByRole('row', { name: /afgewezen.*Dit zit al in de tabel/ }).waitFor()
  await open(worker, '/mijn/historie?soort=answer')
  await worker.getByText('Dit zit al in de tabel.').waitFor()
})

it('three people weigh a case, each alone, and then agree', async () => {
  const lead = await as('lead')
  const cases = await get<{ cases: { caseNumber: string }[] }>(lead, '/cases?status=waiting,in_round')
  const listed = await get<{ caseNumber: string }[]>(lead, '/estimates')
  const { caseNumber } = cases.cases.find(one => !listed.some(other => other.caseNumber === one.caseNumber))!
  await open(lead, `/zaken/${caseNumber}`)
  await lead.getByRole('button', { name: 'Samen schatten' }).click()
  const dialog = lead.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Vragen' }).click()
  await dialog.getByRole('link', { name: 'Kies ten minste twee mensen.' }).waitFor()
  const session = await get<{ user: { name: string } }>(lead, '/session')
  const worker = await as('worker')
  const workerName = (await get<{ user: { name: string } }>(worker, '/session')).user.name
  for (const name of [session.user.name, workerName]) await dialog.getByLabel(new RegExp(`^${name}`)).check()
  expect(await flaws(lead)).toEqual([])
  await dialog.getByRole('button', { name: 'Vragen' }).click()
  await lead.getByRole('heading', { level: 1, name: `Samen schatten: zaak ${caseNumber}` }).waitFor()
  const path = new URL(lead.url()).pathname

  await open(worker, path)
  await worker.getByLabel('Uren per week').fill('6,5')
  await worker.getByRole('button', { name: 'Schatting geven' }).click()
  await worker.getByText('Je schatting van 6,5 uur is vastgelegd.').waitFor()
  await lead.getByText('1 van 2 heeft geschat').waitFor()
  expect(await lead.getByText('6,5').count()).toBe(0)
  await lead.getByLabel('Uren per week').fill('4')
  await lead.getByRole('button', { name: 'Schatting geven' }).click()
  await lead.getByText('2 van 2 hebben geschat').waitFor()
  await lead.getByRole('button', { name: 'Alles tonen' }).click()
  await lead.getByText(/De schattingen liggen tussen 4,0 en 6,5 uur/).waitFor()
  expect(await flaws(lead)).toEqual([])
  await lead.getByLabel('Afgesproken uren per week').fill('5')
  await lead.getByLabel('Waarom?').fill('Halverwege: het overleg met school telt mee.')
  await lead.getByRole('button', { name: 'Afspraak vastleggen' }).click()
  await lead.getByText(/Afgesproken: 5,0 uur per week/).waitFor()
  await worker.getByText(/Afgesproken: 5,0 uur per week/).waitFor()
  await open(lead, `/zaken/${caseNumber}`)
  await lead
    .getByText(/Halverwege: het overleg met school telt mee/)
    .first()
    .waitFor()
})
