import { assess, type ExplainedRule, type Fit, findCase, findWorker, seatsBeside } from './explain.ts'
import { hundredths, seatsOf } from './load.ts'
import type { Lock, Problem, Proposal, RuleCode, Seat } from './problem.ts'
import { isPlaced } from './proposal.ts'
import { broken, ruleSentence, setAsideOf } from './rules.ts'
import { type CodeNames, named, type Sentence } from './sentences.ts'
import { solve } from './solve.ts'

export interface Move {
  caseId: string
  seat: Seat
  from: string | null
  to: string | null
}

/** Why not this worker. `{worker}` in the sentence stands for the worker's name unless `name` was given. */
export interface WhyNot {
  kind: 'proposed' | 'mayNot' | 'lower' | 'neededElsewhere' | 'equal' | 'better'
  caseId: string
  seat: Seat
  workerId: string
  sentence: Sentence
  /** mayNot: the broken rules and who may set them aside. */
  broken: ExplainedRule[]
  /** lower: the one to three things that make the difference, in points, the largest first. */
  differences: { what: Sentence; points: number }[]
  /** neededElsewhere: what moves when the worker gets the case, and what it costs. */
  moves: Move[]
  totalDifference: number | null
  placedDifference: number | null
  /** The differences are proven. */
  exact: boolean | null
}

export interface WhyNotOptions {
  seat?: Seat
  timeLimitMs?: number
  /** Names for the sentences; the ids when left out. */
  name?: (workerId: string) => string
  /** Names of codes for the sentences; the codes when left out. */
  codeNames?: CodeNames
}

/**
 * Why not this worker for this case: a rule forbids it, the worker fits less well, or the worker fits but the whole round
 * loses by it. The last answer is proven by solving again with the worker fixed for this seat; it never comes empty.
 */
export async function explainNot(
  problem: Problem,
  proposal: Proposal,
  caseId: string,
  workerId: string,
  options: WhyNotOptions = {},
): Promise<WhyNot> {
  const seat = options.seat ?? 'primary'
  const theCase = findCase(problem, caseId)
  const worker = findWorker(problem, workerId)
  if (!seatsOf(theCase).includes(seat)) throw new Error(`Case ${caseId} has no ${seat} seat.`)
  const { codeNames } = options
  const name = options.name ?? ((id: string) => id)
  const current = proposal.lines.find(line => line.caseId === caseId && line.seat === seat)?.workerId ?? null
  const answer = (kind: WhyNot['kind'], sentence: Sentence, more: Partial<WhyNot> = {}): WhyNot => ({
    kind,
    caseId,
    seat,
    workerId,
    sentence: named(sentence, name(workerId)),
    broken: [],
    differences: [],
    moves: [],
    totalDifference: null,
    placedDifference: null,
    exact: null,
    ...more,
  })
  if (current === workerId) {
    return answer('proposed', {
      nl: '{worker} is voorgesteld voor deze zaak.',
      en: '{worker} is proposed for this case.',
    })
  }

  const free: Problem = {
    ...problem,
    locks: problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat),
  }
  const alone = broken(free, theCase, seat, worker, free.locks)
  if (alone.length > 0) return mayNot(alone, answer, codeNames)

  // Both without the other cases of this round: load that the round itself gives is "needed elsewhere", not a worse fit.
  const own = assess(free, theCase, seat, worker, free.locks, codeNames)
  const holder =
    current === null ? null : assess(free, theCase, seat, findWorker(problem, current), free.locks, codeNames)
  if (holder && own.score <= holder.score) {
    const differences = whatDiffers(own, holder)
    const list = (language: keyof Sentence) =>
      differences.map(one => `${one.what[language]} (${signed(one.points, language)})`).join('; ')
    const gap = hundredths(own.score - holder.score) / 100
    if (gap === 0) {
      return answer('lower', {
        nl: `{worker} past even goed als ${name(holder.workerId)}. Het lot van deze ronde besliste; jouw kennis telt hier het zwaarst.`,
        en: `{worker} fits as well as ${name(holder.workerId)}. The seed of this round decided; what you know counts most here.`,
      })
    }
    return answer(
      'lower',
      {
        nl: `{worker} kan deze zaak doen, maar past minder goed (${signed(gap, 'nl')} punten). Verschil: ${list('nl')}.`,
        en: `{worker} can do this case, but fits less well (${signed(gap, 'en')} points). Difference: ${list('en')}.`,
      },
      { differences },
    )
  }

  const lock: Lock = { caseId, seat, workerId, unregisteredException: false, aboveLimit: false, setAside: [] }
  const forced: Problem = { ...free, locks: [...free.locks, lock] }
  const again = await solve(forced, { timeLimitMs: options.timeLimitMs ?? 5000 })
  const moves = movesBetween(proposal, again)
  const totalDifference = hundredths(lastValue(again) - lastValue(proposal)) / 100
  const placedDifference = placedCount(again) - placedCount(proposal)
  const moved = moves.filter(move => move.caseId !== caseId || move.seat !== seat)
  const chain = (language: keyof Sentence) =>
    moved
      .slice(0, 4)
      .map(move => {
        if (move.to === null)
          return language === 'nl' ? `${move.caseId} blijft wachten` : `${move.caseId} keeps waiting`
        return `${move.caseId} ${language === 'nl' ? 'gaat naar' : 'goes to'} ${name(move.to)}`
      })
      .join(', ')
  const chainNl =
    moved.length > 0 ? `Dan ${moved.length === 1 ? 'verschuift' : 'verschuiven'}: ${chain('nl')}.` : ''
  const chainEn = moved.length > 0 ? `Then: ${chain('en')}.` : ''
  return answer(
    'neededElsewhere',
    {
      nl: `{worker} past bij deze zaak, maar is elders harder nodig. ${chainNl} Totaal: ${signed(placedDifference, 'nl')} zaken geplaatst, ${signed(totalDifference, 'nl')} punten.`,
      en: `{worker} fits this case, but is needed more elsewhere. ${chainEn} In all: ${signed(placedDifference, 'en')} cases placed, ${signed(totalDifference, 'en')} points.`,
    },
    { moves, totalDifference, placedDifference, exact: again.status === 'optimal' },
  )
}

