import { approvals, decideApproval } from '../draft/approvals.ts'
import { atOneMoment, findRound } from '../draft/rounds.ts'
import { settlingHandlers } from '../draft/settings.ts'
import { readState } from '../draft/state.ts'
import type { Handlers } from '../http/call.ts'
import { answer, myProposals } from './answers.ts'
import { rule } from './rulings.ts'
import { share } from './share.ts'
import { decideSwap } from './swap-verdict.ts'
import { moveSwap, offerSwap } from './swaps.ts'
import { sharingView } from './view.ts'

export const sharingHandlers = {
  ...settlingHandlers,

  'GET /rounds/:id/sharing': async ({ db, user, params, today, now }) =>
    atOneMoment(db, async tx => {
      const round = await findRound(tx, user, params.id)
      return sharingView(tx, round, await readState(tx, round, today), now)
    }),
  'POST /rounds/:id/sharing': share,
  'POST /rounds/:id/rulings': rule,
  'POST /rounds/:id/swaps/:swapId/verdict': decideSwap,

  'GET /mine/proposals': async ({ db, user, now }) => myProposals(db, user, now),
  'POST /mine/proposals/:id/answer': answer,
  'POST /mine/proposals/:id/swaps': offerSwap,
  'POST /mine/swaps/:id/moves': moveSwap,

  'GET /approvals': async ({ db, user, today }) => atOneMoment(db, async tx => approvals(tx, user, today)),
  'POST /approvals/:id/verdict': decideApproval,
} satisfies Partial<Handlers>
