import { setAsideOf, type TakenSeat } from '../../solver/rules/rules.ts'
import type { ChoiceInput } from '../contract/choices.ts'
import type { Locale } from '../contract/common.ts'
import { addDays } from '../contract/days.ts'
import { askAgain } from '../draft/approvals.ts'
import type { GivenMotivation } from '../draft/choice-row.ts'
import { type DraftSeat, seatKey } from '../draft/draft-view.ts'
import { highestShare } from '../draft/excess.ts'
import { insertChoice, withdrawChoices } from '../draft/insert-choice.ts'
import { breachList, refuseWhatChangesNothing, replacedBy, unanswered } from '../draft/judge-choices.ts'
import { REVIEW_DAYS, requireMotive } from '../draft/motive.ts'
import { activeReasons } from '../draft/reasons.ts'
import { bumpRound, lockRound, type Need } from '../draft/rounds.ts'
import { type RoundState, readState, seatsToday, workerToday } from '../draft/state.ts'
import { breachesTogether, type Move, takenAfter } from '../draft/together.ts'
import { requireSeen } from '../draft/unseen.ts'
import { aboutRound, record } from '../events/record.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { invalidField } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { codeNames } from '../rulebook/queries.ts'

type ChoiceCall = Call<'POST /rounds/:id/choices'>
type SetCall = Call<'POST /rounds/:id/choices/together'>

const CHOOSE: Need = { action: 'round.choose', everyTeam: false }

const RECORDED_AS = {
  lock: 'choice.locked',
  override: 'choice.overridden',
  exclude: 'choice.excluded',
  wait: 'choice.left',
} as const satisfies Record<ChoiceInput['kind'], string>

/** Records one choice; see `storeChoice`. */
export async function makeChoice(call: ChoiceCall): Promise<void> {
  await makeAll(call, [call.body], () => '')
}

/** Records several choices as one change: all of them, or none. */
export async function makeChoices(call: SetCall): Promise<void> {
  const seats = new Set(call.body.choices.map(one => seatKey(one.caseNumber, one.seat)))
  if (seats.size < call.body.choices.length) {
    throw invalidField('choices', call.locale, {
      nl: 'Een plek staat er twee keer in. Geef elke plek één keuze.',
      en: 'A seat is listed twice. Give each seat one choice.',
    })
  }
  await makeAll(call, call.body.choices, at => `choices.${at}.`)
}

/**
 * Records choices as drafts on top of the proposal, after judging them together on today's tables against everything else
 * the draft gives. What they replace on the same seats is withdrawn. Throws 412 when the round changed, 422 with the broken
 * rules that a choice does not answer, 403 for an exclusion that outlasts the round without that right. Load above the hard
 * limit waits for the approval of somebody else.
 */
async function makeAll(
  call: ChoiceCall | SetCall,
  inputs: readonly ChoiceInput[],
  path: (at: number) => string,
): Promise<void> {
  const { db: tx, user, locale, today } = call
  const round = await lockRound(tx, user, call.params.id, call.expectedVersion, CHOOSE)
  const reasons = await activeReasons(tx)
  inputs.forEach((input, at) => {
    requireMotive(input, { reasons, today, startOn: round.startOn }, locale, path(at))
  })
  const state = await readState(tx, round, today)
  for (const input of inputs) requireSeen(state.unseen, input.caseNumber)
  const seats = seatsToday(state)
  const wanted = inputs.map((input, at) => placed(state, seats, input, locale, path(at)))
  await requireLastingRight(call, wanted)
  for (const { input, drafted, caseId } of wanted) {
    refuseWhatChangesNothing(
      input,
      drafted,
      state.choices.filter(one => one.caseId === caseId),
    )
  }
  const allowed = await judged(call, state, seats, wanted)
  const after = takenAfter(seats, movesOf(wanted))
  for (const [at, one] of wanted.entries()) await storeChoice(call, state, one, allowed[at]!, after)
  await askAgain(call, state, takenAfter(seats, []), after)
  await bumpRound(tx, round.id)
}

/** A choice with the rows it is about. */
interface Wanted {
  input: ChoiceInput
  drafted: DraftSeat
  caseId: number
  workerId: number | null
}

function placed(
  state: RoundState,
  seats: readonly DraftSeat[],
  input: ChoiceInput,
  locale: Locale,
  path: string,
): Wanted {
  const caseId = state.now.caseIds.get(input.caseNumber)
  const drafted = seats.find(one => one.case.id === input.caseNumber && one.seat === input.seat)
  if (caseId === undefined || !drafted) {
    const inRound = caseId !== undefined
    throw invalidField(`${path}${inRound ? 'seat' : 'caseNumber'}`, locale, {
      nl: inRound
        ? `Zaak ${input.caseNumber} heeft geen tweede plek.`
        : `Zaak ${input.caseNumber} zit niet in deze ronde.`,
      en: inRound
        ? `Case ${input.caseNumber} has no second seat.`
        : `Case ${input.caseNumber} is not in this round.`,
    })
  }
  const { staffNumber } = input
  const workerId = staffNumber === null ? null : (state.now.workerIds.get(staffNumber) ?? null)
  if (staffNumber !== null && (workerId === null || !workerToday(state, staffNumber))) {
    throw invalidField(`${path}staffNumber`, locale, {
      nl: `Medewerker ${staffNumber} doet niet mee in deze ronde.`,
      en: `Worker ${staffNumber} does not take part in this round.`,
    })
  }
  return { input, drafted, caseId, workerId }
}

