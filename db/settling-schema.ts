/** The tables of settling with people: sharing, answers, swaps, approvals, meetings, messages, mail and the pulse. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { StoredJson } from './stored.ts'

type Id = GeneratedAlways<number>
type Json<T> = ColumnType<T, string, string>
type Seat = 'primary' | 'second'

export interface SettlingTables {
  teamSettling: {
    teamId: number
    /** In one meeting, or shown to the workers first. */
    way: 'meeting' | 'shared'
    answerDays: number
    firstLook: boolean
    minutes: boolean
    pulse: boolean
    version: Generated<number>
  }
  share: {
    id: Id
    roundId: number
    proposalId: number | null
    sharedBy: number | null
    sharedAt: Date
    answerUntil: Date
  }
  shareLine: {
    id: Id
    shareId: number
    roundId: number
    caseId: number
    seat: Seat
    workerId: number
    /** As they were shown; they do not change when the case does. */
    facts: Json<StoredJson['sharedFacts']>
    version: Generated<number>
  }
  /** The newest answer of a line counts; the others are its history. */
  answer: {
    id: Id
    shareLineId: number
    kind: 'agree' | 'discuss' | 'object'
    reasonCode: string | null
    reasonText: string | null
    salt: string
    answeredBy: number | null
    answeredAt: Date
  }
  ruling: {
    id: Id
    roundId: number
    caseId: number
    seat: Seat
    workerId: number
    about: 'objection' | 'discussion' | 'silence' | 'unasked'
    answerId: number | null
    reasonText: string
    salt: string
    decidedBy: number | null
    decidedAt: Date
  }
  swap: {
    id: Id
    roundId: number
    firstLineId: number
    secondWorkerId: number
    secondLineId: number | null
    state: Generated<'offered' | 'answered' | 'agreed' | 'confirmed' | 'refused' | 'withdrawn'>
    offeredAt: Date
    changedAt: Date
    decidedBy: number | null
    version: Generated<number>
  }
  /** One for each choice that puts somebody above the hard limit. */
  approval: {
    choiceId: number
    roundId: number
    workerId: number
    authorHasRight: boolean
    state: Generated<'pending' | 'approved' | 'refused'>
    reasonText: string | null
    salt: string | null
    decidedBy: number | null
    decidedAt: Date | null
    askedAt: Date
    /** The highest share of the norm that somebody agreed to; null: nobody has yet, or before this was kept. */
    upTo: number | null
  }
  outsideApproval: {
    id: Id
    organisationId: number
    caseId: number
    workerId: number
    seat: Seat
    kind: 'emergency' | 'tailored'
    startOn: string
    reasonCode: string
    reasonText: string | null
    unregisteredReason: string | null
    setAside: string[]
    salt: string
    askedBy: number | null
    askedAt: Date
    /** lapsed: the seat was given while nobody had answered. */
    state: Generated<'pending' | 'approved' | 'refused' | 'lapsed'>
    decisionText: string | null
    decisionSalt: string | null
    decidedBy: number | null
    decidedAt: Date | null
  }
  meeting: {
    id: Id
    roundId: number
    openedBy: number | null
    openedAt: Date
    closedBy: number | null
    closedAt: Date | null
    version: Generated<number>
  }
  meetingPerson: { meetingId: number; userId: number }
  meetingNote: {
    meetingId: number
    caseId: number
    outcome: 'agreed' | 'changed' | 'waits' | 'later' | null
    motive: string | null
    dissent: string | null
    notedBy: number | null
    notedAt: Date
    version: Generated<number>
  }
  firstLook: {
    roundId: number
    caseId: number
    userId: number
    hours: number | null
    workerId: number | null
    statedAt: Date
  }
  firstLookReveal: {
    roundId: number
    caseId: number
    revealedBy: number | null
    revealedAt: Date
    /** How many gave a look, and how many of them named the person who was suggested at that moment. */
    stated: number | null
    withSuggestion: number | null
    /** Most of those who named somebody named that person; null: nobody was suggested, or fewer than two named somebody. */
    agreed: boolean | null
  }
  presence: { roundId: number; userId: number; caseNumber: string | null; seenAt: Date }
  message: {
    id: Id
    organisationId: number
    userId: number
    kind: string
    data: Json<Record<string, string | number | null>>
    createdAt: Date
    readAt: Date | null
  }
  mail: {
    id: Id
    organisationId: number
    userId: number
    state: Generated<'waiting' | 'sent' | 'failed'>
    attempts: Generated<number>
    nextAt: Date
    leaseUntil: Date | null
    error: string | null
    createdAt: Date
    sentAt: Date | null
  }
  pulse: { roundId: number; openedAt: Date; closesAt: Date }
  pulseInvitation: { roundId: number; userId: number; answered: Generated<boolean> }
  /** Nobody and no moment: how often each pair of figures was given. Every answer rewrites all 25 of its round. */
  pulseCount: { roundId: number; support: number; fairness: number; answers: Generated<number> }
}
