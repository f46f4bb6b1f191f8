import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import type { OpenDatabase } from '../../db/database.ts'
import { migrationsMissing } from '../../db/migrate.ts'
import { checkProposal } from '../../solver/check/check.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import { currentMeaning, meaningOf } from '../../solver/problem/meaning.ts'
import type { Proposal } from '../../solver/problem/problem.ts'
import { type Chain, verifyChain } from '../events/chain.ts'
import { sealMotives } from '../events/events.ts'
import type { RunAnswer } from '../scenarios/answer.ts'
import { expectedSeatHours } from '../weighing/hours.ts'

export interface Check {
  name: string
  /** What was found, with figures. */
  found: string
  /** What is wrong, in words; empty when all is well. */
  faults: string[]
}

const MAX_FAULTS = 20

/** Everything that must hold in the database, computed anew from the rows. Changes nothing. */
export async function verify(
  open: OpenDatabase,
  today: string,
  checkpoint: { seq: number; hash: string } | null = null,
): Promise<{ checks: Check[]; chain: Chain }> {
  const missing = await migrationsMissing(open.db)
  const chain = await verifyChain(open.db, checkpoint)
  return {
    chain,
    checks: [
      { name: 'schema', found: 'at head', faults: missing.map(name => `Migration ${name} has not run.`) },
      await guards(open),
      {
        name: 'history',
        found: `${chain.events} events${checkpoint ? ', checkpoint met' : ''}`,
        faults: chain.fault === null ? [] : [chain.fault],
      },
      await seats(open),
      await excesses(open),
      await hours(open, today),
      await runs(open),
      await motives(open),
      await answers(open),
    ],
  }
}

/** The constraints and triggers that refuse what must never happen are there, on, and valid. */
async function guards({ db }: OpenDatabase): Promise<Check> {
  const { rows: constraints } = await sql<{ name: string; valid: boolean }>`
    select k.conname as name, k.convalidated as valid from pg_constraint k
    join pg_namespace n on n.oid = k.connamespace where n.nspname = current_schema()`.execute(db)
  const { rows: triggers } = await sql<{ name: string; enabled: string }>`
    select tgname as name, tgenabled as enabled from pg_trigger where not tgisinternal`.execute(db)
  const names = new Set(constraints.map(({ name }) => name))
  const on = new Set(triggers.filter(({ enabled }) => enabled !== 'D').map(({ name }) => name))
  return {
    name: 'guards',
    found: `${constraints.length} constraints, ${triggers.length} triggers`,
    faults: [
      ...constraints.filter(({ valid }) => !valid).map(({ name }) => `Constraint ${name} is not valid.`),
      ...['one_worker_per_seat', 'duo_is_two_people', 'allocation_has_decision']
        .filter(name => !names.has(name))
        .map(name => `Constraint ${name} is gone.`),
      ...['event_is_final', 'allocation_within_hard_limit']
        .filter(name => !on.has(name))
        .map(name => `Trigger ${name} is gone or off.`),
    ],
  }
}

async function seats({ db }: OpenDatabase): Promise<Check> {
  const { rows } = await sql<{ caseNumber: string; seat: string }>`
    select distinct c.case_number, a.seat from allocation a
    join allocation b on b.case_id = a.case_id and b.seat = a.seat and b.id > a.id
      and daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
    join case_file c on c.id = a.case_id where a.seat in ('primary', 'second')`.execute(db)
  const { rows: counted } = await sql<{ count: number }>`select count(*) as count from allocation`.execute(db)
  return {
    name: 'seats',
    found: `${counted[0]!.count} allocations`,
    faults: rows.map(
      row => `Case ${row.caseNumber} has two workers on its ${row.seat} seat at the same time.`,
    ),
  }
}

/** An excess that was accepted names a decision that accepts it, for this case, seat and worker. */
async function excesses({ db }: OpenDatabase): Promise<Check> {
  const { rows } = await sql<{ id: number; fits: boolean }>`
    select a.id, d.accepts_excess and d.case_id = a.case_id and d.worker_id = a.worker_id and d.seat = a.seat as fits
    from allocation a join decision d on d.id = a.excess_decision_id`.execute(db)
  return {
    name: 'excesses',
    found: `${rows.length} accepted`,
    faults: rows
      .filter(({ fits }) => !fits)
      .map(({ id }) => `Allocation ${id} names a decision that is not about its excess.`),
  }
}

/** The hours of every running seat are what case and rulebook make of them. */
async function hours({ db }: OpenDatabase, today: string): Promise<Check> {
  const organisations = await db.selectFrom('organisation').select('id').execute()
  const all = (
    await Promise.all(organisations.map(({ id }) => expectedSeatHours(db, { organisationId: id, on: today })))
  ).flat()
  const total = all.reduce((sum, seat) => sum + seat.hours, 0)
  return {
    name: 'hours',
    found: `${all.length} seats, ${total.toFixed(2)} hours a week`,
    faults: all
      .filter(seat => Math.abs(seat.hours - seat.expected) > 0.005)
      .map(
        seat =>
          `Case ${seat.caseNumber}, ${seat.seat}: ${seat.hours} hours are counted, the rules make it ${seat.expected}.`,
      ),
  }
}

