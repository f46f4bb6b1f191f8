import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CriterionCode, Phase, Seat, Urgency } from '../../solver/problem/problem.ts'
import {
  CaseNumber,
  Code,
  Day,
  Id,
  LoadStatus,
  Moment,
  Motive,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { CSV, type Endpoint, LIST_BODY, XLSX } from './endpoint.ts'
import { RoundResult } from './rounds.ts'

/** In one meeting, after which the workers are told; or shown to the workers first, who answer within a term. */
export const SettlingWay = oneOf('meeting', 'shared')

export const SettlingInput = object({
  way: SettlingWay,
  answerDays: Type.Integer({ minimum: 1, maximum: 30 }),
  /** People state their own view of a case before the suggestion shows. */
  firstLook: Type.Boolean(),
  /** Rounds are settled in a meeting that is minuted. */
  minutes: Type.Boolean(),
  /** After a round two questions, without names, about the support for it. */
  pulse: Type.Boolean(),
})
export type SettlingInput = Static<typeof SettlingInput>
export const TeamSettling = object({
  teamId: Id,
  team: Type.String(),
  ...SettlingInput.properties,
  version: Version,
  mayChange: Type.Boolean(),
})
export type TeamSettling = Static<typeof TeamSettling>

const LoadPoint = object({ hours: Type.Number(), workload: nullable(Type.Number()), status: LoadStatus })

/** What the work is; safe to show to the colleague with whom one swaps. */
export const WorkFacts = object({
  measures: Type.Array(Code),
  phase: Phase,
  children: nullable(Type.Integer()),
  factors: Type.Array(Code),
  urgency: Urgency,
  municipality: nullable(Code),
  hours: Type.Number(),
  duo: Type.Boolean(),
  startOn: Day,
})
export type WorkFacts = Static<typeof WorkFacts>

/** What a worker is shown of a line of the proposal: the work, why, and the effect on the own load only. */
export const SharedFacts = object({
  ...WorkFacts.properties,
  before: LoadPoint,
  after: LoadPoint,
  contributions: Type.Array(
    object({
      criterion: CriterionCode,
      points: Type.Number(),
      reason: object({ nl: Type.String(), en: Type.String() }),
    }),
  ),
  points: Type.Number(),
  /** The team chose this worker itself. */
  chosen: Type.Boolean(),
})
export type SharedFacts = Static<typeof SharedFacts>

export const AnswerKind = oneOf('agree', 'discuss', 'object')
export const AnswerReason = oneOf('load', 'expertise', 'conflict', 'travel', 'availability', 'other')
export const AnswerInput = object({
  kind: AnswerKind,
  /** Needed with an objection. */
  reasonCode: nullable(AnswerReason),
  reasonText: nullable(Motive),
})
export type AnswerInput = Static<typeof AnswerInput>
export const GivenAnswer = object({
  kind: AnswerKind,
  reasonCode: nullable(Type.String()),
  reasonText: nullable(Type.String()),
  at: Moment,
})
export type GivenAnswer = Static<typeof GivenAnswer>

/** Where a filled seat stands with its worker; `ruled`: the team decided without agreement, with a motive. */
export const LineState = oneOf('unasked', 'waiting', 'silent', 'agreed', 'discuss', 'objected', 'ruled')
export type LineState = Static<typeof LineState>

export const RulingAbout = oneOf('objection', 'discussion', 'silence', 'unasked')

export const SharedLine = object({
  caseNumber: CaseNumber,
  seat: Seat,
  worker: WorkerName,
  state: LineState,
  answer: nullable(GivenAnswer),
  ruling: nullable(
    object({ about: RulingAbout, reasonText: Type.String(), by: nullable(Type.String()), at: Moment }),
  ),
  answerUntil: nullable(Moment),
})
export type SharedLine = Static<typeof SharedLine>

export const SwapState = oneOf('offered', 'answered', 'agreed', 'confirmed', 'refused', 'withdrawn')
export const TeamSwap = object({
  id: Id,
  state: SwapState,
  first: WorkerName,
  firstCase: CaseNumber,
  second: WorkerName,
  secondCase: nullable(CaseNumber),
})

export const Sharing = object({
  way: SettlingWay,
  answerDays: Type.Integer(),
  shared: nullable(
    object({ at: Moment, by: nullable(Type.String()), answerUntil: Moment, termPassed: Type.Boolean() }),
  ),
  /** One for every filled seat of the draft as it stands. */
  lines: Type.Array(SharedLine),
  /** Objections to lines that the draft has left behind: the next calculation keeps these pairs apart. */
  earlier: Type.Array(SharedLine),
  swaps: Type.Array(TeamSwap),
})
export type Sharing = Static<typeof Sharing>

export const RulingInput = object({
  lines: Type.Array(
    object({ caseNumber: CaseNumber, seat: Seat, staffNumber: StaffNumber, state: LineState }),
    {
      minItems: 1,
      maxItems: 500,
    },
  ),
  reasonText: Motive,
})
export type RulingInput = Static<typeof RulingInput>

export const MyProposal = object({
  id: Id,
  roundId: Id,
  caseNumber: CaseNumber,
  seat: Seat,
  facts: SharedFacts,
  sharedAt: Moment,
  answerUntil: Moment,
  /** The term runs, the round is open and the draft still gives this line. */
  open: Type.Boolean(),
  /** Why it is closed, when it is. */
  closed: nullable(oneOf('term', 'moved', 'settled', 'cancelled')),
  answer: nullable(GivenAnswer),
  /** The team decided otherwise than the answer asked, with this motive. */
  ruling: nullable(object({ reasonText: Type.String(), at: Moment })),
  version: Version,
})
export type MyProposal = Static<typeof MyProposal>

/** What the team decides about a swap. What it breaks can be set aside per case, with a motive. */
export const SwapVerdict = object({
  confirm: Type.Boolean(),
  motive: Type.Optional(
    object({
      given: Type.Array(
        object({
          caseNumber: CaseNumber,
          setAside: Type.Array(Code, { maxItems: 10 }),
          unregisteredReason: nullable(Motive),
          acceptsExcess: Type.Boolean(),
        }),
        { maxItems: 2 },
      ),
      reasonText: Motive,
    }),
  ),
})

export const MySwap = object({
  id: Id,
  state: SwapState,
  /** I offered it, or it was offered to me. */
  mine: Type.Boolean(),
  colleague: WorkerName,
  /** What I would give and get; null: not chosen yet, or theirs and the swap is off. */
  give: nullable(object({ caseNumber: CaseNumber, facts: WorkFacts })),
  get: nullable(object({ caseNumber: CaseNumber, facts: WorkFacts })),
  /** My own load in the draft as it stands, and with the swap; null: one of the cases is not chosen yet, or the swap is over. */
  load: nullable(object({ before: LoadPoint, after: LoadPoint })),
  version: Version,
})
export type MySwap = Static<typeof MySwap>

export const MyProposals = object({
  proposals: Type.Array(MyProposal),
  swaps: Type.Array(MySwap),
  /** Colleagues who answer in the same round, by name: with them one can swap. */
  colleagues: Type.Array(object({ roundId: Id, ...WorkerName.properties })),
})
export type MyProposals = Static<typeof MyProposals>

export const SwapMove = object({
  move: oneOf('give', 'decline', 'agree', 'withdraw'),
  /** With `give`: the own line that is given in return. */
  proposalId: nullable(Id),
})

export const Approval = object({
  id: Id,
  roundId: Id,
  caseNumber: CaseNumber,
  seat: Seat,
  worker: WorkerName,
  reasonCode: nullable(Code),
  reasonText: nullable(Type.String()),
  askedBy: nullable(Type.String()),
  askedAt: Moment,
  state: oneOf('pending', 'approved', 'refused'),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(Moment),
  decisionText: nullable(Type.String()),
  /** The highest share of the norm that was agreed to; null: nobody has yet. */
  upTo: nullable(Type.Number()),
  /** What the draft comes to on today's tables, on the worst of the days on which the limit is tested; null: no longer in the draft. */
  figure: nullable(Type.Number()),
  /** It was agreed to and the figure rose above that, so it waits again. */
  lapsed: Type.Boolean(),
  /** Of the worker, before the round and with everything that the draft gives; null: decided, or no longer in the draft. */
  load: nullable(object({ before: LoadPoint, after: LoadPoint, hardLimit: Type.Number() })),
  /** Whether the reader may be the second pair of eyes. */
  mayDecide: Type.Boolean(),
})
export type Approval = Static<typeof Approval>

/** A case above the hard limit outside a round: who asks, and what somebody with the right says. */
export const OutsideApproval = object({
  id: Id,
  caseNumber: CaseNumber,
  seat: Seat,
  worker: WorkerName,
  kind: oneOf('emergency', 'tailored'),
  startOn: Day,
  reasonCode: Code,
  reasonText: nullable(Type.String()),
  askedBy: nullable(Type.String()),
  askedAt: Moment,
  /** `lapsed`: somebody has the seat by now, a round has the case, or it is closed. */
  state: oneOf('pending', 'approved', 'refused', 'lapsed'),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(Moment),
  decisionText: nullable(Type.String()),
  /** Of the worker on the start date, by the tables as they are; null: decided, or not known to the reader. */
  load: nullable(object({ before: LoadPoint, after: LoadPoint, hardLimit: Type.Number() })),
  mayDecide: Type.Boolean(),
})
export type OutsideApproval = Static<typeof OutsideApproval>

/** Every filled line of the draft, judged on today's tables. */
export const SettlementView = object({
  version: Version,
  lines: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      worker: nullable(WorkerName),
      holds: Type.Boolean(),
      obstacles: Type.Array(object({ rule: Type.String(), message: Type.String(), setAside: Type.String() })),
    }),
  ),
})
export type SettlementView = Static<typeof SettlementView>

