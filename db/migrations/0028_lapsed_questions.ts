import { type Kysely, sql } from 'kysely'

/** A question above the limit ends when its seat is given by another way: nobody can answer it any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table outside_approval drop constraint outside_approval_state_check`.execute(db)
  await sql`alter table outside_approval add constraint outside_approval_state_check
    check (state in ('pending', 'approved', 'refused', 'lapsed'))`.execute(db)
  await sql`update outside_approval q set state = 'lapsed', decided_at = now()
    where state = 'pending' and exists (
      select from allocation a
      where a.case_id = q.case_id and a.seat = q.seat and (a.ends_on is null or a.ends_on > q.start_on)
    )`.execute(db)
}
