import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComingChanges } from '../../server/contract/changes.ts'
import { addDays, dayOf } from '../../server/contract/days.ts'
import type { CaseCourse, CourseList } from '../../server/contract/phases.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, signIn } from '../support/pages.ts'
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

describe('how cases go on', () => {
  it('a lead lets several phases begin, plans one on the page of a case, and answers a proposal to be dormant', async () => {
    const page = await signIn(browser, server.address, 'lead', { theme: 'dark' })
    await page.goto(`${server.address}/werklast`)
    await page
      .getByRole('navigation', { name: 'Werklast' })
      .getByRole('link', { name: 'Fasen', exact: true })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Fasen' }).waitFor()
    const { proposals, dormancies } = await get<CourseList>(page, '/phases')
    expect(proposals.length).toBeGreaterThan(3)
    await page.getByText(`${proposals.length} zaken zijn toe aan een volgende fase`).waitFor()
    expect(await flaws(page)).toEqual([])

    // With the keyboard: two ticks, and the button that appears.
    const [first, second, third] = proposals
    for (const one of [first!, second!]) {
      await page.getByLabel(`Kies zaak ${one.caseNumber}`).focus()
      await page.keyboard.press('Space')
    }
    await page.getByText('2 zaken gekozen').waitFor()
    await page.getByRole('button', { name: 'Laat ingaan' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('De volgende fase van 2 zaken gaat in op').waitFor()
    await page.getByRole('rowheader', { name: first!.caseNumber }).waitFor({ state: 'detached' })
    const begun = await get<CaseCourse>(page, `/cases/${first!.caseNumber}/course`)
    expect(begun.phase).toBe(first!.to)

    const asked = dormancies.find(one => one.state === 'asked')!
    await page.getByRole('button', { name: `Akkoord: zaak ${asked.caseNumber}` }).click()
    await page.getByText(`Zaak ${asked.caseNumber} gaat sluimeren.`).waitFor()

    await page.getByRole('rowheader', { name: third!.caseNumber }).getByRole('link').click()
    await page.getByRole('heading', { name: 'Verloop' }).waitFor()
    await page.getByRole('button', { name: 'Volgende fase…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/De zaak gaat van .* naar .* uur per week/).waitFor()
    // A no without a reason is asked for one, and what was chosen stays.
    await dialog.getByLabel('Nog niet').check()
    await dialog.getByRole('button', { name: 'Vastleggen' }).click()
    await dialog.getByRole('link', { name: 'Reden: Kies een reden uit de lijst.' }).waitFor()
    expect(await flaws(page)).toEqual([])
    await dialog.getByLabel('De volgende fase gaat in').check()
    const later = addDays(dayOf(new Date()), 20)
    await dialog.getByLabel('Ingangsdatum').fill(later)
    await dialog.getByRole('button', { name: 'Vastleggen' }).click()
    await page.getByText(/^Gepland: /).waitFor()
    const planned = await get<CaseCourse>(page, `/cases/${third!.caseNumber}/course`)
    expect(planned.planned).toMatchObject([{ to: third!.to, fromOn: later }])
    expect(await flaws(page)).toEqual([])
  })

  it('a worker sees the own cases that are due among the tasks, and puts one off on a phone', async () => {
    const page = await signIn(browser, server.address, 'worker', { width: 390, height: 844 })
    await page.goto(`${server.address}/mijn`)
    await page.getByRole('link', { name: /^Naar fasen/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Fasen' }).waitFor()
    const { proposals } = await get<CourseList>(page, '/phases')
    const one = proposals.find(row => row.own && row.answer === null)!
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await page.getByRole('button', { name: `Antwoord over zaak ${one.caseNumber}` }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Later opnieuw vragen').check()
    await dialog.getByLabel('Reden').selectOption('Er komt een zitting of besluit')
    await dialog.getByRole('button', { name: 'Vastleggen' }).click()
    await page.getByText(`Het voorstel voor zaak ${one.caseNumber} komt terug op`).waitFor()
    await page.getByRole('rowheader', { name: one.caseNumber }).waitFor({ state: 'detached' })
    await page.getByLabel(/Toon ook uitgestelde/).check()
    await page.getByRole('rowheader', { name: one.caseNumber }).waitFor()
    expect(await flaws(page)).toEqual([])
  })

  it('a lead plans other hours for a worker and takes that back', async () => {
    const page = await signIn(browser, server.address, 'lead')
    await page.goto(`${server.address}/medewerkers/jb-003`)
    await page.getByRole('button', { name: 'Wijziging plannen…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Contracturen').fill('24,5')
    await dialog.getByLabel('Taakuren').fill('30')
    await dialog.getByRole('button', { name: 'Plannen' }).click()
    await dialog.getByRole('link', { name: /Taakuren: Dit is meer dan de contracturen/ }).waitFor()
    await dialog.getByLabel('Taakuren').fill('2')
    await dialog.getByRole('button', { name: 'Plannen' }).click()
    await page.getByText(/^Gepland vanaf /).waitFor()
    const { changes } = await get<ComingChanges>(page, '/workers/jb-003/changes')
    expect(changes).toMatchObject([{ contractHours: 24.5, dutyHours: 2 }])
    expect(await flaws(page)).toEqual([])
    await page.getByRole('button', { name: /Trek de wijziging per/ }).click()
    await page.getByText('Er zijn geen wijzigingen gepland.').waitFor()
  })
})
