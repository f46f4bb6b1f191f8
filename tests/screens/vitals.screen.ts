/**
 * How the screens feel: the built server on the embedded database with a round of 40 cases and 60 workers and with an
 * intake of 900 cases, measured by the browser itself. Prints the tables of docs/performance.md. `npm run vitals`.
 */
import { loadavg } from 'node:os'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { get, newPage, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { bundle, isCharts } from './bundle.ts'
import { growIntake, growWorkers, makeRound } from './large.ts'
import { type InteractionVitals, loadVitals, measure, watchVitals } from './vitals-page.ts'

const CASES = 40
const WORKERS = 60
const INTAKE = 900
/** Each interaction this often; the table has the middle and the worst. */
const TIMES = Number(process.env.TIMES ?? 7)
/** What a first load of the heaviest page may weigh, as it travels, without charts. */
const MAX_BYTES = 250_000
/** A good INP by the definition of Core Web Vitals. */
const MAX_MS = 200

let server: RunningServer
let browser: Browser
let page: Page
let round: Awaited<ReturnType<typeof makeRound>>

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ demo: true }), launchBrowser()])
  const [admin, intake] = await Promise.all([
    signIn(browser, server.address, 'admin'),
    signIn(browser, server.address, 'intakeOfAll'),
  ])
  const { today } = await get<Endpoints['GET /session']['reply']>(intake, '/session')
  await growWorkers(admin, intake, WORKERS)
  const added = await growIntake(intake, INTAKE, today)
  round = await makeRound(intake, added.slice(0, CASES), today)
  await admin.context().close()
  page = intake
  await watchVitals(page)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const middle = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
const ms = (value: number) => `${Math.round(value)} ms`

interface Interaction {
  name: string
  /** Does it; `turn` counts up, so that no two in a row are the same. */
  act: (
    turn: number,
  ) => Promise<{ shown: (about: string) => boolean; about?: string; do: () => Promise<void> }>
}

async function table(interactions: readonly Interaction[]): Promise<string[]> {
  const lines = [
    '| Interaction | to next paint, middle | worst | until shown, middle | worst | processor of the page |',
    '|---|---|---|---|---|---|',
  ]
  const slow: string[] = []
  for (const { name, act } of interactions) {
    const results: InteractionVitals[] = []
    for (let turn = 0; turn < TIMES; turn++) {
      const one = await act(turn)
      results.push(await measure(page, one.do, one.shown, one.about))
    }
    const paints = results.map(one => one.toPaint)
    const shown = results.map(one => one.toShown)
    const paint = (value: number) => (value === 0 ? '< 16 ms' : ms(value))
    lines.push(
      `| ${name} | ${paint(middle(paints))} | ${paint(Math.max(...paints))} | ${ms(middle(shown))} | ${ms(Math.max(...shown))} | ${ms(middle(results.map(one => one.processor)))} |`,
    )
    if (middle(paints) > MAX_MS) slow.push(`${name}: ${ms(middle(paints))}`)
  }
  console.log(`\nLoad average ${loadavg()[0]!.toFixed(1)}\n\n${lines.join('\n')}\n`)
  return slow
}

