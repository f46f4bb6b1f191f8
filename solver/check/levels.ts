import { dayNumber } from '../problem/days.ts'
import type { ProblemCase, ProblemWorker, Proposal, ProposalLine } from '../problem/problem.ts'
import { type Books, cents, hoursFor, keeps, type Report } from './books.ts'
import { isHeavyCase } from './sums.ts'

type Level = Proposal['levels'][number]

/**
 * What each line costs, and the values of the levels and their steps, counted again from the lines; none above its bound, none
 * left out, and only called optimal when every bound is reached.
 */
export function checkLevels(books: Books, report: Report): void {
  const { problem, proposal } = books
  const placed = problem.cases.filter(one => {
    const lines = books.linesOfCase.get(one.id)!
    return lines.length > 0 && lines.every(line => line.workerId !== null)
  })
  const inClass = (name: string) => placed.filter(one => classOf(books, one) === name)
  const units = countUnits(books, report)
  const counted: Partial<Record<Level['level'], number>> = {
    currentPlaced: inClass('current').length,
    urgentPlaced: inClass('emergency').length,
    placed: placed.length - inClass('current').length - inClass('emergency').length,
    pointsMinusLoad: units / 100,
    highestLoad: highestLoad(books),
    leavers: leavers(books),
  }
  checkOutline(books, report)
  checkStatus(proposal, report)
  checkEven(books, report)
  for (const { level, value, bound, steps } of proposal.levels) {
    const own = counted[level]
    if (own !== undefined && Math.abs(own - value) > 1e-9) {
      report(
        'level',
        `Niveau ${level}: ${value} klopt niet, het is ${own}.`,
        `Level ${level}: ${value} is wrong, it is ${own}.`,
      )
    }
    const beyond =
      level === 'highestLoad' || level === 'leavers' ? value < bound - 1e-9 : value > bound + 1e-9
    if (beyond)
      report(
        'bound',
        `Niveau ${level}: waarde ${value} gaat voorbij de grens ${bound}.`,
        `Level ${level}: value ${value} passes its bound ${bound}.`,
      )
    for (const step of steps ?? []) {
      const cases = inClass(step.urgency)
      const is =
        step.measure === 'placed' ? cases.length : cases.reduce((sum, one) => sum + one.waitingDays, 0)
      if (step.value !== is || step.value > step.bound) {
        report(
          'level',
          `Niveau ${level}, ${step.urgency}: ${step.value} klopt niet, het is ${is} van hoogstens ${step.bound}.`,
          `Level ${level}, ${step.urgency}: ${step.value} is wrong, it is ${is} of at most ${step.bound}.`,
        )
      }
    }
  }
}

/** Every level that the problem asks for, with all of its steps, once and in their order: what is not said cannot be held against anything. */
function checkOutline({ problem, proposal }: Books, report: Report): void {
  const { policy } = problem
  const stepsOf = (name: string) => {
    const measures = name === 'overdue' ? ['waitingDays', 'placed'] : ['placed', 'waitingDays']
    return measures.map(measure => `${name} ${measure}`)
  }
  const late = policy.overdueAfterDays === undefined ? [] : ['overdue']
  const asked = [
    ...(problem.cases.some(one => one.current) ? [['currentPlaced', ...stepsOf('current')]] : []),
    ['urgentPlaced', ...stepsOf('emergency')],
    ['placed', ...[...late, 'high', 'normal'].flatMap(stepsOf)],
    ...(policy.leaving?.fewest ? [['leavers']] : []),
    ...(policy.lowestMaximumFirst ? [['highestLoad']] : []),
    ['pointsMinusLoad'],
  ].map(one => one.join(', '))
  const shown = proposal.levels.map(({ level, steps = [] }) =>
    [level, ...steps.map(({ urgency, measure }) => `${urgency} ${measure}`)].join(', '),
  )
  if (shown.join('; ') === asked.join('; ')) return
  report(
    'level',
    `De niveaus zijn ${shown.join('; ') || 'er niet'}; het horen te zijn: ${asked.join('; ')}.`,
    `The levels are ${shown.join('; ') || 'not there'}; they should be: ${asked.join('; ')}.`,
  )
}

