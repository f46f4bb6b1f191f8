import { accessSync } from 'node:fs'
import { isIP } from 'node:net'
import { isPostgres } from '../../db/database.ts'
import { isLoopback } from './own-machine.ts'

export interface Config {
  /** `postgres://…`, `memory://`, or a directory for the embedded database. */
  databaseUrl: string
  /** Where PostgreSQL is listened to; the same unless a pooler stands between. */
  listenUrl: string
  /** How long it serves on after it was told to end, so that a load balancer sees it leave. */
  drainSeconds: number
  host: string
  port: number
  /** The address that people type; one-time links begin with it, and https makes the cookie secure. */
  publicUrl: URL
  demo: boolean
  production: boolean
  /** Proxies whose X-Forwarded-For is believed: exact addresses. */
  trustedProxies: string[]
  /** More than this is refused; of who is not signed in, per address. Counted by each process for itself. */
  requestsPerMinute: { session: number; address: number }
  logLevel: string
  /** The built web application; null when Vite serves it. */
  webDirectory: string | null
  /** The mail server; null: messages stay inside the application. */
  mail: MailConfig | null
}

export interface MailConfig {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  secure: boolean
  user: string | null
  password: string | null
  from: string
}

/** With the rest of a goodbye it has to fit in ten seconds. */
const MAX_DRAIN_SECONDS = 4
/** One page asks some tens of things when it opens. */
const MIN_RATE = 300
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * Reads the settings from the environment; `--demo` asks for the demo. Throws one error that names every bad value
 * and says what it should be.
 */
export function readConfig(environment: NodeJS.ProcessEnv, options: { demo: boolean; built: URL }): Config {
  const problems: string[] = []
  const text = (name: string, otherwise: string) => environment[name]?.trim() || otherwise

  const port = Number(text('PORT', '4310'))
  const portIsRight = Number.isInteger(port) && port >= 0 && port <= 65535
  if (!portIsRight) {
    problems.push(`PORT is "${environment.PORT}"; give a number from 1 to 65535, for instance 4310.`)
  }
  const host = text('HOST', '127.0.0.1')
  if (host !== 'localhost' && isIP(host) === 0) {
    problems.push(`HOST is "${host}"; give an IP address such as 127.0.0.1 or 0.0.0.0.`)
  }
  if (options.demo && !isLoopback(host)) {
    problems.push(`HOST is "${host}"; the demo lets everybody in, so it serves 127.0.0.1 only.`)
  }
  const everywhere = host === '0.0.0.0' || host === '::'
  if (everywhere && !environment.PUBLIC_URL?.trim()) {
    problems.push(
      `HOST is "${host}", which nobody can type; give PUBLIC_URL, the address that people do type.`,
    )
  }
  const publicText = text(
    'PUBLIC_URL',
    `http://${host.includes(':') ? `[${host}]` : host}:${portIsRight ? port : 4310}`,
  )
  const publicUrl = URL.canParse(publicText) ? new URL(publicText) : null
  if (!publicUrl || !/^https?:$/.test(publicUrl.protocol)) {
    problems.push(
      `PUBLIC_URL is "${publicText}"; give the address people type, for instance https://instroom.example.nl.`,
    )
  }
  const onThisMachine = publicUrl !== null && isLoopback(publicUrl.hostname.replace(/[[\]]/g, ''))
  if (options.demo && publicUrl && !onThisMachine) {
    problems.push(`PUBLIC_URL is "${publicText}"; the demo is for this machine only, so leave it empty.`)
  }
  const production = environment.NODE_ENV === 'production'
  if (production && publicUrl && publicUrl.protocol !== 'https:' && !onThisMachine) {
    problems.push(
      `PUBLIC_URL is "${publicText}"; in production sign-in needs https. Put a proxy with a certificate in front.`,
    )
  }
  const logLevel = text('LOG_LEVEL', production ? 'info' : 'warn')
  if (!LEVELS.includes(logLevel))
    problems.push(`LOG_LEVEL is "${logLevel}"; give one of ${LEVELS.join(', ')}.`)
  const trustedProxies = text('TRUSTED_PROXIES', '')
    .split(',')
    .map(address => address.trim())
    .filter(address => address !== '')
  for (const address of trustedProxies) {
    if (isIP(address) === 0)
      problems.push(`TRUSTED_PROXIES holds "${address}"; give IP addresses, separated by commas.`)
  }
  const requestsPerMinute = {
    session: readRate('RATE_LIMIT_SESSION', environment, problems),
    address: readRate('RATE_LIMIT_ADDRESS', environment, problems),
  }
  const databaseUrl = text('DATABASE_URL', text('DATA_DIR', options.demo ? './data/demo' : './data/instroom'))
  if (/^[a-z]+:\/\//.test(databaseUrl) && !/^(postgres(ql)?|memory):\/\//.test(databaseUrl)) {
    problems.push(`DATABASE_URL is "${redacted(databaseUrl)}"; give postgres://… or a directory.`)
  }
  const listenUrl = text('DATABASE_LISTEN_URL', databaseUrl)
  if (listenUrl !== databaseUrl && !isPostgres(listenUrl)) {
    problems.push(
      `DATABASE_LISTEN_URL is "${redacted(listenUrl)}"; give postgres://…, an address of PostgreSQL itself.`,
    )
  }
  const drainSeconds = Number(text('DRAIN_SECONDS', isPostgres(databaseUrl) ? '2' : '0'))
  if (!(drainSeconds >= 0 && drainSeconds <= MAX_DRAIN_SECONDS)) {
    problems.push(
      `DRAIN_SECONDS is "${environment.DRAIN_SECONDS}"; give a number from 0 to ${MAX_DRAIN_SECONDS}.`,
    )
  }
  const mail = readMail(environment, problems)

  if (problems.length > 0 || !publicUrl) throw new Error(problems.join('\n'))
  return {
    databaseUrl,
    listenUrl,
    drainSeconds,
    host,
    port,
    publicUrl,
    demo: options.demo,
    production,
    trustedProxies,
    requestsPerMinute,
    logLevel,
    webDirectory: builtWeb(options.built),
    mail,
  }
}