/** Every stored Problem has its hash, and every proposal passes the check against its own Problem. */
async function runs({ db }: OpenDatabase): Promise<Check> {
  const ids = await db.selectFrom('run').select('id').orderBy('id').execute()
  const faults: string[] = []
  let older = 0
  for (const { id } of ids) {
    const run = await db
      .selectFrom('run as r')
      .leftJoin('proposal as p', 'p.runId', 'r.id')
      .select(['r.state', 'r.kind', 'r.problem', 'r.problemSha256', 'r.answer', 'p.result'])
      .where('r.id', '=', id)
      .executeTakeFirstOrThrow()
    if (sha256(run.problem) !== run.problemSha256) faults.push(`The problem of run ${id} was changed.`)
    // Judged by what the rules meant then: what changed is in solver/problem/meaning.ts.
    if (meaningOf(run.problem) < currentMeaning) older++
    const proposals = proposalsOf(run)
    if (run.state === 'done' && proposals === null) faults.push(`Run ${id} is done but has no proposal.`)
    for (const proposal of proposals ?? []) {
      const broken = checkProposal(run.problem, proposal)
      if (broken.length > 0) faults.push(`The proposal of run ${id} breaks a rule: ${broken[0]!.message.en}`)
    }
  }
  const byOlder = older > 0 ? `, ${older} of them by an older meaning of the rules` : ''
  return { name: 'proposals', found: `${ids.length} runs checked again${byOlder}`, faults }
}

/** What came out of a run; null: nothing. */
function proposalsOf(run: { result: Proposal | null; answer: RunAnswer | null }): Proposal[] | null {
  if (run.result !== null) return [run.result]
  if (run.answer === null) return null
  return run.answer.kind === 'front'
    ? run.answer.front.points.map(point => point.proposal)
    : [run.answer.proposal]
}

/** The motive of every decision is the one that its event sealed, or was erased since. */
async function motives({ db }: OpenDatabase): Promise<Check> {
  const { rows: sealed } = await sql<{ decision: number } & Record<string, unknown>>`
    select (one->>'decision')::int as decision, one->>'reasonSha256' as "reasonSha256", one->>'unregisteredSha256' as "unregisteredSha256"
    from event, jsonb_array_elements(case type when 'round.settled' then data->'decisions' else jsonb_build_array(data) end) one
    where type in ('round.settled', 'case.allocatedOutside', 'case.moved')`.execute(db)
  const decisions = await db
    .selectFrom('decision')
    .select(['id', 'reasonText', 'unregisteredReason', 'salt'])
    .execute()
  const known = new Map(sealed.map(row => [row.decision, row]))
  return {
    name: 'motives',
    found: `${decisions.length} decisions`,
    faults: decisions.flatMap(row => {
      const event = known.get(row.id)
      if (!event) return [`Decision ${row.id} is in no event.`]
      const changed = Object.entries(sealMotives(row, row.salt).hashes).some(
        ([name, hash]) => hash !== null && hash !== event[name],
      )
      return changed ? [`The motive of decision ${row.id} is not the one that was recorded.`] : []
    }),
  }
}

async function answers({ db }: OpenDatabase): Promise<Check> {
  const open = await db.selectFrom('idempotency').select('route').where('status', '=', 0).execute()
  return {
    name: 'answers',
    found: 'every repeated request has one',
    faults: open.map(({ route }) => `A request to ${route} was recorded without an answer.`),
  }
}

/** `instroom verify`: prints each check; 1 when one fails. With a checkpoint file, compares with it and then renews it. */
export async function verifyCommand(
  open: OpenDatabase,
  today: string,
  checkpointFile: string | undefined,
): Promise<number> {
  const { checks, chain } = await verify(open, today, checkpointFile ? readCheckpoint(checkpointFile) : null)
  for (const { name, found, faults } of checks) {
    console.log(`${faults.length === 0 ? 'ok   ' : 'FAULT'} ${name.padEnd(10)} ${found}`)
    for (const fault of faults.slice(0, MAX_FAULTS)) console.log(`        ${fault}`)
    if (faults.length > MAX_FAULTS) console.log(`        and ${faults.length - MAX_FAULTS} more`)
  }
  const whole = checks.every(({ faults }) => faults.length === 0)
  if (whole && checkpointFile && chain.head) {
    writeFileSync(checkpointFile, `instroom event ${chain.head.seq} ${chain.head.hash}\n`)
    console.log(
      `Checkpoint: event ${chain.head.seq} is written to ${checkpointFile}; keep it away from the database.`,
    )
  }
  return whole ? 0 : 1
}

function readCheckpoint(file: string): { seq: number; hash: string } | null {
  if (!existsSync(file)) return null
  const [, seq, hash] = /^instroom event (\d+) ([0-9a-f]{64})\s*$/.exec(readFileSync(file, 'utf8')) ?? []
  if (seq === undefined || hash === undefined)
    throw new Error(`${file} is not a checkpoint of instroom verify.`)
  return { seq: Number(seq), hash }
}
