import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { hundredths, seatHours } from '../../solver/problem/load.ts'
import type { Policy } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { allocate, lockWorkers, type SealedDecision, type SeatDecision } from '../allocating/allocate.ts'
import { keepExclusions } from '../cases/exclusions.ts'
import type { Locale, ProblemDetails } from '../contract/common.ts'
import { type DraftSeat, seatKey } from '../draft/draft-view.ts'
import { draftUnits } from '../draft/drafts.ts'
import { excessDecider, excessesOf } from '../draft/excess.ts'
import { type People, peopleOf } from '../draft/obstacles.ts'
import { casesTakenElsewhere, freeLines, lockRound, type Round, standingChoices } from '../draft/rounds.ts'
import { cancelRuns } from '../draft/runs.ts'
import { type RoundState, readState, seatsToday } from '../draft/state.ts'
import { append } from '../events/events.ts'
import { aboutCase, record, teamOf } from '../events/record.ts'
import { type Call, Refusal } from '../http/call.ts'
import { invalidField } from '../http/field-errors.ts'
import { openPulse } from '../pulse/open.ts'
import { codeNames } from '../rulebook/queries.ts'
import { workloadOf } from '../workload/load.ts'
import { forgetAgreementsIn } from './agreements.ts'
import { followUp } from './follow-up.ts'
import {
  notLookedAt,
  type RefusedLine,
  refusedSentence,
  type Settlement,
  settlementOf,
  wayOn,
  withoutWords,
} from './settlement.ts'

/**
 * Settles the round in the transaction of the request: choices and proposal become decisions and allocations, or nothing
 * does. The round is locked first, then the workers in order of id, and only then is today's Problem read, so that two
 * settlements that touch one worker follow one another and the second sees the load of the first.
 */
export async function settle(call: Call<'POST /rounds/:id/confirmation'>): Promise<Round> {
  const { db: tx, user, locale, today, now } = call
  const round = await lockRound(tx, user, call.params.id, call.expectedVersion, {
    action: 'round.settle',
    everyTeam: true,
  })
  await cancelRuns(tx, round.id, now)
  await lockReceivers(tx, round)
  const state = await readState(tx, round, today)
  const { problem, caseNumbers } = state.now
  const taken = new Set(
    [...(await casesTakenElsewhere(tx, round.id, today))].map(id => caseNumbers.get(id) ?? ''),
  )
  const seats = chosenSeats(call, seatsToday(state), state.unseen)
  const people = await peopleOf(tx, round, { problem, seats }, user.id, now)
  const settlement = settlementOf(problem, seats, state.reckoned, taken, people.obstacles)
  const { accepted, waiting } = settlement
  const named = call.body.cases && new Set(call.body.cases)
  const refused = [
    ...settlement.refused,
    ...notLookedAt(state.unseen).filter(line => named?.has(line.caseNumber) ?? true),
  ]
  if (refused.length > 0 && !call.body.partial) {
    throw new Refusal(
      422,
      {
        nl: 'Niet alles kan worden vastgesteld. Pas de genoemde zaken aan, of stel de rest vast.',
        en: 'Not everything can be confirmed. Change the cases listed, or confirm the rest.',
      },
      { cases: refusedCases(refused, locale, await codeNames(tx)), version: round.version },
    )
  }
  if (accepted.length === 0 && waiting.length === 0) {
    throw new Refusal(
      422,
      {
        nl: 'Er is niets om vast te stellen. Bereken een voorstel, verdeel met de hand, of annuleer de ronde.',
        en: 'There is nothing to confirm. Calculate a proposal, allocate by hand, or cancel the round.',
      },
      refused.length > 0 ? { cases: refusedCases(refused, locale, await codeNames(tx)) } : {},
    )
  }
  const written = await writeSeats(call, state, settlement, people)
  await tx.updateTable('roundCase').set({ open: false }).where('roundId', '=', round.id).execute()
  await tx
    .updateTable('round')
    .set(eb => ({ status: 'settled', settledBy: user.id, settledAt: now, version: eb('version', '+', 1) }))
    .where('id', '=', round.id)
    .execute()
  await forgetAgreementsIn(tx, round.id)
  const settledCases = new Set(accepted.map(one => one.case.id))
  append(tx, {
    type: 'round.settled',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: {
      allocated: settledCases.size,
      deviations: accepted.filter(one => one.choice?.kind === 'override').length,
      waiting: problem.cases.length - settledCases.size,
      seats: written.seats,
      decisions: written.decisions,
      refused: withoutWords(refused),
    },
    at: now,
  })
  await keepLasting(call, state)
  await openPulse(
    tx,
    round,
    accepted.flatMap(one => workerIdOf(state, one)),
    now,
  )
  if (call.body.rest === 'newRound') {
    const left = problem.cases
      .map(one => one.id)
      .filter(number => !settledCases.has(number) && !taken.has(number))
    const waits = new Set(waiting.map(one => one.case.id))
    await followUp(
      call,
      state,
      left.filter(number => !waits.has(number)),
    )
  }
  return { ...round, status: 'settled', settledAt: now, settledBy: user.name, version: round.version + 1 }
}

