import type { ProblemCase, ProblemWorker, ProposalLine } from '../problem/problem.ts'
import { type Books, cents, hoursFor, keeps, lockOf, presence, type Report } from './books.ts'

/** Limits per worker, and the load that the proposal shows. */
export function checkWorker(books: Books, worker: ProblemWorker, report: Report): void {
  const { problem, cases } = books
  const { policy } = problem
  const about = { workerId: worker.id }
  const mine = books.linesOfWorker.get(worker.id)!
  const total = (lines: readonly ProposalLine[]) =>
    lines.reduce((sum, line) => sum + hoursFor(problem, cases.get(line.caseId)!, line.seat, worker), 0)
  const has = holding(books, worker)
  const inUse = cents(worker.hoursInUse)
  const before = has.reduce((sum, one) => sum + hoursFor(problem, one.case, one.seat, worker), inUse)
  const after = inUse + total(mine)
  const fresh = mine.filter(line => !keeps(books, line))
  const heavyIn = (list: readonly ProblemCase[]) => list.filter(one => isHeavyCase(books, one)).length
  const load = books.loads.get(worker.id)
  const shown =
    load !== undefined &&
    cents(load.hoursBefore) === before &&
    cents(load.hoursAfter) === after &&
    cents(load.normHours) === cents(worker.normHours) &&
    load.newCases === fresh.length &&
    load.heavyBefore === worker.heavyCases + heavyIn(has.map(one => one.case)) &&
    load.heavyAfter === worker.heavyCases + heavyIn(mine.map(line => cases.get(line.caseId)!))
  if (!shown)
    report('load', `De werklast van ${worker.id} klopt niet.`, `The load of ${worker.id} is wrong.`, about)
  if (fresh.length === 0) return

  const within = (hours: number, fraction: number) =>
    hours * 10000 <= Math.round(fraction * 10000) * cents(worker.normHours)
  // A later day on which something begins that was decided before: the hours of that day, and what this round adds to them.
  const underLimit = (hours: number) =>
    within(hours, policy.hardLimit) &&
    (worker.ahead ?? []).every(
      day =>
        (cents(day.hours) + hours - inUse) * 10000 <=
        Math.round((day.hardLimit ?? policy.hardLimit) * 10000) * cents(day.normHours),
    )
  const free = fresh.filter(line => !lockOf(books, line))
  const calm = free.some(line => cases.get(line.caseId)!.urgency !== 'emergency')
  const percentage = Math.round((after * 1000) / Math.max(1, cents(worker.normHours))) / 10
  if (calm && !within(after, policy.bandHigh)) {
    report(
      'band',
      `${worker.id} komt op ${percentage} %, boven de band.`,
      `${worker.id} would reach ${percentage} %, above the band.`,
      about,
    )
  }
  // Locks with their own decision above the limit come last; what is left must fit, and so must anything proposed.
  const decided = fresh.filter(line => lockOf(books, line)?.aboveLimit)
  if (
    (free.length > 0 && !underLimit(after)) ||
    (decided.length < fresh.length && !underLimit(after - total(decided)))
  ) {
    report(
      'hardLimit',
      `${worker.id} komt op ${percentage} %, boven de harde grens.`,
      `${worker.id} would reach ${percentage} %, above the hard limit.`,
      about,
    )
  }
  checkCaps(books, worker, fresh, report)
}

