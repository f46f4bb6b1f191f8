import type { Problem, ProblemCase, Seat } from '../problem/problem.ts'
import { fill, type Language, listed, type Sentence } from '../problem/sentences.ts'
import { homeWorkers, keepsTogether, lookup, type TakenSeat } from '../rules/lookup.ts'
import type { Fit } from './fit.ts'

/** What the sentence of a seat is made from. */
export interface Chosen {
  fit: Fit
  /** The best other worker who may have the seat; null: nobody else may. */
  next: Fit | null
  /** A level before points is what keeps the next one from it, and that is load. */
  byLoad: boolean
  /** With the next one all is as good, but the loads are less even. */
  byEven: boolean
  locked: boolean
  family: 'home' | 'kin' | null
}

/** Whether the family is what decides: it is with this worker already, or another case of it goes there in the same draft. */
export function familyOf(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  workerId: string,
  others: readonly TakenSeat[],
): Chosen['family'] {
  if (seat !== 'primary') return null
  if (homeWorkers(problem, theCase).includes(workerId)) return 'home'
  const { group } = theCase
  if (group === null || !keepsTogether(problem, theCase)) return null
  const { cases } = lookup(problem)
  const isKin = (one: TakenSeat) =>
    one.seat === 'primary' &&
    one.caseId !== theCase.id &&
    one.workerId === workerId &&
    cases.get(one.caseId)?.group === group
  return others.some(isKin) ? 'kin' : null
}

/** These say what the family says already. */
const SAID_BY_FAMILY = new Set(['currentWorker', 'involved'])

const loadTemplate = ({ loadBefore, loadAfter }: Fit): Sentence =>
  loadBefore === null ? noLoadWords : loadBefore === loadAfter ? sameLoadWords : loadWords

/**
 * Why this worker: the family where that decides; the two things that make most of the difference with the next one who may have
 * the case, room among them; the load before the round and after it; and the strongest reason against. `{worker}` stands for the
 * worker's name. What people fixed, and who is the only one, has the two strongest reasons of its own.
 */
export function chosenSentence(chosen: Chosen): Sentence {
  const { fit, next, locked, family } = chosen
  const strong = strongest(chosen)
  const reasons = strong.filter(one => !one.ofNext).map(one => one.sentence)
  const ofNext = strong.filter(one => one.ofNext).map(one => one.sentence)
  const against = fit.contributions.filter(part => part.points < 0).sort((a, b) => a.points - b.points)[0]
  const load = fill(loadTemplate(fit), {
    before: fit.loadBefore ?? 0,
    after: fit.loadAfter ?? 0,
  })
  const begin = locked ? lockedWord : proposedWord
  const say = (language: Language): string => {
    const why = listed(
      reasons.map(one => one[language]),
      language,
    )
    const first = family
      ? `${begin[language]}: {worker}. ${familyWords[family][language]}.${why ? ` {worker} ${why}.` : ''}`
      : `${begin[language]}: {worker}${why ? ` ${why}` : locked ? '' : without(chosen)[language]}.`
    const counter = against ? ` ${againstWord[language]}: ${against.sentence[language]}.` : ''
    const others = listed(
      ofNext.map(one => one[language]),
      language,
    )
    const nextOne = others ? ` ${nextWord[language]} ${others}.` : ''
    const only = next || locked ? '' : ` ${onlyWord[language]}`
    return `${first}${nextOne}${only} ${load[language]}${counter}`
  }
  return { nl: say('nl'), en: say('en') }
}

interface Reason {
  code: string
  more: number
  /** It speaks against the next one, and not for this one. */
  ofNext: boolean
  sentence: Sentence
}

/** The two strongest of the difference with the next one; without a next one, or where people decided, of the worker's own. */
function strongest({ fit, next, byLoad, byEven, locked, family }: Chosen): Reason[] {
  const other = locked ? null : next
  const own = (code: string, more: number, sentence: Sentence) => ({ code, more, ofNext: false, sentence })
  const parts = fit.contributions.map(({ criterion, points, reason, sentence }): Reason => {
    const against = other?.contributions.find(one => one.criterion === criterion)
    const ofNext = points <= 0 && against !== undefined
    return {
      code: reason.code,
      more: points - (against?.points ?? 0),
      ofNext,
      sentence: ofNext ? against.sentence : sentence,
    }
  })
  if (other) {
    const facts = { after: fit.loadAfter ?? 0, next: other.loadAfter ?? 0 }
    const room = byLoad ? Number.POSITIVE_INFINITY : other.loadCost - fit.loadCost
    parts.push(own('room', room, fill(roomWords, facts)))
    parts.push(own('even', byEven ? Number.POSITIVE_INFINITY : 0, evenestWords))
    parts.push(own('kept', costOfChange(other) - costOfChange(fit), keptWords))
  }
  return parts
    .filter(one => one.more >= 0.005 && !(family && SAID_BY_FAMILY.has(one.code)))
    .sort((a, b) => b.more - a.more)
    .slice(0, 2)
}

/** Points that it costs to change an earlier answer or to move an existing case. */
const costOfChange = ({ points, loadCost, score }: Fit) => points - loadCost - score

function without({ next, fit }: Chosen): Sentence {
  return next && next.score >= fit.score
    ? evenWords
    : { nl: ' kan deze zaak krijgen', en: ' can get this case' }
}

const proposedWord: Sentence = { nl: 'Voorgesteld', en: 'Proposed' }
const lockedWord: Sentence = { nl: 'Keuze van het team', en: 'Chosen by the team' }
const evenWords: Sentence = {
  nl: ' kan deze zaak krijgen; een ander past even goed',
  en: ' can get this case; somebody else fits as well',
}
const familyWords: Record<'home' | 'kin', Sentence> = {
  home: { nl: 'Het gezin is al bij {worker}', en: 'The family is already with {worker}' },
  kin: {
    nl: 'Een andere zaak van dit gezin gaat ook naar {worker}',
    en: 'Another case of this family also goes to {worker}',
  },
}
const roomWords: Sentence = {
  nl: 'heeft meer ruimte (komt op {after} %, de volgende op {next} %)',
  en: 'has more room (would be at {after}%, the next one at {next}%)',
}
const evenestWords: Sentence = {
  nl: 'houdt de werklast van iedereen het gelijkst',
  en: 'keeps everyone’s workload most even',
}
const keptWords: Sentence = { nl: 'had deze zaak al', en: 'already had this case' }
const onlyWord: Sentence = {
  nl: 'Niemand anders mag deze zaak krijgen.',
  en: 'Nobody else may get this case.',
}
const loadWords: Sentence = {
  nl: 'In deze ronde gaat de werklast van {before} naar {after} %.',
  en: 'In this round the workload goes from {before} to {after}%.',
}
const sameLoadWords: Sentence = {
  nl: 'In deze ronde blijft de werklast {after} %.',
  en: 'In this round the workload stays at {after}%.',
}
const noLoadWords: Sentence = {
  nl: 'Zonder normuren is er geen percentage.',
  en: 'Without norm hours there is no percentage.',
}
const nextWord: Sentence = { nl: 'De volgende die kan,', en: 'The next one who can' }
const againstWord: Sentence = { nl: 'Minpunt', en: 'Drawback' }
