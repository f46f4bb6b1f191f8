import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ComingChanges } from '../../server/contract/changes.ts'
import { addDays, daysBetween, everySo } from '../../server/contract/days.ts'
import type { CaseCourse } from '../../server/contract/phases.ts'
import type { WorkerDetail, Workload } from '../../server/contract/workers.ts'
import { loadSeries } from '../../server/history/series.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { reweighAll } from '../../server/rulebook-admin/publish.ts'
import { workerLoads } from '../../server/workload/load.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

/** Deterministic, so that a failure can be looked at again. */
function random(seed: number): (max: number) => number {
  let state = seed
  return max => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * max)
  }
}

const FIRST = '2025-09-01'
// After the last moment: what is planned.
const LAST = '2027-01-15'
const PHASES = ['begin', 'middle', 'end'] as const
type Phase = (typeof PHASES)[number]

/** What happened, in the words of this test: from these alone every load is counted again, day by day. */
interface Story {
  /** Rulebooks by the day from which they hold: share of the time for cases, and the base of each phase. */
  rules: { from: string; share: number; bases: Record<Phase, number> }[]
  workers: {
    id: number
    staffNumber: string
    terms: { from: string; contract: number; duty: number; team: number }[]
    reductions: { percentage: number; validFrom: string; validUntil: string | null }[]
    absences: { percentage: number; validFrom: string; validUntil: string | null }[]
  }[]
  cases: {
    id: number
    caseNumber: string
    worker: number
    starts: string
    ends: string | null
    phases: { from: string; phase: Phase }[]
    overrides: { from: string; hours: number | null }[]
    children: { from: string; children: number | null }[]
    /** Codes: UHP weighs 5 % more, RECHTSZAKEN 10 %. */
    factors: { from: string; factors: string[] }[]
    /** `from` until the day of the review. */
    quiet: { from: string; until: string }[]
  }[]
}

/** What held on a day: the newest of a list that is in order of its days; before the first, the first. */
function at<T extends { from: string }>(list: T[], day: string): T {
  return list.findLast(one => one.from <= day) ?? list[0]!
}

