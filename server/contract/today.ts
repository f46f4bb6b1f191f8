import { type Static, Type } from 'typebox'
import { Day, Id, Moment, nullable, object } from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { Workload } from './workers.ts'

/** Today: counts of what exists, with where to go. */
export const Today = object({
  on: Day,
  waiting: object({
    cases: Type.Integer(),
    children: Type.Integer(),
    /** With the urgency emergency; high is another. */
    emergencies: Type.Integer(),
    longestDays: nullable(Type.Integer()),
    overdue: Type.Integer(),
    dueSoon: Type.Integer(),
    incomplete: Type.Integer(),
    hours: Type.Number(),
    /** Days waited: 0-2, 3-5, 6-10, more. */
    buckets: Type.Array(object({ label: Type.String(), cases: Type.Integer() })),
  }),
  openRounds: Type.Array(
    object({
      id: Id,
      startOn: Day,
      cases: Type.Integer(),
      teams: Type.Array(Type.String()),
      state: Type.String(),
    }),
  ),
  workload: Workload.properties.totals,
  band: Workload.properties.band,
  lastSettled: nullable(object({ id: Id, settledAt: Moment, cases: Type.Integer() })),
})
export type Today = Static<typeof Today>

export const todayEndpoints = {
  'GET /today': {
    summary: 'What asks attention now',
    tag: 'records',
    reply: Today,
    may: 'workload.read',
  },
} as const satisfies Record<string, Endpoint>
