import { type Kysely, sql } from 'kysely'

/**
 * The hard limit holds over time: on the first day of a seat, and on every later day on which something else begins that was
 * decided for the same worker. What two decisions do together is then somebody's decision too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  // The load of these people on a first day and on each later day, before another, on which a decided seat of theirs begins:
  // planned hours without the seats left out, norm, and the most hours by the rulebook of that day. A day on which only a
  // phase, a norm or the rulebook changes is none of them. Later days without a norm have no percentage, so they are not
  // there. One person at a time: norms of a few days are then looked up for one, not made for everybody.
  sql`create function decided_loads(workers int[], first_on date, before_on date, without int[])
    returns table (worker_id int, day date, hours numeric, norm_hours numeric, most numeric, hard_limit numeric)
    language plpgsql stable as $$
    declare
      one int;
      days date[];
    begin
      foreach one in array workers loop
        days := array(
          select first_on
          union
          select a.starts_on from allocation a
          where a.worker_id = one and a.origin = 'decision' and a.starts_on > first_on
            and a.starts_on < coalesce(before_on, 'infinity') and (a.ends_on is null or a.ends_on > a.starts_on)
            and a.id <> all(without)
          order by 1
        );
        return query
          select one, n.day, coalesce(u.hours, 0), n.norm_hours,
            round(n.norm_hours * (book.content->>'hardLimit')::numeric, 2), (book.content->>'hardLimit')::numeric
          from worker_norms_on(days) n
          join worker w on w.id = n.worker_id
          cross join lateral (select b.content from rulebook_on(w.organisation_id, n.day) b) book
          left join (
            select d.day, sum(coalesce(h.hours, a.hours)) as hours
            from unnest(days) d (day)
            join allocation a on a.worker_id = one and a.starts_on <= d.day and (a.ends_on is null or a.ends_on > d.day)
              and a.id <> all(without)
            left join allocation_period h on h.allocation_id = a.id and h.from_on <= d.day and h.until_on > d.day
            group by d.day
          ) u on u.day = n.day
          where n.worker_id = one and (n.day = first_on or n.norm_hours > 0)
          order by n.day;
      end loop;
    end
  $$`,

  // Under a lock on the worker, as before. What becomes longer only is tested on the days that are new: what was there
  // already, also above the limit, never stands in the way of something else.
  sql`create or replace function allocation_guard() returns trigger language plpgsql as $$
    declare
      first_on date := new.starts_on;
      before_on date := new.ends_on;
      worst record;
    begin
      if new.origin = 'import' then return new; end if;
      if tg_op = 'UPDATE' and new.worker_id = old.worker_id and new.agreed_hours <= old.agreed_hours then
        if new.starts_on >= old.starts_on then
          if coalesce(new.ends_on, 'infinity') <= coalesce(old.ends_on, 'infinity') then return new; end if;
          first_on := greatest(new.starts_on, old.ends_on);
        elsif coalesce(new.ends_on, 'infinity') <= coalesce(old.ends_on, 'infinity') then
          before_on := least(old.starts_on, coalesce(new.ends_on, 'infinity'));
        end if;
      end if;
      if before_on <= first_on then return new; end if;
      perform 1 from worker where id = new.worker_id for update;
      select l.day, l.hours + new.agreed_hours as hours, l.most into worst
        from decided_loads(array[new.worker_id], first_on, before_on, array[coalesce(new.id, 0)]) l
        where l.hours + new.agreed_hours > l.most
        order by (l.hours + new.agreed_hours) / nullif(l.norm_hours, 0) desc nulls first limit 1;
      if found and not exists (
        select 1 from decision d where d.id = new.excess_decision_id and d.accepts_excess
          and d.case_id = new.case_id and d.worker_id = new.worker_id and d.seat = new.seat
      ) then
        raise exception 'worker % would hold % hours on %, the limit is %', new.worker_id, worst.hours, worst.day, worst.most
          using errcode = 'check_violation', constraint = 'allocation_within_hard_limit', table = 'allocation';
      end if;
      return new;
    end
  $$`,
]
