import type { TObject, TSchema } from 'typebox'
import type { Action } from './permissions.ts'

export const CSV = 'text/csv; charset=utf-8'
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** Of a request that brings a file as text, which JSON makes longer. */
export const FILE_BODY = 6 * 1024 * 1024
/** Of a request that names cases and workers: a round of a thousand cases and two thousand workers names them all. */
export const LIST_BODY = 256 * 1024

/**
 * One entry per route, under /api. The server serves nothing that is not here, the web calls nothing else, and OpenAPI
 * is made from it. `may` names the permission; a route without one does not start.
 */
export interface Endpoint {
  summary: string
  tag: 'accounts' | 'cases' | 'workers' | 'rounds' | 'rulebook' | 'records'
  params?: TObject
  query?: TObject
  body?: TSchema
  reply: TSchema
  /** 'anyone' needs no session. */
  may: Action | 'anyone'
  /**
   * Decides or changes something: needs an Idempotency-Key, and runs once however often it is sent. Its answer is stored,
   * so an answer with a secret in it cannot have this.
   */
  once?: true
  /** Changes a row that others may have changed: needs If-Match with its version. */
  ifMatch?: true
  /** 200 unless said otherwise. */
  status?: 201 | 202
  /**
   * The answer is a file. `:id` in its name is that of the route; whose it is and the day follow by themselves (see Attachment),
   * the ending by its type.
   */
  file?: { name: { nl: string; en: string }; type: typeof CSV | typeof XLSX }
  /** In bytes; 64 KB unless said otherwise. */
  bodyLimit?: number
  /** Takes memory and seconds to read: one person has a few at the same time, and waits with the next. */
  readsFile?: true
  /** Hashes a password, which is too slow to do inside a transaction: the handler gets the database and opens its own. */
  ownTransaction?: true
}
