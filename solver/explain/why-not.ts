import { hundredths, seatsOf } from '../problem/load.ts'
import type { Problem, Proposal, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, named, type Sentence } from '../problem/sentences.ts'
import { broken, ruleSentence } from '../rules/broken.ts'
import { judgeLocks } from '../rules/locks.ts'
import { setAsideOf } from '../rules/rules.ts'
import { isPlaced } from '../search/proposal.ts'
import { assess, findCase, findWorker } from './explain.ts'
import type { ExplainedRule, Fit } from './fit.ts'
import {
  chainSentence,
  type Move,
  plainLock,
  priceSentence,
  signed,
  solveGiven,
  withLock,
} from './resolve.ts'
import type { Price } from './worth.ts'

/** Why not this worker. `{worker}` in the sentence stands for the worker's name unless `name` was given. */
export interface WhyNot {
  /**
   * proposed: the draft has this worker; mayNot: a rule forbids it; lower: it fits this case less well, and the round loses;
   * neededElsewhere: it fits as well or better, but the round loses; equal: the round loses nothing; better: the round gains,
   * so the draft is not the best there is; open: the search ended before any of these was certain.
   */
  kind: 'proposed' | 'mayNot' | 'lower' | 'neededElsewhere' | 'equal' | 'better' | 'open'
  caseId: string
  seat: Seat
  workerId: string
  sentence: Sentence
  /** mayNot: the broken rules and who may set them aside. */
  broken: ExplainedRule[]
  /** lower: the one to three things that make the difference, in points, the largest first. */
  differences: { what: Sentence; points: number }[]
  /** What moves when the worker gets the case and the rest is solved again. */
  moves: Move[]
  /** What that costs by the strict levels; null: not solved, or nothing about it is certain. */
  price: Price | null
  totalDifference: number | null
  placedDifference: number | null
  /** The price is proven; false: it is the least, on the level that decides. */
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
 * Why not this worker for this case. A rule forbids it, or the price is found by solving again with the worker fixed for this
 * seat, and held against the draft. The answer never comes empty: the draft may be of the engine or changed by people.
 */
export async function explainNot(
  problem: Problem,
  draft: Pick<Proposal, 'lines' | 'loads'>,
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
  const current = draft.lines.find(line => line.caseId === caseId && line.seat === seat)?.workerId ?? null
  const answer = (kind: WhyNot['kind'], sentence: Sentence, more: Partial<WhyNot> = {}): WhyNot => ({
    kind,
    caseId,
    seat,
    workerId,
    sentence: named(sentence, name(workerId)),
    broken: [],
    differences: [],
    moves: [],
    price: null,
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
  const resolved = await solveGiven(problem, draft, { caseId, seat, workerId }, options.timeLimitMs ?? 5000)
  const solved: Partial<WhyNot> = {
    moves: resolved.moves,
    price: resolved.price,
    totalDifference: resolved.exact && resolved.price ? resolved.price.points : null,
    placedDifference: resolved.exact && resolved.price ? resolved.price.placed : null,
    exact: resolved.exact,
  }
  const inAll = resolved.price ? priceSentence(resolved.price, resolved.exact) : { nl: '', en: '' }
  const along = resolved.moves.filter(move => move.caseId !== caseId || move.seat !== seat)
  const chain = chainSentence(along, name)
  const text = (nl: string, en: string): Sentence => ({
    nl: [nl, along.length > 0 && `Dan: ${chain.nl}.`, resolved.exact || UNPROVEN.nl].filter(isText).join(' '),
    en: [en, along.length > 0 && `Then: ${chain.en}.`, resolved.exact || UNPROVEN.en]
      .filter(isText)
      .join(' '),
  })
  if (!isPlaced(resolved.proposal.lines, caseId)) {
    const fixed = withLock(problem, plainLock(caseId, seat, workerId))
    const { nl, en } = whyOpen(fixed, resolved.proposal, caseId, seat, codeNames)
    return answer('neededElsewhere', text(nl, en), solved)
  }
  if (resolved.compared === null) {
    return answer(
      'open',
      {
        nl: '{worker} kan deze zaak krijgen, maar wat dat in totaal kost of oplevert, kon niet op tijd worden uitgerekend. Vraag het nog eens, of kijk bij de alternatieven.',
        en: '{worker} can get this case, but what that costs or gains in total could not be calculated in time. Ask again, or see the alternatives.',
      },
      { exact: false },
    )
  }
  if (resolved.compared > 0) {
    return answer(
      'better',
      text(
        `Met {worker} op deze zaak wordt het concept beter (${inAll.nl}). Bereken opnieuw, of kies {worker}.`,
        `With {worker} on this case the draft gets better (${inAll.en}). Calculate again, or choose {worker}.`,
      ),
      solved,
    )
  }
  if (resolved.price?.levels[0]?.level === 'evenLoads') {
    return answer(
      'equal',
      text(
        '{worker} kan deze zaak net zo goed krijgen, maar nu is de werklast van iedereen het gelijkst. Jouw kennis telt hier het zwaarst.',
        '{worker} could get this case just as well, but now the workload of everybody is the most even. What you know counts most here.',
      ),
      solved,
    )
  }
  if (resolved.compared === 0) {
    return answer(
      'equal',
      text(
        '{worker} kan deze zaak net zo goed krijgen: in totaal maakt het geen verschil. Het lot van deze ronde besliste; jouw kennis telt hier het zwaarst.',
        '{worker} could get this case just as well: in all it makes no difference. The seed of this round decided; what you know counts most here.',
      ),
      solved,
    )
  }
  const gap = holder ? hundredths(own.score - holder.score) / 100 : 0
  if (holder && gap < 0) {
    const differences = whatDiffers(own, holder)
    const list = (language: keyof Sentence) =>
      differences.map(one => `${one.what[language]} (${signed(one.points, language)})`).join('; ')
    return answer(
      'lower',
      text(
        `{worker} kan deze zaak doen, maar past minder goed (${signed(gap, 'nl')} punten). Verschil: ${list('nl')}. De rest opnieuw verdeeld: ${inAll.nl}.`,
        `{worker} can do this case, but fits less well (${signed(gap, 'en')} points). Difference: ${list('en')}. With the rest solved again: ${inAll.en}.`,
      ),
      { ...solved, differences },
    )
  }
  return answer(
    'neededElsewhere',
    text(
      `{worker} past bij deze zaak, maar is elders harder nodig. De rest opnieuw verdeeld: ${inAll.nl}.`,
      `{worker} fits this case, but is needed more elsewhere. With the rest solved again: ${inAll.en}.`,
    ),
    solved,
  )
}

/** Why the case is not placed with this worker fixed on the seat: the other seat of a duo, or what is fixed besides. */
function whyOpen(
  fixed: Problem,
  { lines }: Proposal,
  caseId: string,
  seat: Seat,
  codeNames: CodeNames | undefined,
): Sentence {
  const refused = judgeLocks(fixed).refused.find(one => one.lock.caseId === caseId && one.lock.seat === seat)
  const breach = refused?.broken.find(one => one.rule !== 'duoRequired')
  if (breach) {
    const { nl, en } = ruleSentence(breach, codeNames)
    return {
      nl: `{worker} kan deze plek krijgen, maar niet naast wat er al vastgezet is. ${nl}`,
      en: `{worker} can get this seat, but not with what is already locked. ${en}`,
    }
  }
  const open = lines.find(line => line.caseId === caseId && line.workerId === null)
  if (open?.blocked.some(one => one.rule === 'neededElsewhere')) {
    return {
      nl: '{worker} kan deze plek krijgen, maar wie de andere plek van deze zaak kan krijgen, is ergens anders harder nodig.',
      en: '{worker} can get this seat, but whoever can get the other seat of this case is needed more elsewhere.',
    }
  }
  return {
    nl: '{worker} kan deze plek krijgen, maar dan is er niemand voor de andere plek van deze zaak.',
    en: '{worker} can get this seat, but then there is nobody for the other seat of this case.',
  }
}

const UNPROVEN: Sentence = {
  nl: 'Dit is het beste dat op tijd gevonden is.',
  en: 'This is the best that was found in time.',
}
const isText = (part: string | boolean): part is string => typeof part === 'string'

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
    what: fill(
      { nl: 'werklast wordt {load} %', en: 'workload becomes {load}%' },
      { load: own.loadAfter ?? 0 },
    ),
    points: hundredths(holder.loadCost - own.loadCost) / 100,
  })
  return parts
    .filter(part => part.points < 0)
    .sort((a, b) => a.points - b.points)
    .slice(0, 3)
}
