import { type Kysely, sql } from 'kysely'

/** A request for leave may be about several periods, such as a series of a calendar: it is asked, answered and taken back as one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table own_request add column periods jsonb,
    add constraint own_request_periods check (periods is null
      or (kind = 'absence' and valid_until is not null and jsonb_typeof(periods) = 'array' and jsonb_array_length(periods) > 1))`.execute(
    db,
  )
}
