import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type OpenDatabase, openDatabase } from '../db/database.ts'
import { durabilityOf, refuseUnsafeServer } from '../db/durability.ts'
import { requireHearing } from '../db/listening.ts'
import { migrate } from '../db/migrate.ts'
import { invite } from './accounts/invitations.ts'
import { isEmpty } from './accounts/queries.ts'
import { buildApp } from './app.ts'
import { type Config, redacted } from './config/config.ts'
import { dayOf, nextMonday } from './contract/days.ts'
import { prepareDemo, runDemoRound } from './demo/demo.ts'
import { beginClosing } from './http/health.ts'

const LONGEST_GOODBYE_MS = 10_000
/** After the moment of draining; the rest is for giving back runs and closing the database. */
const LONGEST_REQUEST_MS = 5_000

/** Opens the database, brings it to head, and serves until a signal; prints where to go. */
export async function serve(config: Config): Promise<void> {
  const { databaseUrl, listenUrl } = config
  const open = await openDatabase(databaseUrl, { listenUrl })
  try {
    if (open.kind === 'postgres') await requireHearing(databaseUrl, listenUrl)
    await refuseUnsafeServer(open, config.production)
    await migrate(open)
    const now = new Date()
    const filled = config.demo && (await prepareDemo(open, dayOf(now)))
    const app = await buildApp({ open, config })
    await app.listen({ host: config.host, port: config.port })
    endOnSignal(app, open, config.drainSeconds * 1000)
    if (filled) await runDemoRound(app, open.db, config, now, nextMonday(dayOf(now)))
    await greet(app, open, config)
  } catch (error) {
    await open.close()
    throw error
  }
}

async function greet(app: FastifyInstance, open: OpenDatabase, config: Config): Promise<void> {
  const { port } = app.server.address() as AddressInfo
  // Port 0 asks the system for a free one: then the address is known only now.
  const address = new URL(config.publicUrl)
  if (config.port === 0 && address.port === '0') address.port = String(port)
  const lines = [`Instroom is at ${address.href}`]
  if (config.demo) lines.push(...(await demoAccounts(open)))
  else if (await isEmpty(open.db)) {
    const { link } = await invite(open.db, null, { ...config, publicUrl: address }, new Date())
    lines.push(
      '',
      'Nobody has an account yet. Open this link once to become the first administrator (24 hours):',
      link,
    )
  }
  const durability = await durabilityOf(open)
  lines.push('', `Database: ${redacted(config.databaseUrl)} (${durability}).`)
  if (durability === 'process-crash-only') {
    lines.push('A power cut can lose confirmed decisions here; see docs/operators.md.')
  }
  console.log(lines.join('\n'))
}

async function demoAccounts(open: OpenDatabase): Promise<string[]> {
  const accounts = await open.db
    .selectFrom('userAccount as u')
    .innerJoin('userRole as r', 'r.userId', 'u.id')
    .leftJoin('team as t', 't.id', 'r.teamId')
    .select(['u.id', 'u.name', 'r.role', 't.name as team'])
    .orderBy('u.id')
    .orderBy('t.name')
    .execute()
  const names = new Map(accounts.map(({ id, name }) => [id, name]))
  return [
    '',
    'The demo asks for no password: pick a role on the first page.',
    ...[...names].map(([id, name]) => {
      const grants = accounts.filter(account => account.id === id)
      const teams = grants.map(grant => grant.team).filter(team => team !== null)
      const roles = [...new Set(grants.map(grant => grant.role))].join(', ')
      return `  ${name}: ${roles}${teams.length > 0 ? ` (${teams.join(', ')})` : ''}`
    }),
  ]
}

/**
 * SIGTERM and SIGINT: say at `/readyz` that no more should come and serve for a moment what still comes, then take nothing
 * new, finish what runs, close the database, and end well. After ten seconds it ends whatever hangs: what was not
 * committed is then undone by the database, as after a crash.
 */
function endOnSignal(app: FastifyInstance, open: OpenDatabase, drainMs: number): void {
  let ending = false
  const end = async () => {
    if (ending) process.exit(1)
    ending = true
    setTimeout(() => {
      console.error('Not everything could be finished within ten seconds; ending now.')
      process.exit(1)
    }, LONGEST_GOODBYE_MS)
    beginClosing(app)
    await pause(drainMs)
    setTimeout(() => app.server.closeAllConnections(), LONGEST_REQUEST_MS)
    await app.close()
    await open.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      end().catch((error: unknown) => {
        console.error(error)
        process.exit(1)
      })
    })
  }
}
