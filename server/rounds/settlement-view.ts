import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { SettlementView } from '../contract/sharing.ts'
import { namesOf } from '../draft/names.ts'
import { peopleOf } from '../draft/obstacles.ts'
import { casesTakenElsewhere, type Round } from '../draft/rounds.ts'
import { readState, seatsToday } from '../draft/state.ts'
import type { SignedIn } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import { notLookedAt, refusedSentence, settlementOf, wayOn } from './settlement.ts'

/** What settling would do if this person did it now: every filled seat, with what stands in its way on today's tables. */
export async function settlementView(
  db: Executor,
  round: Round,
  user: SignedIn,
  at: { today: string; now: Date; locale: Locale },
): Promise<SettlementView> {
  const state = await readState(db, round, at.today)
  const { problem, caseNumbers } = state.now
  const taken = new Set(
    [...(await casesTakenElsewhere(db, round.id, at.today))].map(id => caseNumbers.get(id) ?? ''),
  )
  const seats = seatsToday(state)
  const { obstacles } = await peopleOf(db, round, { problem, seats }, user.id, at.now)
  const { refused } = settlementOf(problem, seats, state.reckoned, taken, obstacles)
  const codes = await codeNames(db)
  const nameOf = namesOf(state)
  const refusedCases = new Set(refused.map(line => line.caseNumber))
  return {
    version: round.version,
    lines: [
      ...seats
        .filter(one => one.worker !== null || refusedCases.has(one.case.id))
        .map(one => ({
          caseNumber: one.case.id,
          seat: one.seat,
          worker: one.worker ? nameOf(one.worker.id) : null,
          // A duo goes through as a whole or not at all.
          holds: !refusedCases.has(one.case.id),
          obstacles: refused
            .filter(line => line.caseNumber === one.case.id && line.seat === one.seat)
            .map(line => ({
              rule: line.rule,
              message: refusedSentence(line, at.locale, codes),
              setAside: wayOn(line.rule),
            })),
        })),
      ...notLookedAt(state.unseen).map(({ caseNumber, seat, rule, facts }) => ({
        caseNumber,
        seat,
        worker: null,
        holds: false,
        obstacles: [
          { rule, message: refusedSentence({ rule, facts }, at.locale, codes), setAside: wayOn(rule) },
        ],
      })),
    ],
  }
}
