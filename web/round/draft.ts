import type { CaseRow } from '../../server/contract/cases.ts'
import type { Choice } from '../../server/contract/choices.ts'
import type { Alternative } from '../../server/contract/explanations.ts'
import type { DraftLine, DraftLoad, RoundDetail } from '../../server/contract/rounds.ts'
import type { Seat } from '../../solver/problem/problem.ts'

/** One case of a round with its seats: one, or two for a duo. */
export interface DraftCase {
  case: CaseRow
  lines: DraftLine[]
  /** Who has the other seat of a duo already and keeps it: the round gives only the open one. */
  keeps: { seat: Seat; name: string } | null
}

const URGENCY: Record<CaseRow['urgency'], number> = { emergency: 0, high: 1, normal: 2 }

/** The cases in the order in which they come first: urgency, then days waited, then number. */
export function casesOfDraft(round: Pick<RoundDetail, 'cases' | 'lines'>): DraftCase[] {
  const lines = new Map<string, DraftLine[]>()
  for (const line of round.lines) {
    const seats = lines.get(line.caseNumber)
    if (seats) seats.push(line)
    else lines.set(line.caseNumber, [line])
  }
  return round.cases
    .map(one => {
      const seats = (lines.get(one.caseNumber) ?? []).sort((a, b) => a.seat.localeCompare(b.seat))
      return { case: one, lines: seats, keeps: keptSeat(one, seats) }
    })
    .sort(
      (a, b) =>
        URGENCY[a.case.urgency] - URGENCY[b.case.urgency] ||
        b.case.waitingDays - a.case.waitingDays ||
        a.case.caseNumber.localeCompare(b.case.caseNumber),
    )
}

function keptSeat(of: CaseRow, lines: readonly DraftLine[]): DraftCase['keeps'] {
  const [asked, ...more] = lines
  if (!of.duo || !asked || more.length > 0) return null
  const seat = asked.seat === 'primary' ? 'second' : 'primary'
  const holder = of[seat]
  return holder && { seat, name: holder.name }
}

export const DRAFT_VIEWS = ['lijst', 'bord', 'raster'] as const
export type DraftView = (typeof DRAFT_VIEWS)[number]

export const DRAFT_FILTERS = [
  'all',
  'unplaced',
  'urgent',
  'open',
  'discuss',
  'chosen',
  'deviates',
  'changed',
] as const
export type DraftFilter = (typeof DRAFT_FILTERS)[number]

/** What the filters know of a case beside the draft itself: sets of case numbers. */
export interface DraftMarks {
  /** That the newest calculation gave to somebody else. */
  changed: ReadonlySet<string>
  reviewed: ReadonlySet<string>
  discuss: ReadonlySet<string>
}

export const isUnplaced = (one: DraftCase) =>
  one.lines.length === 0 || one.lines.some(line => line.worker === null && !line.waits)

/** Which cases are shown. */
export function filterDraft(
  cases: readonly DraftCase[],
  filter: DraftFilter,
  text: string,
  marks: DraftMarks,
): DraftCase[] {
  const wanted = text.trim().toLocaleLowerCase('nl')
  return cases.filter(one => {
    if (filter === 'unplaced' && !isUnplaced(one)) return false
    if (filter === 'chosen' && !one.lines.some(line => line.locked || line.waits)) return false
    if (filter === 'urgent' && one.case.urgency === 'normal') return false
    if (filter === 'deviates' && !one.lines.some(line => line.deviates)) return false
    if (filter === 'changed' && !marks.changed.has(one.case.caseNumber)) return false
    if (filter === 'open' && marks.reviewed.has(one.case.caseNumber)) return false
    if (filter === 'discuss' && !marks.discuss.has(one.case.caseNumber)) return false
    if (!wanted) return true
    return [one.case.caseNumber, ...one.lines.map(line => line.worker?.name ?? '')].some(word =>
      word.toLocaleLowerCase('nl').includes(wanted),
    )
  })
}

/** The choice that holds this seat for somebody, or lets the case wait. A wait is for the whole case. */
export function standingChoice(round: RoundDetail, line: Pick<DraftLine, 'caseNumber' | 'seat'>) {
  return round.choices.find(
    choice =>
      choice.caseNumber === line.caseNumber &&
      (choice.kind === 'wait' || (choice.kind !== 'exclude' && choice.seat === line.seat)),
  )
}

export const exclusionsOf = (round: RoundDetail, caseNumber: string) =>
  round.choices.filter(choice => choice.kind === 'exclude' && choice.caseNumber === caseNumber)

/** The newest choice: what "undo last" takes back. */
export const lastChoice = (choices: readonly Choice[]) =>
  choices.reduce<Choice | null>(
    (last, choice) => (last === null || choice.id > last.id ? choice : last),
    null,
  )

export interface DraftDifference {
  /** Cases of which a seat went to somebody else, with who had it and who has it. */
  changed: { caseNumber: string; seat: DraftLine['seat']; from: string | null; to: string | null }[]
  /** Seats that people had fixed and that stayed. */
  kept: number
}

/** What a new calculation changed in the draft as it stood before. */
export function differenceOf(before: readonly DraftLine[], after: readonly DraftLine[]): DraftDifference {
  const old = new Map(before.map(line => [`${line.caseNumber} ${line.seat}`, line]))
  const changed: DraftDifference['changed'] = []
  let kept = 0
  for (const line of after) {
    const was = old.get(`${line.caseNumber} ${line.seat}`)
    if (was?.worker?.staffNumber !== line.worker?.staffNumber) {
      const { caseNumber, seat } = line
      changed.push({ caseNumber, seat, from: was?.worker?.name ?? null, to: line.worker?.name ?? null })
    } else if (line.locked) kept++
  }
  return { changed, kept }
}

/** Choices that were added or taken back between two states of a round: what a colleague did meanwhile. */
export function choicesBetween(before: readonly Choice[], after: readonly Choice[]) {
  const had = new Set(before.map(choice => choice.id))
  const has = new Set(after.map(choice => choice.id))
  return {
    added: after.filter(choice => !had.has(choice.id)),
    undone: before.filter(choice => !has.has(choice.id)),
  }
}

/**
 * The load of one worker as it would be when `alternative` had the seat of `line`: they get the hours, who has the seat now
 * gives them up, and for everybody else nothing changes.
 */
export function previewLoad(
  load: DraftLoad,
  line: Pick<DraftLine, 'worker' | 'hours'> | null,
  alternative: Pick<Alternative, 'worker' | 'after'>,
  band: RoundDetail['band'],
): DraftLoad {
  const { staffNumber } = load.worker
  if (staffNumber === alternative.worker.staffNumber)
    return { ...load, after: alternative.after, newCases: load.newCases + 1 }
  if (!line?.worker || staffNumber !== line.worker.staffNumber) return load
  const hours = Math.round((load.after.hours - line.hours) * 100) / 100
  const workload = load.normHours > 0 ? hours / load.normHours : null
  return {
    ...load,
    after: { hours, workload, status: statusIn(band, workload) },
    newCases: Math.max(0, load.newCases - 1),
  }
}

/** Judged on one decimal of a percent, as it is shown. */
function statusIn(band: RoundDetail['band'], workload: number | null): DraftLoad['after']['status'] {
  if (workload === null) return 'noCaseload'
  const shown = Math.round(workload * 1000) / 1000
  if (shown > band.hardLimit) return 'farAboveNorm'
  if (shown > band.high) return 'aboveNorm'
  return shown < band.low ? 'room' : 'onNorm'
}
