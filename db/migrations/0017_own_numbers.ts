import { type Kysely, sql } from 'kysely'

/**
 * Wishes are about the work: which factors and ways of working are, is said per entry. What asks for an interpreter or for sign
 * language says something of a client, so wishes about it end here; the statements in which they were made stay.
 *
 * And an organisation says how its own numbers look, so that a number that was typed wrong, or that holds a name or a
 * personal number, is refused where it is entered.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['case_factor', 'method']) {
    await sql`alter table ${sql.table(table)} add column about_work boolean not null default true`.execute(db)
    await sql`update ${sql.table(table)} set about_work = false
      where name_nl ~* '(tolk|gebaren)' or name_en ~* '(interpreter|sign language)'`.execute(db)
  }
  await sql`delete from preference p where exists (
    select from case_factor f where p.kind = 'factor' and f.code = p.code and not f.about_work
    union all
    select from method m where p.kind = 'method' and m.code = p.code and not m.about_work)`.execute(db)
  await sql`alter table organisation
    add column case_number_form text,
    add column family_number_form text,
    add column staff_number_form text,
    add column version int not null default 1`.execute(db)
}
