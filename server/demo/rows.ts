import type {
  CompetenceNeed,
  Phase,
  PreferenceKind,
  PreferenceValue,
  Urgency,
} from '../../solver/problem/problem.ts'

/** The made-up organisation as plain rows, linked by the numbers people use; nothing here knows a database. */
export interface DemoOrganisation {
  name: string
  teams: string[]
  workers: DemoWorker[]
  /** What runs and what waits. */
  cases: DemoCase[]
  /** What was closed in the last two years. */
  closed: DemoCase[]
}

export interface DemoWorker {
  staffNumber: string
  name: string
  team: string
  contractHours: number
  dutyHours: number
  registration: 'registered' | 'in_training'
  registrationFrom: string | null
  registrationUntil: string | null
  baseMunicipality: string
  employedFrom: string
  employedUntil: string | null
  competences: { competence: string; level: number; expiresOn: string | null }[]
  preferences: { kind: PreferenceKind; code: string; value: PreferenceValue }[]
  reductions: { reason: string; percentage: number; validFrom: string; validUntil: string | null }[]
  absences: { percentage: number; validFrom: string; validUntil: string | null }[]
  /** Contract hours until a day in the past, when they became what they are. */
  earlierHours?: { contractHours: number; untilOn: string }
}

export interface DemoCase {
  caseNumber: string
  familyNumber: string
  team: string
  measures: { measure: string; startOn: string; endOn: string | null }[]
  phase: Phase | null
  children: number | null
  factors: string[]
  urgency: Urgency
  receivedOn: string
  municipality: string | null
  competences: CompetenceNeed[]
  duoNeeded: boolean
  formerWorkers: { staffNumber: string; untilOn: string }[]
  excludedWorkers: { staffNumber: string; hiddenReason: string }[]
  /** Empty: waiting. Earlier holders come first. */
  seats: DemoSeat[]
  closedOn?: string
}

/** Hours per week as they weigh now, or did at the end; travel included. */
export interface DemoSeat {
  seat: 'primary' | 'second'
  staffNumber: string
  startsOn: string
  /** The first day on which somebody else has it, or nobody. */
  endsOn?: string
  hours: number
}
