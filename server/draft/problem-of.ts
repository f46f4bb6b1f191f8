import type { Executor } from '../../db/database.ts'
import { currentMeaning } from '../../solver/problem/meaning.ts'
import type {
  Lock,
  Phase,
  Policy,
  Problem,
  ProblemCase,
  ProblemWorker,
  Seat,
} from '../../solver/problem/problem.ts'
import type { CaseWeight } from '../contract/cases.ts'
import { addDays, addMonths, daysBetween, firstOfMonth, mondayOf } from '../contract/days.ts'
import { FIRST_PHASE, PHASES } from '../contract/phase-order.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { leavingDaysOf } from '../rulebook/leaving-days.ts'
import { goalsOf } from '../rulebook/profiles.ts'
import { blocksStart, isLongAbsence, LONG_ABSENCE_DAYS } from '../weighing/absence.ts'
import { needsOf } from '../weighing/needs.ts'
import { measuresOn, overrideOf, weigh } from '../weighing/weight.ts'
import { type CaseInput, type Inputs, readInputs, type WorkerInput } from './inputs.ts'

export interface ProblemRequest {
  organisationId: number
  /** Row ids, as everywhere in this request. */
  caseIds: readonly number[]
  workerIds: readonly number[]
  startOn: string
  seed: number
  /** Code of a profile of the rulebook. */
  profile: string
  locks: readonly FixedSeat[]
  exclusions: readonly { caseId: number; workerId: number; until?: string | null }[]
  waiting: readonly number[]
  /** Waiting time is counted until this day. */
  today: string
  /** Leave out what this round itself gave, once it is settled. */
  withoutRound?: number
  /** Seats that another open round gives these workers in draft: they count as if they were decided. */
  drafts?: readonly { workerId: number; caseId: number; seat: Seat; hours: number; startsOn: string }[]
  /** Of the cases: those that somebody has already, to deal out again. Their workers are among those of the request. */
  current?: readonly CurrentCase[]
  /** Points per seat of those that goes to somebody else. */
  moveCost?: number
}

/** Who has a case, by row ids; `second` where it takes two people. */
export interface CurrentCase {
  caseId: number
  primary: number
  second: number | null
  movable: boolean
}

/** A lock by row ids; see `Lock` in the solver for what each field allows. */
export type FixedSeat = Omit<Lock, 'caseId' | 'workerId'> & { caseId: number; workerId: number }

/** A Problem with the way back from its ids (case and staff numbers) to the rows. */
export interface BuiltProblem {
  problem: Problem
  rulebook: Inputs['rulebook']
  caseIds: Map<string, number>
  caseNumbers: Map<number, string>
  workerIds: Map<string, number>
  staffNumbers: Map<number, string>
  /** By case id; of the cases in the round. */
  weights: Map<number, CaseWeight>
}

/**
 * The Problem of these cases and workers as the tables stand now. Cases and workers come in order of their numbers and
 * every list in it is sorted, so the same tables give the same Problem and sha256 on every database.
 */
export async function problemOf(db: Executor, request: ProblemRequest): Promise<BuiltProblem> {
  const { organisationId, caseIds, workerIds, startOn } = request
  return assemble(
    await readInputs(
      db,
      organisationId,
      caseIds,
      workerIds,
      startOn,
      request.withoutRound,
      request.current?.map(one => one.caseId),
      (request.drafts ?? []).map(({ workerId, caseId, seat, hours, startsOn }) => ({
        workerId,
        caseId,
        seat,
        hours,
        startsOn,
        endsOn: null,
      })),
    ),
    request,
  )
}

