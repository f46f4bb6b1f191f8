import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CatalogueEntry } from '../../server/contract/catalogue-entries.ts'
import { launchBrowser } from '../support/browser.ts'
import { flaws, get, send, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
let browser: Browser
let admin: Page
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  admin = await signIn(browser, server.address, 'admin')
  await admin.goto(`${server.address}/beheer/catalogi`)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const table = (name: string) => admin.getByRole('table', { name, exact: true })
const entry = (list: string, name: string): Locator =>
  table(list)
    .getByRole('row')
    .filter({ has: admin.getByRole('rowheader', { name }) })
const dialog = () => admin.getByRole('dialog')
const field = (name: string) => dialog().getByLabel(name, { exact: true })
const button = (name: string) => dialog().getByRole('button', { name, exact: true })

async function change(list: string, name: string) {
  await entry(list, name)
    .getByRole('button', { name: /^Wijzigen/ })
    .click()
  // The fields hold the entry as it is, not the empty form.
  await expect.poll(() => field('Naam (Nederlands)').inputValue()).not.toBe('')
}
async function save(says: string) {
  await button('Opslaan').click()
  await dialog().waitFor({ state: 'detached' })
  await admin.getByRole('status').getByText(says).waitFor()
}
const stored = async (list: string, code: string) =>
  (await get<CatalogueEntry[]>(admin, `/catalogues/${list}`)).find(one => one.code === code)

describe('an administrator keeps the lists', () => {
  it('adds an entry, after a mistake that is told at its field', async () => {
    await admin.getByRole('button', { name: 'Toevoegen Werkwijzen' }).click()
    await button('Opslaan').click()
    expect(await field('Code').getAttribute('aria-invalid')).toBe('true')
    expect(await field('Naam (Engels)').getAttribute('aria-invalid')).toBe('true')
    await dialog().getByRole('link', { name: 'Naam (Engels): Vul dit in.' }).waitFor()
    expect(await flaws(admin)).toEqual([])
    await field('Code').fill('OPLOSSINGSGERICHT')
    await field('Naam (Nederlands)').fill('Oplossingsgericht werken')
    await field('Naam (Engels)').fill('Solution focused')
    await save('Oplossingsgericht werken is toegevoegd.')
    await entry('Werkwijzen', 'Oplossingsgericht werken')
      .getByRole('cell', { name: 'OPLOSSINGSGERICHT', exact: true })
      .waitFor()
    expect((await stored('methods', 'OPLOSSINGSGERICHT'))?.nameEn).toBe('Solution focused')
  })

  it('gives it another name, also when a colleague was first', async () => {
    await change('Werkwijzen', 'Oplossingsgericht werken')
    const { code, active: _, version, ...one } = (await stored('methods', 'OPLOSSINGSGERICHT'))!
    await send(
      admin,
      'PUT',
      `/catalogues/methods/${code}`,
      { ...one, nameEn: 'Solution-focused work', endsOn: null },
      version,
    )
    await field('Naam (Nederlands)').fill('Oplossingsgerichte aanpak')
    await button('Opslaan').click()
    const refusal = dialog().getByRole('alert')
    await refusal.waitFor()
    await refusal.getByRole('button').click()
    // What was typed stays.
    expect(await field('Naam (Nederlands)').inputValue()).toBe('Oplossingsgerichte aanpak')
    await save('Oplossingsgerichte aanpak is gewijzigd.')
    await entry('Werkwijzen', 'Oplossingsgerichte aanpak').waitFor()
  })

  it('lets it end, by keyboard, and takes it in use again', async () => {
    await entry('Werkwijzen', 'Oplossingsgerichte aanpak')
      .getByRole('button', { name: /^Wijzigen/ })
      .focus()
    await admin.keyboard.press('Enter')
    await expect.poll(() => field('Naam (Nederlands)').inputValue()).not.toBe('')
    await button('Vervalt vandaag').focus()
    await admin.keyboard.press('Enter')
    await button('Opslaan').focus()
    await admin.keyboard.press('Enter')
    await dialog().waitFor({ state: 'detached' })
    await entry('Werkwijzen', 'Oplossingsgerichte aanpak').getByText('niet meer in gebruik').waitFor()

    await change('Werkwijzen', 'Oplossingsgerichte aanpak')
    await button('Blijft in gebruik').click()
    await save('Oplossingsgerichte aanpak is gewijzigd.')
    await expect
      .poll(() => entry('Werkwijzen', 'Oplossingsgerichte aanpak').getByText('niet meer in gebruik').count())
      .toBe(0)
    expect((await stored('methods', 'OPLOSSINGSGERICHT'))?.endsOn).toBe(null)
  })

  it('removes what was never used, and is asked first', async () => {
    await change('Werkwijzen', 'Oplossingsgerichte aanpak')
    await button('Verwijderen…').click()
    await expect
      .poll(() => button('Nee, laten staan').evaluate(one => one === document.activeElement))
      .toBe(true)
    expect(await flaws(admin)).toEqual([])
    await button('Nee, laten staan').click()
    await button('Verwijderen…').click()
    await button('Ja, verwijderen').click()
    await dialog().waitFor({ state: 'detached' })
    await admin.getByRole('status').getByText('Oplossingsgerichte aanpak is verwijderd.').waitFor()
    await expect.poll(() => entry('Werkwijzen', 'Oplossingsgerichte aanpak').count()).toBe(0)
    expect(await stored('methods', 'OPLOSSINGSGERICHT')).toBe(undefined)
  })

  it('is refused to remove what is in use, and told what to do', async () => {
    await change('Maatregelen', 'Ondertoezichtstelling (OTS)')
    await button('Verwijderen…').click()
    await button('Ja, verwijderen').click()
    const refusal = dialog().getByRole('alert')
    await refusal.waitFor()
    expect(await refusal.textContent()).toMatch(/vervallen/)
    expect(await flaws(admin)).toEqual([])
    await button('Annuleren').click()
    await entry('Maatregelen', 'Ondertoezichtstelling (OTS)').waitFor()
  })
})
