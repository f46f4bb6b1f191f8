import { seatHours } from '../../solver/problem/load.ts'
import type { BrokenRule, ProblemWorker } from '../../solver/problem/problem.ts'
import { broken } from '../../solver/rules/broken.ts'
import { allocate, lockWorkers } from '../allocating/allocate.ts'
import { inOpenRound } from '../cases/write.ts'
import { breachList, unanswered } from '../draft/judge-choices.ts'
import { requireMotive } from '../draft/motive.ts'
import { activeReasons } from '../draft/reasons.ts'
import { append } from '../events/events.ts'
import { type Call, Refusal } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { codeNames } from '../rulebook/queries.ts'
import type { CaseFacts } from '../weighing/facts.ts'
import { unknown } from '../workers/queries.ts'
import { requireFree, requireSeat, type SingleCase, singleCase, workerIn } from './single.ts'

type Given = Call<'POST /cases/:caseNumber/allocations'>['body']
type By = Pick<Call<'POST /cases/:caseNumber/allocations'>, 'db' | 'user' | 'locale' | 'today' | 'now'>

/** A case for one worker outside a round, that may be: every rule holds or is answered. */
export interface Judged {
  single: SingleCase
  worker: ProblemWorker
  workerId: number
  workerName: string
  workerTeamId: number
  breaches: BrokenRule[]
  /** The person may accept load above the hard limit of this worker. */
  mayExceed: boolean
}

/**
 * Judges a case for one worker outside a round: the form, the seat, and the rules by the tables as they stand, with the worker locked.
 * Throws 409 or 422 with what stands in the way. With `asks` somebody else will accept the excess of the hard limit.
 */
export async function judgeOutside(
  { db: tx, user, locale, today }: By,
  facts: CaseFacts,
  body: Given,
  asks = false,
): Promise<Judged> {
  if (facts.openRoundId !== null) throw inOpenRound(facts)
  const errors = new FieldErrors(locale)
  if (body.startOn < today) {
    const message = { nl: 'Kies vandaag of een latere dag.', en: 'Choose today or a later day.' }
    errors.add('startOn', message, body.startOn)
  }
  requireSeat(facts, body.seat, errors)
  errors.refuse()
  requireFree(facts, body.seat)
  requireMotive(
    { ...body, caseNumber: facts.caseNumber, kind: 'override' },
    { reasons: await activeReasons(tx), use: 'outside', today, startOn: body.startOn },
    locale,
  )
  if ((await lockWorkers(tx, user.organisationId, [body.staffNumber])).length === 0) {
    throw unknown(body.staffNumber)
  }
  const single = await singleCase(tx, facts, body.startOn, { user, today })
  const worker = workerIn(single.problem, body.staffNumber)
  const workerId = single.workerIds.get(body.staffNumber)
  const workerTeamId = single.teamIds.get(body.staffNumber)
  if (!worker || workerId === undefined || workerTeamId === undefined) throw unknown(body.staffNumber)

  const breaches = broken(single.problem, single.case, body.seat, worker, [])
  // Only who has that right over this worker can accept an excess, whatever the request says.
  const mayExceed = user.mayIn('limit.exceed', workerTeamId)
  const acceptsExcess = body.acceptsExcess && (mayExceed || asks)
  const open = unanswered(breaches, { ...body, acceptsExcess })
  if (open.length > 0) {
    throw new Refusal(
      422,
      {
        nl: 'Dit kan niet zonder meer. Per regel staat hieronder wat er aan de hand is en of het met een motivering kan.',
        en: 'This is not possible as it is. Below is what each rule says, and whether a justification allows a deviation.',
      },
      { cases: breachList(facts.caseNumber, body.seat, open, locale, await codeNames(tx)) },
    )
  }
  const workerName = single.names.get(body.staffNumber)?.name ?? body.staffNumber
  return { single, worker, workerId, workerName, workerTeamId, breaches, mayExceed }
}

/** Allocates what was judged: decision, seat, message and event. The case gets its new version from the caller. */
export async function giveOutside(
  call: By,
  facts: CaseFacts,
  body: Given,
  { single, worker, workerId, breaches }: Judged,
): Promise<void> {
  const excess = breaches.some(one => one.rule === 'hardLimit')
  const hours = seatHours(single.problem.policy, single.case, body.seat, worker) / 100
  const setAside = breaches.filter(one => body.setAside.includes(one.rule)).map(one => one.rule)
  const [decision] = await allocate(call, [
    {
      caseId: facts.id,
      caseNumber: facts.caseNumber,
      seat: body.seat,
      kind: body.kind,
      taker: { workerId, startOn: body.startOn, hours },
      reasonCode: body.reasonCode,
      reasonText: body.reasonText,
      unregisteredReason: body.unregisteredReason,
      setAside,
      acceptsExcess: excess,
    },
  ])
  append(call.db, {
    type: 'case.allocatedOutside',
    actor: call.user,
    organisationId: call.user.organisationId,
    teamId: facts.teamId,
    objectType: 'case',
    objectId: facts.caseNumber,
    data: {
      ...decision,
      kind: body.kind,
      seat: body.seat,
      worker: body.staffNumber,
      startOn: body.startOn,
      hours,
      reasonCode: body.reasonCode,
      setAside,
      acceptsExcess: excess,
    },
    at: call.now,
  })
}
