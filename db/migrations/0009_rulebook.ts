import { type Kysely, sql } from 'kysely'

/**
 * Versions of the rulebook with why they were made, a draft of the next one, and catalogues whose entries end instead of
 * disappearing. What was published stays: a version that has not begun can be withdrawn, and then no day counts by it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const CATALOGUES = [
  'measure',
  'case_factor',
  'competence',
  'method',
  'override_reason',
  'reduction_reason',
  'municipality',
] as const

const statements = [
  sql`alter table rulebook
    add column reason text check (length(reason) <= 500),
    add column salt text,
    add column withdrawn_at timestamptz,
    add column withdrawn_by int references user_account,
    add column withdrawn_reason text check (length(withdrawn_reason) <= 500),
    add column withdrawn_salt text,
    add constraint rulebook_withdrawal check ((withdrawn_at is null) = (withdrawn_salt is null))`,
  sql`create function rulebook_is_kept() returns trigger language plpgsql as $$
    begin
      raise exception 'a version of the rulebook is never deleted' using errcode = 'restrict_violation', constraint = 'rulebook_is_kept';
    end
  $$`,
  sql`create trigger rulebook_is_kept before delete on rulebook for each row execute function rulebook_is_kept()`,
  sql`create or replace function rulebook_on(organisation int, day date) returns rulebook language sql stable as $$
    select r from rulebook r where r.organisation_id = organisation and r.withdrawn_at is null
    order by r.effective_from <= day desc,
      case when r.effective_from <= day then r.effective_from end desc nulls last,
      r.effective_from, r.version desc
    limit 1
  $$`,

  // One draft per organisation. Its version also rises when a version is published, so that it guards publishing too.
  sql`create table rulebook_draft (
    organisation_id int primary key references organisation,
    version int not null,
    content jsonb,
    based_on int,
    updated_by int references user_account,
    updated_at timestamptz not null
  )`,

  // Profiles are named in the rulebook; the run keeps by which profile and version it was made.
  sql`alter table round drop constraint round_profile_check`,
  sql`alter table run add column profile text, add column rulebook_version int`,

  ...CATALOGUES.map(
    name =>
      sql`alter table ${sql.table(name)} add column ends_on date, add column version int not null default 1`,
  ),
  sql`alter table municipality add column active boolean not null default true`,
]
