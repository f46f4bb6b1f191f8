import { dayText } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import { entryOf } from '../events/event-types.ts'
import { caseFieldNames } from '../events/types/cases.ts'
import { workerFieldNames } from '../events/types/workers.ts'
import type { BothLanguages } from '../http/call.ts'

/** Names of fields, where an event says which of them changed. */
const fieldNames: Record<string, BothLanguages> = { ...caseFieldNames, ...workerFieldNames }

export interface Told {
  type: string
  objectId: string
  actor: string | null
  data: Record<string, unknown>
}

/** What happened, in the reader's language, by the sentence of its type: `{object}` and `{actor}` are the event's own, other names are in its data; an event of a later version than this server is named by its type. */
export function sentenceOf(event: Told, locale: Locale): string {
  const template = entryOf(event.type)?.[locale]
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
