import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
  const child = spawn(process.execPath, [MAIN, ...(options.demo ? ['--demo'] : [])], {
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
      rmSync(directory, { recursive: true, force: true })
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
