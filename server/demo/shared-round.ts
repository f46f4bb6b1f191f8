import { explainCase } from '../../solver/explain/explain.ts'
import type { SettlingInput } from '../contract/sharing.ts'
import { settlingHandlers } from '../draft/settings.ts'
import { answer } from '../sharing/answers.ts'
import { rule } from '../sharing/rulings.ts'
import { share } from '../sharing/share.ts'
import { afterObjection, objection, rulingText } from './motives.ts'
import { madeBy } from './round-people.ts'
import { chooseFor, chosen, othersFor, type Played, type Stage, versionOf } from './round-stage.ts'

const A_DAY_LATER = 26 * 60
const AFTER_THE_TERM = 24 * 60 * 6 - 20

/** Says how a team settles from this moment on. */
export async function changeSettling(
  { tx, people }: Stage,
  teamId: number,
  at: Date,
  change: Partial<SettlingInput>,
): Promise<void> {
  const stored = await tx
    .selectFrom('teamSettling')
    .selectAll()
    .where('teamId', '=', teamId)
    .executeTakeFirst()
  const { teamId: _, version, ...before } = stored ?? { teamId, version: 1, ...usual }
  await settlingHandlers['PUT /teams/:id/settling'](
    madeBy<'PUT /teams/:id/settling'>(
      tx,
      people.lead,
      at,
      { params: { id: teamId }, body: { ...before, ...change } },
      version,
    ),
  )
}

/** How the teams of the demo settle, unless they try something. */
export const usual: SettlingInput = {
  way: 'meeting',
  answerDays: 3,
  firstLook: false,
  minutes: true,
  pulse: true,
}

/**
 * Asks the workers first, if one who can answer gets a case: that one objects, and the team gives the case to somebody else if
 * there is anybody; about what nobody agreed to it decides after the term. False, and nothing was done, when nobody could answer.
 */
export async function shareFirst(stage: Stage, played: Played): Promise<boolean> {
  const { tx, people } = stage
  const { id, teamId, composer, problem, proposal, at } = played
  const workers = await tx
    .selectFrom('worker')
    .select(['id', 'staffNumber'])
    .where('teamId', '=', teamId)
    .execute()
  const userOf = (staffNumber: string | null) => {
    const worker = workers.find(one => one.staffNumber === staffNumber)
    return worker && people.ofWorker(worker.id)
  }
  const duos = new Set(problem.cases.filter(one => one.duo).map(one => one.id))
  const line = proposal.lines.find(one => userOf(one.workerId) && !duos.has(one.caseId))
  const user = line && userOf(line.workerId)
  if (!user) return false
  await changeSettling(stage, teamId, at(4), { way: 'shared' })
  const version = await versionOf(tx, id)
  await share(
    madeBy<'POST /rounds/:id/sharing'>(tx, composer, at(10), { params: { id }, body: undefined }, version),
  )
  const shown = await tx
    .selectFrom('shareLine as l')
    .innerJoin('caseFile as c', 'c.id', 'l.caseId')
    .select(['l.id', 'l.version'])
    .where('l.roundId', '=', id)
    .where('c.caseNumber', '=', line.caseId)
    .executeTakeFirstOrThrow()
  await answer(
    madeBy<'POST /mine/proposals/:id/answer'>(
      tx,
      user,
      at(A_DAY_LATER),
      { params: { id: shown.id }, body: { kind: 'object', ...objection } },
      shown.version,
    ),
  )
  const [other] = othersFor(explainCase(problem, proposal, line.caseId))
  if (other) {
    await chooseFor(stage, played, AFTER_THE_TERM, {
      kind: 'override',
      caseNumber: line.caseId,
      ...chosen(other),
      ...afterObjection,
    })
  }
  const lines = proposal.lines.flatMap(({ caseId, seat, workerId }) => {
    const objected = caseId === line.caseId
    const staffNumber = objected && other ? other.workerId : workerId
    const state = !objected ? 'silent' : other ? 'unasked' : 'objected'
    return staffNumber === null ? [] : [{ caseNumber: caseId, seat, staffNumber, state } as const]
  })
  await rule(
    madeBy<'POST /rounds/:id/rulings'>(tx, composer, at(AFTER_THE_TERM + 5), {
      params: { id },
      body: { lines, reasonText: rulingText },
    }),
  )
  return true
}
