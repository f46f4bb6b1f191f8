import { dayText } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import { accountEvents } from '../events/types/accounts.ts'
import { allocationEvents } from '../events/types/allocations.ts'
import { caseEvents, caseFieldNames } from '../events/types/cases.ts'
import { estimateEvents } from '../events/types/estimates.ts'
import { importEvents } from '../events/types/imports.ts'
import { meetingEvents } from '../events/types/meetings.ts'
import { messageEvents } from '../events/types/messages.ts'
import { phaseEvents } from '../events/types/phases.ts'
import { reallocationEvents } from '../events/types/reallocation.ts'
import { reportEvents } from '../events/types/reports.ts'
import { requestEvents } from '../events/types/requests.ts'
import { roundEvents } from '../events/types/rounds.ts'
import { rulebookEvents } from '../events/types/rulebook.ts'
import { scenarioEvents } from '../events/types/scenarios.ts'
import { sharingEvents } from '../events/types/sharing.ts'
import { signalEvents } from '../events/types/signals.ts'
import { workerEvents, workerFieldNames } from '../events/types/workers.ts'
import type { BothLanguages } from '../http/call.ts'

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
