import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

export interface ReceivedMail {
  from: string
  to: string[]
  /** Headers and text as they came. */
  data: string
}

export interface MailServer {
  port: number
  received: ReceivedMail[]
  /** Recipients that it refuses, for as long as they are in here. */
  refuses: Set<string>
  close(): Promise<void>
}

/** A mail server that speaks enough SMTP (RFC 5321) to receive mail, and to refuse it. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const refuses = new Set<string>()
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let mail: ReceivedMail = { from: '', to: [], data: '' }
    let inData = false
    let rest = ''
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test.example ESMTP')
    socket.on('data', chunk => {
      rest += chunk.toString('utf8')
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (inData) {
          if (line === '.') {
            inData = false
            received.push(mail)
            mail = { from: '', to: [], data: '' }
            say('250 taken')
          } else mail.data += `${line}\n`
          continue
        }
        const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
        const verb = line.slice(0, 4).toUpperCase()
        if (verb === 'EHLO' || verb === 'HELO') say('250 test.example')
        else if (verb === 'MAIL') {
          mail.from = address
          say('250 ok')
        } else if (verb === 'RCPT') {
          if (refuses.has(address)) say('550 no such user here')
          else {
            mail.to.push(address)
            say('250 ok')
          }
        } else if (verb === 'DATA') {
          inData = true
          say('354 go on')
        } else if (verb === 'QUIT') {
          say('221 bye')
          socket.end()
        } else if (verb === 'RSET') say('250 ok')
        else say('502 not here')
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received,
    refuses,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
