import { setTimeout as pause } from 'node:timers/promises'
import type { OpenDatabase } from '../../db/database.ts'
import { checkProposal } from '../../solver/check/check.ts'
import type { Proposal } from '../../solver/problem/problem.ts'
import type { ThreadJob } from '../../solver/thread/thread.ts'
import { teamsOf } from '../draft/rounds.ts'
import { unseenCases } from '../draft/unseen.ts'
import type { JobLog } from '../event-loop/log.ts'
import { startThread } from '../event-loop/solver-thread.ts'
import { EVENT_CHANNEL } from '../events/events.ts'
import { type ProgressTeller, tellProgress } from './progress.ts'
import {
  type ClaimedRun,
  claimRun,
  failRun,
  keepLease,
  type LeaseOptions,
  storeAnswer,
  storeProposal,
} from './queue.ts'

export interface JobOptions extends LeaseOptions {
  open: OpenDatabase
  log: JobLog
  /** The built thread; left out, it is looked for beside the running file. */
  threadUrl?: URL
  /** How often to look without having heard anything: for runs whose process died. */
  pollMs?: number
}

export interface Jobs {
  /** Takes no new run, gives the one in hand back to the queue, and waits until nothing is under way. */
  stop(): Promise<void>
}

/** What may end a run that is under way: it looks whether it is the one. */
const ENDING = [
  'run.stopRequested',
  'run.cancelled',
  'reallocation.stopRequested',
  'reallocation.cancelled',
  'scenario.deleted',
  'round.cancelled',
  'round.settled',
]
const BEGINNING = ['run.requested', 'scenario.requested', 'reallocation.requested']
/** After a request to stop, the thread has this long to come with the best it has; engines do not always look in time. */
const STOP_GRACE_MS = 1000

/**
 * Starts the runner of this process: it takes queued runs one by one and has each solved in a thread. It hears of new runs
 * by the event that records them, and looks by itself now and then. Any number of processes may do this at once.
 */
export function startJobs(options: JobOptions): Jobs {
  const { open, log } = options
  const pollMs = options.pollMs ?? 15_000
  const stopping = new AbortController()
  let wake = () => {}
  let hasWork = true
  const heard = () => {
    hasWork = true
    wake()
  }
  const current = { askStop: () => {} }

  const listening = open
    .listen(
      EVENT_CHANNEL,
      payload => {
        const type = typeOf(payload)
        if (typeof type !== 'string') return
        if (BEGINNING.includes(type)) heard()
        if (ENDING.includes(type)) current.askStop()
      },
      { missed: heard },
    )
    .catch(error => {
      log.error({ err: error }, 'cannot listen for runs; looking for them now and then')
      return async () => {}
    })

  const loop = async () => {
    while (!stopping.signal.aborted) {
      hasWork = false
      try {
        const run = await claimRun(open.db, options)
        if (run) {
          hasWork = true
          await work(run, options, stopping.signal, current)
        }
      } catch (error) {
        log.error({ err: error }, 'run queue')
        await pause(1000, undefined, { signal: stopping.signal }).catch(() => {})
      }
      if (hasWork || stopping.signal.aborted) continue
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, pollMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        if (hasWork) wake()
      })
    }
  }
  const ended = loop()
  return {
    async stop() {
      stopping.abort()
      wake()
      await ended
      const silence = await listening
      await silence()
    },
  }
}

