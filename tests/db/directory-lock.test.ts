import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../db/database.ts'
import { lockDirectory } from '../../db/directory-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'instroom-lock-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('of many who come at once at most one holds the directory, and the next gets it when that one lets go', async () => {
  for (let round = 0; round < 5; round++) {
    const taken = await Promise.allSettled(Array.from({ length: 6 }, () => lockDirectory(directory)))
    const held = taken.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
    expect(held.length).toBeLessThanOrEqual(1)
    for (const unlock of held) await unlock()
    const unlock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.pid}`)
    await unlock()
  }
  expect(await readdir(directory)).toEqual([])
})

test('what a killed process left is swept away', async () => {
  // A socket whose file outlives it, as after SIGKILL: moved away, so that closing does not remove it.
  const socket = createServer()
  const place = join(directory, 'instroom-00000000-0000-4000-8000-000000000000.sock')
  await new Promise<void>(resolve => socket.listen(`${place}.before`, resolve))
  await rename(`${place}.before`, place)
  await expect(lockDirectory(directory)).rejects.toThrow('in use by another process')
  await new Promise(resolve => socket.close(resolve))
  expect(existsSync(place)).toBe(true)
  const unlock = await lockDirectory(directory)
  expect(existsSync(place)).toBe(false)
  await unlock()
})

test.runIf(process.platform === 'linux')('a directory may lie as deep as it likes', async () => {
  const deep = join(directory, ...Array.from({ length: 12 }, (_, index) => `een-lange-naam-${index}`))
  await mkdir(deep, { recursive: true })
  const unlock = await lockDirectory(deep)
  await expect(lockDirectory(deep)).rejects.toThrow(`in use by process ${process.pid}`)
  await unlock()
  expect(await readdir(deep)).toEqual([])
})

test('a directory with files but without a database is refused, and stays as it was', async () => {
  await writeFile(join(directory, 'vakantie.txt'), 'niet van ons')
  await expect(openDatabase(directory)).rejects.toThrow('holds files (vakantie.txt) but no database')
  expect(await readdir(directory)).toEqual(['vakantie.txt'])
})
