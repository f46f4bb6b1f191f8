import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { seatHours } from '../../solver/problem/load.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import { addDays, everySo } from '../contract/days.ts'
import type { RoundOutlook } from '../contract/rounds.ts'
import { namesOf } from '../draft/names.ts'
import type { Round } from '../draft/rounds.ts'
import { type RoundState, readState } from '../draft/state.ts'
import type { SeatGroup } from '../forecast/forecast.ts'
import { movementOf, ratioNow, seatGroupsByWorker } from '../forecast/outlook.ts'
import { turnsIn } from '../forecast/turns.ts'
import { loadSeries } from '../history/series.ts'
import { Refusal } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { HORIZONS, loadsThen } from './loads-then.ts'

/**
 * What the draft of an open round does to everybody in some weeks, from today's tables: seats that begin and end, phases as
 * they usually go on, and norm hours as they are known to change. Throws 409 for a round that is over.
 */
export async function roundOutlook(db: Executor, round: Round, today: string): Promise<RoundOutlook> {
  if (round.status !== 'open') {
    throw new Refusal(409, {
      nl: 'Deze ronde is niet meer open. Wat er nu te verwachten is, staat bij Werklast.',
      en: 'This round is no longer open. What to expect now is shown under Workload.',
    })
  }
  const state = await readState(db, round, today)
  const { organisationId } = round
  const workerIds = state.workers.map(worker => worker.id)
  const scope = { organisationId, today, workerIds }
  const last = HORIZONS.at(-1)!
  const days = everySo(addDays(today, 7), addDays(today, 7 * last), 7)
  const looked = HORIZONS.map(weeks => addDays(today, 7 * weeks))

  const rulebook = await rulebookOn(db, organisationId, today)
  const own = await seatGroupsByWorker(db, scope, rulebook)
  const added = await groupsOfDraft(db, state, today, rulebook)
  const movement = await movementOf(db, organisationId, today)
  const series = await loadSeries(db, { organisationId, days: looked, workerIds })
  const norms = new Map(series.map(row => [`${row.workerId} ${row.day}`, row.norm / 100]))
  const nameOf = namesOf(state)
  return {
    on: today,
    basis: {
      weeks: movement.historyWeeks,
      moves: movement.seen,
      enough: movement.enough,
    },
    horizons: HORIZONS.map((weeks, place) => ({
      weeks,
      day: looked[place]!,
      begun: round.startOn <= looked[place]!,
    })),
    workers: state.workers.map(worker => ({
      worker: nameOf(worker.staffNumber),
      at: loadsThen(
        days,
        {
          own: own.get(worker.id) ?? [],
          added: added.get(worker.staffNumber) ?? [],
          norms: looked.map(day => norms.get(`${worker.id} ${day}`) ?? 0),
        },
        movement.enough ? movement : null,
        rulebook.content,
      ),
    })),
    turns: await turnsIn(db, scope, looked.at(-1)!),
  }
}

/** The seats of the draft as they would weigh, by staff number. */
async function groupsOfDraft(
  db: Executor,
  state: RoundState,
  today: string,
  rulebook: Awaited<ReturnType<typeof rulebookOn>>,
): Promise<Map<string, SeatGroup[]>> {
  const { rows } = await sql<{ caseNumber: string; phase: Phase; fixed: boolean; measures: string[] }>`
    select c.case_number, coalesce(c.phase, 'begin') as phase, c.weight_override_hours is not null as fixed,
      coalesce((select array_agg(m.measure_code order by m.measure_code) from case_measure m
        where m.case_id = c.id and (m.end_on is null or m.end_on >= ${today}::date)), '{}') as measures
    from round_case rc join case_file c on c.id = rc.case_id where rc.round_id = ${state.round.id}`.execute(
    db,
  )
  const facts = new Map(rows.map(row => [row.caseNumber, row]))
  const groups = new Map<string, SeatGroup[]>()
  for (const { case: theCase, seat, worker } of state.seats) {
    const fact = facts.get(theCase.id)
    if (!worker || !fact) continue
    const hours = seatHours(state.shown.policy, theCase, seat, worker) / 100
    const group: SeatGroup = {
      phase: fact.phase,
      ratio: ratioNow(fact.measures, fact.phase, fact.fixed, rulebook),
      startsOn: state.round.startOn,
      endsOn: null,
      hours,
      squares: hours ** 2,
    }
    groups.set(worker.id, [...(groups.get(worker.id) ?? []), group])
  }
  return groups
}
