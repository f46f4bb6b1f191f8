import { type Kysely, sql } from 'kysely'

/**
 * Wishes are kept with the days on which they stood, by a trigger as the other histories: whether a wish was granted is judged by
 * those that stood when it was decided. A new wish counts from its day. What stood before this was kept counts as having stood
 * always, because nothing older is known. Several changes on one day leave the last.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  sql`create table preference_period (
    worker_id int not null references worker,
    kind text not null,
    code text not null,
    from_on date not null,
    until_on date not null,
    value text not null,
    valid_until date,
    primary key (worker_id, kind, code, from_on),
    constraint preference_period_order check (from_on < until_on)
  )`,
  sql`insert into preference_period (worker_id, kind, code, from_on, until_on, value, valid_until)
    select worker_id, kind, code, '-infinity', 'infinity', value, valid_until from preference`,

  // Wishes are written anew as a whole: one that is taken away and put back on the same day has stood all along.
  sql`create function keep_preference_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
    begin
      if tg_op <> 'INSERT' then
        delete from preference_period where worker_id = old.worker_id and kind = old.kind and code = old.code
          and until_on = 'infinity' and from_on >= today;
        update preference_period set until_on = today where worker_id = old.worker_id and kind = old.kind and code = old.code
          and until_on = 'infinity';
      end if;
      if tg_op <> 'DELETE' then
        update preference_period set until_on = 'infinity' where worker_id = new.worker_id and kind = new.kind
          and code = new.code and until_on = today and value = new.value and valid_until is not distinct from new.valid_until;
        if not found then
          insert into preference_period (worker_id, kind, code, from_on, until_on, value, valid_until)
            values (new.worker_id, new.kind, new.code, today, 'infinity', new.value, new.valid_until);
        end if;
      end if;
      return null;
    end
  $$`,
  sql`create trigger keep_preference_period after insert or update or delete on preference
    for each row execute function keep_preference_period()`,
]