function refusedCases(
  refused: readonly RefusedLine[],
  locale: Locale,
  codes: CodeNames,
): ProblemDetails['cases'] {
  return refused.map(line => ({
    caseNumber: line.caseNumber,
    seat: line.seat,
    rule: line.rule,
    message: refusedSentence(line, locale, codes),
    setAside: wayOn(line.rule),
  }))
}

/** Everybody whom the draft could give something. */
async function lockReceivers(tx: Tx, round: Round): Promise<void> {
  const chosen = (await standingChoices(tx, round.id)).map(one => one.staffNumber)
  const proposed = [...(await freeLines(tx, round.id)).values()].map(line => line.workerId)
  const numbers = [...chosen, ...proposed].filter(number => number !== null)
  await lockWorkers(tx, round.organisationId, numbers)
}

/** What the event of the settlement keeps of each seat, for the result page. Loads are fractions of the norm. */
export interface SettledSeat {
  caseNumber: string
  seat: 'primary' | 'second'
  worker: string
  hours: number
  loadBefore: number | null
  loadAfter: number | null
}

async function writeSeats(
  call: Call<'POST /rounds/:id/confirmation'>,
  state: RoundState,
  { accepted, waiting }: Settlement,
  people: People,
): Promise<{ seats: SettledSeat[]; decisions: SealedDecision[] }> {
  const { user } = call
  const { round, now: built } = state
  const { policy } = built.problem
  const excesses = await excessesOf(call.db, round.id)
  const settled: SettledSeat[] = []
  const made = [...accepted, ...waiting].map((drafted): SeatDecision => {
    const { choice, worker, seat } = drafted
    const taker = worker && {
      workerId: idOf(built.workerIds, worker.id),
      startOn: round.startOn,
      hours: seatHours(policy, drafted.case, seat, worker) / 100,
    }
    if (taker && worker) {
      const draft = draftUnits(state.drafts, worker.id, round.startOn) / 100
      settled.push({
        caseNumber: drafted.case.id,
        seat,
        worker: worker.id,
        hours: taker.hours,
        // On record is what was decided: what another round has in draft is no load yet.
        loadBefore: workloadOf(worker.normHours, worker.hoursInUse - draft),
        loadAfter: workloadOf(worker.normHours, hoursAfter(policy, accepted, drafted) - draft),
      })
    }
    const excess = isExcess(drafted) && choice ? excesses.get(choice.id) : undefined
    return {
      caseId: idOf(built.caseIds, drafted.case.id),
      caseNumber: drafted.case.id,
      seat,
      kind: !worker ? 'waiting' : choice?.kind === 'override' ? 'deviation' : 'agreed',
      taker,
      reasonCode: choice?.reasonCode ?? null,
      reasonText: choice?.reasonText ?? null,
      unregisteredReason: choice?.unregisteredReason ?? null,
      setAside: choice?.setAside ?? [],
      acceptsExcess: isExcess(drafted),
      // Load above the limit is the decision of the person who had the right to accept it.
      decidedBy: (excess && excessDecider(excess)) ?? user.id,
      reviewOn: worker ? null : (state.choices.find(one => one.id === choice?.id)?.reviewOn ?? null),
      answer: worker ? (people.answers.get(seatKey(drafted.case.id, seat)) ?? null) : null,
      inRound: {
        id: round.id,
        proposalId: proposalOf(state, drafted),
        proposedWorkerId:
          drafted.proposedId === null ? null : (built.workerIds.get(drafted.proposedId) ?? null),
      },
    }
  })
  const decisions = await allocate(call, made)
  await recordCases(call, state, settled)
  return { seats: settled, decisions }
}

