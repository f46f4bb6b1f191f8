import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { verify } from '../../server/commands/verify.ts'
import { addDays } from '../../server/contract/days.ts'
import { weightOf } from '../../server/demo/case-basics.ts'
import { DEMO_SEED, fillDemo } from '../../server/demo/fill.ts'
import { makeOrganisation } from '../../server/demo/generator.ts'
import { hoursIn, phasesOf } from '../../server/demo/past.ts'
import { planRounds } from '../../server/demo/round-plan.ts'
import { normHoursOf } from '../../server/demo/workers.ts'
import { MIN_ANSWERS } from '../../server/pulse/support.ts'
import { demandOf } from '../../server/reports/demand.ts'
import { flowOf } from '../../server/reports/flow.ts'
import { teamTrend } from '../../server/reports/trend.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { caseRows } from '../../server/weighing/case-rows.ts'
import { workerLoads } from '../../server/workload/load.ts'
import { workloadOn } from '../../server/workload/rows.ts'
import { waitingFigures } from '../../server/workload/today.ts'
import { scaledCap } from '../../solver/problem/load.ts'

const today = '2026-11-23'
const demo = makeOrganisation(DEMO_SEED, today)
const running = demo.cases.filter(one => one.seats.length > 0)
const waiting = demo.cases.filter(one => one.seats.length === 0)
/** The seats that run; earlier holders are history. */
const now = (one: (typeof demo.cases)[number]) => one.seats.filter(seat => !seat.endsOn)
const children = (list: typeof demo.cases) => list.reduce((sum, one) => sum + (one.children ?? 0), 0)

function loads() {
  const used = new Map<string, number>()
  for (const one of running) {
    for (const seat of now(one)) used.set(seat.staffNumber, (used.get(seat.staffNumber) ?? 0) + seat.hours)
  }
  return demo.workers.map(worker => ({
    norm: normHoursOf(worker, today),
    used: used.get(worker.staffNumber) ?? 0,
  }))
}

