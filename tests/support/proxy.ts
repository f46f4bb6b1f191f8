import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What stands between a server and PostgreSQL in a network that is not ours. */
export interface Proxy {
  /** The address of the database, through the proxy. */
  url: string
  /** Passes on nothing any more and says nothing about it, as a firewall that forgot the connection; or everything again. */
  setHole(hole: boolean): void
  close(): Promise<void>
}

const NOTIFICATION = 'A'.charCodeAt(0)

/** A proxy before PostgreSQL. With `deaf` it never passes on a notification, as a pooler in transaction mode. */
export async function startProxy(databaseUrl: string, { deaf = false } = {}): Promise<Proxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let hole = false
  const server = createServer(client => {
    const database = connect(Number(target.port || 5432), target.hostname)
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        database.destroy()
      })
    }
    client.on('data', chunk => {
      if (!hole) database.write(chunk)
    })
    const pass = deaf ? withoutNotifications() : (chunk: Buffer) => chunk
    database.on('data', chunk => {
      const passed = pass(chunk)
      if (!hole) client.write(passed)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    setHole(wanted) {
      hole = wanted
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Whole messages of PostgreSQL (a letter, a length, a body) but the notifications. */
function withoutNotifications(): (chunk: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    const passed: Buffer[] = []
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const message = rest.subarray(0, 1 + rest.readUInt32BE(1))
      if (message[0] !== NOTIFICATION) passed.push(message)
      rest = rest.subarray(message.length)
    }
    return Buffer.concat(passed)
  }
}
