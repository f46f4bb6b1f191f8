import type { Span } from '../../server/contract/days.ts'
import type { Eligibility } from '../../server/contract/own.ts'
import type { Availability, OwnRequest } from '../../server/contract/requests.ts'

/** Changes by anybody that touch what a page about oneself shows. */
export const isAboutMe = (event: { objectType: string }) =>
  [
    'worker',
    'allocation',
    'case',
    'round',
    'rulebook',
    'import',
    'decision',
    'request',
    'estimate',
    'team',
  ].includes(event.objectType)

export type PeriodState = 'holds' | 'comes' | 'over' | 'open' | 'declined' | 'withdrawn'

/** A line of the list of leave and reductions: what holds, and what was asked and does not. */
export interface Period {
  key: string
  kind: 'absence' | 'reduction'
  reason: string | null
  percentage: number
  validFrom: string
  validUntil: string | null
  /** The days themselves: of what was asked as one there may be several periods. */
  spans: Span[]
  state: PeriodState
  /** The request behind it, when it can be taken back or was answered in words. */
  request: OwnRequest | null
  mayWithdraw: boolean
}

/**
 * Everything that holds or was asked, in order of its first day. A granted request is the period itself, so it is no line of
 * its own; one that a lead changed afterwards is told by the record alone.
 */
export function periodsOf(own: Availability, today: string): Period[] {
  const granted = own.requests.filter(one => one.status === 'granted')
  const same = (
    request: OwnRequest,
    one: { percentage: number; validFrom: string; validUntil: string | null },
  ) =>
    request.percentage === one.percentage &&
    spansOf(request).some(span => span.validFrom === one.validFrom && span.validUntil === one.validUntil)
  const held = (
    kind: Period['kind'],
    one: { percentage: number; validFrom: string; validUntil: string | null },
    reason: string | null,
    index: number,
  ): Period => {
    const request =
      granted.find(asked => asked.kind === kind && asked.reason === reason && same(asked, one)) ?? null
    const state =
      one.validUntil !== null && one.validUntil < today ? 'over' : one.validFrom > today ? 'comes' : 'holds'
    return {
      key: `${kind} ${index}`,
      kind,
      reason,
      percentage: one.percentage,
      validFrom: one.validFrom,
      validUntil: one.validUntil,
      spans: [{ validFrom: one.validFrom, validUntil: one.validUntil }],
      state,
      request,
      mayWithdraw: request !== null && state === 'comes',
    }
  }
  const asked = own.requests
    .filter(one => one.status !== 'granted')
    .map(
      (one): Period => ({
        key: `request ${one.id}`,
        kind: one.kind === 'reduction' ? 'reduction' : 'absence',
        reason: one.reason,
        percentage: one.percentage ?? 0,
        validFrom: one.validFrom ?? '',
        validUntil: one.validUntil,
        spans: spansOf(one),
        state: one.status === 'granted' ? 'holds' : one.status,
        request: one,
        mayWithdraw: one.status === 'open',
      }),
    )
  return [
    ...own.absences.map((one, index) => held('absence', one, null, index)),
    ...own.reductions.map((one, index) => held('reduction', one, one.reason, index)),
    ...asked,
  ].sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : a.key < b.key ? -1 : 1))
}

/** The days that a request is about. */
export const spansOf = (request: Pick<OwnRequest, 'validFrom' | 'validUntil' | 'periods'>): Span[] =>
  request.periods ?? [{ validFrom: request.validFrom ?? '', validUntil: request.validUntil }]

/** Whether a line is about the past only: over, or asked and not granted. */
export const isPast = (one: Period, today: string) =>
  one.state === 'over' ||
  one.state === 'withdrawn' ||
  (one.state === 'declined' && (one.validUntil ?? one.validFrom) < today)

/** Rules whose sentence tells the load that a kind would give: for each kind another figure. */
const ABOUT_LOAD = ['band', 'hardLimit']

/**
 * The rules that stand in the way, each with the kinds that it stops, the most frequent first. `full` says in one sentence
 * what the rules about load say for each kind with another figure.
 */
export function obstaclesOf(
  kinds: Eligibility['kinds'],
  full: string,
): { sentence: string; kinds: string[] }[] {
  const found = new Map<string, string[]>()
  for (const kind of kinds) {
    for (const rule of kind.rules) {
      const sentence = ABOUT_LOAD.includes(rule.rule) ? full : rule.sentence
      const list = found.get(sentence) ?? []
      if (!list.includes(kind.name)) list.push(kind.name)
      found.set(sentence, list)
    }
  }
  return [...found]
    .map(([sentence, names]) => ({ sentence, kinds: names }))
    .sort((a, b) => b.kinds.length - a.kinds.length || a.sentence.localeCompare(b.sentence, 'nl'))
}
