import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import type { Seat } from '../../solver/problem/problem.ts'
import type { WorkerName } from '../contract/common.ts'
import { addDays } from '../contract/days.ts'
import type { Stay } from '../contract/reallocation.ts'
import { teamsOf } from '../draft/rounds.ts'
import { unseenCases } from '../draft/unseen.ts'
import { type CaseFacts, caseFacts } from '../weighing/facts.ts'

/** A new worker needs this long to get to know a family: whoever came later than that is left in peace. */
export const RECENT_WEEKS = 12
/** What ends this soon is not worth a change of worker. */
export const CLOSING_WEEKS = 8

export interface HeldSeat {
  allocationId: number
  seat: Seat
  workerId: number
  teamId: number
  worker: WorkerName
  hours: number
  startsOn: string
  endsOn: string | null
}

/** An open case of a team with who has it on a day. */
export interface TeamCase {
  facts: CaseFacts
  seats: HeldSeat[]
  stays: Stay | null
  /** Null where the case cannot be part of a calculation: who would be its holders. */
  holders: Holders | null
  /** Who has it when everything that is settled has begun; null: that is not the whole case, or somebody of another team. */
  finally: Holders | null
}

export interface Holders {
  primary: HeldSeat
  second: HeldSeat | null
}

/** Why nobody can have a case moved here. */
const FIXED: readonly Stay[] = ['otherTeam', 'openSeat', 'inRound', 'ending']
export const isFixed = (stays: Stay | null): boolean => stays !== null && FIXED.includes(stays)

/** The open cases of a team that somebody has on this day, by case number. Cases that wait are not among them. */
export async function heldCases(
  db: Executor,
  team: { id: number; organisationId: number },
  on: string,
): Promise<TeamCase[]> {
  const facts = await caseFacts(db, {
    organisationId: team.organisationId,
    on,
    teamId: team.id,
    statuses: ['allocated', 'later'],
  })
  const seats = await seatsFrom(
    db,
    facts.map(one => one.id),
    on,
  )
  return facts
    .map(one => teamCase(one, seats.get(one.id) ?? [], team.id, on))
    .filter(one => one.seats.length > 0)
    .sort((a, b) => a.facts.caseNumber.localeCompare(b.facts.caseNumber, 'en', { numeric: true }))
}

/** The seats of these cases that run on a day or begin later, by case id. */
async function seatsFrom(
  db: Executor,
  caseIds: readonly number[],
  on: string,
): Promise<Map<number, HeldSeat[]>> {
  const { rows } = await sql<
    Omit<HeldSeat, 'worker'> & { caseId: number; staffNumber: string; name: string }
  >`
    select a.id as allocation_id, a.case_id, a.seat, a.worker_id, w.team_id, w.staff_number, w.name,
      coalesce(h.hours, a.hours) as hours, a.starts_on, a.ends_on
    from held_seat a
    join worker w on w.id = a.worker_id
    left join allocation_period h on h.allocation_id = a.id and h.from_on <= greatest(a.starts_on, ${on}::date)
      and h.until_on > greatest(a.starts_on, ${on}::date)
    where a.case_id = any(${[...caseIds]}::int[]) and a.seat in ('primary', 'second')
      and (a.ends_on is null or a.ends_on > ${on}::date)
    order by a.starts_on, a.id`.execute(db)
  const found = new Map<number, HeldSeat[]>()
  for (const { caseId, staffNumber, name, ...row } of rows) {
    const held = found.get(caseId) ?? []
    found.set(caseId, [...held, { ...row, worker: { staffNumber, name } }])
  }
  return found
}

/** Judges one case: who has it on the day, and what keeps it there. `all` are its seats, those to come included. */
export function teamCase(facts: CaseFacts, all: readonly HeldSeat[], teamId: number, on: string): TeamCase {
  const seats = all.filter(one => one.startsOn <= on)
  const ours = seats.every(one => one.teamId === teamId)
  const now = wholeOf(facts, seats)
  // Where somebody else comes or a seat ends, its hours stay with who has it until then: what is settled for later is known.
  const settled = all.some(one => one.endsOn !== null || one.startsOn > on)
  const last = all.filter(one => one.endsOn === null)
  return {
    facts,
    seats,
    stays: staysBecause(facts, all, { whole: now !== null, ours, on }),
    holders: ours && !settled ? now : null,
    finally: last.every(one => one.teamId === teamId) ? wholeOf(facts, last) : null,
  }
}

/** Who has a case of which every seat is taken by these; null: one is open. */
function wholeOf(facts: Pick<CaseFacts, 'duoNeeded' | 'threat'>, seats: readonly HeldSeat[]): Holders | null {
  const primary = seats.find(one => one.seat === 'primary') ?? null
  const second = seats.find(one => one.seat === 'second') ?? null
  const isPair = facts.duoNeeded || facts.threat
  return primary !== null && isPair === (second !== null) ? { primary, second } : null
}

function staysBecause(
  facts: CaseFacts,
  all: readonly HeldSeat[],
  { whole, ours, on }: { whole: boolean; ours: boolean; on: string },
): Stay | null {
  if (!ours) return 'otherTeam'
  if (all.some(one => one.endsOn !== null || one.startsOn > on)) return 'ending'
  if (facts.openRoundId !== null) return 'inRound'
  if (!whole) return 'openSeat'
  const soon = addDays(on, CLOSING_WEEKS * 7)
  const ends = facts.measures.every(one => one.endOn !== null && one.endOn < soon)
  if (facts.phase === 'end' || (facts.measures.length > 0 && ends)) return 'closing'
  if (all.some(one => one.startsOn > addDays(on, -RECENT_WEEKS * 7))) return 'recent'
  return null
}

/**
 * Row ids of the cases of a team that wait for somebody on this day, a duo for its one open seat too, and of which anybody may
 * see a suggestion: where the team looks first, what a round still hides stays out.
 */
export async function waitingCases(
  db: Executor,
  team: { id: number; organisationId: number },
  on: string,
): Promise<number[]> {
  const facts = await caseFacts(db, {
    organisationId: team.organisationId,
    on,
    teamId: team.id,
    statuses: TO_ALLOCATE,
  })
  const hidden = new Set<string>()
  for (const id of new Set(facts.flatMap(one => one.openRoundId ?? []))) {
    const unseen = await unseenCases(db, { id, status: 'open', teams: await teamsOf(db, id) })
    for (const caseNumber of unseen) hidden.add(caseNumber)
  }
  return facts.filter(one => !hidden.has(one.caseNumber)).map(one => one.id)
}

/** Everybody of the team who is in service on this day. */
export async function teamWorkers(
  db: Executor,
  team: { id: number; organisationId: number },
  on: string,
): Promise<{ id: number; staffNumber: string; name: string }[]> {
  return db
    .selectFrom('worker')
    .select(['id', 'staffNumber', 'name'])
    .where('organisationId', '=', team.organisationId)
    .where('teamId', '=', team.id)
    .where('employedFrom', '<=', on)
    .where(eb => eb.or([eb('employedUntil', 'is', null), eb('employedUntil', '>=', on)]))
    .orderBy('name')
    .orderBy('staffNumber')
    .execute()
}
