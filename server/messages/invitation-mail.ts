import pLimit from 'p-limit'
import type { MailConfig } from '../config/config.ts'
import type { Locale } from '../contract/common.ts'
import type { BothLanguages } from '../http/call.ts'
import { transportOf } from './mailer.ts'

export interface InvitationMail {
  to: string
  name: string
  link: string
  until: Date
}

const SUBJECT: BothLanguages = {
  nl: 'Uitnodiging voor Instroom',
  en: 'Invitation to Instroom',
}
const BODY: BothLanguages = {
  nl: 'Hallo {name},\n\nJe bent uitgenodigd voor Instroom. Kies je wachtwoord met deze link. De link werkt één keer, tot {until}:\n\n{link}\n\nVerwachtte je dit niet? Dan hoef je niets te doen.',
  en: 'Hello {name},\n\nYou are invited to Instroom. Choose your password with this link. It works once, until {until}:\n\n{link}\n\nDid you not expect this? Then you need not do anything.',
}
/** A mail server is asked for so many at the same time. */
const atOnce = pLimit(4)

/**
 * Sends links at once and not by the outbox, so that no link that works is ever stored. Says of each whether the mail server took
 * it; what it did not take is handed over by the administrator.
 */
export async function sendInvitations(
  mail: MailConfig,
  invitations: readonly InvitationMail[],
  locale: Locale,
): Promise<boolean[]> {
  const transport = transportOf(mail)
  /** The mail server is out of reach: the others need not wait for that one by one. */
  let away = false
  const until = new Intl.DateTimeFormat(locale === 'nl' ? 'nl-NL' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Europe/Amsterdam',
  })
  try {
    return await Promise.all(
      invitations.map(one =>
        atOnce(async () => {
          if (away) return false
          const facts: Record<string, string> = {
            name: one.name,
            link: one.link,
            until: until.format(one.until),
          }
          try {
            await transport.sendMail({
              from: mail.from,
              to: one.to,
              subject: SUBJECT[locale],
              text: BODY[locale].replace(/\{(\w+)\}/g, (_, key: string) => facts[key] ?? ''),
            })
            return true
          } catch (error) {
            // A server that answers has a code for it.
            away ||= !(error instanceof Error && 'responseCode' in error)
            return false
          }
        }),
      ),
    )
  } finally {
    transport.close()
  }
}
