import { type Kysely, sql } from 'kysely'

/**
 * Case numbers that were entered wrong and have been corrected. Events name a case by its id from here on; what was stored
 * before, and the Problems, name it by the number of then, which is looked up here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table case_number_correction (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    case_id int not null references case_file,
    old_number text not null,
    corrected_by int references user_account,
    corrected_at timestamptz not null
  )`.execute(db)
  await sql`create index case_number_corrections on case_number_correction (organisation_id, old_number, corrected_at)`.execute(
    db,
  )
  await sql`create index case_numbers_before on case_number_correction (case_id)`.execute(db)
  // A number that was corrected away may belong to another case since: which one is meant depends on when it was written.
  await sql`create function case_id_then(organisation int, number text, at timestamptz) returns int
    language sql stable as $$
      select coalesce(
        (select n.case_id from case_number_correction n
          where n.organisation_id = organisation and n.old_number = number and n.corrected_at > at
          order by n.corrected_at limit 1),
        (select c.id from case_file c where c.organisation_id = organisation and c.case_number = number))
    $$`.execute(db)
}