/** What outlasts the round stays with the case, so it takes the right to exclude there. */
async function requireLastingRight(
  { db, user }: ChoiceCall | SetCall,
  wanted: readonly Wanted[],
): Promise<void> {
  const lasting = wanted.filter(({ input }) => (input.lasts ?? 'round') !== 'round')
  if (lasting.length === 0) return
  const teams = await db
    .selectFrom('caseFile')
    .select('teamId')
    .where('id', 'in', [...new Set(lasting.map(one => one.caseId))])
    .execute()
  for (const { teamId } of teams) requireIn(user, 'case.exclude', teamId)
}

function movesOf(wanted: readonly Wanted[]): Move[] {
  return wanted.flatMap(({ input, drafted }): Move[] =>
    input.kind === 'exclude' ? [] : [{ drafted, workerId: input.staffNumber }],
  )
}

/** What each choice is allowed to set aside. Throws 422 with every broken rule that is not answered. */
async function judged(
  { db, locale }: ChoiceCall | SetCall,
  state: RoundState,
  seats: readonly DraftSeat[],
  wanted: readonly Wanted[],
): Promise<GivenMotivation[]> {
  const moves = movesOf(wanted)
  const found: ReturnType<typeof breachList> = []
  const codes = await codeNames(db)
  const allowed = wanted.map(({ input, drafted }): GivenMotivation => {
    const breaches =
      input.kind === 'lock' || input.kind === 'override'
        ? breachesTogether(state.now.problem, seats, moves, { drafted, workerId: input.staffNumber })
        : []
    found.push(...breachList(input.caseNumber, input.seat, unanswered(breaches, input), locale, codes))
    // Only what is broken now is set aside: nothing is allowed in advance.
    return {
      setAside: [...new Set(input.setAside)].filter(rule => breaches.some(one => one.rule === rule)).sort(),
      unregisteredReason: breaches.some(one => setAsideOf(one.rule) === 'unregisteredException')
        ? input.unregisteredReason
        : null,
      acceptsExcess: input.acceptsExcess && breaches.some(one => one.rule === 'hardLimit'),
    }
  })
  if (found.length === 0) return allowed
  const [first] = wanted
  throw new Refusal(
    422,
    wanted.length === 1 && first
      ? {
          nl: `Zaak ${first.input.caseNumber} kan zo niet naar deze medewerker.`,
          en: `Case ${first.input.caseNumber} cannot go to this worker like this.`,
        }
      : {
          nl: 'Zo kan dit niet samen worden gekozen: er staan regels in de weg. Er is niets gewijzigd.',
          en: 'This cannot be chosen together like this: rules stand in the way. Nothing was changed.',
        },
    { cases: found },
  )
}

/** Stores one choice in the place of what stood on its seat, asks for approval where it needs one, and appends its event. */
async function storeChoice(
  call: ChoiceCall | SetCall,
  state: RoundState,
  { input, caseId, workerId }: Wanted,
  allowed: GivenMotivation,
  after: readonly TakenSeat[],
): Promise<void> {
  const { db: tx, user, today, now } = call
  const { round } = state
  const replaced = replacedBy(
    input,
    state.choices.filter(one => one.caseId === caseId),
  )
  await withdrawChoices(
    tx,
    replaced.map(one => one.id),
    now,
  )
  const lasting = {
    lasts: input.kind === 'exclude' ? (input.lasts ?? 'round') : null,
    untilOn: input.untilOn ?? null,
    reviewOn: input.kind === 'wait' ? (input.reviewOn ?? addDays(today, REVIEW_DAYS)) : null,
    tasks: [...(input.tasks ?? [])],
  }
  const worker = state.workers.find(one => one.id === workerId)
  const id = await insertChoice(
    call,
    round,
    {
      caseNumber: input.caseNumber,
      caseId,
      seat: input.kind === 'wait' ? 'primary' : input.seat,
      kind: input.kind,
      workerId,
      reasonCode: input.reasonCode,
      reasonText: input.reasonText?.trim() || null,
      unregisteredReason: allowed.unregisteredReason,
      setAside: [...allowed.setAside],
      acceptsExcess: allowed.acceptsExcess,
      ...lasting,
    },
    // The right over the worker who gets it counts, since it is their load.
    allowed.acceptsExcess && worker
      ? {
          worker,
          agreed: user.mayIn('limit.exceed', worker.teamId)
            ? highestShare(state.now.problem, after, worker.staffNumber)
            : null,
        }
      : null,
  )
  record(call, aboutRound(round), RECORDED_AS[input.kind], {
    choice: id,
    case: input.caseNumber,
    seat: input.seat,
    kind: input.kind,
    worker: input.staffNumber,
    reason: input.reasonCode,
    setAside: allowed.setAside,
    acceptsExcess: allowed.acceptsExcess,
    ...lasting,
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
  await withdrawChoices(tx, [choice.id], call.now)
  await bumpRound(tx, round.id)
  record(call, aboutRound(round), 'choice.withdrawn', {
    choice: choice.id,
    case: choice.caseNumber,
    seat: choice.seat,
    kind: choice.kind,
  })
}