/** The pure half of `problemOf`. Throws on an id in a lock, exclusion or waiting case that is not among the rows. */
export function assemble(inputs: Inputs, request: ProblemRequest): BuiltProblem {
  const { startOn } = request
  const wanted = new Set(request.caseIds)
  const byId = new Map(inputs.cases.map(one => [one.id, one]))
  const rows = inputs.cases.filter(one => wanted.has(one.id))
  const caseNumbers = new Map(rows.map(one => [one.id, one.caseNumber]))
  const staffNumbers = new Map(inputs.workers.map(one => [one.id, one.staffNumber]))
  const known: Known = {
    inputs,
    startOn,
    today: request.today,
    staffNumbers: new Set(staffNumbers.values()),
    familySize: countBy(rows, one => one.familyId),
    measures: groupBy(inputs.measures, row => row.caseId),
    factors: groupBy(inputs.factors, row => row.caseId),
    methods: groupBy(inputs.methods, row => row.caseId),
    needs: groupBy(inputs.needs, row => row.caseId),
    former: groupBy(inputs.formerWorkers, row => row.caseId),
    excluded: groupBy(inputs.excluded, row => row.caseId),
    holders: groupBy(inputs.holders, row => row.caseId),
    familyWorkers: groupBy(inputs.familyWorkers, row => row.caseId),
    absences: groupBy(inputs.absences, row => row.workerId),
    competences: groupBy(inputs.competences, row => row.workerId),
    preferences: groupBy(inputs.preferences, row => row.workerId),
    travel: groupBy(inputs.travel, row => row.workerId),
    seats: groupBy(inputs.seats, row => row.workerId),
    ahead: groupBy(inputs.ahead, row => row.workerId),
    involved: groupBy(inputs.involved, row => row.caseId),
    current: new Map((request.current ?? []).map(one => [one.caseId, one])),
    guided: new Map(inputs.guided.map(row => [row.mentorId, row.cases])),
    wishes: new Map(inputs.wishes.map(({ workerId, granted, asked }) => [workerId, { granted, asked }])),
  }
  const weights = new Map(rows.map(one => [one.id, weightOf(known, one)]))
  const heavy = new Set(
    [...new Set(inputs.seats.map(seat => seat.caseId))].filter(id => {
      const held = byId.get(id)
      return held !== undefined && weightOf(known, held).heavy
    }),
  )
  const problem: Problem = {
    format: 1,
    meaning: currentMeaning,
    seed: request.seed,
    startOn,
    policy: {
      ...policyOf(inputs.rulebook.content, request.profile),
      ...(request.moveCost !== undefined && { moveCost: request.moveCost }),
    },
    cases: sorted(
      rows.map(row => ({
        ...caseOf(known, row, weights.get(row.id)!),
        ...currentOf(known.current.get(row.id), staffNumbers),
      })),
      one => one.id,
    ),
    workers: sorted(
      inputs.workers.map(row => workerOf(known, row, heavy)),
      one => one.id,
    ),
    locks: sorted(
      request.locks
        // A case that is no duo any more has no second seat to fix, and nobody fixes a seat that somebody has.
        .filter(lock => lock.seat === 'primary' || weights.get(lock.caseId)?.second !== null)
        .filter(lock => takenOf(known, lock.caseId, weights.get(lock.caseId)!).taken?.seat !== lock.seat)
        .map(({ caseId, workerId, ...lock }) => ({
          ...lock,
          caseId: numberOf(caseNumbers, caseId, 'case'),
          workerId: numberOf(staffNumbers, workerId, 'worker'),
          setAside: [...lock.setAside].sort(),
        })),
      lock => `${lock.caseId} ${lock.seat}`,
    ),
    exclusions: sorted(
      request.exclusions.map(({ caseId, workerId, until }) => ({
        caseId: numberOf(caseNumbers, caseId, 'case'),
        workerId: numberOf(staffNumbers, workerId, 'worker'),
        ...(until ? { until } : {}),
      })),
      pair => `${pair.caseId} ${pair.workerId}`,
    ),
    waiting: request.waiting.map(id => numberOf(caseNumbers, id, 'case')).sort(),
    ...(inputs.rulebook.content.criteria.scarceSkill !== undefined && {
      expected: sorted(inputs.expected, one => one.competence),
    }),
  }
  return {
    problem,
    rulebook: inputs.rulebook,
    caseNumbers,
    staffNumbers,
    caseIds: new Map([...caseNumbers].map(([id, number]) => [number, id])),
    workerIds: new Map([...staffNumbers].map(([id, number]) => [number, id])),
    weights,
  }
}
/** How long the last phase usually takes: the rulebook does not say. */
const END_PHASE_WEEKS = 8

/**
 * The last day on which a case that begins on a day is expected to be open, by the usual length of the phases that it has
 * still before it; of several measures the longest counts. Null where the rulebook does not tell of one of them.
 */
