import { seatHours } from '../../solver/load.ts'
import type { BrokenRule } from '../../solver/problem.ts'
import { broken } from '../../solver/rules.ts'
import type { CodeNames } from '../../solver/sentences.ts'
import { allocate, lockWorkers } from '../allocating/allocate.ts'
import { visibleCase } from '../cases/detail.ts'
import type { CaseFacts } from '../cases/facts.ts'
import { caseScope } from '../cases/queries.ts'
import { changed, inOpenRound, openCaseForChange } from '../cases/write.ts'
import { append } from '../events.ts'
import { type Call, type Handlers, Refusal } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { breachList, unanswered } from '../rounds/choices.ts'
import { requireMotive } from '../rounds/motive.ts'
import { activeReasons } from '../rounds/reasons.ts'
import { codeNames } from '../rulebook/queries.ts'
import { unknown } from '../workers/queries.ts'
import { candidatesOf } from './candidates.ts'
import { freeSeat, peopleOf, requireFree, requireSeat, singleCase, workerIn } from './single.ts'

type Names = 'GET /cases/:caseNumber/candidates' | 'POST /cases/:caseNumber/allocations'
type Allocate = Call<'POST /cases/:caseNumber/allocations'>

export const allocationHandlers: Pick<Handlers, Names> = {
  async 'GET /cases/:caseNumber/candidates'({ db, params, query, user, today, locale }) {
    const scope = { teamIds: caseScope(user).teamIds, workerId: null }
    const facts = await visibleCase(db, params.caseNumber, { user, today }, scope)
    requireIn(user, 'case.allocate', facts.teamId)
    const errors = new FieldErrors(locale)
    if (query.seat) requireSeat(facts, query.seat, errors)
    errors.refuse()
    const seat = query.seat ?? freeSeat(facts)
    requireFree(facts, seat)
    const single = await singleCase(db, facts, query.startOn ?? today, { user, today })
    return candidatesOf(single, seat, locale, { ...(await codeNames(db)), workers: peopleOf(single) })
  },

  async 'POST /cases/:caseNumber/allocations'(call) {
    const { db: tx, body, params, user, locale, today, now } = call
    const facts = await openCaseForChange(call, params.caseNumber, call.expectedVersion, 'case.allocate')
    if (facts.openRoundId !== null) throw inOpenRound(facts)
    checkForm(call, facts)
    requireFree(facts, body.seat)
    const reasons = await activeReasons(tx)
    requireMotive(
      { ...body, caseNumber: params.caseNumber, kind: 'override' },
      { reasons, use: 'outside', today, startOn: body.startOn },
      locale,
    )

    if ((await lockWorkers(tx, user.organisationId, [body.staffNumber])).length === 0) {
      throw unknown(body.staffNumber)
    }
    const single = await singleCase(tx, facts, body.startOn, { user, today })
    const worker = workerIn(single.problem, body.staffNumber)
    const workerId = single.workerIds.get(body.staffNumber)
    if (!worker || workerId === undefined) throw unknown(body.staffNumber)

    const breaches = broken(single.problem, single.case, body.seat, worker, [])
    // Only who has that right over this worker can accept an excess, whatever the request says.
    const mayExceed = user.mayIn('limit.exceed', single.teamIds.get(body.staffNumber) ?? 0)
    const acceptsExcess = body.acceptsExcess && mayExceed
    const open = unanswered(breaches, { ...body, acceptsExcess })
    if (open.length > 0) throw unansweredRefusal(call, open, await codeNames(tx))

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
    await append(tx, {
      type: 'case.allocatedOutside',
      actor: user,
      organisationId: user.organisationId,
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
      at: now,
    })
    return changed(call, facts)
  },
}

function checkForm({ body, locale, today }: Allocate, facts: CaseFacts): void {
  const errors = new FieldErrors(locale)
  if (body.startOn < today) {
    const message = { nl: 'Kies vandaag of een latere dag.', en: 'Choose today or a later day.' }
    errors.add('startOn', message, body.startOn)
  }
  requireSeat(facts, body.seat, errors)
  errors.refuse()
}

function unansweredRefusal(
  { params, body, locale }: Allocate,
  open: readonly BrokenRule[],
  codes: CodeNames,
): Refusal {
  return new Refusal(
    422,
    {
      nl: 'Dit kan niet zonder meer. Per regel staat hieronder wat er aan de hand is en of het met een motief kan.',
      en: 'This is not possible as it is. Below is what each rule says, and whether a motive can set it aside.',
    },
    { cases: breachList(params.caseNumber, body.seat, open, locale, codes) },
  )
}
