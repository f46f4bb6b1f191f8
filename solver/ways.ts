import {
  type Again,
  chainSentence,
  type Move,
  plainLock,
  priceSentence,
  solveAgain,
  solveGiven,
} from './again.ts'
import type { Change } from './changes.ts'
import { assess, type Fit, findCase, seatsBeside } from './explain.ts'
import { seatsOf } from './load.ts'
import type { Problem, ProblemCase, Proposal, RuleCode, Seat } from './problem.ts'
import { isPlaced } from './proposal.ts'
import { broken, setAsideOf } from './rules.ts'
import { type CodeNames, fill, type Sentence } from './sentences.ts'
import { applyChanges } from './what-if.ts'
import { compareWorth, type Price, placedCases } from './worth.ts'

/** One thing that people may change so that a case is placed, without fewer cases placed than before. */
export interface Way extends Price {
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

/** The case placed as it is, at the price of others. */
export interface Trade extends Price {
  workerId: string
  /** The cases that wait instead. */
  displaced: string[]
  exact: boolean
  sentence: Sentence
  moves: Move[]
}

export interface Ways {
  caseId: string
  /** Smallest first, at most one of each kind and rule. */
  ways: Way[]
  trade: Trade | null
  /** Every candidate was tried. */
  complete: boolean
}

export interface WaysOptions {
  /** For everything together. Default 5,000. */
  timeLimitMs?: number
  name?: (workerId: string) => string
  codeNames?: CodeNames
  /** Stop at the smallest way, and do not look for a trade. */
  onlySmallest?: boolean
}

interface Candidate {
  kind: Way['kind']
  rule: RuleCode | null
  workerId: string | null
  by: Way['by']
  changes: Change[]
  sentence: Sentence
  /** What it sets free or goes over, in hours or pieces: the smaller the earlier within its kind. */
  size: number
  /** Points less load cost of the worker: the higher the earlier among equals. */
  score: number
}

/** Of each kind so many are tried: the smallest ones. */
const TRIES = 4

/**
 * What is least to ask of people and worker comes first: nothing but to solve again; to take back a choice of the round; to go
 * over the band; one more than a cap; to free a seat of another case; more hours of room; to split a family; to ask less of
 * the worker; an exception for registration; and last to pass the hard limit.
 */
function orderOf({ kind, rule }: Pick<Candidate, 'kind' | 'rule'>): number {
  const order: (Way['kind'] | RuleCode)[] = [
    'recalculate',
    'liftWait',
    'liftExclusion',
    'band',
    'newPerWeek',
    'heavyCases',
    'setAside',
    'liftLock',
    'extraRoom',
    'together',
    'competenceWanted',
    'registration',
    'hardLimit',
  ]
  const byRule = rule === null ? -1 : order.indexOf(rule)
  return byRule >= 0 ? byRule : order.indexOf(kind)
}

/**
 * For a case that is not placed: the single changes that place it without placing fewer cases than the plan, each proven by
 * solving with it; and, when it could be placed as it is, which case would wait instead. Throws when the case is not there.
 */
export async function waysToPlace(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  caseId: string,
  options: WaysOptions = {},
): Promise<Ways> {
  const theCase = findCase(problem, caseId)
  const name = options.name ?? ((id: string) => id)
  const until = performance.now() + (options.timeLimitMs ?? 5000)
  const left = () => until - performance.now()
  const result: Ways = { caseId, ways: [], trade: null, complete: true }
  const candidates = candidatesFor(problem, plan, theCase, name, options.codeNames)
  const tried = new Map<string, number>()
  for (const candidate of candidates) {
    const key = `${candidate.kind} ${candidate.rule}`
    if (result.ways.some(way => `${way.kind} ${way.rule}` === key)) continue
    const tries = tried.get(key) ?? 0
    if (tries >= TRIES) continue
    if (left() <= 0) {
      result.complete = false
      break
    }
    tried.set(key, tries + 1)
    const supposed = applyChanges(problem, candidate.changes)
    if (!('problem' in supposed)) continue
    const again = await solveAgain(problem, plan, supposed.problem, left())
    if (!isPlaced(again.proposal.lines, caseId)) continue
    // More cases, and nothing worse on a level that comes before what is gained.
    if (again.found.placed < 1 || again.compared === null || again.compared < 0 || !again.price) continue
    const { kind, rule, workerId, by, sentence, changes } = candidate
    result.ways.push({
      kind,
      rule,
      workerId,
      by,
      sentence,
      changes,
      exact: again.exact,
      moves: again.moves,
      ...again.price,
    })
    if (options.onlySmallest || kind === 'recalculate') return result
  }
  if (!options.onlySmallest) await findTrade(problem, plan, theCase, name, left, result)
  return result
}

function candidatesFor(
  problem: Problem,
  plan: Pick<Proposal, 'lines'>,
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
    all.push({ rule: null, workerId: null, size: 0, score: 0, ...one, sentence })
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
    if (plan.lines.some(line => line.caseId === caseId && line.seat === seat && line.workerId !== null))
      continue
    for (const { fit, over } of fitsFor(problem, plan, theCase, seat, codeNames))
      addForWorker(theCase, seat, fit, over, codeNames, add)
  }
  return all.sort((a, b) => orderOf(a) - orderOf(b) || a.size - b.size || b.score - a.score)
}