const idParams = object({ id: Id })

export const sharingEndpoints = {
  'GET /settling': {
    summary: 'How the teams in scope confirm a round',
    tag: 'rounds',
    reply: Type.Array(TeamSettling),
    may: 'settling.read',
  },
  'PUT /teams/:id/settling': {
    summary: 'Choose how a team confirms a round',
    tag: 'rounds',
    params: idParams,
    body: SettlingInput,
    reply: TeamSettling,
    may: 'settling.write',
    ifMatch: true,
  },
  'GET /rounds/:id/sharing': {
    summary: 'What was shown to the workers of a round, and what they answered',
    tag: 'rounds',
    params: idParams,
    reply: Sharing,
    may: 'round.read',
  },
  'POST /rounds/:id/sharing': {
    summary: 'Show the proposals of the draft to their workers; a term to answer begins',
    tag: 'rounds',
    params: idParams,
    reply: Sharing,
    may: 'round.compose',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /rounds/:id/rulings': {
    summary: 'Decide as a team about proposals without agreement of the worker, with a justification',
    tag: 'rounds',
    params: idParams,
    body: RulingInput,
    reply: Sharing,
    may: 'round.choose',
    once: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/swaps/:swapId/verdict': {
    summary: 'Confirm or refuse a swap that two workers agreed on',
    tag: 'rounds',
    params: object({ id: Id, swapId: Id }),
    body: SwapVerdict,
    reply: Sharing,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    bodyLimit: LIST_BODY,
  },
  'GET /mine/proposals': {
    summary: 'Proposals for me, to answer or answered, and swaps',
    tag: 'rounds',
    reply: MyProposals,
    may: 'answer.own',
  },
  'POST /mine/proposals/:id/answer': {
    summary: 'Agree, ask to talk, or object with a reason; within the term the newest answer counts',
    tag: 'rounds',
    params: idParams,
    body: AnswerInput,
    reply: MyProposals,
    may: 'answer.own',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /mine/proposals/:id/swaps': {
    summary: 'Offer a colleague of the same round to swap',
    tag: 'rounds',
    params: idParams,
    body: object({ staffNumber: StaffNumber }),
    reply: MyProposals,
    may: 'answer.own',
    once: true,
    status: 201,
  },
  'POST /mine/swaps/:id/moves': {
    summary: 'Give a case in return, decline, agree or withdraw',
    tag: 'rounds',
    params: idParams,
    body: SwapMove,
    reply: MyProposals,
    may: 'answer.own',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'GET /approvals': {
    summary: 'Choices above the hard limit and their second pair of eyes',
    tag: 'rounds',
    reply: Type.Array(Approval),
    may: 'round.choose',
  },
  'GET /approvals/outside': {
    summary: 'Cases above the hard limit outside a round, that somebody asks approval for',
    tag: 'cases',
    reply: Type.Array(OutsideApproval),
    may: 'case.allocate',
  },
  'POST /approvals/outside/:id/verdict': {
    summary: 'Allocate a case above the hard limit that somebody else asks for, or refuse to',
    tag: 'cases',
    params: idParams,
    body: object({ approve: Type.Boolean(), reasonText: nullable(Motive) }),
    reply: Type.Array(OutsideApproval),
    may: 'case.allocate',
    once: true,
  },
  'POST /approvals/:id/verdict': {
    summary: 'Approve or refuse a choice of somebody else above the hard limit',
    tag: 'rounds',
    params: idParams,
    body: object({ approve: Type.Boolean(), reasonText: nullable(Motive) }),
    reply: Type.Array(Approval),
    may: 'round.choose',
    once: true,
  },
  'GET /rounds/:id/settlement': {
    summary: 'What confirming would do today, seat by seat',
    tag: 'rounds',
    params: idParams,
    reply: SettlementView,
    may: 'round.read',
  },
  'POST /rounds/:id/withdrawals': {
    summary: 'Withdraw the decisions of a confirmed round about a case, with a reason; the case waits again',
    tag: 'rounds',
    params: idParams,
    body: object({ caseNumber: CaseNumber, reasonText: Motive }),
    reply: RoundResult,
    may: 'decision.withdraw',
    once: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/decision-list': {
    summary: 'The decisions of a confirmed round as CSV: for Dutch readers as their Excel opens it',
    tag: 'rounds',
    params: idParams,
    reply: Type.String(),
    may: 'round.read',
    file: { name: { nl: 'besluiten-ronde-:id', en: 'decisions-round-:id' }, type: CSV },
  },
  'GET /rounds/:id/decision-list/xlsx': {
    summary: 'The decisions of a confirmed round as a workbook',
    tag: 'rounds',
    params: idParams,
    reply: Type.Unknown(),
    may: 'round.read',
    file: { name: { nl: 'besluiten-ronde-:id', en: 'decisions-round-:id' }, type: XLSX },
  },
} as const satisfies Record<string, Endpoint>