function isExcess(drafted: DraftSeat): boolean {
  return drafted.worker !== null && drafted.choice?.acceptsExcess === true
}

function hoursAfter(policy: Policy, accepted: readonly DraftSeat[], drafted: DraftSeat): number {
  const { worker } = drafted
  if (!worker) return 0
  return (
    accepted
      .filter(one => one.worker?.id === worker.id)
      .reduce(
        (sum, one) => sum + seatHours(policy, one.case, one.seat, worker),
        hundredths(worker.hoursInUse),
      ) / 100
  )
}

/** One event per case, so that its history tells who got it and by which round. */
async function recordCases(
  call: Call<'POST /rounds/:id/confirmation'>,
  { round, now: built }: RoundState,
  settled: readonly SettledSeat[],
): Promise<void> {
  const numbers = [...new Set(settled.map(one => one.caseNumber))].sort()
  const rows = await call.db
    .updateTable('caseFile')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', sql<number>`any(${numbers.map(number => idOf(built.caseIds, number))}::int[])`)
    .returning(['caseNumber', 'teamId'])
    .execute()
  const teams = new Map(rows.map(row => [row.caseNumber, row.teamId]))
  for (const number of numbers) {
    const seats = settled.filter(one => one.caseNumber === number)
    record(call, aboutCase({ caseNumber: number, teamId: teams.get(number) ?? null }), 'case.allocated', {
      round: round.id,
      workers: seats.map(one => one.worker).join(', '),
      seats: seats.map(({ seat, worker, hours }) => ({ seat, worker, hours })),
    })
  }
}

function proposalOf({ free, proposal }: RoundState, drafted: DraftSeat): number | null {
  const line = free.get(`${drafted.case.id} ${drafted.seat}`)
  return line?.proposalId ?? proposal?.id ?? null
}

/** The seats of the cases that the team settles now: those that the request names, or all. */
function chosenSeats(
  { body, locale }: Call<'POST /rounds/:id/confirmation'>,
  seats: DraftSeat[],
  unseen: ReadonlySet<string>,
): DraftSeat[] {
  if (!body.cases) return seats
  const chosen = new Set(body.cases)
  const there = new Set([...seats.map(one => one.case.id), ...unseen])
  const foreign = body.cases.find(number => !there.has(number))
  if (foreign !== undefined) {
    throw invalidField('cases', locale, {
      nl: `Zaak ${foreign} zit niet in deze ronde.`,
      en: `Case ${foreign} is not in this round.`,
    })
  }
  return seats.filter(one => chosen.has(one.case.id))
}

function workerIdOf({ now }: RoundState, { worker }: DraftSeat): number[] {
  return worker ? [idOf(now.workerIds, worker.id)] : []
}

/** Exclusions that outlast the round stay with their cases, also with those that wait or go on in another round. */
async function keepLasting(
  call: Call<'POST /rounds/:id/confirmation'>,
  { round, choices, now: built }: RoundState,
): Promise<void> {
  const lasting = choices.flatMap(one =>
    one.kind === 'exclude' && one.lasts !== 'round' && one.workerId !== null
      ? [{ ...one, workerId: one.workerId }]
      : [],
  )
  for (const one of await keepExclusions(call, round.id, lasting)) {
    const excluded = { caseNumber: built.caseNumbers.get(one.caseId) ?? '', teamId: teamOf(round) }
    const data = { staffNumber: built.staffNumbers.get(one.workerId), untilOn: one.untilOn, round: round.id }
    record(call, aboutCase(excluded), 'case.workerExcluded', data)
  }
}

function idOf(ids: ReadonlyMap<string, number>, number: string): number {
  const id = ids.get(number)
  if (id === undefined) throw new Error(`No row for ${number} in this round.`)
  return id
}
