import type { Executor, Tx } from '../../db/database.ts'
import type { RoundInput } from '../contract/rounds.ts'
import { draftsBefore } from '../draft/drafts.ts'
import { problemOf } from '../draft/problem-of.ts'
import { atOneMoment, bumpRound, findRound, lockRound, type Need } from '../draft/rounds.ts'
import { cancelRun, cancelRuns, requestRun, requestStop, runView, SUPPOSE } from '../draft/runs.ts'
import { readState } from '../draft/state.ts'
import { inSlices } from '../event-loop/slices.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import type { Call, Handlers } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { agree, agreementsOf, forgetAgreementsIn } from './agreements.ts'
import { changeCases } from './cases.ts'
import { type Composition, composition } from './compose.ts'
import { settle } from './confirmation.ts'
import { createRound } from './create.ts'
import { decisionCsv, decisionXlsx } from './decision-list.ts'
import { roundDetail, roundList } from './detail.ts'
import { discuss } from './discussion.ts'
import { explain, whyNot } from './explanation.ts'
import { makeChoice, makeChoices, undoChoice } from './make-choice.ts'
import { matrixOf } from './matrix.ts'
import { preflight } from './preflight.ts'
import { roundResult } from './result.ts'
import { roundOutlook } from './round-outlook.ts'
import { settlementView } from './settlement-view.ts'
import { swapOf } from './swap.ts'
import { withdraw } from './withdrawal.ts'

const COMPOSE: Need = { action: 'round.compose', everyTeam: true }

export const roundHandlers = {
  'GET /rounds': async ({ db, user }) => roundList(db, user),

  'POST /rounds/preflight': async ({ db, user, body, today, locale }) =>
    preflight(await firstProblem(db, body, await composition(db, user, body, today, locale), today), locale),

  'POST /rounds': async call => ({ id: await compose(call) }),

  'GET /rounds/:id': async ({ db, user, params, today, locale }) =>
    atOneMoment(db, async tx =>
      roundDetail(tx, await findRound(tx, user, params.id), { user, today, locale }),
    ),

  'POST /rounds/:id/runs': async call => {
    const { db: tx, user, params, locale } = call
    const round = await lockRound(tx, user, params.id, call.expectedVersion, COMPOSE)
    return runView(await requestRun(tx, round, user, call, call.body.timeLimitSeconds), locale)
  },

  'POST /rounds/:id/runs/:runId/stop': async ({ db: tx, user, params, locale, now }) => {
    const round = await lockRound(tx, user, params.id, null, await endNeed(tx, params.runId))
    return runView(await requestStop(tx, round, params.runId, user, now), locale)
  },

  'POST /rounds/:id/runs/:runId/cancellation': async ({ db: tx, user, params, locale, now }) => {
    const round = await lockRound(tx, user, params.id, null, await endNeed(tx, params.runId))
    return runView(await cancelRun(tx, round, params.runId, user, now), locale)
  },

  'GET /rounds/:id/cases/:caseNumber/explanation': async call => explain(call),

  'GET /rounds/:id/outlook': async ({ db, user, params, today }) =>
    atOneMoment(db, async tx => roundOutlook(tx, await findRound(tx, user, params.id), today)),

  'GET /rounds/:id/matrix': async ({ db, user, params, today }) =>
    inSlices(
      matrixOf(await atOneMoment(db, async tx => readState(tx, await findRound(tx, user, params.id), today))),
    ),

  'GET /rounds/:id/cases/:caseNumber/why-not': async call => whyNot(call),

  'POST /rounds/:id/choices': async call => {
    await makeChoice(call)
    return detailOf(call)
  },

  'POST /rounds/:id/choices/together': async call => {
    await makeChoices(call)
    return detailOf(call)
  },

  'GET /rounds/:id/swap': async call => atOneMoment(call.db, async tx => swapOf(call, tx)),

  'PUT /rounds/:id/cases': async call => {
    await changeCases(call)
    return detailOf(call)
  },

  'PUT /rounds/:id/cases/:caseNumber/discussion': async call => discuss(call),

  'GET /rounds/:id/agreements': async ({ db, user, params }) =>
    agreementsOf(db, (await findRound(db, user, params.id)).id, user.id),

  'PUT /rounds/:id/cases/:caseNumber/agreement': async call => agree(call),

  'DELETE /rounds/:id/choices/:choiceId': async call => {
    await undoChoice(call)
    return detailOf(call)
  },

  'POST /rounds/:id/confirmation': async call => roundResult(call.db, await settle(call), call.locale),

  'GET /rounds/:id/result': async ({ db, user, params, locale }) =>
    roundResult(db, await findRound(db, user, params.id), locale),

  'GET /rounds/:id/settlement': async ({ db, user, params, today, now, locale }) =>
    atOneMoment(db, async tx =>
      settlementView(tx, await findRound(tx, user, params.id), user, { today, now, locale }),
    ),

  'POST /rounds/:id/withdrawals': async call => roundResult(call.db, await withdraw(call), call.locale),

  'GET /rounds/:id/decision-list': async ({ db, user, params, locale }) =>
    decisionCsv(db, await roundResult(db, await findRound(db, user, params.id), locale), locale),

  'GET /rounds/:id/decision-list/xlsx': async ({ db, user, params, locale }) =>
    decisionXlsx(db, await roundResult(db, await findRound(db, user, params.id), locale), locale),

  'POST /rounds/:id/cancellation': async call => {
    const { db: tx, user, now } = call
    const round = await lockRound(tx, user, call.params.id, call.expectedVersion, COMPOSE)
    await cancelRuns(tx, round.id, now)
    await tx.updateTable('round').set({ status: 'cancelled' }).where('id', '=', round.id).execute()
    await tx.updateTable('roundCase').set({ open: false }).where('roundId', '=', round.id).execute()
    await forgetAgreementsIn(tx, round.id)
    await bumpRound(tx, round.id)
    append(tx, {
      type: 'round.cancelled',
      actor: user,
      organisationId: round.organisationId,
      teamId: teamOf(round),
      objectType: 'round',
      objectId: String(round.id),
      data: {},
      at: now,
    })
    return { done: true }
  },
} satisfies Partial<Handlers>

