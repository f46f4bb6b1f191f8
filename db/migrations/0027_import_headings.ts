import { type Kysely, sql } from 'kysely'

/** What the columns of another system's lists are here, as somebody said when a list was imported. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table import_heading (
    organisation_id int not null references organisation,
    kind text not null check (kind in ('workers', 'cases')),
    heading text not null check (length(heading) between 1 and 100),
    -- Null: the column is passed over.
    column_name text check (length(column_name) <= 40),
    primary key (organisation_id, kind, heading)
  )`.execute(db)
}
