import type { Executor } from '../../db/database.ts'
import { explainCase, findCase, findWorker } from '../../solver/explain/explain.ts'
import { priceSentence } from '../../solver/explain/resolve.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import type { Proposal, Seat } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import type { ThreadJob } from '../../solver/thread/thread.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import type { Explanation } from '../contract/explanations.ts'
import { seatKey } from '../draft/draft-view.ts'
import { draftAsProposal, viewExplanation } from '../draft/explanation-view.ts'
import { namesOf } from '../draft/names.ts'
import { atOneMoment, findRound } from '../draft/rounds.ts'
import { seatsThatLapsed } from '../draft/since.ts'
import { type RoundState, readState } from '../draft/state.ts'
import { requireAllSeen, requireSeen } from '../draft/unseen.ts'
import { inThread, type ThreadResult } from '../event-loop/solver-thread.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import { insteadOf } from './instead.ts'

/** How long a question that needs solving again may take. */
export const LIMIT_MS = 3000
const MAX_REMEMBERED = 500

/** Why this worker, and who else: over the draft as it stands, choices included. */
export async function explain(
  call: Call<'GET /rounds/:id/cases/:caseNumber/explanation'>,
): Promise<Explanation> {
  const { state, draft, seat } = await draftFor(call)
  const codes = await namesAndCodes(call.db, state)
  const explained = explainCase(state.shown, draft, call.params.caseNumber, seat, codes)
  const waits = state.shown.waiting.includes(call.params.caseNumber)
  const answer =
    // Another change of the round would tell what is still hidden.
    explained.proposed || waits || state.unseen.size > 0
      ? null
      : await inThreadOnce(state, `smallest relaxation ${call.params.caseNumber}`, {
          task: 'relaxations',
          onlySmallest: true,
          problem: state.shown,
          draft,
          caseId: call.params.caseNumber,
          names: namesFor(state),
          codeNames: codes,
          limits: { timeLimitMs: LIMIT_MS },
        })
  const relaxation = answer?.kind === 'relaxations' ? (answer.answer.relaxations[0]?.sentence ?? null) : null
  const its = state.seats.find(one => one.case.id === call.params.caseNumber && one.seat === seat)
  const view = {
    ...viewExplanation(state.shown, draft, explained, namesOf(state), call.locale, relaxation),
    instead: its ? insteadOf(state, its, call.locale) : null,
  }
  const lapsed = seatsThatLapsed(state).get(seatKey(call.params.caseNumber, seat))
  if (!lapsed || !view.worker) return view
  const why = lapsed.map(one => ruleSentence(one, codes)[call.locale]).join(' ')
  // What was good about it and how it compared is not told of a proposal that cannot be.
  return {
    ...view,
    sentence:
      call.locale === 'nl'
        ? `De berekening stelde ${view.worker.name} voor. Dat kan niet meer: ${why}`
        : `The calculation proposed ${view.worker.name}. That is no longer possible: ${why}`,
    drawback: null,
    margin: null,
    rank: null,
  }
}

