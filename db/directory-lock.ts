import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, readdirSync, realpathSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Who holds a directory, as its socket tells it. */
interface Holder {
  pid: number
  host: string
  /** False while it still looks whether somebody else is there. */
  holds: boolean
}

const OURS = /^instroom-[0-9a-f-]{36}\.sock$/
/** What a directory may hold of us without being a database: sockets, and what an older version left. */
export const LOCK_FILES = /^instroom(-[0-9a-f-]{36}\.(sock|new)|\.lock)$/
/** Bytes of a socket's path that every platform takes, its end included. */
const MAX_SOCKET_PATH = 103
const ANSWER_MS = 500
const TRIES = 8

/**
 * File systems that other machines may have mounted too: a socket says nothing about those. By the magic numbers of
 * statfs: NFS, SMB (three), CIFS, Ceph, AFS (two), Lustre, GPFS, Coda, NCP.
 */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
])

/**
 * Takes a database directory for this process alone. Two processes on one embedded database lose committed rows without
 * any error, so the second is refused, with the process that holds it named.
 *
 * Everybody who wants the directory puts a listening Unix socket of their own in it, and only then looks whether another
 * one in it can be connected to. So of two who come at once at least one sees the other, whatever container, network or
 * user they run in: they need share nothing but the directory. The kernel closes a socket with its process, however that
 * ends, and a socket that nobody listens on is swept away. No heartbeat: the embedded database can block the event loop
 * longer than any sensible interval, and a lock that lapses in life corrupts; a blocked process can still be connected to.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const real = realpathSync(directory)
  if (process.platform === 'win32') return lockByPipe(real)
  refuseNetworkFiles(real)
  for (let attempt = 1; ; attempt++) {
    const own = await placeSocket(real)
    const other = await firstAlive(real, own.name)
    if (other === null) {
      own.hold()
      return own.remove
    }
    await own.remove()
    // Who only looks may be giving way at this moment, to us.
    if (other.holds || attempt === TRIES) throw inUse(real, other)
    await pause(20 + Math.random() * 100)
  }
}

interface OwnSocket {
  name: string
  hold(): void
  remove(): Promise<void>
}

/** A socket of ours, complete under its name: nobody finds it there before it listens. */
async function placeSocket(real: string): Promise<OwnSocket> {
  const id = randomUUID()
  const name = `instroom-${id}.sock`
  const holder: Holder = { pid: process.pid, host: hostname(), holds: false }
  const server = createServer(connection => {
    connection.on('error', () => {})
    connection.end(JSON.stringify(holder))
  })
  await withShortPath(real, `instroom-${id}.new`, path => listening(server, path))
  server.unref()
  renameSync(join(real, `instroom-${id}.new`), join(real, name))
  return {
    name,
    hold() {
      holder.holds = true
    },
    async remove() {
      rmSync(join(real, name), { force: true })
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** The first other process in the directory that lives. Sockets of processes that are gone are removed. */
async function firstAlive(real: string, own: string): Promise<Holder | null> {
  for (const name of readdirSync(real).sort()) {
    if (name === own || !OURS.test(name)) continue
    const found = await withShortPath(real, name, ask)
    if (found !== 'gone') return found
    rmSync(join(real, name), { force: true })
  }
  return null
}

/** Only a refused connection means that nobody is there; whoever cannot answer is there. */
function ask(path: string): Promise<Holder | 'gone'> {
  return new Promise(resolve => {
    const unknown: Holder = { pid: 0, host: '', holds: true }
    let said = ''
    const socket = createConnection(path)
    socket.setEncoding('utf8')
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy()
      resolve(unknown)
    })
    socket.on('data', text => {
      said += text
    })
    socket.on('end', () => resolve(holderIn(said) ?? unknown))
    socket.on('error', error => {
      const code = 'code' in error ? error.code : ''
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'gone' : unknown)
    })
  })
}

function holderIn(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return null
  }
}

/** Hands over a path of this file that is short enough for a socket, however deep the directory lies. */
async function withShortPath<Result>(
  real: string,
  name: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(real, name)
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return use(path)
  if (process.platform !== 'linux') {
    throw new Error(
      `The path ${real} is too long to lock: ${Buffer.byteLength(path)} bytes with the lock, ${MAX_SOCKET_PATH} fit. Choose a shorter one.`,
    )
  }
  const descriptor = openSync(real, 'r')
  try {
    return await use(`/proc/self/fd/${descriptor}/${name}`)
  } finally {
    closeSync(descriptor)
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}

function refuseNetworkFiles(real: string): void {
  const kind = NETWORK_FILE_SYSTEMS.get(statfsSync(real).type)
  if (kind === undefined) return
  throw new Error(
    `${real} lies on a network file system (${kind}). The embedded database needs a disk of this machine: other machines ` +
      'could open the same files at once and rows would be lost. Choose a local directory, or use PostgreSQL (DATABASE_URL).',
  )
}

/** Windows has no sockets in directories, but the kernel keeps a pipe by name for the whole machine. */
async function lockByPipe(real: string): Promise<() => Promise<void>> {
  const server = createServer(connection => connection.destroy())
  const name = createHash('sha256').update(real.toLowerCase()).digest('hex')
  try {
    await listening(server, `\\\\.\\pipe\\instroom-${name}`)
  } catch {
    throw inUse(real, null)
  }
  server.unref()
  return () => new Promise(resolve => server.close(() => resolve()))
}

function inUse(directory: string, holder: Holder | null): Error {
  const who = holder && holder.pid > 0 ? `process ${holder.pid} on ${holder.host}` : 'another process'
  return new Error(
    `${directory} is in use by ${who}. The embedded database serves one process at a time: stop that one first, ` +
      'or use PostgreSQL (DATABASE_URL).',
  )
}
