import type { Static } from 'typebox'
import type { Executor } from '../../db/database.ts'
import type { OwnData } from '../contract/own.ts'
import { eventsInNumbers } from '../events/case-keys.ts'

const MAX_EVENTS = 5000

/**
 * Everything that is kept about one person, table by table: for reading, and for taking along. Without what belongs to
 * others: no password, no hidden reasons, no estimates of colleagues.
 */
export async function ownData(
  db: Executor,
  { organisationId, workerId, userId }: { organisationId: number; workerId: number; userId: number },
  now: Date,
): Promise<Static<typeof OwnData>> {
  const byWorker = <Table extends 'reduction' | 'absence' | 'workerCompetence' | 'preference'>(
    table: Table,
  ) =>
    db
      .selectFrom(table as 'reduction')
      .selectAll()
      .where('workerId', '=', workerId)
      .execute()
  const { roles, ...account } = {
    ...(await db
      .selectFrom('userAccount')
      .select(['email', 'name', 'status', 'locale', 'createdAt'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()),
    roles: await db.selectFrom('userRole').select(['role', 'teamId']).where('userId', '=', userId).execute(),
  }
  return {
    madeAt: now.toISOString(),
    account: { ...account, roles },
    worker: {
      ...(await db.selectFrom('worker').selectAll().where('id', '=', workerId).executeTakeFirstOrThrow()),
      reductions: await byWorker('reduction'),
      absences: await byWorker('absence'),
      competences: await byWorker('workerCompetence'),
      preferences: await byWorker('preference'),
    },
    wishes: await db
      .selectFrom('wishStatement')
      .select(['statedAt', 'wishes', 'mentorId'])
      .where('workerId', '=', workerId)
      .orderBy('id')
      .execute(),
    requests: await db
      .selectFrom('ownRequest as r')
      .leftJoin('caseFile as c', 'c.id', 'r.caseId')
      .select([
        'r.kind',
        'r.status',
        'r.reasonCode',
        'r.percentage',
        'r.validFrom',
        'r.validUntil',
        'r.periods',
        'r.subject',
        'c.caseNumber',
        'r.hours',
        'r.text',
        'r.answer',
        'r.createdAt',
        'r.answeredAt',
      ])
      .where('r.workerId', '=', workerId)
      .orderBy('r.id')
      .execute(),
    seats: await db
      .selectFrom('allocation as a')
      .innerJoin('caseFile as c', 'c.id', 'a.caseId')
      .select(['c.caseNumber', 'a.seat', 'a.startsOn', 'a.endsOn', 'a.agreedHours', 'a.hours'])
      .where('a.workerId', '=', workerId)
      .orderBy('a.id')
      .execute(),
    decisions: await db
      .selectFrom('decision as d')
      .innerJoin('caseFile as c', 'c.id', 'd.caseId')
      .select([
        'c.caseNumber',
        'd.seat',
        'd.kind',
        'd.reasonCode',
        'd.reasonText',
        'd.decidedAt',
        'd.roundId',
      ])
      .where('d.workerId', '=', workerId)
      .orderBy('d.id')
      .execute(),
    estimates: await db
      .selectFrom('estimateVoice as v')
      .innerJoin('estimate as e', 'e.id', 'v.estimateId')
      .innerJoin('caseFile as c', 'c.id', 'e.caseId')
      .select(['c.caseNumber', 'v.hours', 'v.note', 'v.givenAt', 'e.agreedHours'])
      .where('v.userId', '=', userId)
      .where('v.givenAt', 'is not', null)
      .orderBy('v.givenAt')
      .execute(),
    answers: await db
      .selectFrom('answer as a')
      .innerJoin('shareLine as l', 'l.id', 'a.shareLineId')
      .innerJoin('caseFile as c', 'c.id', 'l.caseId')
      .select(['c.caseNumber', 'l.seat', 'a.kind', 'a.reasonCode', 'a.reasonText', 'a.answeredAt'])
      .where('l.workerId', '=', workerId)
      .orderBy('a.id')
      .execute(),
    agreements: await db
      .selectFrom('roundAgreement as a')
      .innerJoin('caseFile as c', 'c.id', 'a.caseId')
      .leftJoin('worker as w', 'w.id', 'a.workerId')
      .select(['a.roundId', 'c.caseNumber', 'a.seat', 'w.staffNumber', 'a.waits', 'a.agreedAt'])
      .where('a.userId', '=', userId)
      .orderBy('a.agreedAt')
      .execute(),
    events: await eventsInNumbers(
      db,
      organisationId,
      (
        await db
          .selectFrom('event')
          .select(['seq', 'at', 'type', 'objectType', 'objectId', 'data'])
          .where('actorId', '=', userId)
          .orderBy('seq', 'desc')
          .limit(MAX_EVENTS)
          .execute()
      ).map(value => ({ at: value.at, value })),
    ),
  }
}
