import { randomUUID } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, inject, onTestFinished, test } from 'vitest'
import { type Db, openDatabase } from '../../db/database.ts'
import { dayOf } from '../../server/contract/days.ts'
import { OFFICE_HOURS, startSession } from '../../server/http/session.ts'
import type { Answer } from '../support/app.ts'
import { aCase, anOrganisation, aTeam, aUser, aWorker } from '../support/builders.ts'
import { type Engine, forEachDatabase, freshDatabase } from '../support/databases.ts'
import { command, type Request, request, type ServerProcess, startProcess } from '../support/processes.ts'
import { NOTHING_SET_ASIDE } from '../support/rounds.ts'

const CLIENTS = 30
/** The server dies when this many deciding requests have been answered, with others under way. */
const KILLS = [12, 28, 45]
/** Every third client also makes a round, chooses in it and settles it. */
const ROUND_MAKERS = CLIENTS / 3

interface Client {
  cookie: string
  staffNumber: string
  /** One for an allocation outside a round, one for a round. */
  single: string
  ofRound: string
}

/** A database on disk, or on the server, that outlives the processes on it. */
async function lasting(engine: Engine) {
  if (engine === 'PostgreSQL') {
    const open = await freshDatabase(engine)
    return { url: open.url, use: <R>(work: (db: Db) => Promise<R>) => work(open.db), remove: open.close }
  }
  const directory = await mkdtemp(join(tmpdir(), 'instroom-kill-'))
  const url = join(directory, 'data')
  const image = await openAsBlob(inject('embeddedImage'))
  let fresh = true
  return {
    url,
    async use<R>(work: (db: Db) => Promise<R>) {
      const open = await openDatabase(url, fresh ? { image } : {})
      fresh = false
      try {
        return await work(open.db)
      } finally {
        await open.close()
      }
    },
    remove: () => rm(directory, { recursive: true }),
  }
}

async function furnish(db: Db): Promise<Client[]> {
  const organisationId = await anOrganisation(db)
  const teamId = await aTeam(db, { organisationId })
  const receivedOn = dayOf(new Date())
  return db.transaction().execute(async tx => {
    const clients: Client[] = []
    for (let n = 0; n < CLIENTS; n++) {
      const userId = await aUser(tx, { organisationId, roles: [{ role: 'intake', teamId }] })
      const { staffNumber } = await aWorker(tx, { organisationId, teamId })
      const single = await aCase(tx, { organisationId, teamId, receivedOn, urgency: 'emergency' })
      const ofRound = await aCase(tx, { organisationId, teamId, receivedOn })
      const session = await startSession(tx, userId, new Date(), OFFICE_HOURS)
      clients.push({
        cookie: `sid=${session}`,
        staffNumber,
        single: single.caseNumber,
        ofRound: ofRound.caseNumber,
      })
    }
    return clients
  })
}

