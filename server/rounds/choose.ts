import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { broken, setAsideOf } from '../../solver/rules.ts'
import type { ChoiceInput } from '../contract/rounds.ts'
import { append } from '../events.ts'
import { type BothLanguages, type Call, notFound, Refusal } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import { askApproval } from '../sharing/approvals.ts'
import { breachList, requireMotive, unanswered } from './choices.ts'
import { invalidField } from './compose.ts'
import { type PlannedSeat, withoutLocks } from './plan.ts'
import { bumpRound, lockRound, type Need, type Round, type StoredChoice } from './queries.ts'
import { teamOf } from './runs.ts'
import { readState, seatsToday, workerToday } from './state.ts'

type ChoiceCall = Call<'POST /rounds/:id/choices'>

const CHOOSE: Need = { action: 'round.choose', everyTeam: false }

const RECORDED_AS = {
  lock: 'choice.locked',
  override: 'choice.overridden',
  exclude: 'choice.excluded',
  wait: 'choice.left',
} as const satisfies Record<ChoiceInput['kind'], string>

/**
 * Records a choice as a draft on top of the proposal, after judging it on today's tables against everything else the plan
 * gives. What it replaces on the same seat is withdrawn. Throws 412 when the round changed, 422 with the broken rules that
 * the choice does not answer. Load above the hard limit waits for the approval of somebody else.
 */