export function expectedUntil(
  content: RulebookContent,
  one: { measures: readonly string[]; phase: Phase },
  startOn: string,
): string | null {
  const ahead = (['begin', 'middle'] as const).slice(PHASES.indexOf(one.phase))
  let weeks = END_PHASE_WEEKS
  for (const phase of ahead) {
    const known = (content.weight.phaseWeeks ?? [])
      .filter(usual => one.measures.includes(usual.measure))
      .flatMap(usual => usual[phase] ?? [])
    if (known.length === 0) return null
    weeks += Math.max(...known)
  }
  return addDays(startOn, weeks * 7 - 1)
}

/** The part of a rulebook that the engine works with, in one of its profiles. */
export function policyOf(content: RulebookContent, profile: ProblemRequest['profile']): Policy {
  return {
    bandLow: content.bandLow,
    bandHigh: content.bandHigh,
    hardLimit: content.hardLimit,
    heavyFromHours: content.weight.heavyFromHours,
    newPerWeek: content.newPerWeek,
    heavyCases: content.heavyCases,
    fullTimeHours: content.fullTimeHours,
    travel: content.weight.travel,
    loadCost: content.loadCost,
    ...goalsOf(content, profile),
    ...(leavingDaysOf(content) > 0 && {
      leaving: { withinDays: leavingDaysOf(content), awayFromDays: LONG_ABSENCE_DAYS, fewest: true as const },
    }),
    evenLoads: true,
    // What the rulebook leaves out, the policy leaves out. The wish budget holds where wishes are stated: a wish from before it
    // was lowered must not stop a calculation.
    ...given(content, [
      'newPerMonth',
      'openPerNew',
      'kindCaps',
      'ratherNotPerRound',
      'learningNeedsMentor',
      'secondSeatRegistered',
      'heavyCost',
      'overdueAfterDays',
    ]),
  }
}

/** These members, as far as they are there. */
function given<T, K extends keyof T>(source: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.flatMap(key => (source[key] === undefined ? [] : [[key, source[key]]])),
  ) as Pick<T, K>
}

interface Known {
  inputs: Inputs
  startOn: string
  today: string
  staffNumbers: Set<string>
  familySize: Map<number | null, number>
  measures: Map<number, Inputs['measures']>
  factors: Map<number, Inputs['factors']>
  methods: Map<number, Inputs['methods']>
  needs: Map<number, Inputs['needs']>
  former: Map<number, Inputs['formerWorkers']>
  excluded: Map<number, Inputs['excluded']>
  holders: Map<number, Inputs['holders']>
  familyWorkers: Map<number, Inputs['familyWorkers']>
  absences: Map<number, Inputs['absences']>
  competences: Map<number, Inputs['competences']>
  preferences: Map<number, Inputs['preferences']>
  travel: Map<number, Inputs['travel']>
  seats: Map<number, Inputs['seats']>
  ahead: Map<number, Inputs['ahead']>
  involved: Map<number, Inputs['involved']>
  current: Map<number, CurrentCase>
  guided: Map<number, number>
  wishes: Map<number, { granted: number; asked: number }>
}

function weightOf(known: Known, row: CaseInput): CaseWeight {
  const factors = known.factors.get(row.id) ?? []
  return weigh(
    {
      measures: measuresOn(known.measures.get(row.id) ?? [], known.startOn),
      phase: row.phase,
      children: row.children,
      factors: factors.map(factor => factor.code),
      duoNeeded: row.duoNeeded,
      threat: factors.some(factor => factor.isThreat),
      override: overrideOf(row),
      dormant: row.dormant,
    },
    known.inputs.rulebook,
  )
}