/** `optimal` is a word for bounds that are all reached, and the gap is that of the last level. */
function checkStatus({ levels, status, gap }: Proposal, report: Report): void {
  const reached = levels.every(
    level => level.value === level.bound && (level.steps ?? []).every(step => step.value === step.bound),
  )
  if (reached !== (status === 'optimal')) {
    report(
      'bound',
      `De status ${status} klopt niet: ${reached ? 'elke grens is bereikt' : 'niet elke grens is bereikt'}.`,
      `The status ${status} is wrong: ${reached ? 'every bound is reached' : 'not every bound is reached'}.`,
    )
  }
  const last = levels.at(-1)
  if (!last) return
  const open = reached ? 0 : Math.abs(last.bound - last.value) / Math.max(1, Math.abs(last.value))
  if (Math.abs(gap - open) > 1e-9)
    report('bound', `Het gat ${gap} klopt niet, het is ${open}.`, `The gap ${gap} is wrong, it is ${open}.`)
}

/**
 * Highest load among those to whom the proposal gives a seat that is new to them, in steps of 0.01 % of the norm. By the first
 * meaning: among those who have a seat that people did not fix.
 */
function highestLoad(books: Books): number {
  const { problem, cases } = books
  let highest = 0
  for (const worker of problem.workers) {
    const lines = books.linesOfWorker.get(worker.id)!
    const counts = (line: ProposalLine) => (problem.meaning === 2 ? !keeps(books, line) : !line.locked)
    if (!lines.some(counts) || !(worker.normHours > 0)) continue
    const hours = lines.reduce(
      (sum, line) => sum + hoursFor(problem, cases.get(line.caseId)!, line.seat, worker),
      cents(worker.hoursInUse),
    )
    highest = Math.max(highest, Math.ceil((hours * 10000) / cents(worker.normHours)))
  }
  return highest / 10000
}

/** How even the loads are is said where the policy asks for it, as it is, and called proven only where the bound is reached. */
function checkEven(books: Books, report: Report): void {
  const { problem, proposal } = books
  const { evenLoads } = proposal
  if ((problem.policy.evenLoads === true) !== (evenLoads !== undefined)) {
    report(
      'level',
      evenLoads ? 'Er is niet gevraagd naar gelijke werklast.' : 'Hoe gelijk de werklast is, ontbreekt.',
      evenLoads ? 'Even loads were not asked for.' : 'How even the loads are is missing.',
    )
  }
  if (!evenLoads) return
  const { value, bound, status, endedBy } = evenLoads
  let is = 0
  for (const worker of problem.workers) {
    const norm = cents(worker.normHours)
    if (norm === 0) continue
    let hours = cents(worker.hoursInUse)
    for (const line of books.linesOfWorker.get(worker.id)!)
      hours += hoursFor(problem, books.cases.get(line.caseId)!, line.seat, worker)
    const share = Math.min(Math.ceil((hours * 10000) / norm), 1_000_000)
    is += share * share
  }
  if (value !== is)
    report(
      'level',
      `Gelijke werklast: ${value} klopt niet, het is ${is}.`,
      `Even loads: ${value} is wrong, it is ${is}.`,
    )
  if (value < bound)
    report(
      'bound',
      `Gelijke werklast: waarde ${value} gaat voorbij de grens ${bound}.`,
      `Even loads: value ${value} passes its bound ${bound}.`,
    )
  const reached = value === bound
  if (reached !== (status === 'optimal') || reached !== (endedBy === 'proof'))
    report(
      'bound',
      `Gelijke werklast: ${status} en ${endedBy} kloppen niet bij ${value} en ${bound}.`,
      `Even loads: ${status} and ${endedBy} do not go with ${value} and ${bound}.`,
    )
}

/**
 * Seats, new to their worker, with somebody who is gone on a day within the horizon on which the case is expected to be open: the
 * employment has ended, or an absence of the given length has begun after the start.
 */
function leavers(books: Books): number {
  const { problem } = books
  const { leaving } = problem.policy
  if (!leaving) return 0
  const start = dayNumber(problem.startOn)
  return books.proposal.lines.filter(line => {
    const worker = books.workers.get(line.workerId ?? '')
    const theCase = books.cases.get(line.caseId)
    if (!worker || !theCase || keeps(books, line)) return false
    const last = theCase.expectedUntil ? dayNumber(theCase.expectedUntil) : Number.POSITIVE_INFINITY
    const first = (day: number) => day <= start + leaving.withinDays && day <= last
    const left = worker.employedUntil === null ? Number.NaN : dayNumber(worker.employedUntil) + 1
    if (left > start && first(left)) return true
    return worker.away.some(({ from, until }) => {
      const days = until === null ? Number.POSITIVE_INFINITY : dayNumber(until) - dayNumber(from) + 1
      return dayNumber(from) > start && days >= leaving.awayFromDays && first(dayNumber(from))
    })
  }).length
}