/** Numbers of cases: what the worker holds on the start date, with what the round adds. */
function checkCaps(
  books: Books,
  worker: ProblemWorker,
  fresh: readonly ProposalLine[],
  report: Report,
): void {
  const { policy } = books.problem
  const has = holding(books, worker).map(one => one.case)
  const caseOf = (line: ProposalLine) => books.cases.get(line.caseId)!
  const scaled = (cap: number) =>
    Math.max(1, Math.ceil((cap * cents(worker.contractHours)) / cents(policy.fullTimeHours)))
  const bound = (
    rule: string,
    counts: (one: ProblemCase) => boolean,
    start: number,
    cap: number,
    nl: string,
    en: string,
  ) => {
    const counted = fresh.filter(line => counts(caseOf(line)))
    if (overCap(books, rule, counted, start, cap)) {
      report(rule, `${worker.id}: ${nl} (hoogstens ${cap}).`, `${worker.id}: ${en} (at most ${cap}).`, {
        workerId: worker.id,
      })
    }
  }
  bound(
    'newPerWeek',
    () => true,
    worker.newThisWeek,
    scaled(policy.newPerWeek),
    'te veel nieuwe zaken in deze week',
    'too many new cases this week',
  )
  if (policy.newPerMonth !== undefined && worker.newThisMonth !== undefined) {
    bound(
      'newPerMonth',
      () => true,
      worker.newThisMonth,
      scaled(policy.newPerMonth),
      'te veel nieuwe zaken in deze maand',
      'too many new cases this month',
    )
  }
  if (policy.openPerNew !== undefined && worker.openCases !== undefined) {
    bound(
      'openPerNew',
      () => true,
      worker.newThisMonth ?? worker.newThisWeek,
      Math.max(1, Math.floor((worker.openCases + new Set(has).size) / policy.openPerNew)),
      'te veel nieuwe zaken voor het aantal lopende zaken',
      'too many new cases for the number of open ones',
    )
  }
  const heavy = (one: ProblemCase) => isHeavyCase(books, one)
  bound(
    'heavyCases',
    heavy,
    worker.heavyCases + has.filter(heavy).length,
    scaled(policy.heavyCases),
    'te veel zware zaken',
    'too many heavy cases',
  )
  for (const cap of policy.kindCaps ?? []) {
    const ofKind = (one: ProblemCase) =>
      one[cap.kind === 'measure' ? 'measures' : 'factors'].includes(cap.code)
    const own = worker.kinds?.find(one => one.kind === cap.kind && one.code === cap.code)
    bound(
      'kindCap',
      ofKind,
      (own?.count ?? 0) + has.filter(ofKind).length,
      scaled(cap.most),
      `te veel zaken van soort ${cap.code}`,
      `too many cases of kind ${cap.code}`,
    )
  }
  if (policy.ratherNotPerRound !== undefined) {
    bound(
      'ratherNot',
      one => leaning(books, worker, one) < 0,
      0,
      policy.ratherNotPerRound,
      'te veel zaken die deze collega liever niet doet',
      'too many cases that this colleague prefers not to do',
    )
  }
}

/** Anything proposed must fit with all; locks that set the rule aside are left out when only people gave seats. */
function overCap(
  books: Books,
  rule: string,
  counted: readonly ProposalLine[],
  start: number,
  cap: number,
): boolean {
  const exempt = counted.filter(line => lockOf(books, line)?.setAside.includes(rule))
  const proposed = counted.some(line => !lockOf(books, line))
  const judged = proposed ? counted.length : counted.length - exempt.length
  return judged > 0 && start + judged > cap
}

/** Learning cases: each with a mentor on duty, and no more than the mentor has room for. */
export function checkMentors(books: Books, report: Report): void {
  const { problem, workers } = books
  if (!problem.policy.learningNeedsMentor) return
  const guided = new Map<string, ProposalLine[]>()
  for (const worker of problem.workers) {
    for (const line of books.linesOfWorker.get(worker.id)!) {
      if (keeps(books, line) || !learns(worker, books.cases.get(line.caseId)!)) continue
      const mentor = workers.get(worker.mentor ?? '')
      if (mentor && presence(problem, mentor).there) {
        guided.set(mentor.id, [...(guided.get(mentor.id) ?? []), line])
      } else if (!lockOf(books, line)?.setAside.includes('mentor')) {
        report(
          'mentor',
          `${line.caseId}: medewerker ${worker.id} leert dit nog en heeft geen mentor die er is.`,
          `${line.caseId}: worker ${worker.id} is learning this and has no mentor on duty.`,
          { caseId: line.caseId, workerId: worker.id },
        )
      }
    }
  }
  for (const [id, lines] of guided) {
    const room = workers.get(id)!.mentorRoom ?? 0
    if (overCap(books, 'mentor', lines, 0, room)) {
      report(
        'mentor',
        `Mentor ${id} krijgt ${lines.length} leerzaken en heeft ruimte voor ${room}.`,
        `Mentor ${id} would get ${lines.length} learning cases and has room for ${room}.`,
        { workerId: id },
      )
    }
  }
}

function learns(worker: ProblemWorker, one: ProblemCase): boolean {
  if (worker.registration.status === 'in_training') return true
  const goals = worker.preferences.filter(wish => wish.value === 'learn' && wish.kind === 'measure')
  return one.measures.some(measure => goals.some(goal => goal.code === measure))
}

/** Wishes for this case less wishes against it. */
function leaning(books: Books, worker: ProblemWorker, one: ProblemCase): number {
  let sum = 0
  for (const { kind, code, value } of worker.preferences) {
    const about = {
      measure: one.measures.includes(code),
      phase: one.phase === code,
      method: one.methods?.includes(code) === true,
      factor: one.factors.includes(code),
      region: one.municipality === code,
      heavy: isHeavyCase(books, one),
    }
    if (about[kind]) sum += value === 'rather' ? 1 : value === 'rather_not' ? -1 : 0
  }
  return sum
}

/** The seats of existing cases that this worker holds. */
function holding(books: Books, worker: ProblemWorker): { case: ProblemCase; seat: 'primary' | 'second' }[] {
  return books.held.get(worker.id) ?? []
}

export function isHeavyCase({ problem }: Books, { hours }: ProblemCase): boolean {
  return cents(hours.primary) + cents(hours.second ?? 0) >= cents(problem.policy.heavyFromHours)
}