function mayNot(
  breaches: ReturnType<typeof broken>,
  answer: (kind: WhyNot['kind'], sentence: Sentence, more: Partial<WhyNot>) => WhyNot,
  codeNames: CodeNames | undefined,
): WhyNot {
  const explained = breaches.map(one => ({
    ...one,
    sentence: ruleSentence(one, codeNames),
    setAside: setAsideOf(one.rule),
  }))
  // A hidden reason stands alone, so that what is beside it gives nothing away.
  const hidden = explained.find(one => one.rule === 'conflict')
  const shown = hidden ? [hidden] : explained
  return answer(
    'mayNot',
    {
      nl: `{worker}: ${shown.map(one => one.sentence.nl).join(' ')}`,
      en: `{worker}: ${shown.map(one => one.sentence.en).join(' ')}`,
    },
    { broken: shown },
  )
}

function whatDiffers(own: Fit, holder: Fit): WhyNot['differences'] {
  const parts = own.contributions.map((part, index) => ({
    what: part.sentence,
    points: hundredths(part.points - holder.contributions[index]!.points) / 100,
  }))
  parts.push({
    what: { nl: `werklast wordt ${own.loadAfter ?? 0} %`, en: `workload becomes ${own.loadAfter ?? 0} %` },
    points: hundredths(holder.loadCost - own.loadCost) / 100,
  })
  return parts
    .filter(part => part.points < 0)
    .sort((a, b) => a.points - b.points)
    .slice(0, 3)
}

function signed(value: number, language: keyof Sentence): string {
  const text = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
    maximumFractionDigits: 2,
    signDisplay: 'exceptZero',
  }).format(value)
  return text.replace('-', '−')
}

const lastValue = (proposal: Proposal) => proposal.levels.at(-1)?.value ?? 0

const placedCount = (proposal: Proposal) =>
  new Set(proposal.lines.map(line => line.caseId).filter(id => isPlaced(proposal.lines, id))).size

/** Seats that somebody else gets in the second proposal. */
export function movesBetween(before: Proposal, after: Proposal): Move[] {
  const was = new Map(before.lines.map(line => [`${line.seat} ${line.caseId}`, line.workerId]))
  return after.lines.flatMap(line => {
    const from = was.get(`${line.seat} ${line.caseId}`) ?? null
    return from === line.workerId ? [] : [{ caseId: line.caseId, seat: line.seat, from, to: line.workerId }]
  })
}

/** One thing that people may do so that a case fits after all, tried by solving with it. */
export interface Relaxation {
  rule: RuleCode
  setAside: SetAsideByPeople
  workerId: string
  seat: Seat
  sentence: Sentence
  /** The lock that does it. */
  lock: Lock
  /** Cases placed more than in the proposal, and the change in points. */
  placedDifference: number
  totalDifference: number
}

