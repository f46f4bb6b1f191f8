import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { installStartValues } from '../../server/rulebook/start-values.ts'

export interface Sizes {
  workers: number
  teams: number
  cases: number
}

/** Who asks: the lead of one team, and somebody who leads all of them, by user id. */
export type Askers = [scope: 'one team' | 'organisation', userId: number][]

/** The askers of a database that was filled before; null when it was not. */
export async function filledBefore(db: Db): Promise<Askers | null> {
  const rows = await db
    .selectFrom('userAccount')
    .select(['id', 'email'])
    .where('email', 'in', ['one@bench.test', 'all@bench.test'])
    .orderBy('id')
    .execute()
  if (rows.length < 2) return null
  return rows.map(row => [row.email.startsWith('one') ? 'one team' : 'organisation', row.id])
}

/** Five years of a large organisation until `today`, made by SQL from a fixed seed, in an empty database. */
export async function fill(db: Db, sizes: Sizes, today: string): Promise<Askers> {
  const made = await db.transaction().execute(async (tx): Promise<Askers> => {
    await sql`set local statement_timeout = 0`.execute(tx)
    await sql`select setseed(0.42)`.execute(tx)
    const { id: organisationId } = await tx
      .insertInto('organisation')
      .values({ name: 'Bench' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await installStartValues(tx, organisationId, '2019-01-01')
    for (const table of ['worker', 'case_file', 'allocation']) {
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx)
    }
    await sql`insert into rulebook (organisation_id, version, effective_from, content)
      select organisation_id, 1 + n, ${today}::date - 1800 + n * 300, content
      from rulebook, generate_series(1, 6) n where organisation_id = ${organisationId}`.execute(tx)
    await sql`insert into team (organisation_id, name)
      select ${organisationId}::int, 'Team ' || n from generate_series(1, ${sizes.teams}::int) n`.execute(tx)
    const firstTeam = sql`(select min(id) from team where organisation_id = ${organisationId})`
    await sql`insert into worker (organisation_id, team_id, staff_number, name, contract_hours, registration, employed_from, employed_until)
      select ${organisationId}::int, ${firstTeam} + n % ${sizes.teams}::int, 'w-' || n, 'W. de Boer ' || n, 20 + 4 * (n % 5),
        'registered', ${today}::date - (random() * 3000)::int - 90, case when n % 40 = 0 then ${today}::date + 30 end
      from generate_series(1, ${sizes.workers}::int) n`.execute(tx)
    await sql`insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
      select id, '-infinity', ${today}::date - 400, team_id, least(36, contract_hours + 4), 0 from worker
      union all select id, ${today}::date - 400, 'infinity', team_id, contract_hours, 0 from worker`.execute(
      tx,
    )
    await sql`insert into reduction (worker_id, reason_code, percentage, valid_from, valid_until)
      select id, 'TAAK', 10, d, case when id % 3 > 0 then d + 200 end
      from worker, lateral (select ${today}::date - (random() * 1800)::int as d) x where id % 2 = 0`.execute(
      tx,
    )
    await sql`insert into absence (worker_id, percentage, valid_from, valid_until)
      select w.id, 100, d, d + (random() * 45)::int from worker w, generate_series(1, 10) n,
        lateral (select ${today}::date - 1800 + n * 180 + (random() * 60)::int + w.id * 0 as d) x`.execute(tx)
    await sql`insert into preference (worker_id, kind, code, value)
      select w.id, 'measure', m, 'rather' from worker w, unnest(array['OTS', 'VOOGDIJ']) m
      union all select w.id, 'heavy', 'heavy', 'rather_not' from worker w where w.id % 3 = 0`.execute(tx)
    await sql`insert into worker_competence (worker_id, competence_code, level)
      select w.id, c, 1 + w.id % 3 from worker w, unnest(array['OTS', 'VOOGDIJ', 'SCHEIDING']) c`.execute(tx)
    // A fiftieth of the newest wait; the others were allocated after five days and close at their end.
    await sql`insert into case_file (organisation_id, team_id, case_number, phase, children, urgency, received_on, closed_on)
      select ${organisationId}::int, ${firstTeam} + n % ${sizes.teams}::int, 'B-' || n,
        case when age < 95 then 'begin' when age > length - 90 then 'end' else 'middle' end, 1 + n % 3, 'normal',
        ${today}::date - age, case when age > length then ${today}::date - age + length end
      from (select n, case when n % 50 = 0 then n % 15 else 20 + (random() * 2080)::int end as age, 60 + (random() * 840)::int as length
        from generate_series(1, ${sizes.cases}::int) n) x`.execute(tx)
    await sql`insert into case_measure (case_id, measure_code, start_on, end_on)
      select id, (array['OTS', 'OTS', 'OTS', 'VOOGDIJ', 'JR_GEDWONGEN', 'VOTS'])[1 + id % 6], received_on,
        case when closed_on is not null then closed_on end from case_file`.execute(tx)
    await sql`insert into case_has_factor (case_id, factor_code) select id, 'COMPLEX_SCHEIDING' from case_file where id % 3 > 0
      union all select id, 'UHP' from case_file where id % 2 = 0`.execute(tx)
    await sql`insert into case_competence (case_id, competence_code, level, need)
      select id, 'OTS', 1, 'required' from case_file where id % 2 = 0`.execute(tx)
    await sql`insert into case_period (case_id, from_on, until_on, team_id, phase)
      select c.id, p.f, p.u, c.team_id, p.phase from case_file c cross join lateral (
        select coalesce(c.closed_on, ${today}::date + 400) as last) l
      cross join lateral (values ('begin', '-infinity'::date, c.received_on + 95),
        ('middle', c.received_on + 95, greatest(c.received_on + 96, last - 90)),
        ('end', greatest(c.received_on + 96, last - 90), 'infinity'::date)) p (phase, f, u)
      where p.f < p.u and (p.f <= ${today}::date)`.execute(tx)
    await sql`update case_period set until_on = 'infinity' where until_on > ${today}::date`.execute(tx)
    await sql`update case_period p set children = c.children, duo_needed = c.duo_needed, factors = coalesce(
        (select array_agg(f.factor_code order by f.factor_code) from case_has_factor f where f.case_id = c.id), '{}')
      from case_file c where c.id = p.case_id`.execute(tx)
    await sql`insert into allocation (case_id, worker_id, seat, starts_on, ends_on, agreed_hours, hours, origin)
      select c.id, w.id, 'primary', c.received_on + 5, case when c.closed_on is not null then greatest(c.closed_on, c.received_on + 5) end, 5, 3, 'import'
      from (select c.*, row_number() over (partition by team_id order by id) as n from case_file c where id % 50 > 0 or closed_on is not null) c
      join (select w.*, row_number() over (partition by team_id order by id) - 1 as n, count(*) over (partition by team_id) as many from worker w) w
        on w.team_id = c.team_id and w.n = c.n % w.many
      where c.received_on + 5 <= ${today}::date`.execute(tx)
    await sql`insert into allocation_period (allocation_id, from_on, until_on, hours)
      select a.id, p.from_on, p.until_on, case p.phase when 'begin' then 5 when 'middle' then 3 else 2 end
      from allocation a join case_period p on p.case_id = a.case_id`.execute(tx)
    for (const table of ['worker', 'case_file', 'allocation']) {
      await sql`alter table ${sql.table(table)} enable trigger user`.execute(tx)
    }
    const user = async (name: string, teams: ReturnType<typeof sql>) => {
      const { id } = await tx
        .insertInto('userAccount')
        .values({
          organisationId,
          email: `${name}@bench.test`,
          name,
          passwordHash: null,
          status: 'active',
          locale: 'nl',
          workerId: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await sql`insert into user_role (user_id, role, team_id) select ${id}::int, 'lead', id from team where ${teams}`.execute(
        tx,
      )
      return id
    }
    return [
      ['one team', await user('one', sql`id = (select team_id from worker where staff_number = 'w-17')`)],
      ['organisation', await user('all', sql`true`)],
    ]
  })
  // Embedded or not: plans need to know how much there is.
  await sql`vacuum analyze`.execute(db)
  return made
}
