import type { Executor } from '../../db/database.ts'

export async function unreadOf(db: Executor, userId: number): Promise<number> {
  const { unread } = await db
    .selectFrom('message')
    .select(eb => eb.fn.countAll<number>().as('unread'))
    .where('userId', '=', userId)
    .where('readAt', 'is', null)
    .executeTakeFirstOrThrow()
  return unread
}
