import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { TeamHoldings, TeamRow } from '../contract/teams.ts'
import { aboutCase, aboutTeam, aboutWorker, type Doing, record } from '../events/record.ts'
import { type BothLanguages, Refusal } from '../http/call.ts'
import { mergeObstacleOf } from './team-obstacles.ts'

/**
 * Lets a team go into another from today. What is open goes along: workers, cases, requests, estimates, what was said about
 * signals, and the roles of people. What is past stays with the team that it was of, and is read by who has the role in the team
 * that goes on (`rightsOf`). Both teams are locked.
 */
export async function mergeTeam(
  call: Doing & { today: string },
  holdings: TeamHoldings,
  into: TeamRow,
): Promise<void> {
  const { db: tx, today } = call
  const { team: from } = holdings
  if (!from.active) throw new Refusal(409, HAS_ENDED)
  if (from.id === into.id) throw new Refusal(422, INTO_ITSELF)
  if (!into.active) throw new Refusal(409, INTO_ENDED)
  const inTheWay = mergeObstacleOf(holdings)
  if (inTheWay) throw new Refusal(409, inTheWay)

  const workers = await tx
    .updateTable('worker')
    .set(eb => ({ teamId: into.id, version: eb('version', '+', 1) }))
    .where('teamId', '=', from.id)
    .returning('staffNumber')
    .execute()
  const cases = await tx
    .updateTable('caseFile')
    .set(eb => ({ teamId: into.id, version: eb('version', '+', 1) }))
    .where('teamId', '=', from.id)
    .where('closedOn', 'is', null)
    .returning('caseNumber')
    .execute()
  // Hours and phases that were planned for later carry a team, too.
  for (const table of ['workerPeriod', 'casePeriod'] as const) {
    await tx
      .updateTable(table)
      .set({ teamId: into.id })
      .where('teamId', '=', from.id)
      .where('fromOn', '>', today)
      .execute()
  }
  await tx
    .updateTable('ownRequest')
    .set({ teamId: into.id })
    .where('teamId', '=', from.id)
    .where('status', '=', 'open')
    .execute()
  await tx
    .updateTable('estimate')
    .set({ teamId: into.id })
    .where('teamId', '=', from.id)
    .where('status', 'in', ['open', 'revealed'])
    .execute()
  await tx.updateTable('signalHandling').set({ teamId: into.id }).where('teamId', '=', from.id).execute()
  await moveRoles(tx, from.id, into.id)
  await tx
    .updateTable('team')
    .set({ active: false, endedOn: today, mergedInto: into.id, version: from.version + 1 })
    .where('id', '=', from.id)
    .execute()
  await tx.updateTable('team').set({ mergedInto: into.id }).where('mergedInto', '=', from.id).execute()

  for (const { staffNumber } of workers) {
    record(call, aboutWorker({ staffNumber, teamId: into.id }), 'worker.changed', { fields: ['teamId'] })
  }
  for (const { caseNumber } of cases) {
    record(call, aboutCase({ caseNumber, teamId: into.id }), 'case.changed', { fields: ['teamId'] })
  }
  record(call, aboutTeam(from), 'team.merged', {
    from: from.name,
    into: into.name,
    workers: holdings.workers,
    cases: cases.length,
  })
}

/** A role in the team that ends becomes the same role in the other; who had it there already has it once. */
async function moveRoles(tx: Tx, from: number, into: number): Promise<void> {
  await sql`insert into user_role (user_id, role, team_id)
    select user_id, role, ${into} from user_role where team_id = ${from} on conflict do nothing`.execute(tx)
  await tx.deleteFrom('userRole').where('teamId', '=', from).execute()
}

export const HAS_ENDED: BothLanguages = {
  nl: 'Dit team is al beëindigd of samengevoegd.',
  en: 'This team has already been ended or merged.',
}
const INTO_ITSELF: BothLanguages = {
  nl: 'Kies een ander team om mee samen te voegen.',
  en: 'Choose another team to merge with.',
}
const INTO_ENDED: BothLanguages = {
  nl: 'Het team waarmee je samenvoegt, is beëindigd. Kies een ander.',
  en: 'The team to merge with has ended. Choose another.',
}
