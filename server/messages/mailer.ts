import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import type { Db, OpenDatabase } from '../../db/database.ts'
import type { MailConfig } from '../config/config.ts'
import { addressOf } from '../contract/addresses.ts'
import type { Locale } from '../contract/common.ts'
import type { JobLog } from '../event-loop/log.ts'
import { EVENT_CHANNEL } from '../events/events.ts'
import type { BothLanguages } from '../http/call.ts'
import { OLDEST_HOURS } from './write.ts'

export interface MailerOptions {
  open: OpenDatabase
  log: JobLog
  mail: MailConfig
  /** Where the link in the mail goes. */
  publicUrl: URL
  now?: () => Date
  pollMs?: number
}

/** Minutes until the next attempt, after the first, the second, and so on; after the last one it has failed. */
const RETRY_AFTER_MINUTES = [1, 5, 30, 120]
const LEASE_MS = 60_000

const SUBJECT: BothLanguages = {
  nl: 'Er staat een bericht voor je klaar in Instroom',
  en: 'A message is waiting for you in Instroom',
}
const BODY: BothLanguages = {
  nl: 'Er staat een bericht voor je klaar in Instroom. Meld je aan om het te lezen:\n\n{link}\n\nIn deze mail staat met opzet niets over zaken of mensen.',
  en: 'A message is waiting for you in Instroom. Sign in to read it:\n\n{link}\n\nThis mail deliberately says nothing about cases or people.',
}

interface ClaimedMail {
  id: number
  email: string
  locale: Locale
  attempts: number
}

/**
 * Sends what is in the outbox, one by one, when an event says that something happened and now and then by itself. Any number of
 * processes may do this at once: each mail is leased to one of them. A crash between sending and recording sends it twice,
 * never not at all.
 */
export function startMailer(options: MailerOptions): { stop(): Promise<void> } {
  const { open, log } = options
  let stopped = false
  let running: Promise<void> | null = null
  let again = false
  const run = () => {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    running = sendWaiting(options)
      .catch(error => log.error({ err: error }, 'mail could not be sent'))
      .finally(() => {
        running = null
        if (again) {
          again = false
          run()
        }
      })
  }
  const listening = open.listen(EVENT_CHANNEL, run, { missed: run }).catch(error => {
    log.error({ err: error }, 'cannot listen for messages; looking for them now and then')
    return async () => {}
  })
  const timer = setInterval(run, options.pollMs ?? 30_000)
  timer.unref()
  run()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await (await listening)()
      await running
    },
  }
}

/** Sends everything that is due; what the mail server does not take waits longer each time, and then is listed as failed. */
export async function sendWaiting({
  open,
  log,
  mail,
  publicUrl,
  now = () => new Date(),
}: MailerOptions): Promise<void> {
  const transport = transportOf(mail)
  const link = new URL(addressOf('messages'), publicUrl).href
  try {
    for (;;) {
      const next = await claim(open.db, now())
      if (!next) return
      try {
        await transport.sendMail({
          from: mail.from,
          to: next.email,
          subject: SUBJECT[next.locale],
          text: BODY[next.locale].replace('{link}', link),
        })
        await open.db
          .updateTable('mail')
          .set({ state: 'sent', sentAt: now(), error: null, leaseUntil: null })
          .where('id', '=', next.id)
          .execute()
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const wait = RETRY_AFTER_MINUTES[next.attempts - 1]
        log.error({ mail: next.id, attempt: next.attempts, why: message }, 'mail was not taken')
        await open.db
          .updateTable('mail')
          .set({
            state: wait === undefined ? 'failed' : 'waiting',
            nextAt: new Date(now().getTime() + (wait ?? 0) * 60_000),
            error: message.slice(0, 300),
            leaseUntil: null,
          })
          .where('id', '=', next.id)
          .execute()
      }
    }
  } finally {
    transport.close()
  }
}

/** To the mail server, which has some seconds to answer. */
export function transportOf(mail: MailConfig) {
  return createTransport({
    host: mail.host,
    port: mail.port,
    secure: mail.secure,
    ...(mail.user !== null && { auth: { user: mail.user, pass: mail.password ?? '' } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  })
}

async function claim(db: Db, now: Date): Promise<ClaimedMail | null> {
  const { rows } = await sql<ClaimedMail>`
    update mail set attempts = attempts + 1, lease_until = ${new Date(now.getTime() + LEASE_MS)}
    from user_account u
    where u.id = mail.user_id and mail.id = (
      select id from mail where state = 'waiting' and next_at <= ${now} and (lease_until is null or lease_until < ${now})
        and created_at > ${new Date(now.getTime() - OLDEST_HOURS * 3_600_000)}
      order by id limit 1 for update skip locked
    )
    returning mail.id, u.email, u.locale, mail.attempts`.execute(db)
  return rows[0] ?? null
}
