import { type Kysely, sql } from 'kysely'

/**
 * Where somebody signed in before, by the hash of a cookie that is there: who tries passwords elsewhere cannot keep them out.
 * One browser has one token, and a row for each account that signed in with it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table known_device (
    token_sha256 text not null,
    user_id int not null references user_account,
    expires_at timestamptz not null,
    primary key (token_sha256, user_id)
  )`.execute(db)
  await sql`create index known_device_user on known_device (user_id)`.execute(db)
  // Failures are kept for a day now, and the old ones are found at every attempt.
  await sql`create index sign_in_failure_failed_at on sign_in_failure (failed_at)`.execute(db)
}
