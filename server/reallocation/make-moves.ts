import { sql } from 'kysely'
import { seatHours } from '../../solver/problem/load.ts'
import type { BrokenRule, ProblemCase, ProblemWorker, Seat } from '../../solver/problem/problem.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import { broken } from '../../solver/rules/broken.ts'
import type { TakenSeat } from '../../solver/rules/rules.ts'
import { allocate, lockWorkers } from '../allocating/allocate.ts'
import { breachList, unanswered } from '../draft/judge-choices.ts'
import { requireMotive } from '../draft/motive.ts'
import { activeReasons } from '../draft/reasons.ts'
import { append } from '../events/events.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { tell } from '../messages/write.ts'
import { codeNames } from '../rulebook/queries.ts'
import { reweighWithEvents } from '../weighing/hours.ts'
import { type HeldSeat, heldCases, type TeamCase, teamWorkers } from './cases.ts'
import { movesOf } from './explain-moves.ts'
import { dealingProblem } from './problem.ts'
import { findRun, proposalOf, type Team } from './runs.ts'

type MoveCall = Call<'POST /teams/:id/reallocations/:runId/moves'>

/** A seat that changes hands now: who has it, and who gets it. */
interface Moving {
  case: TeamCase
  seat: HeldSeat
  toStaffNumber: string
}

/**
 * Gives the named seats to the worker that the calculation proposed, because somebody decided so: the seat of the old worker ends
 * where that of the new one begins. All of it is judged together by the rules on today's tables, with one motive. Throws 404
 * for a calculation without outcome, 409 when a seat is not as it was, 422 with the rules that stand in the way.
 */
export async function makeMoves(call: MoveCall, team: Team): Promise<void> {
  const { db: tx, user, body, params, today, now, locale } = call
  const run = await findRun(tx, team.id, params.runId)
  const proposal = proposalOf(run)
  if (!proposal) throw notFound({ nl: 'Deze uitkomst', en: 'This outcome' })
  const proposed = new Map(
    movesOf(run.problem, proposal).map(move => [`${move.line.caseId} ${move.line.seat}`, move]),
  )
  const errors = new FieldErrors(locale)
  body.moves.forEach(({ caseNumber, seat }, index) => {
    if (proposed.has(`${caseNumber} ${seat}`)) return
    errors.add(`moves.${index}`, {
      nl: `Deze berekening laat zaak ${caseNumber} op deze plek niet overgaan.`,
      en: `This calculation does not move this seat of case ${caseNumber}.`,
    })
  })
  if (body.startOn < today) {
    const message = { nl: 'Kies vandaag of een latere dag.', en: 'Choose today or a later day.' }
    errors.add('startOn', message, body.startOn)
  }
  errors.refuse()
  await requireReason(call)

  await lockCases(call, team)
  const held = await heldCases(tx, team, body.startOn)
  const moving = body.moves.map(({ caseNumber, seat }): Moving => {
    const { from, to } = proposed.get(`${caseNumber} ${seat}`)!
    return stillThere(held, caseNumber, seat, from, to, body.startOn)
  })
  const dealt = await judged(call, team, held, moving, run.profile ?? '')

  for (const { seat } of moving) {
    await tx
      .updateTable('allocation')
      .set({ endsOn: body.startOn })
      .where('id', '=', seat.allocationId)
      .execute()
  }
  for (const one of dealt) await give(call, team, run.id, one)
  const caseIds = [...new Set(moving.map(one => one.case.facts.id))]
  await tx
    .updateTable('caseFile')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', sql<number>`any(${caseIds}::int[])`)
    .execute()
  const { organisationId } = team
  await reweighWithEvents(tx, { organisationId, on: today, caseIds }, { actor: user, now })
}

async function requireReason({ db, body, today, locale }: MoveCall): Promise<void> {
  const reasons = await activeReasons(db)
  const { moves, startOn, ...motivation } = body
  const form = { reasons, use: 'handover', today, startOn } as const
  requireMotive({ ...moves[0]!, ...motivation, kind: 'override', staffNumber: '' }, form, locale)
}