/** Why not this other worker. Throws 422 for the worker of the draft, 503 when solving again did not end in time. */
export async function whyNot(
  call: Call<'GET /rounds/:id/cases/:caseNumber/why-not'>,
): Promise<Endpoints['GET /rounds/:id/cases/:caseNumber/why-not']['reply']> {
  const { state, draft, seat } = await draftFor(call)
  requireAllSeen(state.unseen)
  const { caseNumber } = call.params
  const { worker } = call.query
  if (!state.shown.workers.some(one => one.id === worker)) {
    throw notFound({ nl: 'Deze medewerker', en: 'This worker' })
  }
  const names = namesFor(state)
  const codes = await namesAndCodes(call.db, state)
  const result: ThreadResult = mayAtAll(state, caseNumber, seat, worker)
    ? await inThreadOnce(state, `whyNot ${caseNumber} ${seat} ${worker}`, {
        task: 'whyNot',
        problem: state.shown,
        draft,
        caseId: caseNumber,
        seat,
        workerId: worker,
        names,
        codeNames: codes,
        limits: { timeLimitMs: LIMIT_MS },
      })
    : {
        kind: 'whyNot',
        answer: await explainNot(state.shown, draft, caseNumber, worker, {
          seat,
          name: id => names[id] ?? id,
          codeNames: codes,
        }),
      }
  if (result.kind !== 'whyNot') {
    throw new Refusal(503, {
      nl: 'Het doorrekenen lukte niet op tijd. Kijk bij de alternatieven, of probeer het opnieuw.',
      en: 'The calculation did not finish in time. See the alternatives, or try again.',
    })
  }
  const { kind, sentence, moves, price, totalDifference, placedDifference, exact } = result.answer
  if (kind === 'proposed') throw new Refusal(422, sentence)
  const nameOf = namesOf(state)
  return {
    answer: kind,
    sentence: sentence[call.locale],
    broken: result.answer.broken.map(one => ({
      rule: one.rule,
      message: one.sentence[call.locale],
      setAside: one.setAside,
    })),
    differences: result.answer.differences.map(one => ({
      what: one.what[call.locale],
      points: one.points,
    })),
    moves: moves.map(move => ({
      caseNumber: move.caseId,
      seat: move.seat,
      from: move.from === null ? null : nameOf(move.from),
      to: move.to === null ? null : nameOf(move.to),
    })),
    price: price && priceSentence(price, exact ?? true)[call.locale],
    totalDifference,
    placedDifference,
    exact,
  }
}

/** Whether the rules allow this worker on top of what people fixed. If not, a rule is the answer: no thread is needed. */
function mayAtAll({ shown }: RoundState, caseNumber: string, seat: Seat, workerId: string): boolean {
  const theCase = findCase(shown, caseNumber)
  const locks = shown.locks.filter(lock => lock.caseId !== caseNumber || lock.seat !== seat)
  return broken({ ...shown, locks }, theCase, seat, findWorker(shown, workerId), locks).length === 0
}

type ExplanationCall = Pick<
  Call<'GET /rounds/:id/cases/:caseNumber/explanation'>,
  'db' | 'user' | 'today'
> & {
  params: { id: number; caseNumber: string }
  query: { seat?: Seat }
}

export async function draftFor(
  call: ExplanationCall,
): Promise<{ state: RoundState; draft: Proposal; seat: Seat }> {
  const state = await atOneMoment(call.db, async tx =>
    readState(tx, await findRound(tx, call.user, call.params.id), call.today),
  )
  requireSeen(state.unseen, call.params.caseNumber)
  const { seat: wanted } = call.query
  const asked = state.seats.filter(one => one.case.id === call.params.caseNumber).map(one => one.seat)
  const seat = asked.find(one => one === wanted) ?? (wanted === undefined ? asked[0] : undefined)
  if (!seat) throw notFound({ nl: 'Deze zaak of plek in de ronde', en: 'This case or seat in the round' })
  return { state, draft: draftAsProposal(state.shown, state.seats), seat }
}

export function namesFor(state: RoundState): Record<string, string> {
  return Object.fromEntries(state.workers.map(worker => [worker.staffNumber, worker.name]))
}

/** Everything that a sentence about this round can name. */
export async function namesAndCodes(db: Executor, state: RoundState): Promise<CodeNames> {
  return { ...(await codeNames(db)), workers: namesFor(state) }
}

const remembered = new Map<string, Promise<ThreadResult>>()

/**
 * Answers in a thread, once for every state of the round: its proposal, and the tables of today with the choices on top name
 * that state. Without a proposal nothing is remembered; nor is an answer that the clock cut off.
 */
export async function inThreadOnce(
  state: RoundState,
  question: string,
  job: ThreadJob,
): Promise<ThreadResult> {
  if (!state.proposal) return inThread(job)
  const key = `${state.proposal.id} ${sha256(state.shown)} ${question}`
  const known = remembered.get(key)
  if (known) return known
  const answer = inThread(job)
  remembered.set(key, answer)
  const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined
  if (oldest !== undefined) remembered.delete(oldest)
  const result = await answer.catch(error => {
    remembered.delete(key)
    throw error
  })
  const isPart = 'answer' in result && 'complete' in result.answer && !result.answer.complete
  if (result.kind === 'failed' || isPart) remembered.delete(key)
  return result
}
