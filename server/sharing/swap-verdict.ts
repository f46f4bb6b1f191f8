import type { Seat } from '../../solver/problem/problem.ts'
import { broken } from '../../solver/rules/broken.ts'
import type { Sharing } from '../contract/sharing.ts'
import type { GivenMotivation } from '../draft/choice-row.ts'
import { viewDraft, withoutLocks } from '../draft/draft-view.ts'
import { highestShare } from '../draft/excess.ts'
import { type Excess, insertChoice, withdrawChoices } from '../draft/insert-choice.ts'
import { breachList, unanswered } from '../draft/judge-choices.ts'
import { namesOf } from '../draft/names.ts'
import { bumpRound, lockRound, type Round } from '../draft/rounds.ts'
import { readState, seatsToday } from '../draft/state.ts'
import { sealMotives } from '../events/events.ts'
import { aboutRound, record } from '../events/record.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { tell } from '../messages/write.ts'
import { codeNames } from '../rulebook/queries.ts'
import { factsOf } from './share.ts'
import { lockSwap, SWAP } from './swaps.ts'
import { sharingView } from './view.ts'

/** The code of the catalogue under which a confirmed swap is recorded. */
const SWAP_REASON = 'VERZOEK_MEDEWERKER'

/**
 * The team confirms a swap on which both agreed: two choices at once, judged together on today's tables. Throws 422 with the
 * rules that the swap would break and no motive sets aside; then nothing changes.
 */
export async function decideSwap(call: Call<'POST /rounds/:id/swaps/:swapId/verdict'>): Promise<Sharing> {
  const { db: tx, user, params, body, locale, today, now } = call
  const round = await lockRound(tx, user, params.id, call.expectedVersion, {
    action: 'round.choose',
    everyTeam: false,
  })
  const swap = await lockSwap(tx, params.swapId)
  if (!swap || swap.roundId !== round.id) throw notFound(SWAP)
  if (swap.state !== 'agreed') {
    throw new Refusal(409, {
      nl: 'Over deze ruil is al besloten, of de twee zijn het nog niet eens.',
      en: 'This swap has already been decided, or the two do not agree yet.',
    })
  }
  if (body.confirm) {
    const state = await readState(tx, round, today)
    const moves = [
      { caseNumber: swap.firstCase, seat: swap.firstSeat, to: swap.secondWorkerId, from: swap.firstWorkerId },
      {
        caseNumber: swap.secondCase ?? '',
        seat: swap.secondSeat ?? 'primary',
        to: swap.firstWorkerId,
        from: swap.secondWorkerId,
      },
    ]
    const numberOf = (id: number) => state.now.staffNumbers.get(id) ?? ''
    const seats = seatsToday(state)
    const after = seats.flatMap(one => {
      const move = moves.find(other => other.caseNumber === one.case.id && other.seat === one.seat)
      const workerId = move ? numberOf(move.to) : one.worker?.id
      return workerId === undefined ? [] : [{ caseId: one.case.id, seat: one.seat, workerId }]
    })
    const breaches = moves.flatMap(move => {
      const drafted = seats.find(one => one.case.id === move.caseNumber && one.seat === move.seat)
      const worker = state.now.problem.workers.find(one => one.id === numberOf(move.to))
      if (!drafted || !worker || drafted.worker?.id !== numberOf(move.from)) {
        throw new Refusal(409, {
          nl: 'Het concept is intussen gewijzigd: een van de twee zaken ligt niet meer bij deze jeugdbeschermer.',
          en: 'The draft has changed in the meantime: one of the two cases is no longer with this worker.',
        })
      }
      const others = after.filter(one => one.caseId !== move.caseNumber || one.seat !== move.seat)
      return broken(withoutLocks(state.now.problem), drafted.case, move.seat, worker, others).map(breach => ({
        ...move,
        breach,
      }))
    })
    const given = (caseNumber: string): GivenMotivation =>
      body.motive?.given.find(one => one.caseNumber === caseNumber) ?? NOTHING_GIVEN
    const open = moves.flatMap(move => {
      const own = breaches.filter(one => one.caseNumber === move.caseNumber).map(one => one.breach)
      return unanswered(own, given(move.caseNumber)).map(breach => ({ ...move, breach }))
    })
    if (open.length > 0) {
      const codes = await codeNames(tx)
      throw new Refusal(
        422,
        {
          nl: 'Deze ruil kan zo niet. Per regel staat hieronder waarom, en of het met een motivering kan.',
          en: 'This swap is not possible like this. Below is why, per rule, and whether a justification allows a deviation.',
        },
        {
          cases: open.flatMap(one => breachList(one.caseNumber, one.seat, [one.breach], locale, codes)),
        },
      )
    }
    for (const move of moves) {
      const caseId = state.now.caseIds.get(move.caseNumber)!
      const replaced = state.choices.filter(
        one =>
          one.caseId === caseId && one.seat === move.seat && (one.kind === 'lock' || one.kind === 'override'),
      )
      await withdrawChoices(
        tx,
        replaced.map(one => one.id),
        now,
      )
      const { caseNumber, seat, to: workerId } = move
      const broken: string[] = breaches
        .filter(one => one.caseNumber === caseNumber)
        .map(one => one.breach.rule)
      const choice = {
        caseNumber,
        caseId,
        seat,
        workerId,
        kind: 'override',
        reasonCode: SWAP_REASON,
        reasonText: broken.length > 0 ? (body.motive?.reasonText ?? null) : null,
        unregisteredReason: broken.includes('registration') ? given(caseNumber).unregisteredReason : null,
        setAside: given(caseNumber).setAside.filter(rule => broken.includes(rule)),
        acceptsExcess: broken.includes('hardLimit'),
      } as const
      const figure = highestShare(state.now.problem, after, numberOf(workerId))
      const excess = choice.acceptsExcess ? await excessOf(call, workerId, figure) : null
      await insertChoice(call, round, choice, excess)
    }
    await recordAgreement(call, round, swap.shareId, moves)
    await bumpRound(tx, round.id)
  }
  await tx
    .updateTable('swap')
    .set({
      state: body.confirm ? 'confirmed' : 'refused',
      decidedBy: user.id,
      changedAt: now,
      version: swap.version + 1,
    })
    .where('id', '=', swap.id)
    .execute()
  record(call, aboutRound(round), body.confirm ? 'swap.confirmed' : 'swap.refused', {
    swap: swap.id,
    case: swap.firstCase,
    other: swap.secondCase,
  })
  await tell(tx, {
    organisationId: round.organisationId,
    workerIds: [swap.firstWorkerId, swap.secondWorkerId],
    kind: body.confirm ? 'swap.confirmed' : 'swap.refused',
    data: { round: round.id },
    at: now,
  })
  return sharingView(tx, round, await readState(tx, round, today), now)
}

