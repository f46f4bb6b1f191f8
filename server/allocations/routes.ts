import { visibleCase } from '../cases/detail.ts'
import { changed, openCaseForChange } from '../cases/write.ts'
import type { Handlers } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { codeNames } from '../rulebook/queries.ts'
import { caseScope } from '../weighing/case-rows.ts'
import { askOutside, decideOutside, outsideApprovals } from './asked.ts'
import { candidatesOf } from './candidates.ts'
import { giveOutside, judgeOutside } from './outside.ts'
import { freeSeat, peopleOf, requireFree, requireSeat, singleCase } from './single.ts'

type Names =
  | 'GET /cases/:caseNumber/candidates'
  | 'POST /cases/:caseNumber/allocations'
  | 'POST /cases/:caseNumber/allocations/asking'
  | 'GET /approvals/outside'
  | 'POST /approvals/outside/:id/verdict'

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
    const { body, params } = call
    const facts = await openCaseForChange(call, params.caseNumber, call.expectedVersion, 'case.allocate')
    await giveOutside(call, facts, body, await judgeOutside(call, facts, body))
    return changed(call, facts)
  },

  'POST /cases/:caseNumber/allocations/asking': async call => askOutside(call),

  'GET /approvals/outside': async ({ db, user, today }) => outsideApprovals(db, user, today),

  'POST /approvals/outside/:id/verdict': async call => decideOutside(call),
}
