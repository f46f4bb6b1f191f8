import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { openRound, type Person, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** The roles as docs/toegankelijkheid.md calls them. */
const ROLES: Record<string, string> = {
  kop: 'heading',
  koppeling: 'link',
  knop: 'button',
  tabblad: 'tab',
  gebied: 'region',
  cel: 'gridcell',
  figuur: 'figure',
  zoekveld: 'searchbox',
  tekstveld: 'textbox',
  keuzerondje: 'radio',
  keuzelijst: 'combobox',
  aankruisvakje: 'checkbox',
}
const KEYS: Record<string, string> = { Spatie: 'Space', '→': 'ArrowRight', '←': 'ArrowLeft' }
const PEOPLE: Record<string, Person> = {
  instroomteam: 'intake',
  jeugdbeschermer: 'worker',
  teamleider: 'lead',
}
const MAX_PRESSES = 60

interface Step {
  key: string | null
  repeats: boolean
  hears: { what: string; text: string }[]
}
interface Walk {
  path: string
  person: Person
  steps: Step[]
}

/** The walks that the page describes: where they begin (`…` is the open round), and every row of the table under it. */
function walks(): Walk[] {
  const found: Walk[] = []
  for (const line of readFileSync(new URL('../../docs/toegankelijkheid.md', import.meta.url), 'utf8').split(
    '\n',
  )) {
    const begin = line.match(/^Je opent `(.+)` als (\w+)\.$/)
    if (begin) found.push({ path: begin[1]!, person: PEOPLE[begin[2]!]!, steps: [] })
    const row = line.match(/^\|(.*)\|(.*)\|$/)
    if (!row || /^ Je drukt|^---/.test(row[1]!)) continue
    const key = row[1]!.match(/`(.+?)`/)?.[1] ?? null
    found.at(-1)!.steps.push({
      key: key && (KEYS[key] ?? key.replace('Ctrl', 'Control')),
      repeats: row[1]!.includes('een paar keer'),
      hears: [...row[2]!.matchAll(/(\w+) `(.+?)`/g)].map(([, what, text]) => ({ what: what!, text: text! })),
    })
  }
  return found
}

const pattern = (text: string, whole: boolean) => {
  const inner = text
    .split('…')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(whole ? `^${inner}$` : inner, 's')
}

/** What assistive technology is given now: role and name of what has the focus, and every live message. */
async function heard(page: Page): Promise<{ role: string; name: string; messages: string; dialog: string }> {
  const focus = page.locator(':focus').first()
  const snapshot = (await focus.count()) > 0 ? await focus.ariaSnapshot().catch(() => '') : ''
  const [, role = '', name = ''] = snapshot.match(/^- '?(\w+)(?: "((?:[^"\\]|\\.)*)")?/) ?? []
  const messages = await page
    .locator('[role=status], [role=alert], [aria-live]')
    .evaluateAll(all => all.map(one => (one.textContent ?? '').replace(/\s+/g, ' ').trim()).join(' | '))
  const dialog = page.getByRole('dialog').first()
  const title = (await dialog.count()) > 0 ? await dialog.ariaSnapshot().catch(() => '') : ''
  return { role, name, messages, dialog: title.match(/^- '?dialog "(.*?)"/)?.[1] ?? '' }
}

function agrees(now: Awaited<ReturnType<typeof heard>>, { what, text }: Step['hears'][number]): boolean {
  if (what === 'melding') return pattern(text, false).test(now.messages)
  if (what === 'dialoogvenster') return now.dialog !== '' && pattern(text, true).test(now.dialog)
  return now.role === ROLES[what] && pattern(text, true).test(now.name)
}

describe('the walk through a round that the documentation describes', () => {
  let server: RunningServer
  let browser: Browser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it.each(walks())('$path, $person', async ({ path, person, steps }) => {
    const page = await signIn(browser, server.address, person)
    const round = path.includes('…') ? String(await openRound(page)) : ''
    await page.goto(server.address + path.replace('…', round))
    for (const { key, repeats, hears } of steps) {
      expect(hears.length, `${path}: nothing to hear after ${key}`).toBeGreaterThan(0)
      const told = `${path}, after ${key}: ${hears.map(one => `${one.what} ${one.text}`).join(', ')}`
      for (let press = 0; press < (repeats ? MAX_PRESSES : 1); press++) {
        if (key) await page.keyboard.press(key)
        const now = await heard(page)
        if (hears.every(one => agrees(now, one))) break
      }
      await expect
        .poll(async () => {
          const now = await heard(page)
          return hears.every(one => agrees(now, one)) ? told : `${told}; heard ${JSON.stringify(now)}`
        })
        .toBe(told)
    }
    await page.context().close()
  })
})
