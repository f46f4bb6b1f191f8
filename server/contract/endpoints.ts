import type { Static, TSchema } from 'typebox'
import { accountEndpoints } from './accounts.ts'
import { caseEndpoints } from './cases.ts'
import { changeEndpoints } from './changes.ts'
import { decisionEndpoints } from './decisions.ts'
import type { Endpoint } from './endpoint.ts'
import { estimateEndpoints } from './estimates.ts'
import { invitationEndpoints } from './invitations.ts'
import { meetingEndpoints } from './meetings.ts'
import { messageEndpoints } from './messages.ts'
import { numberEndpoints } from './numbers.ts'
import { ownEndpoints } from './own.ts'
import { phaseEndpoints } from './phases.ts'
import { reallocationEndpoints } from './reallocation.ts'
import { recordEndpoints } from './records.ts'
import { reportEndpoints } from './reports.ts'
import { requestEndpoints } from './requests.ts'
import { roundEndpoints } from './rounds.ts'
import { rulebookEndpoints } from './rulebook-versions.ts'
import { scenarioEndpoints } from './scenarios.ts'
import { searchEndpoints } from './search.ts'
import { sharingEndpoints } from './sharing.ts'
import { signalEndpoints } from './signals.ts'
import { teamEndpoints } from './teams.ts'
import { todayEndpoints } from './today.ts'
import { workerEndpoints } from './workers.ts'

/** Every route, under /api: those of each noun, which stand with its schemas. */
export const endpoints = {
  ...accountEndpoints,
  ...teamEndpoints,
  ...invitationEndpoints,
  ...caseEndpoints,
  ...todayEndpoints,
  ...searchEndpoints,
  ...workerEndpoints,
  ...roundEndpoints,
  ...scenarioEndpoints,
  ...numberEndpoints,
  ...ownEndpoints,
  ...requestEndpoints,
  ...decisionEndpoints,
  ...estimateEndpoints,
  ...rulebookEndpoints,
  ...sharingEndpoints,
  ...meetingEndpoints,
  ...messageEndpoints,
  ...reallocationEndpoints,
  ...reportEndpoints,
  ...signalEndpoints,
  ...phaseEndpoints,
  ...changeEndpoints,
  ...recordEndpoints,
} as const satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints

type Part<E, P extends string> = P extends keyof E
  ? E[P] extends TSchema
    ? Static<E[P]>
    : undefined
  : undefined

/** The types of every endpoint, worked out once: `Endpoints['GET /cases']['reply']`. */
export type Endpoints = {
  [Name in EndpointName]: {
    params: Part<(typeof endpoints)[Name], 'params'>
    query: Part<(typeof endpoints)[Name], 'query'>
    body: Part<(typeof endpoints)[Name], 'body'>
    reply: Part<(typeof endpoints)[Name], 'reply'>
  }
}

/** Endpoints whose handler opens its own transaction. */
export type OwnTransaction = {
  [Name in EndpointName]: (typeof endpoints)[Name] extends { ownTransaction: true } ? Name : never
}[EndpointName]
