import type { Db, Tx } from '../../db/database.ts'
import type { Locale, ProblemDetails, Role } from '../contract/common.ts'
import type { EndpointName, Endpoints, OwnTransaction } from '../contract/endpoints.ts'
import type { Action } from '../contract/permissions.ts'
import type { NewEvent } from '../events/event.ts'
import type { Device } from './browsers.ts'

/** The person behind a request, read anew for every request so that a change of rights works at once. */
export interface SignedIn {
  id: number
  organisationId: number
  name: string
  roles: readonly Role[]
  /** The worker this user is, if any. */
  workerId: number | null
  /** Whether any role allows this, in whatever team. What belongs to a team needs `mayIn` or `teamsFor`. */
  may(action: Action): boolean
  /** Whether the roles in this team allow this; an administrator has the rights of that role in every team. */
  mayIn(action: Action, teamId: number): boolean
  /** The teams in which this may be done. */
  teamsFor(action: Action): readonly number[]
}

/** The browser or program at the other end. */
export interface Client {
  /** Its address, or the network of it: see `networkOf`. */
  address: string
  /** The request comes from this machine, by a name of this machine, with nobody in between. */
  thisMachine: boolean
  /** The session id in the cookie, if any. */
  sessionId: string | null
  /** The token in the cookie of a browser in which somebody signed in before, if any. */
  device: string | null
  /** What it says that it is. */
  kind: Device
  setSession(id: string): void
  setDevice(token: string, days: number): void
  clearSession(): void
}

/** What a handler gets: checked input, the person, and one executor. */
export interface Call<Name extends EndpointName> {
  params: Endpoints[Name]['params']
  query: Endpoints[Name]['query']
  body: Endpoints[Name]['body']
  /**
   * For GET the database. For every other method the transaction that also holds the idempotency record: use only this
   * inside a handler, do nothing slow, and have no side effects, because the whole callback may run again.
   */
  db: Name extends `GET ${string}` | OwnTransaction ? Db : Tx
  /** Only on routes that `anyone` may call is there nobody. */
  user: SignedIn
  locale: Locale
  /** Today in Europe/Amsterdam, ISO. */
  today: string
  now: Date
  /** The version in If-Match, on routes that ask for it. */
  expectedVersion: number
  requestId: string
  client: Client
}

export type Handler<Name extends EndpointName> = (call: Call<Name>) => Promise<Endpoints[Name]['reply']>
export type Handlers<Name extends EndpointName = EndpointName> = { [N in Name]: Handler<N> }

/** A sentence in both languages. */
export interface BothLanguages {
  nl: string
  en: string
}

type Extra = Omit<Partial<ProblemDetails>, 'type' | 'title' | 'status' | 'detail' | 'requestId'>

/**
 * What the server says when it does not do what was asked: a status, a sentence that says what is wrong and what to do,
 * and where. Becomes problem+json in the reader's language.
 */
export class Refusal extends Error {
  readonly status: number
  readonly text: BothLanguages
  readonly extra: Extra
  /** What stays on record of what was tried, though the transaction is taken back. */
  readonly events: readonly NewEvent[]
  /** Seconds after which it makes sense to ask again. */
  retryAfter: number | null

  constructor(status: number, text: BothLanguages, extra: Extra = {}, events: readonly NewEvent[] = []) {
    super(text.en)
    this.name = 'Refusal'
    this.status = status
    this.text = text
    this.extra = extra
    this.events = events
    this.retryAfter = status === 503 ? 2 : null
  }
}

/** Refuses what was asked too much or too often (429), with the seconds to wait. */
export function tooMuch(text: BothLanguages, retryAfter: number, events: readonly NewEvent[] = []): Refusal {
  const refusal = new Refusal(429, text, {}, events)
  refusal.retryAfter = retryAfter
  return refusal
}

/** Somebody else changed this row in between. */
export function staleVersion(current: number): Refusal {
  return new Refusal(
    412,
    {
      nl: 'Iemand anders heeft dit intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.',
      en: 'Somebody else changed this in the meantime. View the current version and try again.',
    },
    { version: current },
  )
}

/** The same answer for what does not exist and for what is out of scope. */
export function notFound(what: BothLanguages): Refusal {
  return new Refusal(404, {
    nl: `${what.nl} bestaat niet, of je hebt er geen toegang toe.`,
    en: `${what.en} does not exist, or you have no access to it.`,
  })
}
