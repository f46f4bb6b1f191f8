import { createServer, request as forward, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { launchBrowser } from '../support/browser.ts'
import { get, openRound, send, signIn } from '../support/pages.ts'
import { type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
let browser: Browser
let front: Server
/** What the proxy in front answers by itself; null: it passes everything on. */
let away: number | null = null
const open = new Set<{ destroy(): void }>()

beforeAll(async () => {
  const made = await Promise.all([startServer({ demo: true }), launchBrowser()])
  ;[server, browser] = made
  // As a proxy before servers that start anew: while nobody is there, it answers 503.
  front = createServer((incoming, outgoing) => {
    if (away !== null) {
      outgoing.writeHead(away).end()
      return
    }
    const { pathname, search } = new URL(incoming.url ?? '/', server.address)
    const onward = forward(
      new URL(pathname + search, server.address),
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(server.address).host } },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    open.add(outgoing)
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => {
      open.delete(outgoing)
      onward.destroy()
    })
    incoming.pipe(onward)
  })
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser?.close()
  front?.closeAllConnections()
  await new Promise(resolve => front?.close(resolve))
  await server?.stop()
})

test('after an answer 503 on the stream an open page is live again by itself, and has what it missed', async () => {
  const address = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const page = await signIn(browser, address, 'intake')
  await page.goto(`${address}/rondes`)
  const cancelled = page.locator('td .tag', { hasText: 'geannuleerd' })
  const offline = page.getByText('Geen verbinding')
  await page.locator('td .tag', { hasText: 'open' }).first().waitFor()
  expect(await offline.count()).toBe(0)
  const before = await cancelled.count()

  away = 503
  for (const one of open) one.destroy()
  await offline.waitFor()
  const other = await signIn(browser, server.address, 'intake')
  const id = await openRound(other)
  const { version } = await get<Endpoints['GET /rounds/:id']['reply']>(other, `/rounds/${id}`)
  await send(other, 'POST', `/rounds/${id}/cancellation`, {}, version)
  expect(await cancelled.count()).toBe(before)
  away = null
  await offline.waitFor({ state: 'detached' })
  await cancelled.nth(before).waitFor()
})
