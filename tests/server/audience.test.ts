import { expect, test } from 'vitest'
import type { EventType } from '../../server/events/event-types.ts'
import type { SignedIn } from '../../server/http/call.ts'
import { rightsFrom } from '../../server/http/rights.ts'
import { asHeardBy, type NewsItem } from '../../server/stream/audience.ts'

const worker: SignedIn = {
  id: 1,
  organisationId: 1,
  name: 'W',
  workerId: 7,
  ...rightsFrom([{ role: 'worker', teamId: null }], []),
}
const lead: SignedIn = {
  ...worker,
  id: 2,
  workerId: null,
  ...rightsFrom([{ role: 'lead', teamId: 3 }], []),
}

const heardBy = (user: SignedIn, type: EventType, objectType: string) => {
  const item: NewsItem = {
    ...{ seq: 1, type, objectType, objectId: '5', teamId: 3, organisationId: 1 },
    ...{ roundTeams: [3], workers: [7], aboutWeight: false },
  }
  return asHeardBy(user, item, 3) !== null
}

test.each<[EventType, string, lead: boolean, worker: boolean]>([
  ['case.opened', 'case', false, false],
  ['session.started', 'user', false, false],
  ['cases.exported', 'organisation', false, false],
  ['case.changed', 'case', true, true],
  ['case.workerExcluded', 'case', true, false],
  ['choice.locked', 'round', true, false],
  ['round.shared', 'round', true, true],
  ['swap.offered', 'round', true, true],
  ['worker.changed', 'worker', true, true],
])('who hears of %s: as its entry says', (type, objectType, byLead, byWorker) => {
  expect([heardBy(lead, type, objectType), heardBy(worker, type, objectType)]).toEqual([byLead, byWorker])
})
