import type { ProposalLine } from '../../solver/problem/problem.ts'
import type { ChoiceInput } from '../contract/choices.ts'
import { addDays } from '../contract/days.ts'
import { askAgain } from '../draft/approvals.ts'
import type { DraftSeat } from '../draft/draft-view.ts'
import { highestShare } from '../draft/excess.ts'
import { insertChoice, withdrawChoices } from '../draft/insert-choice.ts'
import { breachList, unanswered } from '../draft/judge-choices.ts'
import { REVIEW_DAYS, requireMotive } from '../draft/motive.ts'
import { activeReasons } from '../draft/reasons.ts'
import { bumpRound, lockRound } from '../draft/rounds.ts'
import { SUPPOSE } from '../draft/runs.ts'
import { type RoundState, readState, seatsToday, workerToday } from '../draft/state.ts'
import { breachesTogether, type Move, takenAfter } from '../draft/together.ts'
import { requireAllSeen, unseenCases } from '../draft/unseen.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import { storedRuns } from './runs.ts'
import { proposalOf } from './view.ts'

type TakeOverCall = Call<'POST /rounds/:id/take-over'>

/** A seat of the draft and who has it in the other run. */
interface Wanted {
  drafted: DraftSeat
  line: ProposalLine
}

/**
 * Makes the draft as in another run. Per seat that differs: the choice on it goes when the proposal itself gives that worker;
 * else the worker is chosen (override), or the case waits when the run gives it to nobody. Everything is judged together on
 * today's tables: two cases that change places do not stand in each other's way. Throws 422 with what stands in the way per
 * case and nothing is taken over then; 403 for load above the hard limit, which is decided per choice.
 */
export async function takeOver(call: TakeOverCall): Promise<void> {
  const { db: tx, user, body, today, now } = call
  const round = await lockRound(tx, user, call.params.id, call.expectedVersion, SUPPOSE)
  requireAllSeen(await unseenCases(tx, round))
  const [run] = await storedRuns(tx, round.id, [body.runId])
  const proposal = run && proposalOf(run, body.point)
  if (!run || !proposal)
    throw notFound({ nl: 'Deze berekening of dit punt', en: 'This calculation or point' })
  const state = await readState(tx, round, today)
  const seats = seatsToday(state)
  const wanted = wantedSeats(call, state, seats, proposal.lines)
  const motivated = wanted.filter(one => one.line.workerId !== one.drafted.proposedId)
  if (motivated.length > 0) await requireReason(call, motivated)
  await judgeTogether(call, state, seats, wanted)

  const replaced = state.choices.filter(
    choice =>
      choice.kind !== 'exclude' &&
      wanted.some(
        ({ drafted, line }) =>
          drafted.case.id === choice.caseNumber &&
          (choice.kind === 'wait' || line.workerId === null || choice.seat === drafted.seat),
      ),
  )
  await withdrawChoices(
    tx,
    replaced.map(choice => choice.id),
    now,
  )
  const waits = new Set<string>()
  const after = takenAfter(seats, movesOf(wanted))
  for (const { drafted, line } of motivated) {
    const caseId = state.now.caseIds.get(drafted.case.id)
    if (caseId === undefined) continue
    if (line.workerId === null) {
      // A case waits as a whole.
      if (waits.has(drafted.case.id)) continue
      waits.add(drafted.case.id)
    }
    const workerId = line.workerId === null ? null : (state.now.workerIds.get(line.workerId) ?? null)
    const allowed = allowedFor(state, seats, wanted, { drafted, line }, call)
    const worker = state.workers.find(one => one.id === workerId)
    await insertChoice(
      call,
      round,
      {
        caseNumber: drafted.case.id,
        caseId,
        seat: line.workerId === null ? 'primary' : drafted.seat,
        kind: line.workerId === null ? 'wait' : 'override',
        workerId,
        reasonCode: body.reasonCode,
        reasonText: body.reasonText?.trim() || null,
        reviewOn: line.workerId === null ? addDays(today, REVIEW_DAYS) : null,
        ...allowed,
      },
      // Without that right it was refused.
      allowed.acceptsExcess && worker
        ? { worker, agreed: highestShare(state.now.problem, after, worker.staffNumber) }
        : null,
    )
  }
  await askAgain(call, state, takenAfter(seats, []), after)
  await bumpRound(tx, round.id)
  append(tx, {
    type: 'scenario.takenOver',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: {
      run: run.id,
      point: body.point,
      seats: wanted.length,
      lines: wanted.map(({ drafted, line }) => ({
        case: drafted.case.id,
        seat: drafted.seat,
        from: drafted.worker?.id ?? null,
        to: line.workerId,
      })),
      reason: body.reasonCode,
      replaced: replaced.map(choice => choice.id),
    },
    at: now,
  })
}

