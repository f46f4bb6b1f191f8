import type { Change } from '../problem/changes.ts'
import { seatsOf } from '../problem/load.ts'
import type { Problem, ProblemCase, Proposal, RuleCode, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'
import { lockFor, lookup } from '../rules/lookup.ts'
import { type RuleEntry, ruleOf, setAsideOf } from '../rules/rules.ts'
import { assess, seatsBeside } from './explain.ts'
import type { Fit } from './fit.ts'
import { type Move, plainLock } from './resolve.ts'
import type { Price } from './worth.ts'

/** One change that may place a case, before it is tried. */
export interface Candidate {
  kind: Relaxation['kind']
  rule: RuleCode | null
  workerId: string | null
  by: Relaxation['by']
  changes: Change[]
  sentence: Sentence
  /** What it sets free or goes over, in hours or pieces: the smaller the earlier within its kind. */
  size: number
  /** Points less load cost of the worker: the higher the earlier among equals. */
  score: number
  /** Of `extraRoom`: with fewer hours the case does not fit this worker, whatever happens to all others. */
  leastHours?: number
  /** On top of all that the draft gives, or only of what cannot move. */
  beside: Beside
}

type Beside = 'draft' | 'fixed'

/**
 * What is least to ask of people and worker comes first: nothing but to solve again; to take back a choice of the round; to go
 * over the band; one more than a cap; to free a seat of another case; more hours of room; to split a family; to ask less of
 * the worker; an exception for registration; and last to pass the hard limit.
 */
function orderOf({ kind, rule }: Pick<Candidate, 'kind' | 'rule'>): number {
  const asks = rule === null ? null : ruleOf[rule].asks
  if (rule === null || asks === null || asks === 'usual') return ORDER.indexOf(kind)
  return ORDER.indexOf(asks) + ruleCodes.indexOf(rule) / ruleCodes.length
}

const ORDER: (Relaxation['kind'] | NonNullable<RuleEntry['asks']>)[] = [
  'recalculate',
  'liftWait',
  'liftExclusion',
  'little',
  'setAside',
  'liftLock',
  'extraRoom',
  'more',
  'competenceWanted',
  'most',
]
const ruleCodes = Object.keys(ruleOf) as RuleCode[]

/** Every single change that could place this case, what is least to ask first. */
export function candidatesFor(
  problem: Problem,
  draft: Pick<Proposal, 'lines'>,
  theCase: ProblemCase,
  name: (workerId: string) => string,
  codeNames: CodeNames | undefined,
): Candidate[] {
  const caseId = theCase.id
  const all: Candidate[] = []
  const add = (one: Pick<Candidate, 'kind' | 'by' | 'changes' | 'sentence'> & Partial<Candidate>) => {
    const sentence = fill(one.sentence, {
      case: caseId,
      ...(one.workerId !== undefined && one.workerId !== null && { worker: name(one.workerId) }),
    })
    all.push({ rule: null, workerId: null, size: 0, score: 0, beside: 'draft', ...one, sentence })
  }
  add({ kind: 'recalculate', by: 'choice', changes: [], sentence: words.recalculate })
  if (problem.waiting.includes(caseId)) {
    const changes: Change[] = [{ kind: 'wait', caseId, waits: false }]
    add({ kind: 'liftWait', by: 'choice', changes, sentence: words.liftWait })
  }
  for (const { workerId } of problem.exclusions.filter(one => one.caseId === caseId)) {
    const changes: Change[] = [{ kind: 'include', caseId, workerId }]
    add({ kind: 'liftExclusion', by: 'choice', changes, workerId, sentence: words.liftExclusion })
  }
  for (const lock of problem.locks) {
    const changes: Change[] = [{ kind: 'unlock', caseId: lock.caseId, seat: lock.seat }]
    const own = lock.caseId === caseId
    const sentence = own ? words.liftOwnLock : fill(words.liftLock, { other: lock.caseId })
    add({ kind: 'liftLock', by: 'choice', changes, workerId: lock.workerId, sentence, size: own ? 0 : 1 })
  }
  for (const seat of seatsOf(theCase)) {
    if (draft.lines.some(line => line.caseId === caseId && line.seat === seat && line.workerId !== null))
      continue
    // What the draft gives can move: so first as if only what is fixed were there, then on top of all of it.
    const fixed = { lines: draft.lines.filter(line => isFixed(problem, line)) }
    const fits = (given: Pick<Proposal, 'lines'>) => fitsFor(problem, given, theCase, seat, codeNames)
    const alone = fits(fixed)
    for (const [beside, list] of [
      ['fixed', alone],
      ['draft', fits(draft)],
    ] as const)
      list.forEach((one, k) => {
        const leastHours = Math.max(0.01, hoursOver(alone[k]!.fit))
        addForWorker(theCase, seat, one, codeNames, more =>
          add({ ...more, beside, ...(more.kind === 'extraRoom' && { leastHours }) }),
        )
      })
  }
  const known = new Set<string>()
  return all
    .sort((a, b) => orderOf(a) - orderOf(b) || a.size - b.size || b.score - a.score)
    .filter(({ changes }) => {
      const key = JSON.stringify(changes)
      if (known.has(key)) return false
      known.add(key)
      return true
    })
}

/** Whether this seat stays with its worker whatever is solved again. */
function isFixed(problem: Problem, { caseId, seat, workerId }: Proposal['lines'][number]): boolean {
  if (lockFor(problem, caseId, seat)?.workerId === workerId) return true
  const theCase = lookup(problem).cases.get(caseId)
  return theCase?.current?.[seat] === workerId && theCase.movable !== true
}

/** By how many hours the band or the hard limit is passed; 0 for not at all. */
function hoursOver(fit: Fit): number {
  const passed = fit.broken.filter(one => one.rule === 'band' || one.rule === 'hardLimit')
  return Math.max(0, ...passed.map(one => Number(one.facts.over ?? 0)))
}

/** How everybody fits the seat on top of this, and by how much the broken rules are passed. */
function fitsFor(
  problem: Problem,
  draft: Pick<Proposal, 'lines'>,
  theCase: ProblemCase,
  seat: Seat,
  codeNames: CodeNames | undefined,
): { fit: Fit; over: number }[] {
  const others = seatsBeside(draft, theCase.id, seat)
  const free = {
    ...problem,
    locks: problem.locks.filter(one => one.caseId !== theCase.id || one.seat !== seat),
  }
  return problem.workers.map(worker => {
    const fit = assess(free, theCase, seat, worker, others, codeNames)
    return {
      fit,
      over: Math.max(0, ...fit.broken.map(one => Number(one.facts.over ?? one.facts.count ?? 0))),
    }
  })
}

/** What would let this one worker take the seat, if a single thing does. */
function addForWorker(
  theCase: ProblemCase,
  seat: Seat,
  { fit, over }: { fit: Fit; over: number },
  codeNames: CodeNames | undefined,
  add: (one: Pick<Candidate, 'kind' | 'by' | 'changes' | 'sentence'> & Partial<Candidate>) => void,
): void {
  const { workerId, score } = fit
  const codes = fit.broken.map(one => one.rule)
  const rule = singleRule(codes)
  if (rule === null) return
  const lock = plainLock(theCase.id, seat, workerId)
  const setAside = setAsideOf(rule)
  if (setAside !== 'never' && ruleOf[rule].asks !== null) {
    const allowing = {
      ...lock,
      aboveLimit: setAside === 'right',
      unregisteredException: setAside === 'unregisteredException',
      setAside: setAside === 'motive' && rule !== 'band' ? [rule] : [],
    }
    const why = fit.broken[0]?.sentence ?? { nl: '', en: '' }
    const sentence = ruleOf[rule].allowed ?? {
      nl: `${words.setAside.nl} ${why.nl}`,
      en: `${words.setAside.en} ${why.en}`,
    }
    const changes: Change[] = [{ kind: 'lock', ...allowing }]
    add({ kind: 'setAside', rule, by: setAside, changes, workerId, sentence, size: over, score })
  }
  if (rule === 'band' || rule === 'hardLimit') {
    const most = hoursOver(fit)
    const changes: Change[] = [{ kind: 'extraRoom', workerId, hours: most }]
    const sentence = fill(words.extraRoom, { hours: most })
    add({ kind: 'extraRoom', by: 'facts', changes, workerId, sentence, size: most, score })
  }
  const needs = theCase.competences.filter(need => need.need === 'required')
  if (rule === 'competence') {
    const { competence: lacking = '', seat: asking } = fit.broken[0]?.facts ?? {}
    const asked = needs.find(need => need.competence === lacking && need.seat === asking)
    if (!asked) return
    const { competence, seat } = asked
    const change: Change = { kind: 'competenceWanted', caseId: theCase.id, competence }
    const changes: Change[] = [seat ? { ...change, seat } : change]
    const sentence = seat
      ? fill(words.competenceWantedOfSeat, { competence, seat }, codeNames)
      : fill(words.competenceWanted, { competence }, codeNames)
    add({ kind: 'competenceWanted', by: 'facts', changes, workerId, sentence, size: needs.length, score })
  }
}

/** The one rule to set aside; above the hard limit is above the band as well, and that is one decision. */
function singleRule(codes: readonly RuleCode[]): RuleCode | null {
  if (codes.length === 1) return codes[0]!
  return codes.length === 2 && codes.includes('hardLimit') && codes.includes('band') ? 'hardLimit' : null
}

export const words = {
  recalculate: {
    nl: 'Bereken opnieuw: zoals het nu staat, past deze zaak erin.',
    en: 'Recalculate: as things stand now, this case fits.',
  },
  liftWait: { nl: 'Laat deze zaak niet langer wachten.', en: 'Do not let this case wait any longer.' },
  liftExclusion: {
    nl: 'Hef de uitsluiting van {worker} voor deze zaak op.',
    en: 'Lift the exclusion of {worker} for this case.',
  },
  liftOwnLock: {
    nl: 'Maak deze plek los van {worker}.',
    en: 'Unlock this seat from {worker}.',
  },
  liftLock: {
    nl: 'Maak zaak {other} los van {worker}: dan komt er ruimte.',
    en: 'Unlock case {other} from {worker}: that makes room.',
  },
  setAside: {
    nl: 'Geef deze zaak aan {worker} en wijk daarvoor af van één regel, met een motivering.',
    en: 'Give this case to {worker} and deviate from one rule, with a justification.',
  },
  extraRoom: {
    nl: 'Met {hours} uur meer ruimte kan {worker} deze zaak doen.',
    en: 'With {hours} more hours of room, {worker} can do this case.',
  },
  competenceWanted: {
    nl: 'Maak de competentie {competence} gewenst in plaats van nodig: dan kan {worker} deze zaak krijgen.',
    en: 'Make the competence {competence} desired instead of required: then {worker} can get this case.',
  },
  competenceWantedOfSeat: {
    nl: 'Maak de competentie {competence} voor de {seat} plek gewenst in plaats van nodig: dan kan {worker} deze plek krijgen.',
    en: 'Make the competence {competence} desired instead of required for the {seat} seat: then {worker} can get this seat.',
  },
  trade: {
    nl: 'Deze zaak kan wel naar {worker}, maar dat gaat ten koste van andere: {chain}. In totaal: {price}.',
    en: 'This case could go to {worker}, but at the cost of others: {chain}. In total: {price}.',
  },
} satisfies Record<string, Sentence>

/** One thing that people may change so that a case is placed, without fewer cases placed than before. */
export interface Relaxation extends Price {
  kind:
    | 'recalculate'
    | 'liftWait'
    | 'liftExclusion'
    | 'liftLock'
    | 'setAside'
    | 'extraRoom'
    | 'competenceWanted'
  /** Of `setAside`: which rule. */
  rule: RuleCode | null
  workerId: string | null
  by: 'choice' | 'motive' | 'unregisteredException' | 'right' | 'facts'
  sentence: Sentence
  /** The price is proven; false: it is the least, on the level that decides. */
  exact: boolean
  /** The same as data, to suppose it; empty for `recalculate`. */
  changes: Change[]
  moves: Move[]
}
