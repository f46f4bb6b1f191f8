import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PATIENCE } from './patience.ts'

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

export interface RunningServer {
  address: string
  /** Everything the process said on its way up. */
  greeting: string
  stop(): Promise<void>
}

/** The built server as people start it, in a process and a data directory of its own. Needs `npm run build`. */
export async function startServer(options: { demo: boolean }): Promise<RunningServer> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there. Run npm run build first; npm test does.`)
  const directory = mkdtempSync(join(tmpdir(), 'instroom-e2e-'))
  if (options.demo) cpSync(await filledDemo(), join(directory, 'data'), { recursive: true })
  return startIn(directory, options)
}

/** The data of the demo as it is made today, filled once for all who ask: each gets a copy. */
async function filledDemo(): Promise<string> {
  const built = join(MAIN, '..')
  const hash = createHash('sha256').update(new Date().toDateString())
  for (const name of readdirSync(built).sort()) {
    if (name.endsWith('.js')) hash.update(readFileSync(join(built, name)))
  }
  const home = join(tmpdir(), 'instroom-tests')
  const filled = join(home, `demo-${hash.digest('hex').slice(0, 16)}`)
  mkdirSync(home, { recursive: true })
  for (const last = Date.now() + PATIENCE; !existsSync(filled); await pause(100)) {
    try {
      mkdirSync(`${filled}.busy`)
    } catch {
      if (Date.now() < last) continue
      // Whoever was filling it is gone.
      rmSync(`${filled}.busy`, { recursive: true, force: true })
      continue
    }
    const directory = mkdtempSync(join(tmpdir(), 'instroom-demo-'))
    const { stop } = await startIn(directory, { demo: true }, false)
    await stop()
    for (const name of readdirSync(home)) {
      if (name.startsWith('demo-') && !name.endsWith('.busy'))
        rmSync(join(home, name), { recursive: true, force: true })
    }
    renameSync(join(directory, 'data'), filled)
    rmSync(directory, { recursive: true, force: true })
    rmSync(`${filled}.busy`, { recursive: true, force: true })
  }
  return filled
}

async function startIn(
  directory: string,
  { demo }: { demo: boolean },
  removes = true,
): Promise<RunningServer> {
  const child = spawn(process.execPath, [MAIN, ...(demo ? ['--demo'] : [])], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: '',
      DATA_DIR: join(directory, 'data'),
      PORT: '0',
      PUBLIC_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const greeting = await greetingOf(child)
  const address = greeting.match(/Instroom is at (\S+)/)![1]!.replace(/\/$/, '')
  return {
    address,
    greeting,
    async stop() {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      if (removes) rmSync(directory, { recursive: true, force: true })
    },
  }
}

function greetingOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (/^Database: .*$/m.test(said)) resolve(said)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.once('exit', code =>
      reject(new Error(`The server ended with ${code} before it was ready:\n${said}`)),
    )
  })
}
