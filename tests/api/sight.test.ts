import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { TeamRequests } from '../../server/contract/requests.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { untilSo } from '../support/patience.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

forEachDatabase('what belongs to some stays with them', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let worker: Caller
  let admin: Caller
  const here = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const there = () => ({ organisationId: app.organisationId, teamId: app.otherTeamId })
  beforeAll(async () => {
    app = await startApp({ engine })
    ;[intake, lead, worker, admin] = [
      await app.as('intake'),
      await app.as('lead'),
      await app.as('worker'),
      await app.as('admin'),
    ]
    await app.db.updateTable('team').set({ approvesAvailability: true }).execute()
  })
  afterAll(() => app.close())

  describe('the reason of an exclusion', () => {
    test.each(['round', 'always'] as const)(
      'that lasts %s is for who may exclude and who wrote it, before and after settling',
      async lasts => {
        const cases = [await aCase(app.db, here()), await aCase(app.db, here())]
        const [kept, other] = [await aWorker(app.db, here()), await aWorker(app.db, here())]
        const round = await aRound(intake, {
          teamId: app.teamId,
          cases: cases.map(one => one.caseNumber),
          workers: [kept.staffNumber, other.staffNumber],
          startOn: '2026-12-07',
        })
        const secret = `zwager van het gezin ${lasts}`
        const said = await intake.post<RoundDetail>(
          `/rounds/${round.id}/choices`,
          {
            ...NOTHING_SET_ASIDE,
            kind: 'exclude',
            caseNumber: cases[0]!.caseNumber,
            seat: 'primary',
            staffNumber: kept.staffNumber,
            reasonCode: 'ANDERS',
            reasonText: secret,
            lasts,
          },
          { version: round.version },
        )
        expect(said.status, said.text).toBe(201)
        expect(said.text).toContain(secret)
        const look = async (caller: Caller) => {
          const texts = []
          for (const path of [
            `/rounds/${round.id}`,
            `/rounds/${round.id}/minutes/csv`,
            `/rounds/${round.id}/result`,
            `/rounds/${round.id}/decision-list`,
            `/cases/${cases[0]!.caseNumber}`,
            '/events',
            '/messages',
            '/exports/cases',
          ])
            texts.push((await caller.get(path)).text)
          return texts.join('\n')
        }
        const hidden = async () => {
          expect(await look(lead)).not.toContain(secret)
          const { body } = await lead.get<RoundDetail>(`/rounds/${round.id}`)
          expect(body.choices.map(one => [one.kind, one.reasonCode, one.reasonText])).toEqual([
            ['exclude', null, null],
          ])
          expect(await look(intake)).toContain(secret)
        }
        await hidden()
        const { version } = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
        const again = await intake.post<{ version: number }>(
          `/rounds/${round.id}/runs`,
          { timeLimitSeconds: 5 },
          { version },
        )
        expect(again.status, again.text).toBe(202)
        await untilSo(async () => {
          const { body } = await intake.get<RoundDetail>(`/rounds/${round.id}`)
          expect(body.run?.state).toBe('done')
        })
        const now = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
        const settled = await intake.post(
          `/rounds/${round.id}/confirmation`,
          { partial: false },
          { version: now.version },
        )
        expect(settled.status, settled.text).toBe(201)
        await hidden()
      },
      60_000,
    )
  })

  describe('what somebody asks', () => {
    test('about leave or the own record goes to the lead, about a weight to the intake team too', async () => {
      const mine = await aCase(app.db, here())
      await anAllocation(app.db, { caseId: mine.id, workerId: app.workerId })
      const asked = await worker.post('/mine/corrections', { subject: 'other', text: 'Mijn geheime verzoek' })
      expect(asked.status, asked.text).toBe(201)
      const absence = {
        kind: 'absence',
        reason: null,
        percentage: 100,
        validFrom: '2027-02-01',
        validUntil: '2027-02-05',
      }
      expect((await worker.post('/mine/availability', { entries: [absence] })).status).toBe(201)
      const disputed = await worker.post('/mine/disputes', {
        caseNumber: mine.caseNumber,
        hours: 6,
        text: 'Er komt meer bij kijken.',
      })
      expect(disputed.status, disputed.text).toBe(201)

      const list = async (caller: Caller) => (await caller.get<TeamRequests>('/requests')).body
      const ofLead = await list(lead)
      expect(ofLead.requests.map(one => one.kind).sort()).toEqual(['absence', 'correction', 'weight'])
      const ofIntake = await list(intake)
      expect(ofIntake.requests.map(one => one.kind)).toEqual(['weight'])
      expect(ofIntake.counts).toEqual({ open: 1, settled: 0 })
      expect((await intake.get('/requests?kind=correction')).text).not.toContain('geheime')
      expect((await intake.get('/events')).text).not.toMatch(/request\.(made|entered|correctionAsked)/)
      expect((await lead.get('/events')).text).toContain('request.correctionAsked')
      const { id, version } = ofLead.requests.find(one => one.kind === 'correction')!
      const answer = { outcome: 'declined', text: 'Dit klopt al.', hours: null }
      expect((await intake.post(`/requests/${id}/answer`, answer, { version })).status).toBe(404)
      expect((await lead.post(`/requests/${id}/answer`, answer, { version })).status).toBe(200)
    })
  })

  describe('a number of another team', () => {
    test('names nobody: not as excluded and not as former worker', async () => {
      const far = await aWorker(app.db, there())
      const near = await aCase(app.db, here())
      const tried = async (staffNumber: string) => {
        const excluded = await intake.post(
          `/cases/${near.caseNumber}/exclusions`,
          { staffNumber, reason: 'familie', untilOn: null },
          { version: 1 },
        )
        const ended = await intake.post(
          `/cases/${near.caseNumber}/exclusions/${staffNumber}/ending`,
          { reason: 'niet meer nodig' },
          { version: 1 },
        )
        const entered = await intake.post('/cases', {
          caseNumber: 'N-FORMER',
          teamId: app.teamId,
          familyNumber: null,
          measures: [],
          phase: null,
          children: null,
          factors: [],
          urgency: 'normal',
          receivedOn: '2026-11-20',
          municipality: null,
          competences: [],
          duoNeeded: false,
          formerWorkers: [staffNumber],
        })
        return [excluded, ended, entered].map(({ status, body }) =>
          `${status} ${body.detail} ${JSON.stringify(body.errors)}`.replaceAll(staffNumber, '#'),
        )
      }
      const answers = await tried(far.staffNumber)
      expect(answers).toEqual(await tried('jb-none'))
      expect(answers.map(one => one.slice(0, 3))).toEqual(['404', '404', '422'])
    })

    test('of a family shows no case of it', async () => {
      const far = await aCase(app.db, { ...there(), familyNumber: 'G-VER' })
      const near = await aCase(app.db, { ...here(), familyNumber: 'G-VER' })
      const { body, text } = await intake.get<CaseDetail>(`/cases/${near.caseNumber}`)
      expect(body.relatives).toEqual([])
      expect(text).not.toContain(far.caseNumber)
    })
  })

  describe('the live stream', () => {
    test('tells each person what they may read, and of which kind', async () => {
      const address = await app.app.listen({ host: '127.0.0.1', port: 0 })
      const farLead = await app.signIn(
        await aUser(app.db, {
          organisationId: app.organisationId,
          roles: [{ role: 'lead', teamId: app.otherTeamId }],
        }),
      )
      const farWorker = await aWorker(app.db, there())
      const colleague = await app.signIn(
        await aUser(app.db, {
          organisationId: app.organisationId,
          roles: [{ role: 'worker' }],
          workerId: farWorker.id,
        }),
      )
      const people = { intake, lead, worker, admin, farLead, colleague }
      const heard: Record<string, string> = {}
      const stops: (() => void)[] = []
      for (const [who, caller] of Object.entries(people)) {
        heard[who] = ''
        const answer = await fetch(`${address}/api/stream`, { headers: { cookie: caller.cookie } })
        void (async () => {
          const decoder = new TextDecoder()
          for await (const chunk of answer.body ?? [])
            heard[who] = heard[who]! + decoder.decode(chunk, { stream: true })
        })().catch(() => {})
        stops.push(() => void answer.body?.cancel().catch(() => {}))
        await untilSo(() => expect(heard[who]).toContain('event: ready'))
      }

      const held = await aCase(app.db, here())
      await anAllocation(app.db, { caseId: held.id, workerId: app.workerId })
      const loose = await aCase(app.db, here())
      const weight = { hours: 6, reason: 'proef' }
      for (const one of [held, loose]) {
        const set = await intake.put(`/cases/${one.caseNumber}/weight`, weight, { version: 1 })
        expect(set.status, set.text).toBe(200)
      }
      const asked = await worker.post<{ id: number }>('/mine/corrections', {
        subject: 'other',
        text: 'Nog een verzoek',
      })
      expect(asked.status, asked.text).toBe(201)
      const text = 'zaaknummer;kinderen\nNIET-1;2'
      await intake.post('/imports/cases', { text, dryRun: true })
      await lead.get('/exports/workers')
      const named = await admin.post('/teams', { name: `Team Laatst ${engine}` })
      expect(named.status, named.text).toBe(201)
      await untilSo(() => expect(heard.admin).toContain('team.created'))
      // Written to all listeners in one go: what the administrator hears last, the others heard before or never.
      await untilSo(() => expect(heard.worker).toContain('request.correctionAsked'))
      const kinds = (who: string) =>
        [...heard[who]!.matchAll(/data: (\{"seq".*\})/g)].map(match => {
          const { type, objectId } = JSON.parse(match[1]!) as { type: string; objectId: string }
          return `${type} ${objectId}`
        })
      const requestId = String(asked.body.id)
      const weights = [held, loose].map(one => `case.weightSet ${one.caseNumber}`)
      const of = (who: string) =>
        kinds(who).filter(one => !/^(team\.created|case\.reweighed|messages?\.)/.test(one))
      expect(of('intake')).toEqual(weights)
      expect(of('lead')).toEqual([...weights, `request.correctionAsked ${requestId}`])
      expect(of('worker')).toEqual([weights[0], `request.correctionAsked ${requestId}`])
      expect(of('admin')).toEqual(weights)
      expect(of('farLead')).toEqual([])
      expect(of('colleague')).toEqual([])
      for (const stop of stops) stop()
    })
  })
})
