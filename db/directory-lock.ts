import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Who holds a directory: enough to see later whether that process still lives. */
interface Holder {
  pid: number
  host: string
  boot: string
  /** The pid namespace: a process of another container cannot be seen from here. */
  namespace: string
  /** Clock ticks between boot and the start of the process: a pid that is used again has another start. */
  started: string
}

const LOCK_FILE = 'instroom.lock'

/**
 * Takes a database directory for this process alone. Two processes on one embedded database lose committed rows without
 * any error, so the second is refused, with the process that holds it named.
 *
 * On Linux the kernel holds the lock (an abstract socket, gone with the process however it ends). The lock file beside it
 * is for containers that share a volume, which do not see each other's sockets. No heartbeat: the embedded database can
 * block the event loop longer than any sensible interval, and a lock that lapses in life corrupts.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const real = realpathSync(directory)
  const file = join(real, LOCK_FILE)
  const socket = await listenOn(real).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw inUse(real, holderIn(file))
    throw error
  })
  try {
    writeLockFile(real, file)
  } catch (error) {
    socket?.close()
    throw error
  }
  return async () => {
    rmSync(file, { force: true })
    if (socket) await new Promise(resolve => socket.close(resolve))
  }
}

function listenOn(real: string): Promise<Server | null> {
  if (process.platform !== 'linux') return Promise.resolve(null)
  const name = `\0instroom-${createHash('sha256').update(real).digest('hex')}`
  return new Promise((resolve, reject) => {
    const server = createServer(connection => connection.destroy())
    server.once('error', reject)
    server.listen(name, () => {
      server.unref()
      resolve(server)
    })
  })
}

function writeLockFile(real: string, file: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      const descriptor = openSync(file, 'wx', 0o600)
      writeSync(descriptor, JSON.stringify(ourselves()))
      closeSync(descriptor)
      return
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!exists || attempt === 3) throw error
      const holder = holderIn(file)
      if (holder && mayLive(holder)) throw inUse(real, holder)
      rmSync(file, { force: true })
    }
  }
}

function inUse(directory: string, holder: Holder | null): Error {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
  return new Error(
    `${directory} is in use by ${who}. The embedded database serves one process at a time: stop that one first, ` +
      `or use PostgreSQL (DATABASE_URL). If you are certain that it no longer runs, remove ${join(directory, LOCK_FILE)}.`,
  )
}

function ourselves(): Holder {
  return {
    pid: process.pid,
    host: hostname(),
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    namespace: pidNamespace(),
    started: startOf(process.pid),
  }
}

function holderIn(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return null
  }
}

/** False only when the holder is certainly gone. */
function mayLive(holder: Holder): boolean {
  const here = ourselves()
  if (holder.host === here.host && holder.boot !== here.boot) return false
  if (holder.namespace !== here.namespace || holder.host !== here.host) {
    // The same host name with another pid namespace is this container after a restart: its processes are gone.
    return holder.host !== here.host
  }
  if (holder.pid === process.pid && holder.started === here.started) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return holder.started === startOf(holder.pid)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function startOf(pid: number): string {
  // The name of the program, in brackets, may hold spaces: count from after it. Field 22 of the whole line.
  const afterName = textOf(`/proc/${pid}/stat`).split(') ').at(-1) ?? ''
  return afterName.split(' ')[19] ?? ''
}
