import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Phase } from '../../solver/problem/problem.ts'
import { CaseDetail, TermMet } from './cases.ts'
import { CaseNumber, Code, Day, Id, nullable, object, Version, WorkerName } from './common.ts'

/** Why a phase does not begin yet. A list and no text: nothing about a family can be entered. */
export const PHASE_REASONS = [
  'workNotDone',
  'newEvents',
  'courtDate',
  'dataWrong',
  'other',
] as const satisfies readonly Static<typeof PhaseReason>[]
/** Why a case asks little work for a while. */
export const DORMANT_REASONS = [
  'waitingForHelp',
  'waitingForCourt',
  'elsewhere',
  'stable',
  'unreachable',
  'other',
] as const satisfies readonly Static<typeof DormantReason>[]
const PhaseReason = oneOf('workNotDone', 'newEvents', 'courtDate', 'dataWrong', 'other')
const DormantReason = oneOf(
  'waitingForHelp',
  'waitingForCourt',
  'elsewhere',
  'stable',
  'unreachable',
  'other',
)

/** Whose case it is and what it is, for every list about the course of cases. */
const aboutCase = {
  caseNumber: CaseNumber,
  teamId: Id,
  team: Type.String(),
  measures: Type.Array(Code),
  /** Holds the first seat today. */
  worker: nullable(WorkerName),
  /** The reader has a seat of it. */
  own: Type.Boolean(),
  /** Of the case, for If-Match. */
  version: Version,
}

/** The usual length of a phase is over, or nearly: the next one is proposed, never begun by itself. */
export const PhaseProposal = object({
  ...aboutCase,
  from: Phase,
  to: Phase,
  since: Day,
  /** Usual length of this phase, by the rulebook; of several measures the longest. */
  weeks: Type.Integer(),
  dueOn: Day,
  /** Hours per week of all seats of the case today, and if the next phase began today. */
  hours: Type.Number(),
  hoursThen: Type.Number(),
  /** The load of `worker` today, and if the next phase began today; null without norm hours. */
  workload: nullable(Type.Number()),
  workloadThen: nullable(Type.Number()),
  /** The last answer that was not a yes; asked again on that day. */
  answer: nullable(
    object({
      outcome: oneOf('postponed', 'declined'),
      reason: PhaseReason,
      againOn: Day,
      by: nullable(Type.String()),
    }),
  ),
})
export type PhaseProposal = Static<typeof PhaseProposal>

export const PlannedPhase = object({ ...aboutCase, from: nullable(Phase), to: nullable(Phase), fromOn: Day })
export type PlannedPhase = Static<typeof PlannedPhase>

export const Dormancy = object({
  id: Id,
  ...aboutCase,
  fromOn: Day,
  /** Day of the review: the first on which the case counts in full again. */
  untilOn: Day,
  reason: DormantReason,
  /** asked: waits for the team lead. over: has ended. */
  state: oneOf('asked', 'coming', 'running', 'over'),
  askedBy: nullable(Type.String()),
  decidedBy: nullable(Type.String()),
})
export type Dormancy = Static<typeof Dormancy>

/** What the reader may do about the course of a case. */
const CourseRights = object({
  /** Say yes, later or no to a next phase, and propose that a case is dormant. */
  answer: Type.Boolean(),
  /** Say that a case is dormant. */
  decide: Type.Boolean(),
})

/** How one case goes on: by its phases and its quiet times. */
export const CaseCourse = object({
  caseNumber: CaseNumber,
  phase: nullable(Phase),
  /** What is known; the first has no first day. */
  phases: Type.Array(object({ phase: nullable(Phase), fromOn: nullable(Day), untilOn: nullable(Day) })),
  proposal: nullable(PhaseProposal),
  planned: Type.Array(PlannedPhase),
  dormancies: Type.Array(Dormancy),
  /** What a dormant case counts, in percent of its hours; null: this rulebook has no discount. */
  dormantPercent: nullable(Type.Number()),
  may: CourseRights,
  version: Version,
})
export type CaseCourse = Static<typeof CaseCourse>

