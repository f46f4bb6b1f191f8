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

const DAY_MS = 86_400_000
const days = new Map<string, number>()
const texts = new Map<number, string>()

/** The ISO day that lies this many days later (or earlier, when negative). Remembers the days it saw: the past asks for millions. */
export function addDays(day: string, count: number): string {
  let from = days.get(day)
  if (from === undefined) {
    from = Date.parse(`${day}T00:00:00Z`) / DAY_MS
    days.set(day, from)
  }
  let text = texts.get(from + count)
  if (text === undefined) {
    text = new Date((from + count) * DAY_MS).toISOString().slice(0, 10)
    texts.set(from + count, text)
  }
  return text
}

/** The ISO day this many months later, as PostgreSQL adds months: the last day where the month is too short. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth.getUTCDate())))
    .toISOString()
    .slice(0, 10)
}