function caseOf(known: Known, row: CaseInput, weight: CaseWeight): ProblemCase {
  const factors = known.factors.get(row.id) ?? []
  const family = known.familyWorkers.get(row.id) ?? []
  const methods = (known.methods.get(row.id) ?? []).map(one => one.method).sort()
  const measures = measuresOn(known.measures.get(row.id) ?? [], known.startOn).sort()
  const phase = row.phase ?? FIRST_PHASE
  const lasts = expectedUntil(known.inputs.rulebook.content, { measures, phase }, known.startOn)
  return {
    id: row.caseNumber,
    urgency: row.urgency,
    waitingDays: Math.max(0, daysBetween(row.receivedOn, known.today)),
    hours:
      weight.second === null
        ? { primary: weight.primary }
        : { primary: weight.primary, second: weight.second },
    children: row.children ?? 1,
    measures,
    phase,
    ...(lasts !== null && { expectedUntil: lasts }),
    ...(methods.length > 0 && { methods }),
    factors: factors.map(factor => factor.code).sort(),
    threat: factors.some(factor => factor.isThreat),
    duo: weight.second !== null,
    municipality: row.municipalityCode,
    competences: needsOf(
      (known.needs.get(row.id) ?? []).map(({ caseId: _, ...need }) => need),
      weight.second !== null,
    ),
    formerWorkers: [...new Set((known.former.get(row.id) ?? []).map(former => former.staffNumber))].sort(),
    excludedWorkers: (known.excluded.get(row.id) ?? [])
      .filter(exclusion => exclusion.untilOn === null || exclusion.untilOn >= known.startOn)
      .map(exclusion => exclusion.staffNumber)
      .sort(),
    ...takenOf(known, row.id, weight),
    // Alone in the round a family needs no group: its worker, if any, is in familyWorker.
    group: row.familyId !== null && (known.familySize.get(row.familyId) ?? 0) > 1 ? row.familyNumber : null,
    // With several, one who takes part in the round, else the one who has been there longest.
    familyWorker:
      (family.find(one => known.staffNumbers.has(one.staffNumber)) ?? family[0])?.staffNumber ?? null,
    ...(known.inputs.rulebook.content.criteria.fewestPeople !== undefined && {
      workersInvolved: [
        ...new Set(
          (known.involved.get(row.id) ?? []).map(one => one.staffNumber).concat(holdersOf(known, row)),
        ),
      ].sort(),
    }),
  }
}

/** The one seat of a duo that somebody has already. Who has both is no question of this round. */
function takenOf(
  { holders, current }: Known,
  caseId: number,
  weight: CaseWeight,
): Pick<ProblemCase, 'taken'> {
  const [holder, ...more] = holders.get(caseId) ?? []
  if (!holder || more.length > 0 || weight.second === null || current.has(caseId)) return {}
  return { taken: { seat: holder.seat, workerId: holder.staffNumber } }
}

/** Who has this case, or another of the family that is dealt out again too, by staff number. */
function holdersOf({ current, inputs }: Known, row: CaseInput): string[] {
  const family = inputs.cases.filter(
    one => one.id === row.id || (one.familyId ?? Number.NaN) === row.familyId,
  )
  const held = family.flatMap(one => current.get(one.id) ?? [])
  const ids = new Set(held.flatMap(one => [one.primary, one.second]))
  return inputs.workers.filter(one => ids.has(one.id)).map(one => one.staffNumber)
}

/** Of a case that somebody has: who, and whether it may move. */
function currentOf(
  held: CurrentCase | undefined,
  staffNumbers: ReadonlyMap<number, string>,
): Partial<ProblemCase> {
  if (!held) return {}
  const primary = numberOf(staffNumbers, held.primary, 'worker')
  const second = held.second === null ? {} : { second: numberOf(staffNumbers, held.second, 'worker') }
  return { current: { primary, ...second }, movable: held.movable }
}

function workerOf(known: Known, row: WorkerInput, heavy: ReadonlySet<number>): ProblemWorker {
  const { startOn } = known
  const seats = known.seats.get(row.id) ?? []
  const held = seats.filter(
    seat => seat.startsOn <= startOn && (seat.endsOn === null || seat.endsOn > startOn),
  )
  const monday = mondayOf(startOn)
  const horizon = addDays(startOn, leavingDaysOf(known.inputs.rulebook.content))
  return {
    id: row.staffNumber,
    contractHours: row.contractHours,
    normHours: known.inputs.norms.get(row.id) ?? 0,
    hoursInUse: held.reduce((sum, seat) => sum + Math.round(seat.hours * 100), 0) / 100,
    heavyCases: new Set(held.map(seat => seat.caseId).filter(id => heavy.has(id))).size,
    newThisWeek: startsIn(seats, monday, addDays(monday, 7)),
    registration: {
      status: row.registration,
      from: row.registrationFrom,
      until: row.registrationUntil,
    },
    employedFrom: row.employedFrom,
    employedUntil: row.employedUntil,
    // Only what can matter on the start date, or begins soon and lasts long: other leave does not make a proposal look stale.
    away: sorted(
      (known.absences.get(row.id) ?? [])
        .filter(
          absence =>
            blocksStart(absence) &&
            (absence.validFrom <= startOn
              ? absence.validUntil === null || absence.validUntil >= startOn
              : isLongAbsence(absence) && absence.validFrom <= horizon),
        )
        .map(absence => ({ from: absence.validFrom, until: absence.validUntil })),
      period => `${period.from} ${period.until ?? ''}`,
    ),
    competences: sorted(
      (known.competences.get(row.id) ?? []).map(({ competence, level, expiresOn }) => ({
        competence,
        level,
        expiresOn,
      })),
      one => one.competence,
    ),
    preferences: sorted(
      (known.preferences.get(row.id) ?? [])
        .filter(wish => wish.validUntil === null || wish.validUntil >= startOn)
        .map(({ kind, code, value }) => ({ kind, code, value })),
      wish => `${wish.kind} ${wish.code}`,
    ),
    travelMinutes: Object.fromEntries(
      sorted(known.travel.get(row.id) ?? [], one => one.municipality).map(one => [
        one.municipality,
        one.minutes,
      ]),
    ),
    ...aheadOf(known, row),
    ...workerExtras(known, row, seats, held),
  }
}