export const CourseList = object({
  on: Day,
  /** The earliest first; with those that were put off. */
  proposals: Type.Array(PhaseProposal),
  planned: Type.Array(PlannedPhase),
  dormancies: Type.Array(Dormancy),
  dormantPercent: nullable(Type.Number()),
  /** Proposals appear this many days before the usual length is over. */
  aheadDays: Type.Integer(),
  /** The teams in which the reader may say that a case is dormant. */
  deciding: Type.Array(Id),
})
export type CourseList = Static<typeof CourseList>

export const PhaseAnswer = object({
  outcome: oneOf('confirmed', 'postponed', 'declined'),
  /** The phase that comes next, as it was shown. */
  phase: Phase,
  /** confirmed: the first day of the next phase, today or later. */
  fromOn: nullable(Day),
  /** postponed: when to ask again. */
  againOn: nullable(Day),
  /** postponed, declined. */
  reason: nullable(PhaseReason),
})
export type PhaseAnswer = Static<typeof PhaseAnswer>

export const PhaseConfirmations = object({
  cases: Type.Array(object({ caseNumber: CaseNumber, version: Version, phase: Phase, fromOn: Day }), {
    minItems: 1,
    maxItems: 500,
  }),
})

export const DormancyInput = object({ fromOn: Day, untilOn: Day, reason: DormantReason })
export type DormancyInput = Static<typeof DormancyInput>
export const DormancyAnswer = object({
  outcome: Type.Union([
    Type.Literal('granted'),
    Type.Literal('declined'),
    /** Taken back by who asked. */
    Type.Literal('withdrawn'),
    /** Counts in full again from today. */
    Type.Literal('ended'),
  ]),
})

const caseParams = object({ caseNumber: CaseNumber })

export const phaseEndpoints = {
  'GET /phases': {
    summary: 'Phases that are due, phases that are planned, and dormant cases',
    tag: 'cases',
    query: object({ team: Type.Optional(Id) }),
    reply: CourseList,
    may: 'phase.answer',
  },
  'POST /phases/confirmation': {
    summary: 'Let the next phase of several cases begin, each from its day: all of them or none',
    tag: 'cases',
    body: PhaseConfirmations,
    reply: CourseList,
    may: 'phase.answer',
    once: true,
  },
  'GET /cases/:caseNumber/course': {
    summary: 'The phases of a case, what comes next, and when it is dormant',
    tag: 'cases',
    params: caseParams,
    reply: CaseCourse,
    may: 'case.read',
  },
  'POST /cases/:caseNumber/terms': {
    summary: 'Say on which day the first contact was made, or the plan of action was there',
    tag: 'cases',
    params: caseParams,
    body: TermMet,
    reply: CaseDetail,
    may: 'phase.answer',
    once: true,
    ifMatch: true,
  },
  'POST /cases/:caseNumber/phase': {
    summary: 'Let the next phase begin on a day, put it off, or say no',
    tag: 'cases',
    params: caseParams,
    body: PhaseAnswer,
    reply: CaseCourse,
    may: 'phase.answer',
    once: true,
    ifMatch: true,
  },
  'DELETE /cases/:caseNumber/phase': {
    summary: 'Withdraw the phases that are planned for days to come',
    tag: 'cases',
    params: caseParams,
    reply: CaseCourse,
    may: 'phase.answer',
    once: true,
    ifMatch: true,
  },
  'POST /cases/:caseNumber/dormancy': {
    summary: 'Say that a case asks little work for a while, or propose it to the team lead',
    tag: 'cases',
    params: caseParams,
    body: DormancyInput,
    reply: CaseCourse,
    may: 'phase.answer',
    once: true,
    ifMatch: true,
  },
  'POST /cases/:caseNumber/dormancy/:id/answer': {
    summary: 'Answer such a proposal, take it back, or end the quiet time',
    tag: 'cases',
    params: object({ caseNumber: CaseNumber, id: Id }),
    body: DormancyAnswer,
    reply: CaseCourse,
    may: 'phase.answer',
    once: true,
    ifMatch: true,
  },
} as const
