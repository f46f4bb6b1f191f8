import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, startProcess } from '../support/processes.ts'

test('a directory that a server holds is refused to everybody else, who hears what to do', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'instroom-held-'))
  const data = join(directory, 'data')
  const server = await startProcess(data)
  try {
    const tries: [string, string[]][] = [
      ['a second server', ['start']],
      ['verify', ['verify', '--database', data]],
      ['backup', ['backup', join(directory, 'copy'), '--database', data]],
      ['export', ['export', 'cases', '--database', data]],
      ['migrate', ['migrate', '--database', data]],
    ]
    for (const [who, args] of tries) {
      const began = performance.now()
      const { code, said } = await command(args, { DATA_DIR: data, PORT: '0', PUBLIC_URL: '' })
      const seconds = (performance.now() - began) / 1000
      expect(code, who).toBe(1)
      expect(said, who).toContain(`in use by process ${server.pid}`)
      expect(said, who).toContain('stop that one first')
      expect(said, who).not.toMatch(/\bat .+\.js:\d/)
      // Under two on an idle machine; nothing is opened before the lock.
      expect(seconds, who).toBeLessThan(10)
      console.log(`${who}: refused in ${seconds.toFixed(1)} s.`)
    }
    expect(existsSync(join(directory, 'copy'))).toBe(false)
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200)
    // However it ends, the next one gets in.
    await server.end('SIGKILL')
    const next = await command(['verify', '--database', data])
    expect(next.said).not.toContain('FAULT')
    expect(next.code).toBe(0)
  } finally {
    await server.end('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
}, 120_000)
