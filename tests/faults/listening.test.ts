import { describe, expect, inject, test, vi } from 'vitest'
import { listenOnPostgres, requireHearing } from '../../db/listening.ts'
import { freshDatabase } from '../support/databases.ts'
import { untilSo } from '../support/patience.ts'
import { startProcess } from '../support/processes.ts'
import { startProxy } from '../support/proxy.ts'

/** A busy machine is not a fault. */

describe.skipIf(!inject('postgres'))('listening through a network that is not ours', () => {
  test('a connection that is dropped without a word is noticed and made anew', async () => {
    const open = await freshDatabase('PostgreSQL')
    const proxy = await startProxy(open.url)
    const heard: string[] = []
    const lost = vi.fn()
    const missed = vi.fn()
    const stop = await listenOnPostgres(proxy.url, 'proef', word => heard.push(word), { lost, missed })
    const say = (word: string) => open.pool.query('select pg_notify($1, $2)', ['proef', word])
    await say('een')
    await untilSo(() => expect(heard).toEqual(['een']))
    proxy.setHole(true)
    await untilSo(() => expect(lost).toHaveBeenCalledOnce())
    proxy.setHole(false)
    await untilSo(() => expect(missed).toHaveBeenCalledOnce())
    await say('twee')
    await untilSo(() => expect(heard).toEqual(['een', 'twee']))
    await stop()
    await proxy.close()
    await open.close()
  })

  test('behind a pooler that swallows notifications the start is refused, and says what to set', async () => {
    const open = await freshDatabase('PostgreSQL')
    const proxy = await startProxy(open.url, { deaf: true })
    await expect(requireHearing(proxy.url, proxy.url)).rejects.toThrow('DATABASE_LISTEN_URL')
    await expect(startProcess(proxy.url)).rejects.toThrow('DATABASE_LISTEN_URL')
    await expect(requireHearing(proxy.url, open.url)).resolves.toBeUndefined()
    const server = await startProcess(proxy.url, { DATABASE_LISTEN_URL: open.url })
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200)
    await server.end('SIGKILL')
    await proxy.close()
    await open.close()
  })
})

describe.skipIf(!inject('postgres'))('a server that is told to end', () => {
  test('says that it closes while it still serves, and then ends well', async () => {
    const open = await freshDatabase('PostgreSQL')
    const server = await startProcess(open.url, { DRAIN_SECONDS: '4' })
    const ended = server.end('SIGTERM')
    await untilSo(async () => {
      const ready = await fetch(`${server.address}/readyz`)
      expect(await ready.json()).toMatchObject({ faults: ['closing'] })
      expect(ready.status).toBe(503)
    })
    expect((await fetch(`${server.address}/api/session`)).status).toBe(200)
    expect(await ended).toBe(0)
    await open.close()
  })

  test('ends also when the database does not answer any more', async () => {
    const open = await freshDatabase('PostgreSQL')
    const proxy = await startProxy(open.url)
    const server = await startProcess(proxy.url, { DRAIN_SECONDS: '0' })
    proxy.setHole(true)
    const asked = fetch(`${server.address}/readyz`).catch(() => null)
    expect(await server.end('SIGTERM')).toBe(1)
    expect(server.said()).toContain('within ten seconds')
    await asked
    await proxy.close()
    await open.close()
  })
})
