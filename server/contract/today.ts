import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Day, Id, LoadStatus, Moment, nullable, object, WorkerName } from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { Workload } from './workers.ts'

/** What somebody does next in an open round: see how it is calculated, look at the proposal, wait for answers, or settle it. */
export const RoundStep = oneOf('calculate', 'wait', 'review', 'answers', 'settle')
export type RoundStep = Static<typeof RoundStep>

/** What keeps the room of somebody from being used today: the first of these that holds. */
export const HeldBy = oneOf('away', 'training', 'newCases', 'leaving')
export type HeldBy = Static<typeof HeldBy>

/** Hours until the top of the band that can be used today, and what holds the rest. Whether somebody may have a case also depends on the case. */
export const RoomNow = object({
  hours: Type.Number(),
  workers: Type.Integer(),
  held: Type.Array(object({ why: HeldBy, hours: Type.Number(), workers: Type.Integer() })),
  /** Everybody with room, by name: `top` is the norm at the top of the band, and what is in use taken from it is the room. */
  people: Type.Array(
    object({
      worker: WorkerName,
      normHours: Type.Number(),
      top: Type.Number(),
      hoursInUse: Type.Number(),
      room: Type.Number(),
      why: nullable(HeldBy),
      /** Until when, of who is away; from when, of who leaves. */
      day: nullable(Day),
    }),
  ),
})
export type RoomNow = Static<typeof RoomNow>

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
    /** Duos of which one seat is open. */
    secondOpen: Type.Integer(),
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
      /** What the round waits for. */
      next: RoundStep,
    }),
  ),
  workload: Workload.properties.totals,
  room: RoomNow,
  /** Who leaves or goes away soon, or is away now; never why. In order of the first day. */
  going: Type.Array(
    object({
      worker: WorkerName,
      why: oneOf('leaves', 'away'),
      /** The first day without them. */
      from: Day,
      /** The last day away; null: for good, or nobody knows yet. */
      until: nullable(Day),
      families: Type.Integer(),
    }),
  ),
  /** Above the band, or far under it, in the teams whose people the reader looks after. By name: nobody is ranked. */
  outside: Type.Array(
    object({ worker: WorkerName, workload: Type.Number(), status: LoadStatus, side: oneOf('over', 'under') }),
  ),
  band: Workload.properties.band,
  lastSettled: nullable(object({ id: Id, settledAt: Moment, cases: Type.Integer() })),
})
export type Today = Static<typeof Today>

/** What a new organisation does before it can work, in order. */
export const FirstStep = oneOf('organisation', 'teams', 'workers', 'intake', 'cases', 'round')
export type FirstStep = Static<typeof FirstStep>
export const FirstSteps = object({ steps: Type.Array(object({ step: FirstStep, done: Type.Boolean() })) })
export type FirstSteps = Static<typeof FirstSteps>

export const todayEndpoints = {
  'GET /first-steps': {
    summary: 'What a new organisation has done and what comes next; no figures',
    tag: 'records',
    reply: FirstSteps,
    may: 'session.own',
  },
  'GET /today': {
    summary: 'What asks attention now',
    tag: 'records',
    reply: Today,
    may: 'workload.read',
  },
} as const satisfies Record<string, Endpoint>
