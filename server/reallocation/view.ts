import type { Executor } from '../../db/database.ts'
import { blockedSentence } from '../../solver/explain/explain.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type {
  HeldCase,
  ProposedMove,
  ReallocationDetail,
  ReallocationResult,
  ReallocationStart,
} from '../contract/reallocation.ts'
import { changesBetween } from '../draft/stale.ts'
import { profilesOf } from '../rulebook/profiles.ts'
import { codeNames, rulebookOn } from '../rulebook/queries.ts'
import { draftViewOf } from '../scenarios/figures.ts'
import {
  CLOSING_WEEKS,
  heldCases,
  isFixed,
  RECENT_WEEKS,
  type TeamCase,
  teamWorkers,
  waitingCases,
} from './cases.ts'
import { explainMoves, movesOf, wholeGain } from './explain-moves.ts'
import { dealingProblem } from './problem.ts'
import { findRun, newestOf, proposalOf, seatsNow, type Team, viewRun, type WholeRun } from './runs.ts'

export interface Reader {
  today: string
  locale: Locale
}

/** What the team has today, and its newest calculation. */
export async function reallocationStart(
  db: Executor,
  team: Team,
  reader: Reader,
): Promise<ReallocationStart> {
  const { today, locale } = reader
  const held = await heldCases(db, team, today)
  const { content } = await rulebookOn(db, team.organisationId, today)
  const newest = await newestOf(db, team.id)
  return {
    team: { id: team.id, name: team.name },
    cases: held.map(heldView),
    waiting: (await waitingCases(db, team, today)).length,
    workers: (await teamWorkers(db, team, today)).length,
    recentWeeks: RECENT_WEEKS,
    closingWeeks: CLOSING_WEEKS,
    profiles: profilesOf(content)
      .filter(one => !one.ended)
      .map(one => ({
        code: one.code,
        name: locale === 'nl' ? one.nameNl : one.nameEn,
        text: (locale === 'nl' ? one.textNl : one.textEn) ?? '',
      })),
    run: newest && (await viewRun(db, newest, { ...reader, organisationId: team.organisationId })),
  }
}

function heldView({ facts, seats, stays, holders }: TeamCase): HeldCase {
  return {
    caseNumber: facts.caseNumber,
    familyNumber: facts.familyNumber,
    measures: facts.measures.map(one => one.measure),
    phase: facts.phase,
    children: facts.children,
    seats: seats.map(({ seat, worker, hours, startsOn }) => ({ seat, worker, hours, since: startsOn })),
    stays,
    fixed: isFixed(stays) || holders === null,
  }
}

/** One calculation with what came out, and what became of that. Throws 404 when it is not of this team. */
export async function reallocationDetail(
  db: Executor,
  team: Team,
  runId: number,
  reader: Reader,
): Promise<ReallocationDetail> {
  const run = await findRun(db, team.id, runId)
  const proposal = proposalOf(run)
  return {
    ...(await viewRun(db, run, { ...reader, organisationId: team.organisationId })),
    result: proposal && (await resultOf(db, team, run, proposal, reader)),
  }
}

async function resultOf(
  db: Executor,
  team: Team,
  run: WholeRun,
  proposal: Proposal,
  reader: Reader,
): Promise<ReallocationResult> {
  const { problem } = run
  const { policy } = problem
  const nameOf = await namesIn(db, team, problem)
  const codes = await codeNames(db)
  const view = draftViewOf(problem, proposal, { locale: reader.locale, nameOf, codes })
  const moves = movesOf(problem, proposal)
  const states = await statesOf(db, team, problem, proposal, reader.today)
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const { highestLoadBefore, highestLoadAfter, aboveBandBefore, aboveBandAfter } = view.figures
  return {
    startOn: problem.startOn,
    band: { low: policy.bandLow, high: policy.bandHigh, hardLimit: policy.hardLimit },
    status: proposal.status,
    endedBy: proposal.endedBy,
    gap: proposal.gap,
    figures: {
      cases: problem.cases.filter(one => one.current).length,
      moves: moves.length,
      highestLoadBefore,
      highestLoadAfter,
      aboveBandBefore,
      aboveBandAfter,
      gain: wholeGain(problem, proposal),
    },
    moves: explainMoves(problem, proposal, { locale: reader.locale, nameOf, codes }).map(move => ({
      ...move,
      ...(states.get(`${move.caseNumber} ${move.seat}`) ?? { state: 'elsewhere', since: null }),
    })),
    placed: proposal.lines.flatMap(({ caseId, seat, workerId, hours }) =>
      workerId === null || cases.get(caseId)?.current
        ? []
        : [{ caseNumber: caseId, seat, to: nameOf(workerId), hours }],
    ),
    unplaced: proposal.lines.flatMap(({ caseId, seat, workerId, blocked }) => {
      if (workerId !== null) return []
      const from = cases.get(caseId)?.current?.[seat]
      return [
        {
          caseNumber: caseId,
          seat,
          from: from === undefined ? null : nameOf(from),
          messages: blocked.map(one => blockedSentence(one.rule, one.workers)[reader.locale]),
        },
      ]
    }),
    loads: view.loads,
    stale: await changesSince(db, team, run, proposal, nameOf, reader),
  }
}