/** The cases in order of their ids, so that two people who move the same ones follow one another. */
async function lockCases({ db, body, user }: MoveCall, team: Team): Promise<void> {
  await db
    .selectFrom('caseFile')
    .select('id')
    .where('organisationId', '=', user.organisationId)
    .where('teamId', '=', team.id)
    .where(
      'caseNumber',
      'in',
      body.moves.map(one => one.caseNumber),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
}

function stillThere(
  held: readonly TeamCase[],
  caseNumber: string,
  seat: Seat,
  from: string,
  toStaffNumber: string,
  startOn: string,
): Moving {
  const found = held.find(one => one.facts.caseNumber === caseNumber)
  const own = found?.seats.find(one => one.seat === seat)
  if (!found || !own || own.worker.staffNumber !== from) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} ligt niet meer bij wie de zaak toen had. Bereken opnieuw, of kijk op de pagina van de zaak.`,
      en: `Case ${caseNumber} is no longer with who had it then. Calculate again, or look at the page of the case.`,
    })
  }
  if (
    found.holders === null ||
    own.endsOn !== null ||
    found.stays === 'ending' ||
    found.stays === 'inRound'
  ) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} kan nu niet over: er loopt al iets anders, zoals een einddatum, een overdracht of een verdeelronde.`,
      en: `Case ${caseNumber} cannot move now: something else is under way, such as an end date, a handover or a round.`,
    })
  }
  if (own.startsOn >= startOn) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} is er pas sinds ${dayText(own.startsOn, 'nl')}. Kies een dag daarna.`,
      en: `Case ${caseNumber} came on ${dayText(own.startsOn, 'en')}. Choose a day after that.`,
    })
  }
  return { case: found, seat: own, toStaffNumber }
}

interface Judged extends Moving {
  problemCase: ProblemCase
  worker: ProblemWorker
  workerId: number
  hours: number
  setAside: string[]
  excess: boolean
  unregistered: boolean
}

/** Every move against the rules, beside the others of this request. Throws 422 with what nobody answered for. */
async function judged(
  call: MoveCall,
  team: Team,
  held: readonly TeamCase[],
  moving: readonly Moving[],
  profile: string,
): Promise<Judged[]> {
  const { db: tx, user, body, today, locale } = call
  const receivers = moving.map(one => one.toStaffNumber)
  const locked = await lockWorkers(tx, team.organisationId, receivers)
  const present = await teamWorkers(tx, team, body.startOn)
  const movingIds = new Set(moving.map(one => one.case.facts.id))
  const { problem } = await dealingProblem(tx, {
    team,
    held: held.filter(one => movingIds.has(one.facts.id)),
    mayMove: () => true,
    waiting: [],
    workerIds: [...new Set([...present, ...locked].map(one => one.id))],
    moveCost: 0,
    profile,
    startOn: body.startOn,
    today,
  })
  const goesTo = new Map(
    moving.map(one => [`${one.case.facts.caseNumber} ${one.seat.seat}`, one.toStaffNumber]),
  )
  const after = problem.cases.flatMap(({ id, current }): TakenSeat[] =>
    (['primary', 'second'] as const).flatMap(seat => {
      const workerId = goesTo.get(`${id} ${seat}`) ?? current?.[seat]
      return workerId === undefined ? [] : [{ caseId: id, seat, workerId }]
    }),
  )
  const open: { caseNumber: string; seat: Seat; rules: BrokenRule[] }[] = []
  const judgedMoves = moving.map((one): Judged => {
    const { caseNumber } = one.case.facts
    const { seat } = one.seat
    const problemCase = problem.cases.find(each => each.id === caseNumber)
    const worker = problem.workers.find(each => each.id === one.toStaffNumber)
    const row = locked.find(each => each.staffNumber === one.toStaffNumber)
    if (!problemCase || !worker || !row) {
      throw new Refusal(409, {
        nl: `Medewerker ${one.toStaffNumber} is er op die dag niet. Bereken opnieuw.`,
        en: `Worker ${one.toStaffNumber} is not there on that day. Calculate again.`,
      })
    }
    const others = after.filter(each => each.caseId !== caseNumber || each.seat !== seat)
    const breaches = broken(problem, problemCase, seat, worker, others)
    const excess = breaches.some(each => each.rule === 'hardLimit')
    const acceptsExcess = body.acceptsExcess && user.mayIn('limit.exceed', row.teamId)
    const rules = unanswered(breaches, { ...body, acceptsExcess })
    if (rules.length > 0) open.push({ caseNumber, seat, rules })
    return {
      ...one,
      problemCase,
      worker,
      workerId: row.id,
      hours: seatHours(problem.policy, problemCase, seat, worker) / 100,
      setAside: breaches.filter(each => body.setAside.includes(each.rule)).map(each => each.rule),
      excess,
      unregistered: breaches.some(each => each.rule === 'registration'),
    }
  })
  if (open.length > 0) {
    const codes = await codeNames(tx)
    throw new Refusal(
      422,
      {
        nl: 'Zo kan de zaak niet over. Per regel staat hieronder wat er aan de hand is en of het met een motivering kan.',
        en: 'The case cannot move like this. Below is what each rule says, and whether a justification allows a deviation.',
      },
      { cases: open.flatMap(one => breachList(one.caseNumber, one.seat, one.rules, locale, codes)) },
    )
  }
  return judgedMoves
}

/** The new seat by decision, what is recorded of it, and the word to who had it. */
async function give(call: MoveCall, team: Team, runId: number, one: Judged): Promise<void> {
  const { db: tx, user, body, now } = call
  const { organisationId } = team
  const { facts } = one.case
  const { seat } = one.seat
  const unregisteredReason = one.unregistered ? body.unregisteredReason : null
  const reasonText = body.reasonText?.trim() || null
  const [decision] = await allocate(call, [
    {
      caseId: facts.id,
      caseNumber: facts.caseNumber,
      seat,
      kind: 'tailored',
      taker: { workerId: one.workerId, startOn: body.startOn, hours: one.hours },
      reasonCode: body.reasonCode,
      reasonText,
      unregisteredReason,
      setAside: one.setAside,
      acceptsExcess: one.excess,
    },
  ])
  append(tx, {
    type: 'case.moved',
    actor: user,
    organisationId,
    teamId: team.id,
    objectType: 'case',
    objectId: facts.caseNumber,
    data: {
      ...decision,
      run: runId,
      seat,
      from: one.seat.worker.staffNumber,
      worker: one.toStaffNumber,
      startOn: body.startOn,
      hours: one.hours,
      reasonCode: body.reasonCode,
      setAside: one.setAside,
      acceptsExcess: one.excess,
    },
    at: now,
  })
  await tell(tx, {
    organisationId,
    workerIds: [one.seat.workerId],
    kind: 'case.movedAway',
    data: { case: facts.caseNumber, startOn: body.startOn },
    at: now,
  })
}
