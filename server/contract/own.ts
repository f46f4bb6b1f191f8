import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CaseTerm, CaseWeight } from './cases.ts'
import {
  CaseNumber,
  Code,
  Day,
  Id,
  Moment,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { CSV } from './endpoint.ts'
import { PreferenceEntry, WorkerLoad, Workload } from './workers.ts'

/** My wishes with everything that the form needs. `version` is that of my own record. */
export const Wishes = object({
  staffNumber: StaffNumber,
  preferences: Type.Array(PreferenceEntry),
  /** How often "rather not" may be chosen, from the rulebook. */
  budget: Type.Integer(),
  mentor: nullable(WorkerName),
  /** Registered colleagues of the team, who can be asked to guide. */
  mentors: Type.Array(WorkerName),
  /** Whom I guide. */
  guides: Type.Array(WorkerName),
  /** What was stated before, newest first; the newest is what holds now. */
  statements: Type.Array(
    object({
      id: Id,
      statedAt: Moment,
      preferences: Type.Array(PreferenceEntry),
      mentor: nullable(StaffNumber),
    }),
  ),
  version: Version,
})
export type Wishes = Static<typeof Wishes>

/**
 * For which kinds of work I come into consideration, if such a case came today. A kind is a measure in a phase, a factor, or
 * a required competence; its hours and rules are those of the rulebook in force.
 */
export const Eligibility = object({
  on: Day,
  eligible: Type.Integer(),
  /** As many when there were room and duty: what the record itself allows. */
  lasting: Type.Integer(),
  kinds: Type.Array(
    object({
      id: Type.String(),
      group: oneOf('measure', 'factor', 'competence'),
      name: Type.String(),
      hours: Type.Number(),
      eligible: Type.Boolean(),
      lasting: Type.Boolean(),
      /** The rules that stand in the way, in words. */
      rules: Type.Array(object({ rule: Type.String(), sentence: Type.String(), lasting: Type.Boolean() })),
      /** Points of the wishes given, and why; 0 when no wish speaks about it. */
      points: Type.Number(),
      wish: nullable(Type.String()),
    }),
  ),
})
export type Eligibility = Static<typeof Eligibility>

const Part = object({ percentage: Type.Number(), hours: Type.Number(), validUntil: nullable(Day) })

/** My load with every part explained, and the quarters of my team. */
export const OwnLoad = object({
  staffNumber: StaffNumber,
  name: Type.String(),
  load: WorkerLoad,
  band: Workload.properties.band,
  rulebookVersion: Type.Integer(),
  reductions: Type.Array(object({ ...Part.properties, reason: Code })),
  absences: Type.Array(Part),
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: oneOf('primary', 'second', 'cover'),
      startsOn: Day,
      endsOn: nullable(Day),
      measures: Type.Array(Code),
      phase: nullable(Type.String()),
      children: nullable(Type.Integer()),
      /** Of the whole case, with its parts. */
      weight: CaseWeight,
      /** What of it this seat carries, and the rulebook's extra for far travel. */
      share: Type.Number(),
      travel: nullable(object({ minutes: Type.Integer(), hours: Type.Number() })),
      /** As they count: share and travel, unless an import said otherwise. */
      hours: Type.Number(),
      /** As they were when it was decided. */
      agreedHours: Type.Number(),
      /** My dispute about this weight that waits for an answer. */
      disputeId: nullable(Id),
      /** Terms that still run; null: met, or not watched. */
      firstContact: nullable(CaseTerm),
      planOfAction: nullable(CaseTerm),
    }),
  ),
  /** The load on coming days on which something of mine changes. */
  later: Type.Array(
    object({
      on: Day,
      normHours: Type.Number(),
      hoursInUse: Type.Number(),
      workload: nullable(Type.Number()),
      /** From this day on no longer in service. */
      left: Type.Boolean(),
    }),
  ),
  /**
   * My own place among the people of my team with a norm; null for fewer than five. Below, around (at most five percent of the
   * norm off) or above the middle; from eight people up also the quartiles as fractions, to the nearest five percent, and my
   * quarter, 1 for the lowest loads. null for me when I have no norm.
   */
  team: nullable(
    object({
      name: Type.String(),
      people: Type.Integer(),
      half: nullable(oneOf('lower', 'around', 'higher')),
      quartiles: nullable(
        object({
          low: Type.Number(),
          middle: Type.Number(),
          high: Type.Number(),
          quarter: nullable(Type.Integer({ minimum: 1, maximum: 4 })),
        }),
      ),
    }),
  ),
})
export type OwnLoad = Static<typeof OwnLoad>

/** What happened to me and what I said, newest first. */
export const OwnHistory = object({
  entries: Type.Array(
    object({
      at: Moment,
      kind: oneOf('decision', 'answer', 'request', 'wishes', 'estimate'),
      caseNumber: nullable(CaseNumber),
      /** In the reader's language. */
      sentence: Type.String(),
      /** Why, as somebody wrote or chose it. */
      reason: nullable(Type.String()),
      by: nullable(Type.String()),
    }),
  ),
})
export type OwnHistory = Static<typeof OwnHistory>

/** Everything that is kept about me, table by table, for reading elsewhere. */
export const OwnData = object({
  madeAt: Moment,
  account: Type.Unknown(),
  worker: Type.Unknown(),
  wishes: Type.Array(Type.Unknown()),
  requests: Type.Array(Type.Unknown()),
  seats: Type.Array(Type.Unknown()),
  decisions: Type.Array(Type.Unknown()),
  estimates: Type.Array(Type.Unknown()),
  answers: Type.Array(Type.Unknown()),
  /** Cases of open rounds that I agreed with while going through them. */
  agreements: Type.Array(Type.Unknown()),
  /** What I did, as the log has it: numbers and codes. */
  events: Type.Array(Type.Unknown()),
})

export const ownEndpoints = {
  'GET /mine/wishes': {
    summary: 'My wishes, my mentor, and what I stated before',
    tag: 'workers',
    reply: Wishes,
    may: 'own.work',
  },
  'POST /mine/wishes/eligibility': {
    summary: 'For which kinds of work I come into consideration, with these wishes',
    tag: 'workers',
    body: object({ preferences: Type.Array(PreferenceEntry, { maxItems: 100 }) }),
    reply: Eligibility,
    may: 'own.work',
  },
  'GET /mine/load': {
    summary: 'My load with every part, and the quarters of my team',
    tag: 'workers',
    query: object({ on: Type.Optional(Day) }),
    reply: OwnLoad,
    may: 'own.work',
  },
  'GET /mine/history': {
    summary: 'Decisions about me, my requests and their answers, my wishes',
    tag: 'workers',
    reply: OwnHistory,
    may: 'own.work',
  },
  'GET /exports/mine-history': {
    summary: 'My history as CSV',
    tag: 'records',
    reply: Type.String(),
    may: 'own.work',
    file: { name: { nl: 'mijn-historie', en: 'my-history' }, type: CSV },
  },
  'GET /mine/data': {
    summary: 'Everything that is kept about me',
    tag: 'records',
    reply: OwnData,
    may: 'own.work',
  },
} as const
