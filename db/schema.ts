/**
 * Every table as a type. Columns are snake_case in the database and camelCase here (CamelCasePlugin, in database.ts).
 *
 * Dates are ISO days ('2026-11-24'); `timestamptz` is a JavaScript Date; `numeric` and `bigint` are numbers.
 * Periods of people (reduction, absence, employment, registration) include their last day, as people say "tot en met".
 * An allocation's `endsOn` is the first day that the seat is free again, so that one can end on the day the next begins.
 */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type {
  Phase,
  PreferenceKind,
  PreferenceValue,
  Problem,
  Proposal,
  ProposalLine,
  Seat,
  Urgency,
} from '../solver/problem/problem.ts'
import type { HistoryTables } from './history-schema.ts'
import type { OwnTables } from './own-schema.ts'
import type { SettlingTables } from './settling-schema.ts'
import type { StoredJson } from './stored.ts'

type Id = GeneratedAlways<number>
type CreatedAt = ColumnType<Date, Date | undefined, never>
/** jsonb: read as the value, written as its JSON text. */
type Json<T> = ColumnType<T, string, string>
type Day = string

/** What people give a reason for: another worker, a wait, an exclusion, a handover, a case outside a round. */
export type ReasonUse = 'override' | 'wait' | 'exclude' | 'handover' | 'outside'

export interface Database extends HistoryTables, OwnTables, SettlingTables {
  organisation: {
    id: Id
    name: string
    createdAt: CreatedAt
    /** How its own numbers look ('Z-####'); null: any form. */
    caseNumberForm: ColumnType<string | null, never, string | null>
    familyNumberForm: ColumnType<string | null, never, string | null>
    staffNumberForm: ColumnType<string | null, never, string | null>
    /** Of these forms. */
    version: Generated<number>
  }
  team: {
    id: Id
    organisationId: number
    name: string
    active: Generated<boolean>
    /** Workers ask for leave and reductions, and the lead answers; otherwise what they enter holds at once. */
    approvesAvailability: Generated<boolean>
    /** Of that choice alone. */
    availabilityVersion: Generated<number>
    /** Of its name, and whether it goes on. */
    version: Generated<number>
    endedOn: ColumnType<Day | null, Day | null | undefined, Day>
    /** The team that it went into, and that goes on. */
    mergedInto: ColumnType<number | null, number | null | undefined, number>
  } & Compared
  municipality: { code: string; name: string; active: Generated<boolean> } & Ending
  travelTime: { fromCode: string; toCode: string; minutes: number }

  userAccount: UserAccountTable
  userRole: { userId: number; role: Role; teamId: number | null }
  invitation: {
    tokenSha256: string
    userId: number | null
    expiresAt: Date
    usedAt: Date | null
    createdAt: CreatedAt
  }
  session: {
    idSha256: string
    /** By which its owner ends it; the id itself is known to the browser alone. */
    number: Id
    userId: number
    createdAt: CreatedAt
    lastSeenAt: Date
    expiresAt: Date
    /** The kind of browser and of machine it began in; null: not told, or from before this was kept. */
    browser: ColumnType<Browser | null, Browser | null | undefined, never>
    system: ColumnType<System | null, System | null | undefined, never>
  }
  knownDevice: { tokenSha256: string; userId: number; expiresAt: Date }
  signInFailure: { id: Id; subjectSha256: string; failedAt: Date }

  worker: WorkerTable
  reductionReason: CatalogueRow & {
    defaultPercentage: number
    maximumPercentage: number
    /** After this many months a reduction for this reason is looked at again; null: no end is asked. */
    maximumMonths: number | null
  }
  reduction: {
    id: Id
    workerId: number
    reasonCode: string
    percentage: number
    validFrom: Day
    validUntil: Day | null
  }
  /** Absence knows how much and when, never why. */
  absence: { id: Id; workerId: number; percentage: number; validFrom: Day; validUntil: Day | null }
  competence: CatalogueRow & { maxLevel: number }
  workerCompetence: { workerId: number; competenceCode: string; level: number; expiresOn: Day | null }
  preference: {
    id: Id
    workerId: number
    kind: PreferenceKind
    code: string
    value: PreferenceValue
    validUntil: Day | null
  }

