import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveWeb } from '../../../server/http/web.ts'

let app: FastifyInstance
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'instroom-web-'))
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Instroom</title>')
  app = fastify()
  await serveWeb(app, directory)
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await rm(directory, { recursive: true })
})

const ask = (method: string, path: string) => {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return fetch(`http://127.0.0.1:${address.port}${path}`, { method })
}

test.each(['/', '/rondes/7', '/uitnodiging/x'])(
  'HEAD %s answers as GET does, without the page',
  async path => {
    const page = await ask('GET', path)
    const head = await ask('HEAD', path)
    expect([head.status, head.headers.get('content-type'), head.headers.get('cache-control')]).toEqual([
      200,
      page.headers.get('content-type'),
      page.headers.get('cache-control'),
    ])
    expect(await page.text()).toContain('<title>Instroom</title>')
    expect(await head.text()).toBe('')
  },
)

test.each([
  ['GET', '/api/nothing'],
  ['HEAD', '/api/nothing'],
  ['GET', '/assets/nothing.js'],
  ['POST', '/'],
])('%s %s is no page', async (method, path) => {
  expect((await ask(method, path)).status).not.toBe(200)
})