describe('the made-up organisation', () => {
  it('has the size and the load that was asked for', () => {
    const list = loads()
    const norm = list.reduce((sum, one) => sum + one.norm, 0)
    const used = list.reduce((sum, one) => sum + one.used, 0)
    const withNorm = list.filter(one => one.norm > 0).map(one => one.used / one.norm)
    const far = withNorm.filter(load => load > 1.2).length
    const room = withNorm.filter(load => load < 0.9).length
    const weights = running.map(one => weightOf(one).total)
    console.log(
      [
        `families ${new Set(running.map(one => one.familyNumber)).size}, children ${children(running)}, waiting ${waiting.length}`,
        `mean load ${((100 * used) / norm).toFixed(1)} % (${used.toFixed(0)} of ${norm.toFixed(0)} h), far above ${far}, with room ${room}`,
        `mean weight ${(weights.reduce((a, b) => a + b, 0) / weights.length).toFixed(2)} h, waiting ${waiting.reduce((sum, one) => sum + weightOf(one).total, 0).toFixed(0)} h`,
      ].join('\n'),
    )
    expect(demo.workers).toHaveLength(48)
    expect(new Set(running.map(one => one.familyNumber)).size).toBe(300)
    expect(Math.abs(children(running) - 430)).toBeLessThanOrEqual(10)
    expect(used / norm).toBeGreaterThan(0.85)
    expect(used / norm).toBeLessThan(1.05)
    expect(far).toBeGreaterThanOrEqual(3)
    expect(far).toBeLessThanOrEqual(8)
    expect(room).toBeGreaterThanOrEqual(10)
  })

  it('follows the published figures', () => {
    const share = (test: (one: (typeof running)[number]) => boolean) =>
      running.filter(test).length / running.length
    expect(share(one => one.factors.includes('COMPLEX_SCHEIDING'))).toBeCloseTo(0.62, 1)
    expect(share(one => one.duoNeeded)).toBeLessThan(0.06)
    const mean = running.reduce((sum, one) => sum + weightOf(one).total, 0) / running.length
    expect(mean).toBeGreaterThan(3)
    expect(mean).toBeLessThan(3.4)
  })

  it('has a waiting list with every situation', () => {
    expect(waiting).toHaveLength(25)
    expect(new Set(waiting.map(one => one.team)).size).toBe(4)
    expect(waiting.filter(one => one.urgency === 'emergency')).toHaveLength(2)
    expect(waiting.filter(one => one.urgency === 'high').length).toBeGreaterThanOrEqual(3)
    expect(waiting.filter(one => one.duoNeeded)).toHaveLength(2)
    expect(waiting.filter(one => one.factors.includes('DREIGING'))).toHaveLength(1)
    expect(waiting.filter(one => weightOf(one).provisional || one.municipality === null)).toHaveLength(3)
    expect(waiting.some(one => one.measures.length === 2)).toBe(true)
    expect(waiting.some(one => one.formerWorkers.length > 0)).toBe(true)
    expect(waiting.some(one => one.excludedWorkers.length > 0)).toBe(true)
    const families = waiting.map(one => one.familyNumber)
    expect(families.length - new Set(families).size).toBe(1)
    expect(waiting.some(one => running.some(other => other.familyNumber === one.familyNumber))).toBe(true)
  })

  it('is the same again for the same seed and day, and another one for another seed', () => {
    expect(makeOrganisation(DEMO_SEED, today)).toEqual(demo)
    expect(makeOrganisation(DEMO_SEED + 1, today)).not.toEqual(demo)
  })

  it('gives nobody more heavy cases than the rulebook allows, in most cases', () => {
    const heavy = new Map<string, number>()
    for (const one of running.filter(other => weightOf(other).heavy)) {
      for (const seat of now(one)) heavy.set(seat.staffNumber, (heavy.get(seat.staffNumber) ?? 0) + 1)
    }
    const over = demo.workers.filter(
      worker =>
        (heavy.get(worker.staffNumber) ?? 0) >
        scaledCap(startRulebook.heavyCases, worker.contractHours, startRulebook.fullTimeHours),
    )
    expect(over.length).toBeLessThanOrEqual(2)
  })

  it('has two years behind it that fit the present', () => {
    expect(demo.closed.length).toBeGreaterThan(300)
    const numbers = [...demo.cases, ...demo.closed].map(one => one.caseNumber)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const one of demo.closed) {
      expect(one.closedOn! < today && one.receivedOn <= one.seats[0]!.startsOn, one.caseNumber).toBe(true)
    }
    for (const one of [...running, ...demo.closed]) {
      const phases = phasesOf(one, today)
      expect(phases.at(-1)!.phase).toBe(one.phase)
      const from = phases.slice(1).map(({ fromOn }) => fromOn!)
      expect(from).toEqual([...new Set(from)].sort())
      // What counts now is what the present weighs.
      for (const seat of now(one)) expect(hoursIn(one, seat, one.phase)).toBe(seat.hours)
      const first = one.seats.filter(seat => seat.seat === 'primary')
      first.slice(1).forEach((seat, index) => {
        expect(seat.startsOn).toBe(first[index]!.endsOn)
      })
    }
    for (const { absences, employedFrom } of demo.workers) {
      const sorted = [...absences].sort((a, b) => a.validFrom.localeCompare(b.validFrom))
      sorted.forEach((one, index) => {
        expect(one.validFrom >= employedFrom).toBe(true)
        if (index > 0) expect(one.validFrom > sorted[index - 1]!.validUntil!).toBe(true)
      })
    }
  })

  it('never had teams or people at loads that nobody would believe', () => {
    const stretches = [...running, ...demo.closed].flatMap(one => {
      const phases = phasesOf(one, today)
      return one.seats.flatMap(seat =>
        phases.map(({ phase, fromOn }, index) => ({
          staffNumber: seat.staffNumber,
          from: fromOn !== null && fromOn > seat.startsOn ? fromOn : seat.startsOn,
          until:
            [phases[index + 1]?.fromOn, seat.endsOn].filter(day => day != null).sort()[0] ?? '9999-12-31',
          hours: hoursIn(one, seat, phase),
        })),
      )
    })
    const above: number[] = []
    for (let weeks = 100; weeks >= 0; weeks -= 5) {
      const day = addDays(today, -7 * weeks)
      const there = demo.workers
        .filter(worker => worker.employedFrom <= day)
        .map(worker => ({
          team: worker.team,
          norm: normHoursOf(worker, day),
          used: stretches
            .filter(one => one.staffNumber === worker.staffNumber && one.from <= day && one.until > day)
            .reduce((sum, one) => sum + one.hours, 0),
        }))
      for (const team of new Set(there.map(one => one.team))) {
        const list = there.filter(one => one.team === team)
        const load =
          list.reduce((sum, one) => sum + one.used, 0) / list.reduce((sum, one) => sum + one.norm, 0)
        expect(load, `${team} on ${day}`).toBeGreaterThan(0.7)
        expect(load, `${team} on ${day}`).toBeLessThan(1.16)
      }
      const loads = there.filter(one => one.norm > 0).map(one => one.used / one.norm)
      expect(Math.max(...loads), day).toBeLessThan(1.75)
      above.push(loads.filter(load => load > 1.1).length)
    }
    // Some weeks with somebody above the band, none with most of them.
    expect(Math.max(...above)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...above)).toBeLessThanOrEqual(16)
  })

  it('has people in training, new people, and people away for long and short', () => {
    expect(demo.workers.filter(one => one.registration === 'in_training').length).toBeGreaterThanOrEqual(4)
    expect(demo.workers.filter(one => one.absences.length > 0).length).toBeGreaterThanOrEqual(5)
    expect(demo.workers.some(one => normHoursOf(one, today) === 0)).toBe(true)
    for (const one of demo.workers) {
      expect(one.preferences.filter(wish => wish.value === 'rather_not').length).toBeLessThanOrEqual(3)
      expect(one.name).toMatch(/^[A-Z]\. /)
    }
  })
})