test('what the browser has to fetch', async () => {
  const parts = bundle()
  const weigh = async (path: string, who: Page) => {
    const names = new Set<string>()
    who.on('request', request => {
      const name = new URL(request.url()).pathname.match(/^\/assets\/(.+\.(?:js|css))$/)?.[1]
      if (name) names.add(name)
    })
    await who.goto(server.address + path)
    await who.locator('h1').waitFor()
    await who.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
    await who.waitForLoadState('networkidle')
    const of = parts.filter(part => names.has(part.name))
    const sum = (some: typeof of) => some.reduce((total, part) => total + part.gzip, 0)
    return { all: sum(of), withoutCharts: sum(of.filter(part => !isCharts(part.name))) }
  }
  const lines = ['| First load of | without charts, gzip | with charts |', '|---|---|---|']
  const heaviest: number[] = []
  const stranger = await newPage(browser)
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`
  for (const [name, path] of [
    ['the page to sign in', '/aanmelden'],
    ['the review room', `/rondes/${round.id}`],
    ['Instroom', '/instroom'],
  ] as const) {
    const person = path === '/aanmelden' ? stranger : await signIn(browser, server.address, 'intakeOfAll')
    const fresh = path === '/aanmelden' ? person : await person.context().newPage()
    const weight = await weigh(path, fresh)
    heaviest.push(weight.withoutCharts)
    lines.push(`| ${name} | ${kb(weight.withoutCharts)} | ${kb(weight.all)} |`)
    await person.context().close()
  }
  console.log(`\n${lines.join('\n')}\n\n| Largest parts | gzip |\n|---|---|`)
  for (const part of parts.slice(0, 8))
    console.log(`| ${part.name.replace(/-[^-.]+(\.\w+)$/, '$1')} | ${kb(part.gzip)} |`)
  expect(Math.max(...heaviest)).toBeLessThan(MAX_BYTES)
})

test('how pages come on screen', async () => {
  const lines = ['| Page | largest paint, middle | worst | layout shift, worst |', '|---|---|---|---|']
  const shifts: number[] = []
  for (const [name, path, ready] of [
    [`Review room, ${round.cases} cases, ${round.workers} workers`, `/rondes/${round.id}`, '.panel table'],
    ['the same as a board', `/rondes/${round.id}?weergave=bord`, '[data-card]'],
    ['the same as a grid', `/rondes/${round.id}?weergave=raster`, '[role=gridcell]'],
    [`Instroom, ${INTAKE} cases`, '/instroom', 'tbody tr'],
  ] as const) {
    const paints: number[] = []
    const shift: number[] = []
    for (let turn = 0; turn < TIMES; turn++) {
      await page.goto(server.address + path)
      await page.locator(ready).first().waitFor()
      await page.waitForLoadState('networkidle')
      const vitals = await loadVitals(page)
      paints.push(vitals.largestPaint)
      shift.push(vitals.shift)
    }
    shifts.push(...shift)
    lines.push(
      `| ${name} | ${ms(middle(paints))} | ${ms(Math.max(...paints))} | ${Math.max(...shift).toFixed(3)} |`,
    )
  }
  console.log(`\nLoad average ${loadavg()[0]!.toFixed(1)}\n\n${lines.join('\n')}\n`)
  expect(Math.max(...shifts)).toBeLessThan(0.1)
})

test('how the review room answers', async () => {
  await page.goto(`${server.address}/rondes/${round.id}`)
  await page.locator('.panel table').first().waitFor()
  await page.waitForLoadState('networkidle')
  const numbers = await page
    .locator('a[data-case]')
    .evaluateAll(all => all.map(one => (one as HTMLElement).dataset.case!))
  /** The panel tells of this case, its reasons included. */
  const panelOf = (about: string) =>
    document.getElementById('panel-title')?.textContent?.includes(about) === true &&
    document.querySelector('.panel [role=tabpanel][data-state=active] table') !== null
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const caseAt = (turn: number) => numbers[(turn * 5 + 3) % numbers.length]!

  const slow = await table([
    {
      name: 'open a case',
      act: async turn => {
        const row = page
          .locator('tr', { has: page.locator(`a[data-case="${caseAt(turn)}"]`) })
          .locator('td:visible')
          .first()
        await row.scrollIntoViewIfNeeded()
        return { do: () => row.click(), shown: panelOf, about: caseAt(turn) }
      },
    },
    {
      name: 'next case (J)',
      act: async turn => {
        if (turn === 0) {
          await page.locator('a[data-case]').first().click()
          await page.waitForFunction(panelOf, numbers[0]!)
        }
        return { do: () => page.keyboard.press('j'), shown: panelOf, about: numbers[turn + 1] }
      },
    },
    {
      name: 'effect of an alternative',
      act: async turn => {
        if (turn === 0) {
          await page.goto(`${server.address}/rondes/${round.id}?tab=alternatives&zaak=${numbers[2]}`)
          await page.locator('tr.person').first().waitFor()
          await page.waitForLoadState('networkidle')
        }
        const tick = page
          .locator('tr.person:not(.current)')
          .nth(turn % 3)
          .getByRole('checkbox')
        await page.locator('#panel-title').focus()
        return {
          // The preview follows the focus; a tick sets it.
          do: () => tick.click(),
          shown: () =>
            document.querySelector(
              'tr.person:focus-within input:checked, tr.person:focus-within input:not(:checked)',
            ) !== null,
        }
      },
    },
    {
      name: 'to the board',
      act: async () => {
        await button('Lijst').click()
        await page.locator('a[data-case]').first().waitFor()
        return {
          do: () => button('Bord').click(),
          shown: () => document.querySelector('[data-card]') !== null,
        }
      },
    },
    {
      name: 'to the grid',
      act: async () => {
        await button('Lijst').click()
        await page.locator('a[data-case]').first().waitFor()
        return {
          do: () => button('Raster').click(),
          shown: () => document.querySelector('[role=gridcell]') !== null,
        }
      },
    },
    {
      name: 'an arrow in the grid',
      act: async turn => {
        if (turn === 0) await page.locator('[role=gridcell]').first().click()
        const before = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.column ?? '')
        return {
          do: () => page.keyboard.press('ArrowRight'),
          shown: about => (document.activeElement as HTMLElement).dataset.column !== about,
          about: before,
        }
      },
    },
    {
      name: 'back to the list',
      act: async () => {
        await button('Raster').click()
        await page.locator('[role=gridcell]').first().waitFor()
        return {
          do: () => button('Lijst').click(),
          shown: () => document.querySelector('a[data-case]') !== null,
        }
      },
    },
    {
      name: 'search, one letter',
      act: async turn => {
        const field = page.locator('#lines-search')
        if (turn === 0) await field.fill('')
        await field.focus()
        const text = await field.inputValue()
        if (text.length > 4) await field.fill('')
        const next = 'van G'[(await field.inputValue()).length]!
        return { do: () => page.keyboard.press(next === ' ' ? 'Space' : next), shown: () => true }
      },
    },
    {
      name: 'filter',
      act: async turn => {
        if (turn === 0) await page.locator('#lines-search').fill('')
        const to = turn % 2 ? 'all' : 'urgent'
        await page.locator('#lines-filter').focus()
        return {
          do: async () => {
            await page.keyboard.press(to === 'urgent' ? 'S' : 'A')
            await page.locator('#lines-filter').selectOption(to)
          },
          shown: about =>
            new URL(location.href).searchParams.get('toon') === (about === 'all' ? null : about),
          about: to,
        }
      },
    },
  ])
  expect(slow).toEqual([])
})

test('how the list of 900 cases answers', async () => {
  await page.goto(`${server.address}/instroom`)
  await expect.poll(() => page.locator('tbody tr').count(), { timeout: 30_000 }).toBe(INTAKE)
  const search = page.locator('#filter-search')
  const word = 'GR-0123'
  const slow = await table([
    {
      name: 'search, one letter',
      act: async turn => {
        if (turn % word.length === 0) await search.fill('')
        await search.focus()
        return { do: () => page.keyboard.press(word[turn % word.length]!), shown: () => true }
      },
    },
    {
      name: 'clear the search',
      act: async () => {
        await search.fill('GR-0123')
        await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
        await search.focus()
        await search.selectText()
        return {
          do: () => page.keyboard.press('Delete'),
          shown: () => document.querySelectorAll('tbody tr').length > 10,
        }
      },
    },
    {
      name: 'sort by a column',
      act: async turn => {
        const column = page.getByRole('button', { name: /^(Zaak|Uren)/ }).nth(turn % 2)
        const before = await page.locator('tbody tr').first().innerText()
        return {
          do: () => column.click(),
          shown: about => document.querySelector<HTMLElement>('tbody tr')?.innerText !== about,
          about: before,
        }
      },
    },
    {
      name: 'tick a row',
      act: async turn => {
        const tick = page.locator('tbody input[type=checkbox]').nth(turn)
        return {
          do: () => tick.click(),
          shown: about => document.querySelectorAll('tbody input:checked').length === Number(about),
          about: String(turn + 1),
        }
      },
    },
    {
      name: 'tick all rows',
      act: async turn => {
        const tick = page.locator('thead input[type=checkbox]')
        return {
          do: () => tick.click(),
          shown: about =>
            document.querySelector<HTMLInputElement>('tbody input')?.checked === (about === 'on'),
          about: turn % 2 ? 'off' : 'on',
        }
      },
    },
    {
      name: 'open a case beside the list',
      act: async turn => {
        const link = page.locator('tbody th a').nth(turn + 1)
        return {
          do: () => link.click(),
          shown: about => document.querySelector(`[aria-current=true][id="row-${about}"]`) !== null,
          about: await link.innerText(),
        }
      },
    },
  ])
  expect(slow).toEqual([])
})