/** A change that people make today, in a list that may hold plans for later. */
function changed<T extends { from: string }>(list: T[], entry: T): void {
  list.push(entry)
  list.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

/** The weight of a case on a day, in hundredths of hours, by what was so on that day. */
function weightOn(story: Story, one: Story['cases'][number], day: string): number {
  const rules = at(story.rules, day)
  const base = Math.round(rules.bases[at(one.phases, day).phase] * 100)
  const extra = Math.max(0, (at(one.children, day).children ?? 1) - 1)
  const percents = { UHP: 5, RECHTSZAKEN: 10 } as Record<string, number>
  let total = base + Math.round((base * extra * 35) / 100)
  for (const code of at(one.factors, day).factors) total += Math.round((base * percents[code]!) / 100)
  const override = at(one.overrides, day).hours
  if (override !== null) total = Math.round(override * 100)
  const quiet = one.quiet.some(period => period.from <= day && period.until > day)
  return quiet ? Math.round((total * 40) / 100) : total
}

function expectedLoad(story: Story, worker: Story['workers'][number], day: string) {
  const rules = at(story.rules, day)
  const { contract, duty, team } = at(worker.terms, day)
  const runs = (one: { validFrom: string; validUntil: string | null }) =>
    one.validFrom <= day && (one.validUntil ?? '9999') >= day
  const long = (one: { validFrom: string; validUntil: string | null }) =>
    one.validUntil === null || daysBetween(one.validFrom, one.validUntil) >= 27
  const off = (list: { percentage: number }[]) =>
    Math.round(
      contract *
        Math.min(
          100,
          list.reduce((sum, one) => sum + one.percentage, 0),
        ),
    ) / 100
  const reduced = off(worker.reductions.filter(runs))
  const away = off(worker.absences.filter(one => runs(one) && long(one)))
  const left = Math.max(0, Math.round((contract - reduced - away - duty) * 100))
  const used = { begin: 0, middle: 0, end: 0 }
  for (const one of story.cases) {
    if (one.worker !== worker.id || one.starts > day || (one.ends !== null && one.ends <= day)) continue
    used[at(one.phases, day).phase] += weightOn(story, one, day)
  }
  return { team, norm: Math.round((left * Math.round(rules.share * 100)) / 100), ...used }
}

forEachDatabase('history', engine => {
  let app: TestApp
  let caller: Caller
  let teamId: number
  let otherId: number
  // One organisation per story: rulebooks are of the whole organisation.
  beforeEach(async () => {
    app = await startApp({ engine })
    teamId = await aTeam(app.db, { organisationId: app.organisationId })
    otherId = await aTeam(app.db, { organisationId: app.organisationId })
    const roles = [
      { role: 'admin' as const },
      ...[teamId, otherId].flatMap(team => [
        { role: 'lead' as const, teamId: team },
        { role: 'intake' as const, teamId: team },
      ]),
    ]
    const userId = await aUser(app.db, { organisationId: app.organisationId, roles })
    // Sessions end; the clock of this file runs over more than a year.
    caller = {
      ...(await app.anonymous),
      ask: async (method, path, sending) => (await app.signIn(userId)).ask(method, path, sending),
      get: async (path, sending) => (await app.signIn(userId)).get(path, sending),
      post: async (path, body, sending) => (await app.signIn(userId)).post(path, body, sending),
      put: async (path, body, sending) => (await app.signIn(userId)).put(path, body, sending),
    }
  })
  afterEach(() => app.close())

  const scope = () => ({ organisationId: app.organisationId, teamId })

  test.each([1, 2, 3])('loads of any day agree with what happened, story %i', async seed => {
    const pick = random(seed * 7919)
    const story: Story = {
      rules: [{ from: FIRST, share: startRulebook.caseTimeShare, bases: { begin: 5, middle: 2.5, end: 2 } }],
      workers: [],
      cases: [],
    }
    app.clock.at = new Date(`${FIRST}T09:00:00Z`)
    await publish(caller, FIRST, story.rules[0]!)
    for (let n = 0; n < 4; n++) {
      const contract = 20 + pick(17)
      const made = await aWorker(app.db, {
        ...scope(),
        contractHours: contract,
        employedFrom: '2020-01-01',
      })
      story.workers.push({
        ...made,
        terms: [{ from: FIRST, contract, duty: 0, team: teamId }],
        reductions: [],
        absences: [],
      })
    }
    for (let n = 0; n < 10; n++) {
      const starts = addDays(FIRST, pick(300))
      const phase = PHASES[pick(3)]!
      const made = await aCase(app.db, { ...scope(), phase, receivedOn: FIRST })
      const worker = story.workers[pick(4)]!.id
      await anAllocation(app.db, {
        caseId: made.id,
        workerId: worker,
        startsOn: starts,
        hours: story.rules[0]!.bases[phase],
      })
      story.cases.push({
        ...made,
        worker,
        starts,
        ends: null,
        phases: [{ from: FIRST, phase }],
        overrides: [{ from: FIRST, hours: null }],
        children: [{ from: FIRST, children: 1 }],
        factors: [{ from: FIRST, factors: [] }],
        quiet: [],
      })
    }

    // Moments in order, nights in which the clock changes and the last of the year among them.
    const moments = [
      '2025-10-26T00:30:00Z',
      '2025-12-31T23:30:00Z',
      '2026-03-29T00:30:00Z',
      '2026-03-28T23:30:00Z',
      '2026-10-25T01:30:00Z',
      ...Array.from(
        { length: 24 },
        () => `${addDays(FIRST, 10 + pick(400))}T${String(pick(24)).padStart(2, '0')}:59:59Z`,
      ),
    ].sort()
    for (const moment of moments) {
      app.clock.at = new Date(moment)
      const today = amsterdamDay(moment)
      await happen(pick, story, today, { caller, otherId, teamId })
      await reweighAll(app.db, app.clock.at)
    }

    const days = everySo(FIRST, LAST, 7)
    const workerIds = story.workers.map(one => one.id)
    const series = await loadSeries(app.db, { organisationId: app.organisationId, days, workerIds })
    expect(series).toHaveLength(days.length * workerIds.length)
    for (const row of series) {
      const worker = story.workers.find(one => one.id === row.workerId)!
      const { teamId: team, norm, begin, middle, end } = row
      expect({ team, norm, begin, middle, end }, `seed ${seed}, ${worker.staffNumber} on ${row.day}`).toEqual(
        expectedLoad(story, worker, row.day),
      )
    }

    // The same from the screens of a single day, and by team.
    for (let n = 0; n < 8; n++) {
      const day = addDays(FIRST, pick(440))
      const loads = await workerLoads(app.db, { organisationId: app.organisationId, on: day, workerIds })
      for (const worker of story.workers) {
        const { norm, begin, middle, end } = expectedLoad(story, worker, day)
        const load = loads.get(worker.id)!
        expect(
          [load.norm.normHours, load.hoursByPhase.begin, load.hoursByPhase.middle, load.hoursByPhase.end],
          `${worker.staffNumber} on ${day}`,
        ).toEqual([norm / 100, begin / 100, middle / 100, end / 100])
      }
      const shown = (await caller.get<Workload>(`/workers?team=${otherId}&on=${day}`)).body.workers
      const there = story.workers.filter(one => expectedLoad(story, one, day).team === otherId)
      expect(shown.filter(one => there.some(other => other.staffNumber === one.staffNumber))).toHaveLength(
        there.length,
      )
    }
    const inTeam = await loadSeries(app.db, {
      organisationId: app.organisationId,
      days,
      teamIds: [otherId],
      workerIds,
    })
    expect(inTeam).toEqual(series.filter(row => row.teamId === otherId))
  })
})

const rounded = (bases: Record<Phase, number>): Record<Phase, number> => ({
  ...bases,
  middle: Math.round(bases.middle * 100) / 100,
})

const amsterdamDay = (moment: string) =>
  new Date(moment).toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' })

async function publish(caller: Caller, from: string, rules: { share: number; bases: Record<Phase, number> }) {
  const content = {
    ...startRulebook,
    caseTimeShare: rules.share,
    rampUp: [],
    weight: {
      ...startRulebook.weight,
      bases: startRulebook.weight.bases.map(one => ({ ...one, ...rules.bases })),
    },
  }
  const draft = await caller.get<{ version: number }>('/rulebook/draft')
  const answer = await caller.post(
    '/rulebooks',
    { effectiveFrom: from, content, reason: 'Andere uren in dit verhaal.' },
    { version: draft.body.version },
  )
  expect(answer.status, answer.text).toBe(201)
}

/** One thing that people do, through the endpoints that they use, and the same in the story. */
async function happen(
  pick: (max: number) => number,
  story: Story,
  today: string,
  { caller, otherId, teamId }: { caller: Caller; otherId: number; teamId: number },
) {
  const worker = story.workers[pick(story.workers.length)]!
  const open = story.cases.filter(one => one.ends === null)
  const one = open[pick(open.length)]!
  const detail = async () => (await caller.get<CaseDetail>(`/cases/${one.caseNumber}`)).body
  const held = <T>(answer: { status: number; text: string; body: T }) => {
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.body
  }
  const course = async () => (await caller.get<CaseCourse>(`/cases/${one.caseNumber}/course`)).body
  switch (pick(12)) {
    // A phase that is planned: it replaces what was planned for after its day.
    case 8:
    case 9: {
      const { phase, version } = await course()
      const next = phase === 'begin' ? 'middle' : phase === 'middle' ? 'end' : null
      const running = one.starts <= today
      if (next === null || !running) break
      const fromOn = addDays(today, pick(40))
      const body = { outcome: 'confirmed', phase: next, fromOn, againOn: null, reason: null }
      held(await caller.post(`/cases/${one.caseNumber}/phase`, body, { version }))
      one.phases = one.phases.filter(entry => entry.from < fromOn)
      one.phases.push({ from: fromOn, phase: next })
      break
    }
    case 10: {
      const fromOn = addDays(today, pick(30))
      const untilOn = addDays(fromOn, 1 + pick(60))
      const running = one.quiet.findLast(period => period.until > today)
      const { version, dormancies } = await course()
      if (running) {
        const { id } = dormancies.find(entry => entry.untilOn === running.until)!
        const answer = { outcome: 'ended' }
        held(await caller.post(`/cases/${one.caseNumber}/dormancy/${id}/answer`, answer, { version }))
        if (running.from < today) running.until = today
        else one.quiet.splice(one.quiet.indexOf(running), 1)
        break
      }
      const body = { fromOn, untilOn, reason: 'stable' }
      held(await caller.post(`/cases/${one.caseNumber}/dormancy`, body, { version }))
      one.quiet.push({ from: fromOn, until: untilOn })
      break
    }
    case 11: {
      const path = `/workers/${worker.staffNumber}/changes`
      const { version } = held(await caller.get<ComingChanges>(path))
      const from = addDays(today, 1 + pick(50))
      const { team } = at(worker.terms, from)
      const terms = { contract: 16 + pick(21), duty: pick(5) }
      const sent = { fromOn: from, contractHours: terms.contract, dutyHours: terms.duty }
      held(await caller.post(path, sent, { version }))
      worker.terms = worker.terms.filter(entry => entry.from !== from)
      changed(worker.terms, { from, team, ...terms })
      break
    }
    case 0:
    case 6:
    case 7: {
      const { version, teamId: team, measureDates, ...row } = await detail()
      // What people set to another phase today replaces a plan; what they leave as it is leaves the plan.
      const phase = pick(2) === 0 ? (row.phase as Phase) : PHASES[pick(3)]!
      const children = pick(3) === 0 ? null : 1 + pick(4)
      const factors = ['RECHTSZAKEN', 'UHP'].filter(() => pick(2) === 0)
      const body = {
        teamId: team,
        familyNumber: row.familyNumber,
        measures: measureDates,
        phase,
        children,
        factors,
        urgency: row.urgency,
        receivedOn: row.receivedOn,
        municipality: row.municipality,
        competences: row.competences,
        duoNeeded: row.duoNeeded,
        formerWorkers: row.formerWorkers.map(person => person.staffNumber),
        ...('methods' in row ? { methods: row.methods } : {}),
      }
      held(await caller.put(`/cases/${one.caseNumber}`, body, { version }))
      if (phase !== row.phase) {
        one.phases = one.phases.filter(entry => entry.from <= today)
        one.phases.push({ from: today, phase })
      }
      changed(one.children, { from: today, children })
      changed(one.factors, { from: today, factors })
      break
    }
    case 1: {
      const hours = pick(3) === 0 ? null : pick(800) / 100
      const body = { hours, reason: hours === null ? null : 'Samen geschat.' }
      held(await caller.put(`/cases/${one.caseNumber}/weight`, body, { version: (await detail()).version }))
      one.overrides.push({ from: today, hours })
      break
    }
    case 2: {
      held(
        await caller.post(
          `/cases/${one.caseNumber}/closure`,
          { closedOn: today },
          { version: (await detail()).version },
        ),
      )
      one.ends = today > one.starts ? today : one.starts
      break
    }
    case 3: {
      // Now and then a phase changes nothing in the hours: then only the phase tells the two stretches apart.
      const begin = pick(700) / 100
      const bases =
        pick(2) === 0 ? { begin, middle: begin, end: begin } : { begin, middle: begin / 2, end: 1 }
      const rules = { share: 0.5 + pick(40) / 100, bases: rounded(bases) }
      await publish(caller, today, rules)
      story.rules.push({ from: today, ...rules })
      break
    }
    default: {
      const path = `/workers/${worker.staffNumber}`
      const row = held(await caller.get<WorkerDetail>(path))
      const contract = 16 + pick(21)
      const duty = pick(5)
      const team = pick(3) === 0 ? otherId : teamId
      // Leave across the end of the year, and what was entered before stays.
      const from = addDays(today, pick(60) - 30)
      const until = pick(4) === 0 ? null : addDays(from, pick(120))
      const free = (list: { validFrom: string; validUntil: string | null }[]) =>
        list.every(old => (old.validUntil ?? '9999') < from || (until !== null && until < old.validFrom))
      const period = { percentage: 1 + pick(80), validFrom: from, validUntil: until }
      if (pick(2) === 0 && free(worker.reductions)) worker.reductions.push(period)
      else if (free(worker.absences)) worker.absences.push(period)
      const body = {
        name: row.name,
        teamId: team,
        contractHours: contract,
        dutyHours: duty,
        registration: row.registration,
        registrationFrom: row.registrationFrom,
        registrationUntil: row.registrationUntil,
        baseMunicipality: row.baseMunicipality,
        employedFrom: row.employedFrom,
        employedUntil: row.employedUntil,
        competences: row.competenceLevels,
        reductions: worker.reductions.map(entry => ({ ...entry, reason: 'OVERIG' })),
        absences: worker.absences,
      }
      held(await caller.put(path, body, { version: row.version }))
      // What was planned for later stays, and carries along what it did not change itself.
      const now = { ...at(worker.terms, today) }
      const kept = { contract: true, duty: true, team: true }
      for (const later of worker.terms.filter(entry => entry.from > today)) {
        kept.contract &&= later.contract === now.contract
        kept.duty &&= later.duty === now.duty
        kept.team &&= later.team === now.team
        if (kept.contract) later.contract = contract
        if (kept.duty) later.duty = duty
        if (kept.team) later.team = team
      }
      changed(worker.terms, { from: today, contract, duty, team })
    }
  }
}
