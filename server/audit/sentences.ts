import { dayText } from '../../solver/problem/sentences.ts'
import { accountEvents } from '../accounts/events.ts'
import { allocationEvents } from '../allocations/events.ts'
import { caseEvents, caseFieldNames } from '../cases/events.ts'
import type { Locale } from '../contract/common.ts'
import { estimateEvents } from '../estimates/events.ts'
import type { BothLanguages } from '../http/call.ts'
import { importEvents } from '../imports/events.ts'
import { meetingEvents } from '../meetings/events.ts'
import { messageEvents } from '../messages/events.ts'
import { phaseEvents } from '../phases/events.ts'
import { reallocationEvents } from '../reallocation/events.ts'
import { reportEvents } from '../reports/events.ts'
import { requestEvents } from '../requests/events.ts'
import { roundEvents } from '../rounds/events.ts'
import { rulebookEvents } from '../rulebook-admin/events.ts'
import { scenarioEvents } from '../scenarios/events.ts'
import { sharingEvents } from '../sharing/events.ts'
import { signalEvents } from '../signals/events.ts'
import { workerEvents, workerFieldNames } from '../workers/events.ts'

/** Every kind of event as a sentence. `{object}` and `{actor}` are the event's own; other names are in its data. */
const sentences: Record<string, BothLanguages> = {
  ...accountEvents,
  ...allocationEvents,
  ...caseEvents,
  ...estimateEvents,
  ...importEvents,
  ...requestEvents,
  ...meetingEvents,
  ...messageEvents,
  ...phaseEvents,
  ...reallocationEvents,
  ...reportEvents,
  ...roundEvents,
  ...rulebookEvents,
  ...scenarioEvents,
  ...signalEvents,
  ...sharingEvents,
  ...workerEvents,
  'demo.filled': { nl: 'De demo is gevuld.', en: 'The demo was filled.' },
}

/** Names of fields, where an event says which of them changed. */
const fieldNames: Record<string, BothLanguages> = { ...caseFieldNames, ...workerFieldNames }

export interface Told {
  type: string
  objectId: string
  actor: string | null
  data: Record<string, unknown>
}

/** What happened, in the reader's language; an event of a later version than this server is named by its type. */
export function sentenceOf(event: Told, locale: Locale): string {
  const template = sentences[event.type]?.[locale]
  if (template === undefined) return `${event.type} (${event.objectId})`
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'object') return event.objectId
    if (name === 'actor') return event.actor ?? SYSTEM[locale]
    const value = event.data[name]
    if (name === 'fields' && Array.isArray(value)) {
      return written(
        value.map(field => fieldNames[String(field)]?.[locale] ?? field),
        locale,
      )
    }
    return written(value, locale)
  })
}

const SYSTEM: BothLanguages = { nl: 'Het systeem', en: 'The system' }

function written(value: unknown, locale: Locale): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') {
    return value.toLocaleString(locale === 'nl' ? 'nl-NL' : 'en-GB', { maximumFractionDigits: 2 })
  }
  if (Array.isArray(value)) return value.map(item => written(item, locale)).join(', ') || '–'
  if (typeof value === 'object')
    return Object.values(value)
      .map(item => written(item, locale))
      .join(', ')
  return dayText(String(value), locale)
}
