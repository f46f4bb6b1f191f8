import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { catalogueEndpoints } from './catalogue-entries.ts'
import { Day, Id, LoadStatus, Moment, Motive, nullable, object, StaffNumber, Version } from './common.ts'
import { CSV } from './endpoint.ts'
import { Catalogues, Rulebook, RulebookContent } from './rulebook.ts'

/** One version in the list. */
export const RulebookVersion = object({
  version: Type.Integer(),
  effectiveFrom: Day,
  /** The first day on which another version holds; null: none is known. */
  until: nullable(Day),
  /** `replaced`: another version of the same day or before it came in its place before it began. */
  state: oneOf('inForce', 'coming', 'past', 'replaced', 'withdrawn'),
  /** No day that has passed and no round counts by it, and something older holds without it. */
  withdrawable: Type.Boolean(),
  createdAt: Moment,
  createdBy: nullable(Type.String()),
  reason: nullable(Type.String()),
  withdrawn: nullable(object({ at: Moment, by: nullable(Type.String()), reason: nullable(Type.String()) })),
  /** Rounds that were calculated by it. */
  rounds: Type.Integer(),
})
export type RulebookVersion = Static<typeof RulebookVersion>

/** The next version as it is being written. `version` is what If-Match names, also for publishing. */
export const RulebookDraft = object({
  version: Type.Integer(),
  /** null: nobody is writing one. */
  content: nullable(RulebookContent),
  basedOn: nullable(Type.Integer()),
  updatedBy: nullable(Type.String()),
  updatedAt: nullable(Moment),
})
export type RulebookDraft = Static<typeof RulebookDraft>

const Side = object({
  normHours: Type.Number(),
  hoursInUse: Type.Number(),
  workload: nullable(Type.Number()),
  status: LoadStatus,
})
const Sums = object({
  workers: Type.Integer(),
  before: nullable(Type.Number()),
  after: nullable(Type.Number()),
  /** People above the top of the band, the hard limit included; and those above the hard limit. */
  aboveBandBefore: Type.Integer(),
  aboveBandAfter: Type.Integer(),
  aboveLimitBefore: Type.Integer(),
  aboveLimitAfter: Type.Integer(),
})
export type EffectSums = Static<typeof Sums>

/** What another rulebook would make of today's loads, for the teams of the reader. Nothing of it is stored. */
export const RulebookEffect = object({
  on: Day,
  /** The version in force, and the one looked at; null: the draft. */
  versionBefore: Type.Integer(),
  versionAfter: nullable(Type.Integer()),
  sums: Sums,
  teams: Type.Array(object({ teamId: Id, team: Type.String(), sums: Sums })),
  workers: Type.Array(
    object({
      staffNumber: StaffNumber,
      name: Type.String(),
      teamId: Id,
      team: Type.String(),
      before: Side,
      after: Side,
    }),
  ),
  /** Open cases of these teams, waiting ones too. */
  cases: object({
    open: Type.Integer(),
    hoursBefore: Type.Number(),
    hoursAfter: Type.Number(),
    moreHours: Type.Integer(),
    fewerHours: Type.Integer(),
    heavyBefore: Type.Integer(),
    heavyAfter: Type.Integer(),
    becomesHeavy: Type.Integer(),
    noLongerHeavy: Type.Integer(),
  }),
})
export type RulebookEffect = Static<typeof RulebookEffect>

const versionParams = object({ version: Version })
const effectQuery = object({ version: Type.Optional(Version) })

export const rulebookEndpoints = {
  ...catalogueEndpoints,
  'GET /catalogues': {
    summary: 'Measures, factors, competences, reasons and municipalities',
    tag: 'rulebook',
    reply: Catalogues,
    may: 'catalogue.read',
  },
  'GET /rulebook': {
    summary: 'The rules in force, today or on another day',
    tag: 'rulebook',
    query: object({ on: Type.Optional(Day) }),
    reply: Rulebook,
    may: 'catalogue.read',
  },
  'GET /rulebooks': {
    summary: 'Every version of the rules, newest first: who made it, when, why, and from when it applies',
    tag: 'rulebook',
    reply: Type.Array(RulebookVersion),
    may: 'catalogue.read',
  },
  'GET /rulebooks/:version': {
    summary: 'One version of the rules',
    tag: 'rulebook',
    params: versionParams,
    reply: Rulebook,
    may: 'catalogue.read',
  },
  'POST /rulebooks': {
    summary:
      'Confirm a new version of the rules. If-Match names the version of the draft, also when there is none',
    tag: 'rulebook',
    body: object({ effectiveFrom: Day, reason: Motive, content: RulebookContent }),
    reply: Rulebook,
    may: 'rulebook.write',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /rulebooks/:version/withdrawal': {
    summary: 'Withdraw a version that has not begun, or began today and no round was calculated by',
    tag: 'rulebook',
    params: versionParams,
    body: object({ reason: Motive }),
    reply: Type.Array(RulebookVersion),
    may: 'rulebook.write',
    once: true,
    status: 201,
  },
  'GET /rulebook/draft': {
    summary: 'The next version as it is being written',
    tag: 'rulebook',
    reply: RulebookDraft,
    may: 'rulebook.preview',
  },
  'PUT /rulebook/draft': {
    summary: 'Keep the next version as it is being written',
    tag: 'rulebook',
    body: object({ content: RulebookContent, basedOn: Type.Integer({ minimum: 1 }) }),
    reply: RulebookDraft,
    may: 'rulebook.write',
    ifMatch: true,
  },
  'DELETE /rulebook/draft': {
    summary: 'Discard the draft',
    tag: 'rulebook',
    reply: RulebookDraft,
    may: 'rulebook.write',
    ifMatch: true,
  },
  'GET /rulebook/effect': {
    summary: 'What the draft, or a version, would make of the loads of today in the own teams',
    tag: 'rulebook',
    query: effectQuery,
    reply: RulebookEffect,
    may: 'rulebook.preview',
  },
  'GET /exports/rulebook-effect': {
    summary: 'The same per worker, as a spreadsheet opens it',
    tag: 'rulebook',
    query: effectQuery,
    reply: Type.String(),
    may: 'rulebook.preview',
    file: { name: { nl: 'effect-van-regels', en: 'effect-of-rules' }, type: CSV },
  },
} as const
