import type { TObject, TSchema } from 'typebox'
import type { Action } from './permissions.ts'

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
  contentType?:
    | 'text/csv; charset=utf-8'
    | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
}