/** Solves one run. Whatever comes out is stored only if this attempt still holds the lease. */
async function work(
  run: ClaimedRun,
  options: JobOptions,
  stopping: AbortSignal,
  current: { askStop: () => void },
): Promise<void> {
  const { open, log, threadUrl } = options
  const stop = new SharedArrayBuffer(4)
  const telling = await startTelling(open, run)
  const thread = startThread(jobOf(run, stop), threadUrl, telling.hear)
  const lease = { lost: false, stopAsked: false }
  const askThread = () => {
    Atomics.store(new Int32Array(stop), 0, 1)
    thread.endWithin(STOP_GRACE_MS)
  }
  const look = async () => {
    try {
      const state = await keepLease(open.db, run, options)
      if (state === 'lost') {
        lease.lost = true
        thread.abandon()
      } else if (state === 'stop' && !lease.stopAsked) {
        lease.stopAsked = true
        askThread()
      }
    } catch (error) {
      log.error({ err: error, run: run.id }, 'cannot keep the lease')
    }
  }
  current.askStop = () => void look()
  const beat = setInterval(look, (options.leaseSeconds ?? 15) * 333)
  const giveBack = () => thread.abandon()
  stopping.addEventListener('abort', giveBack)
  if (stopping.aborted) giveBack()
  if (run.stopRequested) await look()
  const result = await thread.result
  telling.stop()
  clearInterval(beat)
  current.askStop = () => {}
  stopping.removeEventListener('abort', giveBack)

  if (lease.lost) {
    log.info({ run: run.id, attempt: run.attempt }, 'lost the lease; the result is thrown away')
    return
  }
  if (result.kind === 'proposal') {
    const byPerson = lease.stopAsked && result.proposal.endedBy === 'clock'
    const proposal: Proposal = byPerson ? endedByPerson(result.proposal) : result.proposal
    const faults = judge(run, proposal)
    if (faults.length === 0) {
      const stored =
        run.kind === 'round'
          ? await storeProposal(open.db, run, proposal)
          : await storeAnswer(open.db, run, {
              kind: run.kind === 'reallocation' ? 'reallocation' : 'whatIf',
              proposal,
            })
      log.info({ run: run.id, attempt: run.attempt, stored }, 'solved')
      return
    }
    log.error({ run: run.id, faults }, 'the answer did not pass the check')
    await failRun(open.db, run, { failure: 'refused', again: null })
    return
  }
  if (result.kind === 'front') {
    const faults = result.answer.points.flatMap(point => judge(run, point.proposal))
    if (faults.length === 0) {
      const stored = await storeAnswer(open.db, run, { kind: 'front', front: result.answer })
      log.info({ run: run.id, attempt: run.attempt, stored }, 'trade-off calculated')
      return
    }
    log.error({ run: run.id, faults }, 'the answer did not pass the check')
    await failRun(open.db, run, { failure: 'refused', again: null })
    return
  }
  if (result.kind !== 'failed') throw new Error(`The solver answered ${result.kind} to a run.`)
  log.error({ run: run.id, attempt: run.attempt, why: result.why, message: result.message }, 'run failed')
  if (stopping.aborted) await failRun(open.db, run, { failure: 'failed', again: 'returned' })
  else if (lease.stopAsked) await failRun(open.db, run, { failure: 'stopped', again: null })
  // The clock would end it again; anything else gets one more try.
  else {
    const again = result.why !== 'time' && run.attempt - run.returned < 2 ? 'retry' : null
    await failRun(open.db, run, { failure: result.why, again })
  }
}

/** The thread was ended from outside because somebody asked for it, and not by its clock. */
function endedByPerson(proposal: Proposal): Proposal {
  const { evenLoads } = proposal
  const byPerson = evenLoads?.endedBy === 'clock' && { ...evenLoads, endedBy: 'person' as const }
  return { ...proposal, endedBy: 'person', ...(byPerson && { evenLoads: byPerson }) }
}

async function startTelling({ db }: OpenDatabase, run: ClaimedRun): Promise<ProgressTeller> {
  const cases = run.problem.cases.length
  if (run.roundId === null) {
    const { id, organisationId } = await db
      .selectFrom('team')
      .select(['id', 'organisationId'])
      .where('id', '=', run.teamId)
      .executeTakeFirstOrThrow()
    const said = { id: run.id, roundId: null, cases, hidden: false }
    return tellProgress(db, said, { organisationId, teamIds: [id] })
  }
  const round = await db
    .selectFrom('round')
    .select(['id', 'status', 'organisationId'])
    .where('id', '=', run.roundId)
    .executeTakeFirstOrThrow()
  const teams = await teamsOf(db, round.id)
  const hidden = (await unseenCases(db, { ...round, teams })).size > 0
  return tellProgress(
    db,
    { id: run.id, roundId: round.id, cases, hidden },
    { organisationId: round.organisationId, teamIds: teams.map(team => team.id) },
  )
}

function jobOf(run: ClaimedRun, stop: SharedArrayBuffer): ThreadJob {
  const { problem, asked } = run
  const limits = { timeLimitMs: run.timeLimitSeconds * 1000 }
  if (asked?.kind !== 'front') return { problem, limits, stop }
  const { points, highestLoadAtMost, pointsAtLeast } = asked
  const highestAtMost = highestLoadAtMost === null ? null : Math.round(highestLoadAtMost * 100)
  return { task: 'front', problem, limits, stop, options: { points, highestAtMost, pointsAtLeast } }
}

/** What the answer says that the Problem does not bear out. The thread judged it too; this is another process memory. */
function judge(run: ClaimedRun, proposal: Proposal): string[] {
  if (proposal.problemSha256 !== run.problemSha256) return ['The answer is to another problem.']
  return checkProposal(run.problem, proposal).map(finding => finding.message.en)
}

function typeOf(payload: string): unknown {
  try {
    return (JSON.parse(payload) as { type?: unknown }).type
  } catch {
    return null
  }
}
