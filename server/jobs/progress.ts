import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { Progress } from '../../solver/solve.ts'
import type { RunProgress } from '../contract/runs.ts'

/** Everybody who listens on this channel hears how far runs are. It is said, not stored: what is missed is said again. */
export const PROGRESS_CHANNEL = 'instroom_progress'

/** What goes over the channel: for the streams of one organisation, and there for who may read a round of these teams. */
export interface SaidProgress {
  organisationId: number
  teamIds: number[]
  progress: RunProgress
}

/** News is told this often at most. */
const LOOK_EVERY_MS = 250
/** Without news the same is told again this often, for who opens the page in the meantime. */
const AGAIN_EVERY_MS = 2000
/** Points of the line that a level has drawn so far; with more, every second one is left out. */
const MAX_IN_TRAIL = 24

export interface ProgressTeller {
  hear(progress: Progress): void
  stop(): void
}

/**
 * Tells how far a run is to every server process, by NOTIFY: no row is written. Begins at once, so that people see that a
 * run has started, and goes on until `stop`. What cannot be said is let go: the next is said soon. Of a `hidden` run only
 * the level is told: from values one could tell suggestions that the team is not to see yet.
 */
export function tellProgress(
  db: Db,
  run: { id: number; roundId: number | null; cases: number; hidden: boolean },
  scope: Pick<SaidProgress, 'organisationId' | 'teamIds'>,
): ProgressTeller {
  const started = performance.now()
  let known: RunProgress = {
    roundId: run.roundId,
    runId: run.id,
    level: null,
    value: null,
    bound: null,
    placed: null,
    cases: run.cases,
    seconds: 0,
    trail: [],
  }
  let isNew = true
  let saidAt = 0
  let saying = false

  const say = async () => {
    const now = performance.now()
    if (saying || (!isNew && now - saidAt < AGAIN_EVERY_MS)) return
    saying = true
    isNew = false
    saidAt = now
    const said: SaidProgress = { ...scope, progress: { ...known, seconds: (now - started) / 1000 } }
    await sql`select pg_notify(${PROGRESS_CHANNEL}, ${JSON.stringify(said)})`.execute(db).catch(() => {})
    saying = false
  }
  const looking = setInterval(() => void say(), LOOK_EVERY_MS)
  void say()
  return {
    hear({ level, value, bound, placed, cases, seconds }) {
      if (run.hidden) {
        isNew ||= known.level !== level
        known = { ...known, level }
        return
      }
      const trail = withPoint(level === known.level ? known.trail : [], [seconds, value, bound])
      known = { ...known, level, value, bound, placed, cases, trail }
      isNew = true
    },
    stop() {
      clearInterval(looking)
    },
  }
}

type Trail = RunProgress['trail']

/** One more point of the line; one at which nothing changed moves the last one along. */
export function withPoint(trail: Trail, point: Trail[number]): Trail {
  const last = trail.at(-1)
  const before = trail.at(-2)
  const same = (one: Trail[number] | undefined) => one?.[1] === point[1] && one?.[2] === point[2]
  if (same(last) && same(before)) return [...trail.slice(0, -1), point]
  const longer = [...trail, point]
  return longer.length <= MAX_IN_TRAIL
    ? longer
    : longer.filter((_, place) => place % 2 === 0 || place === longer.length - 1)
}