const NOTHING_GIVEN: GivenMotivation = { setAside: [], unregisteredReason: null, acceptsExcess: false }

/** Whose load the swap lifts above the hard limit, to which share: who has the right agrees to it, others ask for approval. */
async function excessOf(
  { db, user }: Pick<Call<'POST /rounds/:id/swaps/:swapId/verdict'>, 'db' | 'user'>,
  workerId: number,
  figure: number | null,
): Promise<Excess> {
  const worker = await db
    .selectFrom('worker')
    .select(['id', 'name', 'teamId'])
    .where('id', '=', workerId)
    .executeTakeFirstOrThrow()
  return { worker, agreed: user.mayIn('limit.exceed', worker.teamId) ? figure : null }
}

/** Both agreed to what they get, so that nobody asks them again. */
async function recordAgreement(
  call: Call<'POST /rounds/:id/swaps/:swapId/verdict'>,
  round: Round,
  shareId: number,
  moves: readonly { caseNumber: string; seat: Seat; to: number }[],
): Promise<void> {
  const { db: tx, today, now } = call
  const state = await readState(tx, round, today)
  const names = await codeNames(tx)
  const seats = seatsToday(state)
  const { lines } = viewDraft(state.now.problem, seats, namesOf(state), 'nl', names)
  for (const move of moves) {
    const at = seats.findIndex(one => one.case.id === move.caseNumber && one.seat === move.seat)
    const seat = seats[at]
    const line = lines[at]
    if (!seat || !line) throw new Error(`Case ${move.caseNumber} has left the round.`)
    const facts = JSON.stringify(factsOf(state.now.problem, seat, line, round.startOn, names))
    const { id } = await tx
      .insertInto('shareLine')
      .values({
        shareId,
        roundId: round.id,
        caseId: state.now.caseIds.get(move.caseNumber)!,
        seat: move.seat,
        workerId: move.to,
        facts,
      })
      .onConflict(conflict => conflict.constraint('share_line_once').doUpdateSet({ facts }))
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('answer')
      .values({
        shareLineId: id,
        kind: 'agree',
        reasonCode: null,
        reasonText: null,
        salt: sealMotives({ reasonText: null, unregisteredReason: null }).salt,
        answeredBy: null,
        answeredAt: now,
      })
      .execute()
  }
}