/** How everybody fits the seat on top of the plan, and by how much the broken rules are passed. */
function fitsFor(
  problem: Problem,
  plan: Pick<Proposal, 'lines'>,
  theCase: ProblemCase,
  seat: Seat,
  codeNames: CodeNames | undefined,
): { fit: Fit; over: number }[] {
  const others = seatsBeside(plan, theCase.id, seat)
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
  fit: Fit,
  over: number,
  codeNames: CodeNames | undefined,
  add: (one: Pick<Candidate, 'kind' | 'by' | 'changes' | 'sentence'> & Partial<Candidate>) => void,
): void {
  const { workerId, score } = fit
  const codes = fit.broken.map(one => one.rule)
  const rule = singleRule(codes)
  if (rule === null) return
  const lock = plainLock(theCase.id, seat, workerId)
  const setAside = setAsideOf(rule)
  if (setAside !== 'never') {
    const allowing = {
      ...lock,
      aboveLimit: setAside === 'right',
      unregisteredException: setAside === 'unregisteredException',
      setAside: setAside === 'motive' && rule !== 'band' ? [rule] : [],
    }
    const why = fit.broken[0]?.sentence ?? { nl: '', en: '' }
    const sentence = ruleWords[rule] ?? {
      nl: `${words.setAside.nl} ${why.nl}`,
      en: `${words.setAside.en} ${why.en}`,
    }
    const changes: Change[] = [{ kind: 'lock', ...allowing }]
    if (rule !== 'teamExclusion')
      add({ kind: 'setAside', rule, by: setAside, changes, workerId, sentence, size: over, score })
  }
  if (rule === 'band' || rule === 'hardLimit') {
    const most = Math.max(...fit.broken.map(one => Number(one.facts.over ?? 0)))
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

/** The least that others lose when this case goes first: every worker who may have it is tried. */
async function findTrade(
  problem: Problem,
  plan: Pick<Proposal, 'lines' | 'loads'>,
  theCase: ProblemCase,
  name: (workerId: string) => string,
  left: () => number,
  result: Ways,
): Promise<void> {
  const isFixed = (seat: Seat) => problem.locks.some(one => one.caseId === theCase.id && one.seat === seat)
  const seat = seatsOf(theCase).find(one => !isFixed(one))
  if (!seat) return
  let best: { again: Again; workerId: string } | null = null
  for (const worker of problem.workers) {
    if (broken(problem, theCase, seat, worker, problem.locks).length > 0) continue
    if (left() <= 0) {
      result.complete = false
      break
    }
    const again = await solveGiven(problem, plan, { caseId: theCase.id, seat, workerId: worker.id }, left())
    if (!isPlaced(again.proposal.lines, theCase.id)) continue
    if (!best || compareWorth(again.worth, best.again.worth) > 0) best = { again, workerId: worker.id }
  }
  if (!best) return
  const { again, workerId } = best
  const placed = placedCases(again.proposal)
  const displaced = [...placedCases(plan)].filter(id => !placed.has(id)).sort()
  if (displaced.length === 0) return
  const along = again.moves.filter(move => move.caseId !== theCase.id)
  const chain = chainSentence(along, name)
  if (!again.price) return
  const price = priceSentence(again.price, again.exact)
  const say = (language: keyof Sentence) =>
    fill(words.trade, { worker: name(workerId), chain: chain[language], price: price[language] })[language]
  result.trade = {
    workerId,
    displaced,
    exact: again.exact,
    sentence: { nl: say('nl'), en: say('en') },
    moves: again.moves,
    ...again.price,
  }
}

const words = {
  recalculate: {
    nl: 'Bereken opnieuw: zoals het nu staat, past deze zaak erin.',
    en: 'Calculate again: as things stand now, this case fits.',
  },
  liftWait: { nl: 'Laat deze zaak niet langer wachten.', en: 'Do not let this case wait any longer.' },
  liftExclusion: {
    nl: 'Hef de uitsluiting van {worker} voor deze zaak op.',
    en: 'Lift the exclusion of {worker} for this case.',
  },
  liftOwnLock: {
    nl: 'Maak deze plek los van {worker}.',
    en: 'Free this seat from {worker}.',
  },
  liftLock: {
    nl: 'Maak zaak {other} los van {worker}: dan komt er ruimte.',
    en: 'Free case {other} from {worker}: that makes room.',
  },
  setAside: {
    nl: 'Geef deze zaak aan {worker} en zet daarvoor één regel opzij, met een motivering.',
    en: 'Give this case to {worker} and set one rule aside for it, with a reason.',
  },
  extraRoom: {
    nl: 'Deze zaak past bij {worker} met {hours} uur meer ruimte.',
    en: 'This case fits {worker} with {hours} more hours of room.',
  },
  competenceWanted: {
    nl: 'Maak de competentie {competence} gewenst in plaats van vereist: dan kan {worker} deze zaak krijgen.',
    en: 'Make the competence {competence} wanted instead of required: then {worker} can get this case.',
  },
  competenceWantedOfSeat: {
    nl: 'Maak de competentie {competence} voor de {seat} plek gewenst in plaats van vereist: dan kan {worker} deze plek krijgen.',
    en: 'Make the competence {competence} wanted instead of required for the {seat} seat: then {worker} can get this seat.',
  },
  trade: {
    nl: 'Deze zaak kan wel naar {worker}, maar dat gaat ten koste van andere: {chain}. In totaal: {price}.',
    en: 'This case could go to {worker}, but at the cost of others: {chain}. In all: {price}.',
  },
} satisfies Record<string, Sentence>

const ruleWords: Partial<Record<RuleCode, Sentence>> = {
  band: {
    nl: 'Deze zaak past wel bij {worker} als jullie boven de bandbreedte gaan, met een motivering.',
    en: 'This case does fit {worker} if you go above the band, with a reason.',
  },
  newPerWeek: {
    nl: 'Deze zaak past wel bij {worker} als jullie één nieuwe zaak meer in deze week toestaan.',
    en: 'This case does fit {worker} if you allow one more new case this week.',
  },
  heavyCases: {
    nl: 'Deze zaak past wel bij {worker} als jullie één zware zaak meer toestaan.',
    en: 'This case does fit {worker} if you allow one more heavy case.',
  },
  together: {
    nl: 'Deze zaak past wel bij {worker} als jullie het gezin over twee medewerkers verdelen.',
    en: 'This case does fit {worker} if you split the family over two workers.',
  },
  registration: {
    nl: 'Deze zaak past wel bij {worker} als jullie een tenzij-reden vastleggen.',
    en: 'This case does fit {worker} if you record an exception for registration.',
  },
  hardLimit: {
    nl: 'Deze zaak past wel bij {worker} als iemand met dat recht boven de harde grens gaat (apart besluit).',
    en: 'This case does fit {worker} if somebody with that right goes above the hard limit (its own decision).',
  },
}