async function namesIn(
  db: Executor,
  team: Team,
  problem: Problem,
): Promise<(staffNumber: string) => WorkerName> {
  const numbers = problem.workers.map(one => one.id)
  const rows =
    numbers.length === 0
      ? []
      : await db
          .selectFrom('worker')
          .select(['staffNumber', 'name'])
          .where('organisationId', '=', team.organisationId)
          .where('staffNumber', 'in', numbers)
          .execute()
  const names = new Map(rows.map(row => [row.staffNumber, row.name]))
  return staffNumber => ({ staffNumber, name: names.get(staffNumber) ?? staffNumber })
}

type MoveState = Pick<ProposedMove, 'state' | 'since'>

/** What became of every move, by case and seat. */
async function statesOf(
  db: Executor,
  team: Team,
  problem: Problem,
  proposal: Proposal,
  today: string,
): Promise<Map<string, MoveState>> {
  const moves = movesOf(problem, proposal)
  const seats = await seatsNow(
    db,
    team.organisationId,
    moves.map(move => move.line.caseId),
    today,
  )
  return new Map(
    moves.map(({ line, from, to }): [string, MoveState] => {
      const own = seats.filter(one => one.caseNumber === line.caseId && one.seat === line.seat)
      const last = own.at(-1)
      const state: MoveState =
        last?.staffNumber === to
          ? { state: last.startsOn <= today ? 'done' : 'planned', since: last.startsOn }
          : { state: last?.staffNumber === from ? 'open' : 'elsewhere', since: null }
      return [`${line.caseId} ${line.seat}`, state]
    }),
  )
}

/**
 * What is otherwise now than when it was calculated. Of a case that moved as proposed, what follows from the move itself (who
 * had it before, who is around the family, whose wish was granted) does not count.
 */
async function changesSince(
  db: Executor,
  team: Team,
  run: WholeRun,
  proposal: Proposal,
  nameOf: (staffNumber: string) => WorkerName,
  { today, locale }: Reader,
): Promise<string[]> {
  if (run.asked?.kind !== 'reallocation') return []
  const then = run.problem
  const { movable, moveCost, withWaiting } = run.asked
  // A day that has gone by is judged as today.
  const startOn = then.startOn < today ? today : then.startOn
  const given = new Map(proposal.lines.map(line => [`${line.caseId} ${line.seat}`, line.workerId]))
  const workers = await teamWorkers(db, team, startOn)
  const { problem: now } = await dealingProblem(db, {
    team,
    held: (await heldCases(db, team, startOn)).map(one => asDecided(one, given)),
    mayMove: one => movable.includes(one.facts.caseNumber),
    waiting: withWaiting ? await waitingCases(db, team, startOn) : [],
    workerIds: workers.map(one => one.id),
    moveCost,
    profile: run.profile ?? '',
    startOn,
    today,
  })
  const before = new Map(then.cases.map(one => [one.id, one]))
  const anyMoved = new Set<string>()
  const elsewhere: string[] = []
  for (const one of now.cases) {
    const was = before.get(one.id)
    for (const seat of ['primary', 'second'] as const) {
      const [old, current] = [was?.current?.[seat], one.current?.[seat]]
      if (!was || old === current) continue
      if (current !== undefined && current === given.get(`${one.id} ${seat}`))
        anyMoved.add(one.group ?? one.id)
      else elsewhere.push(one.id)
    }
  }
  const told = [...new Set(elsewhere)].map(id =>
    locale === 'nl' ? `Zaak ${id} ligt bij iemand anders dan toen.` : `Case ${id} is with somebody else now.`,
  )
  const same: Problem = {
    ...now,
    cases: now.cases.map(one => {
      const was = before.get(one.id)
      if (!was || !anyMoved.has(one.group ?? one.id)) return one
      const { formerWorkers, familyWorker, workersInvolved } = was
      return { ...one, formerWorkers, familyWorker, ...(workersInvolved && { workersInvolved }) }
    }),
    workers: now.workers.map(one => {
      const was = then.workers.find(other => other.id === one.id)
      return was?.wishes && anyMoved.size > 0 ? { ...one, wishes: was.wishes } : one
    }),
  }
  return [...told, ...changesBetween(then, same, id => nameOf(id).name).map(one => one[locale])]
}

/** A case that goes over as proposed, from a later day than was calculated for, counts as if it had gone over already. */
function asDecided(one: TeamCase, given: ReadonlyMap<string, string | null>): TeamCase {
  const { caseNumber } = one.facts
  const goes = (seat: 'primary' | 'second') =>
    !one.finally?.[seat] || one.finally[seat].worker.staffNumber === given.get(`${caseNumber} ${seat}`)
  return one.holders === null && one.finally !== null && goes('primary') && goes('second')
    ? { ...one, holders: one.finally }
    : one
}