/** The seats that are not as in the run; those named, or all. Throws when a named one is not there or nothing differs. */
function wantedSeats(
  { body, locale }: TakeOverCall,
  state: RoundState,
  seats: readonly DraftSeat[],
  lines: readonly ProposalLine[],
): Wanted[] {
  const errors: { field: string; message: string }[] = []
  const byKey = new Map(lines.map(line => [`${line.caseId} ${line.seat}`, line]))
  const named = body.seats && new Set(body.seats.map(one => `${one.caseNumber} ${one.seat}`))
  body.seats?.forEach((one, index) => {
    const key = `${one.caseNumber} ${one.seat}`
    const known = seats.some(each => `${each.case.id} ${each.seat}` === key)
    if (known && byKey.has(key)) return
    const nl = `Zaak ${one.caseNumber} heeft die plek niet in deze ronde of niet in die berekening.`
    const en = `Case ${one.caseNumber} does not have that seat in this round or not in that run.`
    errors.push({ field: `seats.${index}`, message: locale === 'nl' ? nl : en })
  })
  const wanted = seats.flatMap((drafted): Wanted[] => {
    const key = `${drafted.case.id} ${drafted.seat}`
    const line = byKey.get(key)
    if (!line || (named && !named.has(key))) return []
    if ((drafted.worker?.id ?? null) === line.workerId) return []
    return [{ drafted, line }]
  })
  for (const { drafted, line } of wanted) {
    if (line.workerId === null || workerToday(state, line.workerId)) continue
    const nl = `Medewerker ${line.workerId} (zaak ${drafted.case.id}) doet niet meer mee in deze ronde.`
    const en = `Worker ${line.workerId} (case ${drafted.case.id}) no longer takes part in this round.`
    errors.push({ field: 'runId', message: locale === 'nl' ? nl : en })
  }
  if (errors.length > 0) {
    throw new Refusal(422, { nl: 'Dit kan niet worden overgenomen.', en: 'This cannot be used.' }, { errors })
  }
  if (wanted.length === 0) {
    throw new Refusal(409, {
      nl: 'Het concept is al zoals in die berekening. Er is niets over te nemen.',
      en: 'The draft is already as in that calculation. There is nothing to use.',
    })
  }
  return wanted
}

/** What differs from the round's own proposal is a choice of people, so it needs a reason, as any other. */
async function requireReason(
  { db, body, locale, today }: TakeOverCall,
  motivated: readonly Wanted[],
): Promise<void> {
  const reasons = await activeReasons(db)
  const first = motivated[0]
  if (!first) return
  const input: ChoiceInput = {
    caseNumber: first.drafted.case.id,
    seat: first.drafted.seat,
    kind: first.line.workerId === null ? 'wait' : 'override',
    staffNumber: first.line.workerId,
    reasonCode: body.reasonCode,
    reasonText: body.reasonText,
    unregisteredReason: body.unregisteredReason,
    setAside: body.setAside,
    acceptsExcess: body.acceptsExcess,
  }
  // One reason for all that differs: it fits what most of it is, another worker, where any is.
  const gives = motivated.some(one => one.line.workerId !== null)
  requireMotive(input, { reasons, use: gives ? 'override' : 'wait', today, startOn: today }, locale)
}

function breachesOf(state: RoundState, seats: readonly DraftSeat[], wanted: readonly Wanted[], one: Wanted) {
  return breachesTogether(state.now.problem, seats, movesOf(wanted), {
    drafted: one.drafted,
    workerId: one.line.workerId,
  })
}

function movesOf(wanted: readonly Wanted[]): Move[] {
  return wanted.map(({ drafted, line }) => ({ drafted, workerId: line.workerId }))
}

async function judgeTogether(
  call: TakeOverCall,
  state: RoundState,
  seats: readonly DraftSeat[],
  wanted: readonly Wanted[],
): Promise<void> {
  const { body, locale, user } = call
  const found: ReturnType<typeof breachList> = []
  const codes = await codeNames(call.db)
  for (const one of wanted) {
    const breaches = breachesOf(state, seats, wanted, one)
    if (breaches.some(breach => breach.rule === 'hardLimit') && body.acceptsExcess) {
      const worker = state.workers.find(each => each.staffNumber === one.line.workerId)
      if (!worker || !user.mayIn('limit.exceed', worker.teamId)) throw mayNotExceed()
    }
    const open = unanswered(breaches, body)
    found.push(...breachList(one.drafted.case.id, one.drafted.seat, open, locale, codes))
  }
  if (found.length === 0) return
  throw new Refusal(
    422,
    {
      nl: 'Zo kan dit niet worden overgenomen: er staan regels in de weg. Er is niets gewijzigd.',
      en: 'This cannot be used like this: rules stand in the way. Nothing was changed.',
    },
    { cases: found },
  )
}

/** Only what is broken now is set aside: nothing is allowed in advance. */
function allowedFor(
  state: RoundState,
  seats: readonly DraftSeat[],
  wanted: readonly Wanted[],
  one: Wanted,
  { body }: TakeOverCall,
) {
  const breaches = breachesOf(state, seats, wanted, one)
  return {
    setAside: [...new Set(body.setAside)].filter(rule => breaches.some(each => each.rule === rule)).sort(),
    unregisteredReason: breaches.some(each => each.rule === 'registration') ? body.unregisteredReason : null,
    acceptsExcess: body.acceptsExcess && breaches.some(each => each.rule === 'hardLimit'),
  }
}

function mayNotExceed(): Refusal {
  return new Refusal(403, {
    nl: 'Boven de harde grens beslist de teamleider van de medewerker. Vraag die om deze keuze te maken.',
    en: 'Above the hard limit the worker’s team lead decides. Ask them to make this choice.',
  })
}
