import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { PATIENCE } from './patience.ts'

export interface Look {
  theme?: 'light' | 'dark'
  width?: number
  height?: number
}

/** People of the demo by what they do; names differ with the seed. */
export type Person = 'intake' | 'intakeOfAll' | 'lead' | 'worker' | 'admin'

/** A browser of its own for one person of the demo, signed in by the page where a visitor picks a role. */
export async function signIn(
  browser: Browser,
  address: string,
  person: Person,
  look: Look = {},
): Promise<Page> {
  const page = await newPage(browser, look)
  await page.goto(address)
  const accounts = await get<Endpoints['GET /demo/accounts']['reply']>(page, '/demo/accounts')
  const { name } = accounts.find(one => describes(person, one))!
  await page.getByRole('button', { name: `Aanmelden als ${name}` }).click()
  // Before the front door has its own address the page is at that of the start.
  await page.waitForURL(url => url.pathname !== '/' && url.pathname !== '/aanmelden')
  return page
}

function describes(person: Person, account: { roles: readonly string[]; teams: readonly string[] }): boolean {
  if (person === 'intakeOfAll') return account.roles.includes('intake') && account.teams.length > 1
  return account.roles.includes(person) && account.teams.length <= 1
}

export async function newPage(
  browser: Browser,
  { theme = 'light', width = 1280, height = 860 }: Look = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'nl-NL',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE)
  await context.addInitScript(chosen => localStorage.setItem('instroom-theme', chosen), theme)
  return context.newPage()
}

/** What the API answers to the person of this page. */
export async function get<Reply>(page: Page, path: string): Promise<Reply> {
  return page.evaluate(async url => {
    const answer = await fetch(url, { headers: { accept: 'application/json' } })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    return answer.json()
  }, `/api${path}`) as Promise<Reply>
}

/** The number of the round that the demo leaves open, behind those that were settled. */
export async function openRound(page: Page): Promise<number> {
  const rounds = await get<Endpoints['GET /rounds']['reply']>(page, '/rounds')
  return rounds.find(round => round.status === 'open')!.id
}

/** Asks the API to do something as the person of this page; throws what it refused. */
export async function send<Reply>(
  page: Page,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  version?: number,
): Promise<Reply> {
  return page.evaluate(
    async asked => {
      const answer = await fetch(`/api${asked.path}`, {
        method: asked.method,
        headers: {
          accept: 'application/json',
          'idempotency-key': crypto.randomUUID(),
          ...(asked.body !== undefined && { 'content-type': 'application/json' }),
          ...(asked.version !== undefined && { 'if-match': `"v${asked.version}"` }),
        },
        body: asked.body === undefined ? undefined : JSON.stringify(asked.body),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${asked.method} ${asked.path} answered ${answer.status}: ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
    { method, path, body, version },
  ) as Promise<Reply>
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Every barrier that axe finds on the page as it is now. */
export async function flaws(page: Page): Promise<string[]> {
  // Behind a dialog the heading is hidden, but it is there as soon as the page is.
  await page.locator('h1').first().waitFor({ state: 'attached' })
  return violations(page, { type: 'tag', values: RULES })
}

/** What axe finds when the page that is open turns dark: only colours differ, so only they are judged again. */
export async function flawsInTheDark(page: Page): Promise<string[]> {
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'))
  const found = await violations(page, { type: 'rule', values: ['color-contrast'] })
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'))
  return found
}

/**
 * What axe finds wrong. It is put into a page once, and only its complaints leave the page: its report of everything
 * that is well costs more than the looking.
 */
async function violations(page: Page, runOnly: axe.RunOnly): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  return page.evaluate(
    async options => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options)
      return violations.map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.target.join(' ')).join(' | ')}`,
      )
    },
    { runOnly, resultTypes: ['violations'] as axe.resultGroups[] },
  )
}
