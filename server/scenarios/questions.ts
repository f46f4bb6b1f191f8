import type { PricedAlternatives } from '../../solver/explain/alternatives.ts'
import { explainCase } from '../../solver/explain/explain.ts'
import type { Relaxation as SolverRelaxation } from '../../solver/explain/relaxation-candidates.ts'
import { priceSentence, type Move as SolverMove } from '../../solver/explain/resolve.ts'
import type { Price as SolverPrice } from '../../solver/explain/worth.ts'
import { seatsOf } from '../../solver/problem/load.ts'
import { ruleOf } from '../../solver/rules/rules.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { Alternatives, Move, Price, Relaxation, Relaxations } from '../contract/scenarios.ts'
import { namesOf } from '../draft/names.ts'
import { requireAllSeen } from '../draft/unseen.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { draftFor, inThreadOnce, LIMIT_MS, namesAndCodes, namesFor } from '../rounds/explanation.ts'

/** Everybody for one seat of the draft as it stands, with two prices. Throws 503 when the thread gave no answer. */
export async function alternatives(
  call: Call<'GET /rounds/:id/cases/:caseNumber/alternatives'>,
): Promise<Alternatives> {
  const { state, draft, seat } = await draftFor(call)
  requireAllSeen(state.unseen)
  const { caseNumber } = call.params
  const started = performance.now()
  const result = await inThreadOnce(state, `alternatives ${caseNumber} ${seat}`, {
    task: 'alternatives',
    problem: state.shown,
    draft,
    caseId: caseNumber,
    seat,
    names: namesFor(state),
    codeNames: await namesAndCodes(call.db, state),
    limits: { timeLimitMs: LIMIT_MS },
  })
  if (result.kind !== 'alternatives') throw notInTime()
  const milliseconds = Math.round(performance.now() - started)
  return { ...viewAlternatives(result.answer, call.locale, namesOf(state)), milliseconds }
}

function viewAlternatives(
  answer: PricedAlternatives,
  locale: Locale,
  nameOf: (workerId: string) => WorkerName,
): Omit<Alternatives, 'milliseconds'> {
  return {
    caseNumber: answer.caseId,
    seat: answer.seat,
    margin: answer.margin,
    marginPoints: answer.marginPoints,
    marginSentence: answer.marginSentence?.[locale] ?? null,
    complete: answer.complete,
    alternatives: answer.alternatives.map(one => ({
      worker: nameOf(one.workerId),
      verdict: one.status,
      current: one.current,
      swapAlone: {
        ...priceView(one.swapAlone, true, locale),
        breaks: one.swapAlone.breaks.map(breach => ({
          caseNumber: breach.caseId,
          seat: breach.seat,
          rule: breach.rule,
          message: breach.sentence[locale],
          setAside: breach.setAside,
        })),
      },
      solvedAgain: one.solvedAgain && {
        ...priceView(one.solvedAgain, one.solvedAgain.exact, locale),
        exact: one.solvedAgain.exact,
        moves: one.solvedAgain.moves.map(move => moveView(move, nameOf)),
        sentence: one.solvedAgain.sentence[locale],
      },
    })),
  }
}

/** What would place a case of the draft that is not placed. Throws 409 for one that is, 503 when the thread gave no answer. */
export async function relaxations(
  call: Call<'GET /rounds/:id/cases/:caseNumber/ways'>,
): Promise<Relaxations> {
  const { state, draft } = await draftFor({ ...call, query: {} })
  requireAllSeen(state.unseen)
  const { caseNumber } = call.params
  const theCase = state.shown.cases.find(one => one.id === caseNumber)
  if (!theCase) throw notFound({ nl: 'Deze zaak in de ronde', en: 'This case in the round' })
  const lines = draft.lines.filter(line => line.caseId === caseNumber)
  if (lines.every(line => line.workerId !== null)) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} is verdeeld. Kijk bij de alternatieven wie die ook kan krijgen.`,
      en: `Case ${caseNumber} is allocated. The alternatives show who else could get it.`,
    })
  }
  const codes = await namesAndCodes(call.db, state)
  const result = await inThreadOnce(state, `relaxations ${caseNumber}`, {
    task: 'relaxations',
    onlySmallest: false,
    problem: state.shown,
    draft,
    caseId: caseNumber,
    names: namesFor(state),
    codeNames: codes,
    limits: { timeLimitMs: LIMIT_MS },
  })
  if (result.kind !== 'relaxations') throw notInTime()
  const nameOf = namesOf(state)
  const { trade, complete } = result.answer
  return {
    caseNumber,
    blocked: seatsOf(theCase).flatMap(seat =>
      explainCase(state.shown, draft, caseNumber, seat, codes).blocked.map(one => ({
        seat,
        rule: one.rule,
        lacks: ruleOf[one.rule].lacks,
        workers: one.workers,
        message: one.sentence[call.locale],
      })),
    ),
    ways: result.answer.relaxations.map(relaxation => relaxationView(relaxation, call.locale, nameOf)),
    trade: trade && {
      sentence: trade.sentence[call.locale],
      worker: nameOf(trade.workerId),
      displaced: trade.displaced,
      ...priceView(trade, trade.exact, call.locale),
      exact: trade.exact,
      moves: trade.moves.map(move => moveView(move, nameOf)),
    },
    complete,
  }
}

function relaxationView(
  relaxation: SolverRelaxation,
  locale: Locale,
  nameOf: (workerId: string) => WorkerName,
): Relaxation {
  return {
    kind: relaxation.kind,
    rule: relaxation.rule,
    sentence: relaxation.sentence[locale],
    worker: relaxation.workerId === null ? null : nameOf(relaxation.workerId),
    by: relaxation.by,
    changes: relaxation.changes,
    ...priceView(relaxation, relaxation.exact, locale),
    exact: relaxation.exact,
    moves: relaxation.moves.map(move => moveView(move, nameOf)),
  }
}

function priceView(price: SolverPrice, exact: boolean, locale: Locale): Price {
  const { levels, emergencies, placed, highestLoad, points } = price
  return { levels, text: priceSentence(price, exact)[locale], emergencies, placed, highestLoad, points }
}

function moveView(move: SolverMove, nameOf: (workerId: string) => WorkerName): Move {
  return {
    caseNumber: move.caseId,
    seat: move.seat,
    from: move.from === null ? null : nameOf(move.from),
    to: move.to === null ? null : nameOf(move.to),
  }
}

function notInTime(): Refusal {
  return new Refusal(503, {
    nl: 'Het doorrekenen lukte niet op tijd. Probeer het over een minuut opnieuw.',
    en: 'The calculation did not finish in time. Try again in a minute.',
  })
}