/** What was decided for later, in order of day. The limit is named where that day has another than the policy. */
function aheadOf({ ahead, inputs }: Known, row: WorkerInput): Partial<ProblemWorker> {
  const days = ahead.get(row.id)
  if (!days) return {}
  return {
    ahead: sorted(
      days.map(({ workerId: _, hardLimit, ...day }) => ({
        ...day,
        ...(hardLimit !== inputs.rulebook.content.hardLimit && { hardLimit }),
      })),
      day => day.on,
    ),
  }
}

/** New cases that start from the first day until before the other. */
function startsIn(seats: Inputs['seats'], from: string, before: string): number {
  return seats.filter(seat => seat.seat !== 'cover' && seat.startsOn >= from && seat.startsOn < before).length
}

/** What the rulebook asks for beyond the ordinary: nothing of it is in the Problem when it does not. */
function workerExtras(
  known: Known,
  row: WorkerInput,
  seats: Inputs['seats'],
  held: Inputs['seats'],
): Partial<ProblemWorker> {
  const { content } = known.inputs.rulebook
  const extras: Partial<ProblemWorker> = {}
  const open = [...new Set(held.filter(seat => seat.seat !== 'cover').map(seat => seat.caseId))]
  if (content.newPerMonth !== undefined) {
    const first = firstOfMonth(known.startOn)
    extras.newThisMonth = startsIn(seats, first, addMonths(first, 1))
  }
  if (content.openPerNew !== undefined) extras.openCases = open.length
  if (content.kindCaps !== undefined) {
    const hasKind = (caseId: number, kind: 'measure' | 'factor', code: string) =>
      kind === 'measure'
        ? measuresOn(known.measures.get(caseId) ?? [], known.startOn).includes(code)
        : (known.factors.get(caseId) ?? []).some(factor => factor.code === code)
    extras.kinds = content.kindCaps.map(({ kind, code }) => ({
      kind,
      code,
      count: open.filter(caseId => hasKind(caseId, kind, code)).length,
    }))
  }
  if (content.learningNeedsMentor) {
    const mentor = known.inputs.workers.find(one => one.id === row.mentorId)
    extras.mentor = mentor?.staffNumber ?? null
    extras.mentorRoom = Math.max(0, (content.mentorRoom ?? MENTOR_ROOM) - (known.guided.get(row.id) ?? 0))
  }
  if (content.criteria.wishTurn !== undefined) {
    extras.wishes = known.wishes.get(row.id) ?? { granted: 0, asked: 0 }
  }
  return extras
}

/** Learning cases that one mentor guides at the same time, where the rulebook does not say. */
const MENTOR_ROOM = 2

function numberOf(numbers: ReadonlyMap<number, string>, id: number, what: string): string {
  const number = numbers.get(id)
  if (number === undefined) throw new Error(`No ${what} ${id} among the rows of this round.`)
  return number
}

/** By code unit, the same on every machine and database. */
function sorted<T>(list: readonly T[], key: (item: T) => string): T[] {
  return list
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(one => one.item)
}

function groupBy<T>(list: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const item of list) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}

function countBy<T, K>(list: readonly T[], key: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>()
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
