import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CaseListing } from '../../db/standing.ts'
import { comparable } from '../contract/names.ts'
import type { Handlers, SignedIn } from '../http/call.ts'
import { caseRows, caseScope } from '../weighing/case-rows.ts'
import { type CaseFilter, caseFacts, countedIn } from '../weighing/facts.ts'

const EVERY: readonly CaseListing[] = ['waiting', 'in_round', 'later', 'allocated', 'closed']
/** Of each kind, in the list under the field. */
const SHOWN = 8

export const searchHandlers: Pick<Handlers, 'POST /search' | 'POST /cases/search'> = {
  async 'POST /search'({ db: tx, body, user, today }) {
    if (comparable(body.text) === '') return { cases: [], workers: [], moreCases: false, moreWorkers: false }
    const filter = await filterOf(tx, { user, today, text: body.text, statuses: EVERY })
    const cases = await caseFacts(tx, { ...filter, page: { limit: SHOWN + 1 } })
    const workers = workersLike(await workersOf(tx, user), body.text)
    return {
      cases: cases.slice(0, SHOWN).map(({ caseNumber, familyNumber, team, status, secondOpen, primary }) => ({
        caseNumber,
        familyNumber,
        team,
        status,
        secondOpen,
        primary,
      })),
      workers: workers.slice(0, SHOWN).map(({ staffNumber, name, team }) => ({ staffNumber, name, team })),
      moreCases: cases.length > SHOWN,
      moreWorkers: workers.length > SHOWN,
    }
  },

  async 'POST /cases/search'({ db: tx, body, user, today }) {
    const { text, statuses, team, measure, sort, from, limit } = body
    const filter = {
      ...(await filterOf(tx, { user, today, text, statuses: statuses.length > 0 ? statuses : EVERY })),
      ...(team !== null && { teamId: team }),
      ...(measure !== null && { measure }),
      sort,
    }
    const { cases: total, families, children } = await countedIn(tx, filter)
    const rows = await caseRows(tx, { ...filter, page: { from, limit } })
    return { cases: [...rows.values()], total, families, children }
  },
}

/** The cases in the reader's scope that this text is about. */
async function filterOf(
  db: Executor,
  asked: { user: SignedIn; today: string; text: string; statuses: readonly CaseListing[] },
): Promise<CaseFilter> {
  const { user, today, text, statuses } = asked
  const { organisationId } = user
  const part = comparable(text)
  const filter = { organisationId, scope: caseScope(user), statuses, on: today }
  if (part === '') return filter
  // Whoever may read a case sees who has it, of whatever team.
  const everybody = await namesIn(db, organisationId)
  const workerIds = workersLike(everybody, text).map(one => one.id)
  return { ...filter, found: { part, workerIds } }
}

interface Named {
  id: number
  staffNumber: string
  name: string
  team: string
}

/** Workers whose record this reader may open: those of the own teams, and oneself. */
async function workersOf(db: Executor, user: SignedIn): Promise<Named[]> {
  const teams = [...user.teamsFor('worker.read')]
  const self = user.roles.includes('worker') ? user.workerId : null
  return namesIn(
    db,
    user.organisationId,
    sql<boolean>`(w.team_id = any(${teams}::int[]) or w.id = ${self}::int)`,
  )
}

async function namesIn(db: Executor, organisationId: number, only = sql<boolean>`true`): Promise<Named[]> {
  return db
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .where('w.organisationId', '=', organisationId)
    .where(only)
    .select(['w.id', 'w.staffNumber', 'w.name', 't.name as team'])
    .orderBy('w.name')
    .orderBy('w.staffNumber')
    .execute()
}

/** Those whose name or number holds every word of the text, whatever the letters wear: "ozturk" finds Öztürk. */
export function workersLike<Worker extends Pick<Named, 'name' | 'staffNumber'>>(
  workers: readonly Worker[],
  text: string,
): Worker[] {
  const words = plain(text).split(' ').filter(Boolean)
  if (words.length === 0) return []
  return workers.filter(({ name, staffNumber }) => {
    const held = plain(`${name} ${staffNumber}`)
    return words.every(word => held.includes(word))
  })
}

const plain = (text: string) => comparable(text).normalize('NFD').replace(/\p{M}/gu, '')
