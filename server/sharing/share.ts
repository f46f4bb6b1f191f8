import { reasonSentence } from '../../solver/explain/reasons.ts'
import { asPoints } from '../../solver/problem/load.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { contributions, totalUnits } from '../../solver/rules/criteria.ts'
import { dayOf } from '../contract/days.ts'
import type { DraftLine } from '../contract/rounds.ts'
import type { SharedFacts, Sharing } from '../contract/sharing.ts'
import { type DraftSeat, viewDraft } from '../draft/draft-view.ts'
import { lineKey, termEnd } from '../draft/lines.ts'
import { namesOf } from '../draft/names.ts'
import { bumpRound, lockRound } from '../draft/rounds.ts'
import { settlingOf } from '../draft/settings.ts'
import { asksOf } from '../draft/shares.ts'
import { readState, seatsToday } from '../draft/state.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, Refusal } from '../http/call.ts'
import { tell } from '../messages/write.ts'
import { codeNames } from '../rulebook/queries.ts'
import { sharingView } from './view.ts'

/**
 * Shows every filled seat of the draft that its worker has not seen to that worker, with the facts as they are now; a term to
 * answer begins for those lines. Shared again after a new calculation, only what is new goes out. Throws 409 when nothing is
 * new, or the calculation has not ended.
 */
export async function share(call: Call<'POST /rounds/:id/sharing'>): Promise<Sharing> {
  const { db: tx, user, today, now } = call
  const round = await lockRound(tx, user, call.params.id, call.expectedVersion, {
    action: 'round.compose',
    everyTeam: true,
  })
  const state = await readState(tx, round, today)
  const seats = seatsToday(state)
  const { problem, caseIds, workerIds } = state.now
  const draft = viewDraft(problem, seats, namesOf(state), 'nl', await codeNames(tx))
  const asked = new Set((await asksOf(tx, round.id)).map(lineKey))
  const fresh = seats.flatMap((seat, index) => {
    const line = draft.lines[index]
    if (!seat.worker || !line) return []
    const key = lineKey({ caseNumber: seat.case.id, seat: seat.seat, staffNumber: seat.worker.id })
    return asked.has(key) ? [] : [{ seat, line, worker: seat.worker }]
  })
  if (fresh.length === 0) {
    throw new Refusal(
      409,
      state.unseen.size > 0
        ? {
            nl: 'Er is nog niets te delen: dit team kijkt eerst zelf. Onthul in het overleg de eerste blik; wat onthuld is, kan daarna worden gedeeld.',
            en: 'There is nothing to share yet: this team looks first. Reveal the first looks in the meeting; what has been revealed can then be shared.',
          }
        : {
            nl: 'Er is niets nieuws om te delen: elke jeugdbeschermer heeft de eigen voorstellen al gezien.',
            en: 'There is nothing new to share: every worker has already seen their own proposals.',
          },
    )
  }
  const settling = await settlingOf(
    tx,
    round.teams.map(team => team.id),
  )
  const answerUntil = termEnd(now, settling.answerDays)
  const { id } = await tx
    .insertInto('share')
    .values({
      roundId: round.id,
      proposalId: state.proposal?.id ?? null,
      sharedBy: user.id,
      sharedAt: now,
      answerUntil,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const names = await codeNames(tx)
  await tx
    .insertInto('shareLine')
    .values(
      fresh.map(({ seat, line, worker }) => ({
        shareId: id,
        roundId: round.id,
        caseId: caseIds.get(seat.case.id)!,
        seat: seat.seat,
        workerId: workerIds.get(worker.id)!,
        facts: JSON.stringify(factsOf(problem, seat, line, round.startOn, names)),
      })),
    )
    .execute()
  const workers = [...new Set(fresh.map(one => one.worker.id))]
  await tell(tx, {
    organisationId: round.organisationId,
    workerIds: workers.map(number => workerIds.get(number)!),
    kind: 'proposal.shared',
    data: { round: round.id, until: dayOf(answerUntil) },
    at: now,
  })
  await bumpRound(tx, round.id)
  append(tx, {
    type: 'round.shared',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: { share: id, lines: fresh.length, workers: workers.length, until: dayOf(answerUntil) },
    at: now,
  })
  return sharingView(tx, { ...round, version: round.version + 1 }, state, now)
}

/** What the worker is shown: the work, why they, and the own load. Nothing about colleagues. */
export function factsOf(
  problem: Problem,
  { case: theCase, seat, worker, choice }: DraftSeat,
  line: DraftLine,
  startOn: string,
  names: CodeNames,
): SharedFacts {
  if (!worker || !line.before || !line.after) throw new Error(`Case ${theCase.id} has nobody to show it to.`)
  const parts = contributions(problem, theCase, worker, seat)
  return {
    measures: [...theCase.measures],
    phase: theCase.phase,
    children: theCase.children,
    factors: [...theCase.factors],
    urgency: theCase.urgency,
    municipality: theCase.municipality,
    hours: line.hours,
    duo: theCase.duo,
    startOn,
    before: line.before,
    after: line.after,
    contributions: parts.map(part => ({
      criterion: part.criterion,
      points: part.points,
      reason: reasonSentence(part.reason, names),
    })),
    points: asPoints(totalUnits(parts)),
    chosen: choice?.kind === 'override',
  }
}