describe('filling a database with it', () => {
  let open: OpenDatabase
  beforeAll(async () => {
    open = await openDatabase('memory://')
    await migrate(open)
  })
  afterAll(() => open.close())

  it('happens once', async () => {
    expect(await fillDemo(open, today)).toBe(true)
    expect(await fillDemo(open, today)).toBe(false)
  })

  it('stores what was made, and the database counts the same norm hours', async () => {
    const norms = await sql<{ staffNumber: string; normHours: number }>`
      select w.staff_number, n.norm_hours from worker_norms(${today}) n join worker w on w.id = n.worker_id
    `.execute(open.db)
    expect(Object.fromEntries(norms.rows.map(row => [row.staffNumber, row.normHours]))).toEqual(
      Object.fromEntries(demo.workers.map(worker => [worker.staffNumber, normHoursOf(worker, today)])),
    )
    const seats = await open.db
      .selectFrom('allocation')
      .select(['hours', 'startsOn'])
      .where('endsOn', 'is', null)
      .execute()
    const used = (list: { hours: number }[]) => list.reduce((sum, row) => sum + row.hours, 0)
    // Rounds gave some cases to somebody who travels more, or less.
    expect(Math.abs(used(seats) - used(running.flatMap(now)))).toBeLessThan(6)
    expect(seats.every(seat => seat.startsOn <= today && seat.startsOn >= '2024-11-20')).toBe(true)
    // A year ago they carried work too, and the phases of that day are those of the record.
    const then = await workerLoads(open.db, { organisationId: 1, on: '2025-11-23' })
    const total = [...then.values()].reduce((sum, one) => sum + one.hoursInUse, 0)
    const norm = [...then.values()].reduce((sum, one) => sum + one.norm.normHours, 0)
    expect(total / norm).toBeGreaterThan(0.8)
    expect(total / norm).toBeLessThan(1.25)
    const accounts = await open.db.selectFrom('userAccount').selectAll().execute()
    expect(accounts).toHaveLength(6)
    expect(accounts.every(account => account.passwordHash === null)).toBe(true)
  })

  it('has half a year of settled rounds behind it, as people would have made them', async () => {
    const rounds = await open.db.selectFrom('round').selectAll().orderBy('id').execute()
    expect(rounds.length).toBeGreaterThanOrEqual(8)
    expect(rounds.every(one => one.status === 'settled' && one.settledAt! < new Date(today))).toBe(true)
    expect(rounds.map(one => one.startOn)).toEqual(rounds.map(one => one.startOn).sort())
    const decisions = await open.db.selectFrom('decision').selectAll().execute()
    const count = (kind: string) => decisions.filter(one => one.kind === kind).length
    expect(decisions.length).toBeGreaterThanOrEqual(25)
    expect(count('agreed') / decisions.length).toBeGreaterThan(0.6)
    expect(count('waiting')).toBeGreaterThanOrEqual(1)
    const departures = decisions.filter(one => one.kind === 'deviation')
    expect(departures.length).toBeGreaterThanOrEqual(3)
    expect(new Set(departures.map(one => one.reasonCode)).size).toBeGreaterThanOrEqual(2)
    expect(decisions.filter(one => one.answer === 'objection' || one.answer === 'silence')).not.toEqual([])
    const objections = await open.db.selectFrom('answer').select('kind').execute()
    expect(objections).toEqual([{ kind: 'object' }])
    const { rows: pulses } = await sql<{ team: string; answers: number }>`
      select t.name as team, sum(a.answers)::int as answers from pulse p join round_team r on r.round_id = p.round_id
      join team t on t.id = r.team_id join pulse_count a on a.round_id = p.round_id group by t.name order by t.name`.execute(
      open.db,
    )
    expect(pulses.map(one => one.team)).toEqual(['Team Noord', 'Team Oost'])
    expect(pulses[0]!.answers).toBeLessThan(MIN_ANSWERS)
    expect(pulses[1]!.answers).toBeGreaterThan(3 * MIN_ANSWERS)
    const unread = await open.db.selectFrom('message').select('id').where('readAt', 'is', null).execute()
    const mails = await open.db.selectFrom('mail').select('id').where('state', '<>', 'sent').execute()
    expect([unread, mails]).toEqual([[], []])
  })

  it('gave nobody a case that the rounds did not decide, and left none of their cases waiting', async () => {
    const { rows: seats } = await sql<{ caseNumber: string; status: string; decided: boolean }>`
      select c.case_number, s.status, a.decision_id is not null as decided from round_case r
      join case_file c on c.id = r.case_id join case_standing(${today}::date) s on s.case_id = c.id
      left join allocation a on a.case_id = c.id and a.seat = 'primary'`.execute(open.db)
    expect(seats.filter(one => one.status === 'waiting' || one.status === 'in_round')).toEqual([])
    expect(seats.filter(one => one.decided).length).toBeGreaterThan(0.8 * seats.length)
    const { rows: apart } = await sql`
      select d.id from decision d left join allocation a on a.decision_id = d.id
      where (d.kind <> 'waiting') <> (a.id is not null and a.worker_id = d.worker_id and a.seat = d.seat)`.execute(
      open.db,
    )
    expect(apart).toEqual([])
  })

  it('gives on every page the figures that a plain count over the rows gives', async () => {
    const teams = (await open.db.selectFrom('team').select('id').execute()).map(one => one.id)
    for (const teamIds of [teams, ...teams.map(id => [id])]) {
      const { rows: held } = await sql<{
        caseId: number
        familyId: number | null
        children: number | null
        workerId: number
        hours: number
      }>`
        select a.case_id, c.family_id, c.children, a.worker_id, p.hours from allocation a
        join case_file c on c.id = a.case_id join worker w on w.id = a.worker_id
        join allocation_period p on p.allocation_id = a.id and p.from_on <= ${today} and p.until_on > ${today}
        where w.team_id = any(${teamIds}::int[]) and a.starts_on <= ${today}
          and (a.ends_on is null or a.ends_on > ${today})`.execute(open.db)
      const cases = new Map(held.map(row => [row.caseId, row]))
      const cents = (list: { hours: number }[]) =>
        list.reduce((sum, row) => sum + Math.round(row.hours * 100), 0)
      const scope = { organisationId: 1, today, teamIds }
      const { totals, workers, shared } = await workloadOn(open.db, { organisationId: 1, teamIds, on: today })
      expect(totals).toMatchObject({
        families: new Set([...cases.values()].map(row => row.familyId ?? -row.caseId)).size,
        children: [...cases.values()].reduce((sum, row) => sum + (row.children ?? 1), 0),
        hoursInUse: cents(held) / 100,
      })
      // What two of a pair share is told, and is all that the sums of the rows have too much.
      const surplus = shared.cases.reduce((sum, one) => sum + (one.staffNumbers.length - 1) * one.children, 0)
      expect(workers.reduce((sum, row) => sum + row.load.children, 0) - surplus).toBe(totals.children)

      const trend = await teamTrend(open.db, scope)
      const now = trend.past.at(-1)!
      expect(now).toMatchObject({ normHours: totals.normHours, workload: totals.workload })
      expect(now.aboveNorm).toBe(totals.statuses.aboveNorm + totals.statuses.farAboveNorm)
      expect(cents([now.hours.begin, now.hours.middle, now.hours.end].map(hours => ({ hours })))).toBe(
        cents(held),
      )
      for (const { low, workload, high } of trend.coming) {
        expect(low! <= workload! && workload! <= high! && low! < high!).toBe(true)
      }

      const rows = [
        ...(
          await caseRows(open.db, {
            organisationId: 1,
            scope: { teamIds, workerId: null },
            statuses: TO_ALLOCATE,
            on: today,
          })
        ).values(),
      ]
      const figures = waitingFigures(rows)
      expect(figures.emergencies).toBe(rows.filter(row => row.urgency === 'emergency').length)
      expect(figures.buckets.reduce((sum, one) => sum + one.cases, 0)).toBe(rows.length)
      const demand = await demandOf(open.db, scope)
      expect(demand.total).toMatchObject({ cases: figures.cases, hours: figures.hours })
      const { total } = demand
      expect(total.unmetHours).toBeGreaterThanOrEqual(Math.max(0, total.hours - total.roomHours) - 0.005)
      expect(total.unmetForCompetences).toBeLessThanOrEqual(total.unmetHours)
      const flow = await flowOf(open.db, { ...scope, caseTeamIds: teamIds }, 26)
      expect(flow.waiting.cases).toBe(rows.filter(row => !row.secondOpen).length)
    }
  })

  it('passes everything that instroom verify looks at', async () => {
    const { checks } = await verify(open, today)
    expect(checks.flatMap(one => one.faults)).toEqual([])
  })
})

describe('the settled rounds', () => {
  it.each(['2026-11-22', '2027-02-10', '2027-07-01'])('are there on any day: %s', day => {
    const rounds = planRounds(makeOrganisation(DEMO_SEED, day), day)
    expect(rounds.length).toBeGreaterThanOrEqual(8)
    const numbers = rounds.flatMap(round => round.caseNumbers)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const round of rounds) {
      expect(round.day < round.startOn && round.day < addDays(day, -7), round.day).toBe(true)
      expect(round.staffNumbers.length).toBeGreaterThanOrEqual(8)
    }
    expect(rounds.map(round => round.day)).toEqual(rounds.map(round => round.day).sort())
  })
})
