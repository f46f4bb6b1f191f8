import { type Kysely, sql } from 'kysely'

/** Failed sign-ins, shared by every process of the server. Subjects are hashes: the table names nobody. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table sign_in_failure (
    id bigint generated always as identity primary key,
    subject_sha256 text not null,
    failed_at timestamptz not null
  )`.execute(db)
  await sql`create index sign_in_failure_subject on sign_in_failure (subject_sha256, failed_at)`.execute(db)
}