/** Existing cases, then emergencies, then who waits too long, then by urgency. */
function classOf({ problem }: Books, one: ProblemCase): string {
  if (one.current !== undefined) return 'current'
  if (one.urgency === 'emergency') return 'emergency'
  return one.waitingDays > (problem.policy.overdueAfterDays ?? Number.POSITIVE_INFINITY)
    ? 'overdue'
    : one.urgency
}

/** Points less every cost, in units; reports lines that show another cost than theirs. */
function countUnits(books: Books, report: Report): number {
  const { problem, proposal, cases } = books
  let units = 0
  for (const line of proposal.lines) {
    const theCase = cases.get(line.caseId)
    if (line.workerId === null || !theCase) continue
    const change = changeCost(books, line)
    const holder = theCase.current?.[line.seat]
    const move = holder && holder !== line.workerId ? Math.round((problem.policy.moveCost ?? 0) * 100) : 0
    if (
      Math.round((line.changeCost ?? 0) * 100) !== change ||
      Math.round((line.moveCost ?? 0) * 100) !== move
    ) {
      report(
        'pairCost',
        `${line.caseId}: de kosten van wijzigen of overdragen kloppen niet.`,
        `${line.caseId}: the cost of changing or moving is wrong.`,
        { caseId: line.caseId },
      )
    }
    units += Math.round(line.points * 100) - change - move
  }
  for (const worker of problem.workers) {
    const lines = books.linesOfWorker.get(worker.id)!
    const hours = (line: ProposalLine) => hoursFor(problem, cases.get(line.caseId)!, line.seat, worker)
    const heavy = (line: ProposalLine) => (isHeavyCase(books, cases.get(line.caseId)!) ? 1 : 0)
    const held = books.held.get(worker.id) ?? []
    const before = held.reduce(
      (sum, one) => sum + hoursFor(problem, one.case, one.seat, worker),
      cents(worker.hoursInUse),
    )
    const heavyBefore = worker.heavyCases + held.filter(one => isHeavyCase(books, one.case)).length
    const after = lines.reduce((sum, line) => sum + hours(line), cents(worker.hoursInUse))
    const heavyAfter = lines.reduce((sum, line) => sum + heavy(line), worker.heavyCases)
    const full = price(books, worker, after, heavyAfter)
    units -= full - price(books, worker, before, heavyBefore)
    for (const line of lines) {
      const without = price(books, worker, after - hours(line), heavyAfter - heavy(line))
      if (Math.round(line.loadCost * 100) !== full - without) {
        report(
          'loadCost',
          `${line.caseId}: de prijs van werklast klopt niet.`,
          `${line.caseId}: the load cost is wrong.`,
          { caseId: line.caseId },
        )
      }
    }
  }
  return units
}

function changeCost({ problem, earlier }: Books, line: ProposalLine): number {
  const before = earlier.get(`${line.caseId} ${line.seat}`)
  if (before === undefined || before === line.workerId) return 0
  return Math.round(problem.earlier!.changeCost * 100)
}

/** Cost in hundredths of a point, step by step from the top down (the engine goes up). */
function price({ problem }: Books, worker: ProblemWorker, hours: number, heavy: number): number {
  const { policy } = problem
  const norm = cents(worker.normHours)
  let rest = hours
  let sum = 0
  for (const step of [...policy.loadCost].reverse()) {
    const from = Math.round(step.from * norm)
    if (rest <= from) continue
    sum += (rest - from) * Math.round(step.pointsPerHour * 100)
    rest = from
  }
  let cases = heavy
  let forHeavy = 0
  for (const step of [...(policy.heavyCost ?? [])].reverse()) {
    const from = Math.ceil((step.from * cents(worker.contractHours)) / cents(policy.fullTimeHours))
    if (cases <= from) continue
    forHeavy += (cases - from) * Math.round(step.points * 100)
    cases = from
  }
  return Math.round(sum / 100) + forHeavy
}