  /** The abbreviation stands where there is no room for the name. */
  measure: CatalogueRow & { abbreviation: string; kind: 'civil' | 'criminal' | 'voluntary' }
  /** `aboutWork`: people can have a wish about it. */
  caseFactor: CatalogueRow & { isThreat: boolean; aboutWork: Generated<boolean> }
  /** `uses`: what it can be given for. */
  overrideReason: CatalogueRow & { needsText: boolean; uses: Generated<ReasonUse[]> }
  family: { id: Id; organisationId: number; familyNumber: string } & Compared
  caseFile: CaseFileTable
  caseMeasure: { caseId: number; measureCode: string; startOn: Day; endOn: Day | null }
  caseHasFactor: { caseId: number; factorCode: string }
  /** `seat`: the seat of a pair that needs it; null: both. */
  caseCompetence: {
    caseId: number
    competenceCode: string
    level: number
    need: 'required' | 'wanted'
    seat: ColumnType<Seat | null, Seat | null | undefined, Seat | null>
  }
  /** Case numbers that were entered wrong, with whose they were until then. */
  caseNumberCorrection: {
    id: Id
    organisationId: number
    caseId: number
    oldNumber: string
    correctedBy: number | null
    correctedAt: Date
  }
  caseFormerWorker: { caseId: number; workerId: number; untilOn: Day | null }
  /** metOn null: the case was in somebody's hands before this was kept. */
  caseTermMet: {
    caseId: number
    term: 'firstContact' | 'plan'
    metOn: Day | null
    recordedBy: number | null
    recordedAt: CreatedAt
  }
  /** Conflict of interest and the like; the reason is for those with the right only. */
  caseExcludedWorker: {
    id: Id
    caseId: number
    workerId: number
    hiddenReason: string
    /** From the list of reasons, when it was decided in a round. */
    reasonCode: ColumnType<string | null, string | null | undefined, string | null>
    roundId: ColumnType<number | null, number | null | undefined, never>
    untilOn: Day | null
    createdBy: number | null
    /** null: from before moments were kept. */
    createdAt: ColumnType<Date | null, Date | undefined, never>
    /** Ended by people before its last day; the row stays on record. */
    endedAt: ColumnType<Date | null, Date | null | undefined, Date>
    endedBy: ColumnType<number | null, number | null | undefined, number>
    endedReason: ColumnType<string | null, string | null | undefined, string | null>
  }

  rulebook: {
    id: Id
    organisationId: number
    version: number
    effectiveFrom: Day
    content: Json<StoredJson['rulebook']>
    /** Why it was made; null where nobody said so. */
    reason: ColumnType<string | null, string | null | undefined, string | null>
    /** Of the reason's hash in the event. */
    salt: ColumnType<string | null, string | null | undefined, never>
    createdBy: number | null
    createdAt: CreatedAt
    /** A withdrawn version never began: no day counts by it. */
    withdrawnAt: ColumnType<Date | null, never, Date>
    withdrawnBy: ColumnType<number | null, never, number>
    withdrawnReason: ColumnType<string | null, never, string>
    withdrawnSalt: ColumnType<string | null, never, string>
  }
  /** The next version as it is being written; no content: none is. */
  rulebookDraft: {
    organisationId: number
    version: number
    content: ColumnType<StoredJson['rulebook'] | null, string | null, string | null>
    /** The version that it began as. */
    basedOn: number | null
    updatedBy: number | null
    updatedAt: Date
  }

  round: RoundTable
  roundTeam: { roundId: number; teamId: number }
  roundCase: { roundId: number; caseId: number; open: Generated<boolean> }
  roundWorker: { roundId: number; workerId: number }
  /** Cases that the team takes to its meeting. */
  roundDiscussion: { roundId: number; caseId: number; askedBy: number | null; askedAt: Date }
  /** With which outcome somebody agreed in an open round, a row for each seat; nobody in it: `workerId` is null. */
  roundAgreement: {
    roundId: number
    caseId: number
    userId: number
    seat: 'primary' | 'second'
    workerId: number | null
    waits: boolean
    agreedAt: Date
  }
  run: RunTable
  proposal: { id: Id; runId: number; roundId: number; result: Json<Proposal>; createdAt: CreatedAt }
  proposalLine: {
    proposalId: number
    caseId: number
    seat: 'primary' | 'second'
    workerId: number | null
    line: Json<ProposalLine>
  }
  choice: ChoiceTable
  decision: DecisionTable
  allocation: AllocationTable

  event: EventTable
  idempotency: {
    userId: number
    key: string
    route: string
    requestSha256: string
    status: number
    body: Json<unknown>
    createdAt: CreatedAt
  }
  importFile: {
    id: Id
    organisationId: number
    kind: 'workers' | 'cases'
    sha256: string
    rowCount: number
    importedBy: number | null
    createdAt: CreatedAt
  }

