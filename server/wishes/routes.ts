import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { Wishes } from '../contract/own.ts'
import { problemOf } from '../draft/problem-of.ts'
import { type Handlers, notFound } from '../http/call.ts'
import { ownWorkerId } from '../http/own-worker.ts'
import { codeNames, rulebookOn } from '../rulebook/queries.ts'
import { eligibilityOf, type KindLists, kindsOf } from './kinds.ts'
import { mentorsOf, wishBudget } from './state.ts'

type Names = 'GET /mine/wishes' | 'POST /mine/wishes/eligibility'

const STATEMENTS_SHOWN = 12

export const wishHandlers: Pick<Handlers, Names> = {
  async 'GET /mine/wishes'({ db, user, today }) {
    const workerId = ownWorkerId(user)
    const worker = await db
      .selectFrom('worker as w')
      .leftJoin('worker as m', 'm.id', 'w.mentorId')
      .where('w.id', '=', workerId)
      .select([
        'w.id',
        'w.teamId',
        'w.staffNumber',
        'w.version',
        'm.staffNumber as mentorNumber',
        'm.name as mentorName',
      ])
      .executeTakeFirst()
    if (!worker) throw notFound({ nl: 'Deze medewerker', en: 'This worker' })
    const mentors = await mentorsOf(db, worker, today).execute()
    return {
      staffNumber: worker.staffNumber,
      version: worker.version,
      budget: wishBudget((await rulebookOn(db, user.organisationId, today)).content),
      preferences: await db
        .selectFrom('preference')
        .select(['kind', 'code', 'value', 'validUntil'])
        .where('workerId', '=', workerId)
        .orderBy('kind')
        .orderBy('code')
        .execute(),
      mentor:
        worker.mentorNumber === null || worker.mentorName === null
          ? null
          : { staffNumber: worker.mentorNumber, name: worker.mentorName },
      mentors: mentors.map(({ staffNumber, name }) => ({ staffNumber, name })),
      guides: await db
        .selectFrom('worker')
        .where('mentorId', '=', workerId)
        .select(['staffNumber', 'name'])
        .orderBy('name')
        .execute(),
      statements: await statementsOf(db, workerId),
    }
  },

  async 'POST /mine/wishes/eligibility'({ db: tx, body, user, locale, today }) {
    const workerId = ownWorkerId(user)
    const { mentorId } = await tx
      .selectFrom('worker')
      .select('mentorId')
      .where('id', '=', workerId)
      .executeTakeFirstOrThrow()
    const { problem, rulebook, staffNumbers } = await problemOf(tx, {
      organisationId: user.organisationId,
      caseIds: [],
      workerIds: mentorId === null ? [workerId] : [workerId, mentorId],
      startOn: today,
      seed: 0,
      profile: 'balanced',
      locks: [],
      exclusions: [],
      waiting: [],
      today,
    })
    const staffNumber = staffNumbers.get(workerId)!
    const preferences = body.preferences
      .filter(one => one.value !== 'neutral' && (one.validUntil === null || one.validUntil >= today))
      .map(({ kind, code, value }) => ({ kind, code, value }))
    const workers = problem.workers.map(one => (one.id === staffNumber ? { ...one, preferences } : one))
    return eligibilityOf(
      { ...problem, workers },
      staffNumber,
      kindsOf(await kindLists(tx, locale), rulebook, locale),
      { locale, codes: await codeNames(tx) },
    )
  },
}

async function statementsOf(db: Executor, workerId: number): Promise<Wishes['statements']> {
  const rows = await db
    .selectFrom('wishStatement as s')
    .leftJoin('worker as m', 'm.id', 's.mentorId')
    .where('s.workerId', '=', workerId)
    .select(['s.id', 's.statedAt', 's.wishes', 'm.staffNumber as mentor'])
    .orderBy('s.id', 'desc')
    .limit(STATEMENTS_SHOWN)
    .execute()
  return rows.map(row => ({
    id: row.id,
    statedAt: row.statedAt.toISOString(),
    preferences: row.wishes,
    mentor: row.mentor,
  }))
}

async function kindLists(db: Executor, locale: Locale): Promise<KindLists> {
  const name = locale === 'nl' ? ('nameNl as name' as const) : ('nameEn as name' as const)
  return {
    measures: await db
      .selectFrom('measure')
      .where('active', '=', true)
      .select(['code', name])
      .orderBy('code')
      .execute(),
    factors: await db
      .selectFrom('caseFactor')
      .where('active', '=', true)
      .select(['code', name, 'isThreat'])
      .orderBy('code')
      .execute(),
    competences: await db
      .selectFrom('competence')
      .where('active', '=', true)
      .select(['code', name])
      .orderBy('code')
      .execute(),
  }
}