type SetAsideByPeople = 'motive' | 'right' | 'unregisteredException'

/** The smaller the earlier: what is least to ask of people and worker. */
const relaxationOrder: RuleCode[] = [
  'band',
  'newPerWeek',
  'heavyCases',
  'teamExclusion',
  'together',
  'registration',
  'hardLimit',
]

/**
 * For a case that is not placed: the smallest single rule to set aside so that it is, without another case falling out.
 * Each of at most `tries` candidates is solved; null when none of them works.
 */
export async function smallestRelaxation(
  problem: Problem,
  proposal: Proposal,
  caseId: string,
  options: { tries?: number; timeLimitMs?: number; name?: (workerId: string) => string } = {},
): Promise<Relaxation | null> {
  const theCase = findCase(problem, caseId)
  const candidates: { rule: RuleCode; seat: Seat; workerId: string; over: number; score: number }[] = []
  for (const seat of seatsOf(theCase)) {
    if (proposal.lines.some(line => line.caseId === caseId && line.seat === seat && line.workerId !== null))
      continue
    const others = seatsBeside(proposal, caseId, seat)
    const free = {
      ...problem,
      locks: problem.locks.filter(one => one.caseId !== caseId || one.seat !== seat),
    }
    for (const worker of problem.workers) {
      const fit = assess(free, theCase, seat, worker, others)
      const rule = singleRule(fit.broken.map(one => one.rule))
      if (rule === null || !relaxationOrder.includes(rule)) continue
      const over = Math.max(0, ...fit.broken.map(one => Number(one.facts.over ?? one.facts.count ?? 0)))
      candidates.push({ rule, seat, workerId: worker.id, over, score: fit.score })
    }
  }
  candidates.sort(
    (a, b) =>
      relaxationOrder.indexOf(a.rule) - relaxationOrder.indexOf(b.rule) ||
      a.over - b.over ||
      b.score - a.score,
  )
  for (const { rule, seat, workerId } of candidates.slice(0, options.tries ?? 4)) {
    const lock: Lock = {
      caseId,
      seat,
      workerId,
      unregisteredException: rule === 'registration',
      aboveLimit: rule === 'hardLimit',
      setAside: rule === 'band' || rule === 'hardLimit' || rule === 'registration' ? [] : [rule],
    }
    const locks = [...problem.locks.filter(one => one.caseId !== caseId || one.seat !== seat), lock]
    const again = await solve({ ...problem, locks }, { timeLimitMs: options.timeLimitMs ?? 5000 })
    const placedDifference = placedCount(again) - placedCount(proposal)
    if (!isPlaced(again.lines, caseId) || placedDifference < 1) continue
    const breach = ruleWords[rule] ?? { nl: rule, en: rule }
    const sentence = named(
      {
        nl: `Deze zaak past wel bij {worker} als jullie ${breach.nl}.`,
        en: `This case does fit {worker} if you ${breach.en}.`,
      },
      (options.name ?? ((id: string) => id))(workerId),
    )
    return {
      rule,
      setAside: setAsideOf(rule) as SetAsideByPeople,
      workerId,
      seat,
      sentence,
      lock,
      placedDifference,
      totalDifference: hundredths(lastValue(again) - lastValue(proposal)) / 100,
    }
  }
  return null
}

/** The one rule to set aside; above the hard limit is above the band as well, and that is one decision. */
function singleRule(codes: readonly RuleCode[]): RuleCode | null {
  if (codes.length === 1) return codes[0]!
  return codes.length === 2 && codes.includes('hardLimit') && codes.includes('band') ? 'hardLimit' : null
}

const ruleWords: Partial<Record<RuleCode, Sentence>> = {
  band: { nl: 'boven de bandbreedte gaan, met een motivering', en: 'go above the band, with a reason' },
  newPerWeek: { nl: 'één nieuwe zaak meer in deze week toestaan', en: 'allow one more new case this week' },
  heavyCases: { nl: 'één zware zaak meer toestaan', en: 'allow one more heavy case' },
  teamExclusion: { nl: 'de uitsluiting door het team opheffen', en: 'lift the exclusion by the team' },
  together: { nl: 'het gezin over twee medewerkers verdelen', en: 'split the family over two workers' },
  registration: { nl: 'een tenzij-reden vastleggen', en: 'record an exception for registration' },
  hardLimit: {
    nl: 'boven de harde grens gaan (apart besluit)',
    en: 'go above the hard limit (its own decision)',
  },
}