export async function makeChoice(call: ChoiceCall): Promise<void> {
  const { db: tx, user, body, locale, today, now } = call
  const round = await lockRound(tx, user, call.params.id, call.expectedVersion, CHOOSE)
  const reasons = await tx
    .selectFrom('overrideReason')
    .select(['code', 'needsText'])
    .where('active', '=', true)
    .execute()
  requireMotive(body, reasons, locale)
  const state = await readState(tx, round, today)
  const seats = seatsToday(state)
  const caseId = state.now.caseIds.get(body.caseNumber)
  const planned = seats.find(one => one.case.id === body.caseNumber && one.seat === body.seat)
  if (caseId === undefined || !planned) {
    const inRound = caseId !== undefined
    throw invalidField(inRound ? 'seat' : 'caseNumber', locale, {
      nl: inRound
        ? `Zaak ${body.caseNumber} heeft geen tweede plek.`
        : `Zaak ${body.caseNumber} zit niet in deze ronde.`,
      en: inRound
        ? `Case ${body.caseNumber} has no second seat.`
        : `Case ${body.caseNumber} is not in this round.`,
    })
  }
  const workerId = body.staffNumber === null ? null : (state.now.workerIds.get(body.staffNumber) ?? null)
  const worker = body.staffNumber === null ? undefined : workerToday(state, body.staffNumber)
  if (body.kind !== 'wait' && (workerId === null || !worker)) {
    throw invalidField('staffNumber', locale, {
      nl: `Medewerker ${body.staffNumber} doet niet mee in deze ronde.`,
      en: `Worker ${body.staffNumber} does not take part in this round.`,
    })
  }
  const ofCase = state.choices.filter(one => one.caseId === caseId)
  refuseWhatChangesNothing(body, planned, ofCase)

  let allowed = { setAside: [] as string[], unregisteredReason: null as string | null, acceptsExcess: false }
  if (worker && (body.kind === 'lock' || body.kind === 'override')) {
    const others = seats.flatMap(one =>
      one.worker && one !== planned ? [{ caseId: one.case.id, seat: one.seat, workerId: one.worker.id }] : [],
    )
    const breaches = broken(withoutLocks(state.now.problem), planned.case, planned.seat, worker, others)
    const excess = body.acceptsExcess && breaches.some(one => one.rule === 'hardLimit')
    const open = unanswered(breaches, body)
    if (open.length > 0) {
      throw new Refusal(
        422,
        {
          nl: `Zaak ${body.caseNumber} kan zo niet naar deze medewerker.`,
          en: `Case ${body.caseNumber} cannot go to this worker like this.`,
        },
        { cases: breachList(body.caseNumber, body.seat, open, locale, await codeNames(tx)) },
      )
    }
    // Only what is broken now is set aside: nothing is allowed in advance.
    allowed = {
      setAside: [...new Set(body.setAside)].filter(rule => breaches.some(one => one.rule === rule)).sort(),
      unregisteredReason: breaches.some(one => setAsideOf(one.rule) === 'unregisteredException')
        ? body.unregisteredReason
        : null,
      acceptsExcess: excess,
    }
  }
  const replaced = replacedBy(body, ofCase)
  await withdraw(tx, replaced, now)
  const { id } = await tx
    .insertInto('choice')
    .values({
      roundId: round.id,
      caseId,
      seat: body.kind === 'wait' ? 'primary' : body.seat,
      kind: body.kind,
      workerId,
      reasonCode: body.reasonCode,
      reasonText: body.reasonText?.trim() || null,
      ...allowed,
      createdBy: user.id,
      createdAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const colleague = state.workers.find(one => one.id === workerId)
  if (allowed.acceptsExcess && colleague) {
    await askApproval(
      call,
      round,
      {
        id,
        caseNumber: body.caseNumber,
        workerId: colleague.id,
        workerName: colleague.name,
        workerTeamId: colleague.teamId,
      },
      // The right over the worker who gets it counts, since it is their load.
      user.mayIn('limit.exceed', colleague.teamId),
    )
  }
  await bumpRound(tx, round.id)
  await record(call, round, RECORDED_AS[body.kind], {
    choice: id,
    case: body.caseNumber,
    seat: body.seat,
    kind: body.kind,
    worker: body.staffNumber,
    reason: body.reasonCode,
    setAside: allowed.setAside,
    acceptsExcess: allowed.acceptsExcess,
    replaced: replaced.map(one => one.id),
  })
}

/** Undoes a standing choice, of whoever made it. The proposal decides its seat again. */
export async function undoChoice(call: Call<'DELETE /rounds/:id/choices/:choiceId'>): Promise<void> {
  const { db: tx, user, params } = call
  const round = await lockRound(tx, user, params.id, call.expectedVersion, CHOOSE)
  const choice = await tx
    .selectFrom('choice as ch')
    .innerJoin('caseFile as c', 'c.id', 'ch.caseId')
    .select(['ch.id', 'ch.kind', 'ch.seat', 'c.caseNumber'])
    .where('ch.id', '=', params.choiceId)
    .where('ch.roundId', '=', round.id)
    .where('ch.withdrawnAt', 'is', null)
    .executeTakeFirst()
  if (!choice) throw notFound({ nl: 'Deze keuze', en: 'This choice' })
  await withdraw(tx, [choice], call.now)
  await bumpRound(tx, round.id)
  await record(call, round, 'choice.withdrawn', {
    choice: choice.id,
    case: choice.caseNumber,
    seat: choice.seat,
    kind: choice.kind,
  })
}

function refuseWhatChangesNothing(
  input: ChoiceInput,
  planned: PlannedSeat,
  ofCase: readonly StoredChoice[],
): void {
  const same = ofCase.find(
    one =>
      one.kind === input.kind &&
      one.staffNumber === input.staffNumber &&
      (one.kind === 'wait' || one.kind === 'exclude' || one.seat === input.seat),
  )
  if (same) {
    throw conflict({
      nl: 'Deze keuze staat er al.',
      en: 'This choice is there already.',
    })
  }
  const { staffNumber, kind } = input
  if (kind === 'lock' && (planned.worker?.id !== staffNumber || planned.choice !== null)) {
    throw conflict({
      nl: 'Vastzetten kan alleen met de medewerker die nu in het voorstel staat. Kies anders "andere medewerker".',
      en: 'Only the worker in the proposal can be locked. Otherwise choose "other worker".',
    })
  }
  if (kind === 'override' && planned.proposedId === staffNumber) {
    throw conflict({
      nl: 'Dit is de medewerker uit het voorstel. Maak je keuze ongedaan of zet de plek vast.',
      en: 'This is the worker of the proposal. Undo your choice or lock the seat.',
    })
  }
  const fixed = ofCase.some(
    one => (one.kind === 'lock' || one.kind === 'override') && one.staffNumber === staffNumber,
  )
  if (kind === 'exclude' && fixed) {
    throw conflict({
      nl: 'Deze medewerker is voor deze zaak gekozen of vastgezet. Maak die keuze eerst ongedaan.',
      en: 'This worker is chosen or locked for this case. Undo that choice first.',
    })
  }
}

/** A wait takes the place of every choice on the case's seats; a worker, of the choice on that seat and of a wait. */
function replacedBy(input: ChoiceInput, ofCase: readonly StoredChoice[]): StoredChoice[] {
  if (input.kind === 'exclude') return []
  return ofCase.filter(
    one =>
      one.kind !== 'exclude' && (input.kind === 'wait' || one.kind === 'wait' || one.seat === input.seat),
  )
}

async function withdraw(tx: Tx, choices: readonly { id: number }[], now: Date): Promise<void> {
  await tx
    .updateTable('choice')
    .set({ withdrawnAt: now })
    .where('id', '=', sql<number>`any(${choices.map(one => one.id)}::int[])`)
    .execute()
}

async function record(
  call: ChoiceCall | Call<'DELETE /rounds/:id/choices/:choiceId'>,
  round: Round,
  type: string,
  data: Record<string, unknown>,
): Promise<void> {
  await append(call.db, {
    type,
    actor: call.user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data,
    at: call.now,
  })
}

function conflict(text: BothLanguages): Refusal {
  return new Refusal(409, text)
}