forEachDatabase('the server is killed while people decide', engine => {
  test('every decision that was acknowledged exists once, and no other', async () => {
    const database = await lasting(engine)
    const clients = await database.use(furnish)
    let server: Promise<ServerProcess> = startProcess(database.url)
    onTestFinished(async () => {
      await (await server.catch(() => null))?.end('SIGKILL')
      await database.remove()
    })
    let answered = 0
    let retries = 0
    let kills = 0
    const killSometimes = () => {
      if (answered < (KILLS[kills] ?? Number.POSITIVE_INFINITY)) return
      kills++
      server = server.then(async running => {
        await running.end('SIGKILL')
        return startProcess(database.url)
      })
    }

    /** Sends the same request with the same key until somebody answers it. */
    const insist = async <Body = { id: number }>(
      client: Client,
      path: string,
      sending: Request,
    ): Promise<Answer<Body>> => {
      for (;;) {
        const { address } = await server
        const answer = await request<Body>(address, client.cookie, path, sending).catch(() => null)
        if (answer !== null && answer.status !== 503 && answer.status !== 429) return answer
        retries++
        // As a client does that is told to come back.
        await pause(50)
      }
    }
    const decide = async <Body = { id: number }>(
      client: Client,
      path: string,
      body: unknown,
      version: () => Promise<number> = async () => 1,
    ): Promise<Body> => {
      const key = randomUUID()
      for (;;) {
        const sending = { method: 'POST', body, key, version: await version() }
        const answer = await insist<Body>(client, path, sending)
        // A calculation that ended in between is a change of the round: look again, and send the same once more.
        if (answer.status === 412) continue
        expect(answer.status, `${path}: ${answer.text}`).toBe(201)
        answered++
        killSometimes()
        return answer.body
      }
    }
    const startOn = dayOf(new Date())
    const reason = { reasonCode: 'AFSPRAAK', reasonText: null }
    const work = async (client: Client, index: number) => {
      const { staffNumber } = client
      await decide(client, `/cases/${client.single}/allocations`, {
        ...NOTHING_SET_ASIDE,
        ...reason,
        kind: 'emergency',
        seat: 'primary',
        staffNumber,
        startOn,
      })
      if (index >= ROUND_MAKERS) return null
      const { id } = await decide(client, '/rounds', {
        teamIds: [teamId],
        caseNumbers: [client.ofRound],
        staffNumbers: [staffNumber],
        startOn,
        profile: 'balanced',
      })
      const version = async () =>
        (await insist<{ version: number }>(client, `/rounds/${id}`, {})).body.version
      await decide(
        client,
        `/rounds/${id}/choices`,
        {
          ...NOTHING_SET_ASIDE,
          ...reason,
          caseNumber: client.ofRound,
          seat: 'primary',
          kind: 'wait',
          staffNumber: null,
        },
        version,
      )
      await decide(client, `/rounds/${id}/confirmation`, { partial: true }, version)
      return id
    }
    const { body: teams } = await insist<{ id: number }[]>(clients[0]!, '/teams', {})
    const teamId = teams[0]!.id
    const rounds = (await Promise.all(clients.map(work))).filter(id => id !== null)
    expect(await (await server).end('SIGTERM')).toBe(0)
    expect(kills).toBe(KILLS.length)

    const verified = await command(['verify', '--database', database.url])
    expect(verified.said).not.toContain('FAULT')
    expect(verified.code).toBe(0)
    await database.use(async db => {
      const ids = (rows: { id: number }[]) => rows.map(row => row.id).sort((a, b) => a - b)
      expect(ids(await db.selectFrom('round').select('id').execute())).toEqual(
        ids(rounds.map(id => ({ id }))),
      )
      const settled = await db.selectFrom('round').select('id').where('status', '=', 'settled').execute()
      expect(settled).toHaveLength(ROUND_MAKERS)
      const choices = await db.selectFrom('choice').select('roundId').execute()
      expect(choices.map(choice => choice.roundId).sort((a, b) => a - b)).toEqual(
        ids(rounds.map(id => ({ id }))),
      )
      const seats = await db
        .selectFrom('allocation as a')
        .innerJoin('caseFile as c', 'c.id', 'a.caseId')
        .innerJoin('worker as w', 'w.id', 'a.workerId')
        .select(['c.caseNumber', 'w.staffNumber'])
        .orderBy('c.caseNumber')
        .execute()
      expect(seats).toEqual(
        clients
          .map(({ single, staffNumber }) => ({ caseNumber: single, staffNumber }))
          .sort((a, b) => (a.caseNumber < b.caseNumber ? -1 : 1)),
      )
      const count = async (type: string) =>
        (await db.selectFrom('event').select('seq').where('type', '=', type).execute()).length
      expect(await count('case.allocatedOutside')).toBe(CLIENTS)
      for (const type of ['round.composed', 'choice.left', 'round.settled'])
        expect(await count(type), type).toBe(ROUND_MAKERS)
    })
    console.log(`${engine}: ${answered} decisions, ${kills} kills, ${retries} requests sent again.`)
  })
})