  /** What a column of another system's lists is here; null: it is passed over. */
  importHeading: {
    organisationId: number
    kind: 'workers' | 'cases'
    /** As it is compared. */
    heading: string
    columnName: string | null
  }

  /** allocation without the seats that nobody held for a day. */
  heldSeat: HeldSeatView
}

export type Browser = 'chrome' | 'edge' | 'firefox' | 'opera' | 'safari' | 'samsung'
export type System = 'android' | 'chromeos' | 'ios' | 'linux' | 'macos' | 'windows'
export type Theme = 'auto' | 'light' | 'dark'
export type Role = 'intake' | 'lead' | 'worker' | 'admin'
/** An open case is in exactly one of the first four; see case_standing in 0015. `later`: somebody has it from a day to come. */
export type CaseStatus = 'waiting' | 'in_round' | 'later' | 'allocated' | 'closed'

/** What was used is never removed: it ends. From `endsOn` on it is not `active`. */
interface Ending {
  endsOn: ColumnType<Day | null, Day | null | undefined, Day | null>
  version: Generated<number>
}

interface CatalogueRow extends Ending {
  code: string
  nameNl: string
  nameEn: string
  active: Generated<boolean>
}

/** Numbers and names by which they are the same whatever their spelling. */
interface Compared {
  comparedAs: GeneratedAlways<string>
  /** Was the same as an older row before that was refused; its spelling alone tells them apart. */
  twin: GeneratedAlways<boolean>
}

interface UserAccountTable {
  id: Id
  organisationId: number
  email: string
  name: string
  passwordHash: string | null
  status: 'invited' | 'active' | 'deactivated'
  locale: 'nl' | 'en'
  /** null: never chosen, so as the browser at hand has it. */
  theme: ColumnType<Theme | null, Theme | null | undefined, Theme>
  workerId: number | null
  version: Generated<number>
  createdAt: CreatedAt
}

interface WorkerTable extends Compared {
  id: Id
  organisationId: number
  teamId: number
  staffNumber: string
  name: string
  contractHours: number
  /** Hours per week of duties that are not cases. */
  dutyHours: Generated<number>
  registration: 'registered' | 'in_training'
  registrationFrom: Day | null
  registrationUntil: Day | null
  baseMunicipality: string | null
  /** Who guides this worker in learning cases. */
  mentorId: ColumnType<number | null, number | null | undefined, number | null>
  employedFrom: Day
  employedUntil: Day | null
  version: Generated<number>
  createdAt: CreatedAt
}

interface CaseFileTable extends Compared {
  id: Id
  organisationId: number
  teamId: number
  familyId: number | null
  caseNumber: string
  phase: Phase | null
  children: number | null
  urgency: Urgency
  receivedOn: Day
  municipalityCode: string | null
  duoNeeded: Generated<boolean>
  /** Set by people with a reason; null: the rulebook's table decides. */
  weightOverrideHours: number | null
  weightOverrideReason: string | null
  /** Of these hours, those of the second seat; null: the rulebook divides them. */
  weightOverrideSecond: ColumnType<number | null, number | null | undefined, number | null>
  closedOn: Day | null
  version: Generated<number>
  createdAt: CreatedAt
}

interface RoundTable {
  id: Id
  organisationId: number
  status: Generated<'open' | 'settled' | 'cancelled'>
  startOn: Day
  rulebookId: number
  /** Code of a goal profile of the rulebook. */
  profile: string
  seed: number
  createdBy: number | null
  createdAt: CreatedAt
  settledBy: number | null
  settledAt: Date | null
  /** Rises with every choice, run and settlement: the value of If-Match. */
  version: Generated<number>
}

