import { spawnSync } from 'node:child_process'
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
      const { code, said } = await command(args, { DATA_DIR: data, PORT: '0', PUBLIC_URL: '' })
      expect(code, who).toBe(1)
      expect(said, who).toContain(`in use by process ${server.pid}`)
      expect(said, who).toContain('stop that one first')
      expect(said, who).not.toMatch(/\bat .+\.js:\d/)
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
})

/** The command line in a container of its own in every way but the directory: no process, socket or network of ours is seen. */
const APART = ['--pid', '--net', '--ipc', '--uts', '--mount-proc', '--fork']
const mayUnshare = spawnSync('unshare', [...APART, 'true']).status === 0
if (!mayUnshare)
  console.log('Skipped: the lock from another container; unshare is missing or not allowed here.')

test.skipIf(!mayUnshare)(
  'a process of another container with the same host name is refused too',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'instroom-apart-'))
    const data = join(directory, 'data')
    const server = await startProcess(data)
    try {
      const { code, said } = await command(['verify', '--database', data], {}, ['unshare', ...APART])
      expect(said).toContain(`in use by process ${server.pid}`)
      expect(code).toBe(1)
      expect((await fetch(`${server.address}/readyz`)).status).toBe(200)
      // It took nothing away: the next one is refused as well.
      expect((await command(['verify', '--database', data])).code).toBe(1)
    } finally {
      await server.end('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    }
  },
  120_000,
)
