import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Answer } from './app.ts'
import { PATIENCE } from './patience.ts'

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url))

/** The built server in a process of its own, to be ended in every way there is. */
export interface ServerProcess {
  address: string
  pid: number
  /** Everything it said so far, on both outputs. */
  said(): string
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

/** Starts the built server on a database and waits until it answers. Throws with what it said when it ends before. */
export async function startProcess(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const { child, said, ended } = launch(MAIN, [], {
    DATABASE_URL: databaseUrl,
    PORT: '0',
    PUBLIC_URL: '',
    // Tests ask faster than people.
    RATE_LIMIT_SESSION: '1000000',
    RATE_LIMIT_ADDRESS: '1000000',
    ...environment,
  })
  const ready = new Promise<void>(resolve => {
    child.stdout!.on('data', () => {
      if (/^Database: .*$/m.test(said())) resolve()
    })
  })
  const early = await Promise.race([ready, ended])
  if (early !== undefined) throw new Error(`The server ended with ${early}:\n${said()}`)
  return {
    address: /Instroom is at (\S+?)\/?\s/.exec(said())![1]!,
    pid: child.pid!,
    said,
    ended,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs one command of the built command line to its end, under another program (`within`) where it is given. */
export async function command(
  args: readonly string[],
  environment: Record<string, string> = {},
  within: readonly string[] = [],
): Promise<{ code: number | NodeJS.Signals; said: string }> {
  const { said, ended } = launch(CLI, args, { DATABASE_URL: '', ...environment }, within)
  return { code: await ended, said: said() }
}

function launch(
  file: string,
  args: readonly string[],
  environment: Record<string, string>,
  within: readonly string[] = [],
) {
  if (!existsSync(file)) throw new Error(`${file} is not there. Run npm run build first; npm test does.`)
  const [program, ...rest] = [...within, process.execPath, file, ...args]
  const child: ChildProcess = spawn(program!, rest, {
    env: { ...process.env, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const output of [child.stdout!, child.stderr!]) {
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  const ended = new Promise<number | NodeJS.Signals>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))
  })
  // Nothing that a test starts outlives it.
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  void ended.then(() => process.off('exit', endWithUs))
  return { child, said: () => text, ended }
}

export interface Request {
  method?: string
  body?: unknown
  version?: number
  key?: string | null
  headers?: Record<string, string>
}

/** One request over the network, as a program makes it. Throws when the connection breaks. */
export async function request<Body = Record<string, unknown>>(
  address: string,
  cookie: string,
  path: string,
  { method = 'GET', body, version, key, headers }: Request = {},
): Promise<Answer<Body>> {
  const sentKey = key === undefined && method === 'POST' ? randomUUID() : key
  const answer = await fetch(`${address}/api${path}`, {
    method,
    headers: {
      cookie,
      'sec-fetch-site': 'same-origin',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"v${version}"` }),
      ...(sentKey && { 'idempotency-key': sentKey }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    text,
    body: (isJson ? JSON.parse(text) : text) as Body,
  }
}

/** Asks until the answer is as wanted. */
export async function until<Found>(
  look: () => Promise<Found | null | undefined | false>,
  what: string,
): Promise<Found> {
  const last = Date.now() + PATIENCE
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > last) throw new Error(`It never came: ${what}`)
    await pause(25)
  }
}

/** The live stream of somebody, as text that grows. */
export async function hear(address: string, cookie: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${address}/api/stream`, { headers: { cookie, ...headers } })
  const heard = { status: answer.status, text: '', ended: false, stop: () => answer.body?.cancel() }
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk, { stream: true })
  }
  void read()
    .catch(() => {})
    .finally(() => {
      heard.ended = true
    })
  return heard
}
