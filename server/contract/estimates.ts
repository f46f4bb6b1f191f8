import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Phase } from '../../solver/problem/problem.ts'
import { CaseWeight } from './cases.ts'
import { CaseNumber, Code, Hours, Id, Moment, Motive, nullable, object, Version } from './common.ts'

export const EstimateStatus = oneOf('open', 'revealed', 'agreed', 'cancelled')

/** A case that several people weigh, each alone first. */
export const EstimateRow = object({
  id: Id,
  caseNumber: CaseNumber,
  team: Type.String(),
  status: EstimateStatus,
  roundId: nullable(Id),
  asked: Type.Integer(),
  given: Type.Integer(),
  /** I am asked; `mine` is my own estimate once given. */
  iAmAsked: Type.Boolean(),
  mine: nullable(Hours),
  agreedHours: nullable(Hours),
  /** Of the table; null until everything is shown. */
  tableHours: nullable(Hours),
  openedAt: Moment,
})

export const Estimate = object({
  ...EstimateRow.properties,
  /** Of the case as it was when the estimating began. */
  measures: Type.Array(Code),
  phase: nullable(Phase),
  factors: Type.Array(Code),
  children: nullable(Type.Integer()),
  duo: Type.Boolean(),
  /** Hours of others are null until everything is shown; whether they were given is not hidden. */
  voices: Type.Array(
    object({
      name: Type.String(),
      own: Type.Boolean(),
      given: Type.Boolean(),
      hours: nullable(Hours),
      note: nullable(Type.String()),
    }),
  ),
  /** What the table says now, with its parts; null until everything is shown. */
  weight: nullable(CaseWeight),
  agreedText: nullable(Type.String()),
  agreedBy: nullable(Type.String()),
  agreedAt: nullable(Moment),
  openedBy: nullable(Type.String()),
  /** This reader may show everything, agree and cancel. */
  mayLead: Type.Boolean(),
  version: Version,
})
export type Estimate = Static<typeof Estimate>

/**
 * Where estimates and table differ, per measure, phase and factor, from five shown estimates up. `systematic`: at least ten
 * percent on average, and three in four estimates on the same side.
 */
export const EstimateDifferences = object({
  estimates: Type.Integer(),
  cases: Type.Integer(),
  /** Rows with fewer cases or people are left out. */
  leastCases: Type.Integer(),
  leastPeople: Type.Integer(),
  rows: Type.Array(
    object({
      kind: oneOf('measure', 'phase', 'factor'),
      code: Code,
      cases: Type.Integer(),
      people: Type.Integer(),
      estimates: Type.Integer(),
      tableHours: Type.Number(),
      meanHours: Type.Number(),
      /** (mean estimate - mean of the table) / mean of the table. */
      difference: Type.Number(),
      higher: Type.Integer(),
      lower: Type.Integer(),
      systematic: Type.Boolean(),
    }),
  ),
})
export type EstimateDifferences = Static<typeof EstimateDifferences>

const idParams = object({ id: Id })
const caseParams = object({ caseNumber: CaseNumber })

export const estimateEndpoints = {
  'GET /estimates': {
    summary: 'Cases that are being weighed together: those I am asked for, and those of my teams',
    tag: 'cases',
    reply: Type.Array(EstimateRow),
    may: 'estimate.take',
  },
  'GET /estimates/differences': {
    summary: 'Where estimates and the table of weights differ systematically',
    tag: 'rulebook',
    reply: EstimateDifferences,
    may: 'catalogue.read',
  },
  'GET /cases/:caseNumber/estimators': {
    summary: 'Who can be asked to estimate the weight of this case',
    tag: 'cases',
    params: caseParams,
    reply: Type.Array(object({ userId: Id, name: Type.String(), roles: Type.Array(Type.String()) })),
    may: 'estimate.lead',
  },
  'POST /cases/:caseNumber/estimates': {
    summary: 'Ask two to five people to estimate the weight of a case, each alone',
    tag: 'cases',
    params: caseParams,
    body: object({ userIds: Type.Array(Id, { minItems: 2, maxItems: 5, uniqueItems: true }) }),
    reply: Estimate,
    may: 'estimate.lead',
    once: true,
    status: 201,
  },
  'GET /estimates/:id': {
    summary: 'One case that is weighed together',
    tag: 'cases',
    params: idParams,
    reply: Estimate,
    may: 'estimate.take',
  },
  'POST /estimates/:id/voice': {
    summary: 'Give my own estimate; it can change until everything is shown',
    tag: 'cases',
    params: idParams,
    body: object({ hours: Hours, note: nullable(Motive) }),
    reply: Estimate,
    may: 'estimate.take',
    once: true,
  },
  'POST /estimates/:id/reveal': {
    summary: 'Show all estimates and the table; nobody can change theirs any more',
    tag: 'cases',
    params: idParams,
    reply: Estimate,
    may: 'estimate.lead',
    once: true,
    ifMatch: true,
  },
  'POST /estimates/:id/agreement': {
    summary: 'Keep what was agreed, and make it the weight of the case if asked',
    tag: 'cases',
    params: idParams,
    body: object({ hours: Hours, text: Motive, apply: Type.Boolean() }),
    reply: Estimate,
    may: 'estimate.lead',
    once: true,
    ifMatch: true,
  },
  'POST /estimates/:id/cancellation': {
    summary: 'Stop weighing this case together',
    tag: 'cases',
    params: idParams,
    reply: Estimate,
    may: 'estimate.lead',
    once: true,
    ifMatch: true,
  },
} as const
