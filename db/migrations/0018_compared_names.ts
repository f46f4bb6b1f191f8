import { type Kysely, sql } from 'kysely'

/**
 * Numbers and names are compared after NFKC, without invisible characters, with single spaces and without regard to case.
 * `compared_as` is filled by one function and unique, save in rows that were the same as an older one when this came: those
 * are `twin`, stay as they are, and are listed for an administrator. What is new, or renamed, is no twin and so is refused.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await comparable().execute(db)
  await keepTwins.execute(db)
  for (const { table, column, index } of COMPARED) await compare(db, table, column, index)
}

const COMPARED = [
  { table: 'worker', column: 'staff_number', index: 'worker_staff_number_alike' },
  { table: 'case_file', column: 'case_number', index: 'case_file_number_alike' },
  { table: 'family', column: 'family_number', index: 'family_number_alike' },
  { table: 'team', column: 'name', index: 'team_name_alike' },
] as const

async function compare(db: Kysely<unknown>, table: string, column: string, index: string): Promise<void> {
  const [of, text, unique] = [sql.table(table), sql.ref(column), sql.id(index)]
  await sql`alter table ${of}
    add column compared_as text not null generated always as (comparable(${text})) stored,
    add column twin boolean not null default false`.execute(db)
  await sql`update ${of} as later set twin = true
    where exists (select from ${of} as first where first.organisation_id = later.organisation_id
      and first.compared_as = later.compared_as and first.id < later.id)`.execute(db)
  await sql`create unique index ${unique} on ${of} (organisation_id, compared_as) where not twin`.execute(db)
  await sql`create index ${sql.id(`${table}_compared_as`)} on ${of} (organisation_id, compared_as)`.execute(
    db,
  )
  const renamed = sql`before update of ${text} on ${of} for each row`
  await sql`create trigger renamed_is_no_twin ${renamed}
    when (comparable(old.${text}) is distinct from comparable(new.${text})) execute function renamed_is_no_twin()`.execute(
    db,
  )
  const left = sql`after update of ${text} on ${of} for each row`
  await sql`create trigger twin_takes_place ${left}
    when (old.compared_as is distinct from new.compared_as) execute function twin_takes_place()`.execute(db)
}

/** Who gets another number stands by it alone; the oldest of the twins that it leaves behind is none any more. */
const keepTwins = sql`do $do$ begin
  create function renamed_is_no_twin() returns trigger language plpgsql as $$
    begin
      new.twin := false;
      return new;
    end $$;
  create function twin_takes_place() returns trigger language plpgsql as $$
    begin
      execute format('update %1$I set twin = false where id = (
          select min(id) from %1$I where organisation_id = $1 and compared_as = $2 and twin)
        and not exists (select from %1$I where organisation_id = $1 and compared_as = $2 and not twin)', tg_table_name)
        using old.organisation_id, old.compared_as;
      return null;
    end $$;
end $do$`

/**
 * Made of what is the same under every collation and in every build of PostgreSQL: small letters come from a list and not
 * from `lower`, which knows capitals with an accent only where the collation does.
 */
function comparable() {
  const capitals = capitalsOf([
    [0x41, 0x24f],
    [0x370, 0x52f],
    [0x1e00, 0x1fff],
  ])
  const invisible =
    '[\\u0001-\\u0008\\u000E-\\u001F\\u007F-\\u0084\\u0086-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5' +
    '\\u180B-\\u180F\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0' +
    '\\U000E0000-\\U000E0FFF]'
  const spaces = '[\\u0009-\\u000D \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]+'
  return sql`create function comparable(given text) returns text
    language sql immutable strict parallel safe as $$
      select translate(btrim(regexp_replace(regexp_replace(normalize(regexp_replace(given, ${sql.lit(invisible)}, '', 'g'),
        NFKC), ${sql.lit(invisible)}, '', 'g'), ${sql.lit(spaces)}, ' ', 'g'), ' '),
        ${sql.lit(capitals.large)}, ${sql.lit(capitals.small)})
    $$`
}

function capitalsOf(ranges: readonly (readonly [number, number])[]): { large: string; small: string } {
  let [large, small] = ['', '']
  for (const [first, last] of ranges) {
    for (let point = first; point <= last; point++) {
      const character = String.fromCharCode(point)
      const lower = character.toLowerCase()
      if (lower === character || lower.length !== 1) continue
      large += character
      small += lower
    }
  }
  return { large, small }
}