/** Who may ask for a run may end it: one of the round itself asks for more than a what-if or a trade-off. */
async function endNeed(tx: Tx, runId: number): Promise<Need> {
  const run = await tx.selectFrom('run').select('kind').where('id', '=', runId).executeTakeFirst()
  return run && run.kind !== 'round' ? SUPPOSE : COMPOSE
}

/** The round as it is after a change, in the same transaction. */
async function detailOf(
  call: Pick<Call<'POST /rounds/:id/choices'>, 'db' | 'user' | 'today' | 'locale'> & {
    params: { id: number }
  },
) {
  return roundDetail(call.db, await findRound(call.db, call.user, call.params.id), call)
}

async function firstProblem(db: Executor, input: RoundInput, made: Composition, today: string) {
  return problemOf(db, {
    ...made,
    drafts: await draftsBefore(db, { ...made, before: null }, today),
    startOn: input.startOn,
    seed: 0,
    profile: input.profile,
    locks: [],
    exclusions: [],
    waiting: [],
    today,
  })
}

/** Makes the round that a request describes. The seed is given only to make the same round again. */
export async function compose(call: Call<'POST /rounds'>, seed?: number): Promise<number> {
  const { db: tx, user, body, today, locale } = call
  const made = await composition(tx, user, body, today, locale)
  const { id: rulebookId } = await rulebookOn(tx, made.organisationId, body.startOn)
  const { startOn, profile } = body
  return createRound(call, { ...made, startOn, rulebookId, profile, after: null, seed })
}
