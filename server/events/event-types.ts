import type { EventEntry } from './event-entry.ts'
import { accountEvents } from './types/accounts.ts'
import { allocationEvents } from './types/allocations.ts'
import { caseEvents } from './types/cases.ts'
import { estimateEvents } from './types/estimates.ts'
import { importEvents } from './types/imports.ts'
import { meetingEvents } from './types/meetings.ts'
import { messageEvents } from './types/messages.ts'
import { phaseEvents } from './types/phases.ts'
import { reallocationEvents } from './types/reallocation.ts'
import { reportEvents } from './types/reports.ts'
import { requestEvents } from './types/requests.ts'
import { roundEvents } from './types/rounds.ts'
import { rulebookEvents } from './types/rulebook.ts'
import { scenarioEvents } from './types/scenarios.ts'
import { sharingEvents } from './types/sharing.ts'
import { signalEvents } from './types/signals.ts'
import { workerEvents } from './types/workers.ts'

const all = {
  ...accountEvents,
  ...allocationEvents,
  ...caseEvents,
  ...estimateEvents,
  ...importEvents,
  ...meetingEvents,
  ...messageEvents,
  ...phaseEvents,
  ...reallocationEvents,
  ...reportEvents,
  ...requestEvents,
  ...roundEvents,
  ...rulebookEvents,
  ...scenarioEvents,
  ...sharingEvents,
  ...signalEvents,
  ...workerEvents,
  'demo.filled': { nl: 'De demo is gevuld.', en: 'The demo was filled.' },
}

/** Every kind of event there is, as 'noun.happened'. Stored names: one that was ever written stays. */
export type EventType = keyof typeof all

export const eventTypes: Record<EventType, EventEntry> = all

/** The entry of an event as it was stored; null for one of a later version than this server. */
export function entryOf(type: string): EventEntry | null {
  return Object.hasOwn(eventTypes, type) ? eventTypes[type as EventType] : null
}