/** Requests per minute, so wide that nobody meets it by working. */
function readRate(name: string, environment: NodeJS.ProcessEnv, problems: string[]): number {
  const rate = Number(environment[name]?.trim() || 3000)
  if (!Number.isInteger(rate) || rate < MIN_RATE) {
    problems.push(`${name} is "${environment[name]}"; give the requests per minute, ${MIN_RATE} or more.`)
  }
  return rate
}

/** SMTP_HOST switches mail on; the other settings then say how. */
function readMail(environment: NodeJS.ProcessEnv, problems: string[]): MailConfig | null {
  const text = (name: string) => environment[name]?.trim() || null
  const host = text('SMTP_HOST')
  if (host === null) return null
  const port = Number(text('SMTP_PORT') ?? 587)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    problems.push(`SMTP_PORT is "${environment.SMTP_PORT}"; give a number from 1 to 65535, for instance 587.`)
  }
  const from = text('MAIL_FROM')
  if (from === null || !/^[^\s@]+@[^\s@]+$|<[^\s@]+@[^\s@]+>$/.test(from)) {
    problems.push(
      `MAIL_FROM is "${environment.MAIL_FROM ?? ''}"; with SMTP_HOST, give the sender, for instance instroom@example.nl.`,
    )
  }
  return {
    host,
    port,
    secure: port === 465,
    user: text('SMTP_USER'),
    password: environment.SMTP_PASSWORD ?? null,
    from: from ?? '',
  }
}

/** A database address without its password, for messages. */
export function redacted(url: string): string {
  return url.replace(/^(\w+:\/\/[^:/@]*):[^@]*@/, '$1:…@')
}

function builtWeb(built: URL): string | null {
  const directory = new URL('../web/', built)
  try {
    accessSync(new URL('index.html', directory))
    return decodeURIComponent(directory.pathname)
  } catch {
    return null
  }
}