interface RunTable {
  id: Id
  /** null: a reallocation, which is of a team. */
  roundId: ColumnType<number | null, number | null | undefined, never>
  /** Of a reallocation; null: of a round. */
  teamId: ColumnType<number | null, number | null | undefined, never>
  /** round: what comes out is a proposal. The other kinds: what comes out stays in `answer`. */
  kind: Generated<'round' | 'whatIf' | 'front' | 'reallocation'>
  name: string | null
  /** Of the other kinds: what was asked, as it was sent. */
  asked: ColumnType<StoredJson['runAsked'] | null, string | null | undefined, never>
  answer: ColumnType<StoredJson['runAnswer'] | null, string | null | undefined, string>
  /** What it comes to, for lists; null: not done, a front, or from before it was kept. */
  summary: ColumnType<StoredJson['runSummary'] | null, string | null | undefined, string>
  state: Generated<'queued' | 'running' | 'done' | 'failed' | 'cancelled'>
  problem: Json<Problem>
  problemSha256: string
  /** The profile and the version of the rulebook that it was made by; null in runs of before these were kept. */
  profile: ColumnType<string | null, string | null | undefined, never>
  rulebookVersion: ColumnType<number | null, number | null | undefined, never>
  timeLimitSeconds: number
  /** Fencing token: only the attempt that still holds the lease may store a result. */
  attempt: Generated<number>
  /** Attempts that a process gave back because it was stopped in good order. */
  returned: Generated<number>
  leaseUntil: Date | null
  stopRequested: Generated<boolean>
  error: string | null
  requestedBy: number | null
  requestedAt: CreatedAt
  startedAt: Date | null
  finishedAt: Date | null
}

export interface ChoiceTable {
  id: Id
  roundId: number
  caseId: number
  seat: 'primary' | 'second'
  kind: 'lock' | 'override' | 'exclude' | 'wait'
  /** The worker locked, chosen or excluded; null for wait. */
  workerId: number | null
  reasonCode: string | null
  reasonText: string | null
  unregisteredReason: string | null
  setAside: ColumnType<string[], string[] | undefined, string[]>
  acceptsExcess: Generated<boolean>
  /** How long an exclusion holds; null for the other kinds. */
  lasts: ColumnType<
    'round' | 'until' | 'always' | null,
    'round' | 'until' | 'always' | null | undefined,
    never
  >
  /** With lasts 'until': its last day. */
  untilOn: ColumnType<Day | null, Day | null | undefined, never>
  /** With a wait: the day on which the case is looked at again, and what has to be done before. */
  reviewOn: ColumnType<Day | null, Day | null | undefined, never>
  tasks: ColumnType<string[], string[] | undefined, never>
  createdBy: number | null
  createdAt: CreatedAt
  withdrawnAt: Date | null
}

export interface DecisionTable {
  id: Id
  roundId: number | null
  proposalId: number | null
  caseId: number
  seat: 'primary' | 'second'
  kind: 'agreed' | 'deviation' | 'waiting' | 'emergency' | 'tailored'
  workerId: number | null
  proposedWorkerId: number | null
  reasonCode: string | null
  reasonText: string | null
  /** Salt of the text's hash in the event, so that the text can be erased and the chain still verifies. */
  salt: string
  unregisteredReason: string | null
  setAside: ColumnType<string[], string[] | undefined, string[]>
  acceptsExcess: Generated<boolean>
  /** With kind 'waiting': the day on which the case is looked at again. */
  reviewOn: ColumnType<Day | null, Day | null | undefined, never>
  decidedBy: number | null
  decidedAt: CreatedAt
  /** What the worker had answered, or what the team decided about without that; null in a round that was not shared. */
  answer: 'agreed' | 'objection' | 'discussion' | 'silence' | 'unasked' | null
  withdrawnAt: Date | null
  withdrawnBy: number | null
  withdrawnReason: string | null
  withdrawnSalt: string | null
}

interface AllocationTable {
  id: Id
  caseId: number
  workerId: number
  seat: 'primary' | 'second' | 'cover'
  startsOn: Day
  endsOn: Day | null
  /** Hours per week as decided; the hard limit is tested on this when a row is added or enlarged. */
  agreedHours: number
  /** Hours per week as they weigh now (phase, factors, rulebook); may push a worker over the limit. */
  hours: number
  origin: 'decision' | 'import'
  decisionId: number | null
  /** The decision that accepts load above the hard limit, one of its own for each excess. */
  excessDecisionId: number | null
  createdAt: CreatedAt
}

type HeldSeatView = AllocationTable

interface EventTable {
  seq: number
  at: Date
  type: string
  actorId: number | null
  actorRole: string | null
  organisationId: number | null
  teamId: number | null
  objectType: string
  objectId: string
  data: Json<Record<string, unknown>>
  previousHash: string
  hash: string
}

/** One row of worker_norms(day): how the norm hours of a worker come about on that day. */
export interface WorkerNormRow {
  workerId: number
  contractHours: number
  reductionHours: number
  absenceHours: number
  dutyHours: number
  caseTimeShare: number
  rampUpShare: number
  normHours: number
}
