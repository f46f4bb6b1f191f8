import type { Problem, ProblemCase, ProblemWorker, Proposal, ProposalLine } from './problem.ts'
import type { Sentence } from './sentences.ts'

/** Something a proposal says that the Problem does not bear out. */
export interface Finding {
  code: string
  caseId?: string
  workerId?: string
  message: Sentence
}

/**
 * Judges a Proposal against its Problem, from the Problem alone: it shares no code with the rules, bundles or models
 * that made it, so that one mistake cannot hide in both. Empty: everything the proposal says is borne out.
 *
 * Optimality is not judged here; the bound is only held against the value.
 */
export function checkProposal(problem: Problem, proposal: Proposal): Finding[] {
  const findings: Finding[] = []
  const report = (code: string, nl: string, en: string, about: { caseId?: string; workerId?: string } = {}) =>
    findings.push({ code, ...about, message: { nl, en } })
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))

  const seen = new Set<string>()
  for (const line of proposal.lines) {
    const theCase = cases.get(line.caseId)
    const about = { caseId: line.caseId, ...(line.workerId === null ? {} : { workerId: line.workerId }) }
    const seat = `${line.caseId} ${line.seat}`
    if (!theCase || (line.seat === 'second' && !theCase.duo)) {
      report('unknownSeat', `Onbekende plek: ${seat}.`, `Unknown seat: ${seat}.`, about)
      continue
    }
    if (seen.has(seat))
      report('seatTwice', `Plek ${seat} staat er twee keer in.`, `Seat ${seat} occurs twice.`, about)
    seen.add(seat)
    if (line.workerId === null) continue
    const worker = workers.get(line.workerId)
    if (!worker) {
      report(
        'unknownWorker',
        `Onbekende medewerker ${line.workerId}.`,
        `Unknown worker ${line.workerId}.`,
        about,
      )
      continue
    }
    checkPair(problem, line, theCase, worker, (code, nl, en) =>
      report(code, `${line.caseId}: ${nl}`, `${line.caseId}: ${en}`, about),
    )
    checkSums(line, (code, nl, en) => report(code, `${line.caseId}: ${nl}`, `${line.caseId}: ${en}`, about))
  }
  for (const one of problem.cases) {
    const seats = one.duo ? ['primary', 'second'] : ['primary']
    for (const seat of seats) {
      if (!seen.has(`${one.id} ${seat}`)) {
        report('seatMissing', `${one.id}: plek ${seat} ontbreekt.`, `${one.id}: seat ${seat} is missing.`, {
          caseId: one.id,
        })
      }
    }
    checkCase(problem, proposal, one, report)
  }
  for (const worker of problem.workers) checkWorker(problem, proposal, worker, cases, report)
  checkLevels(problem, proposal, cases, report)
  return findings
}

type Report = (code: string, nl: string, en: string, about?: { caseId?: string; workerId?: string }) => void

const cents = (hours: number) => Math.round(hours * 100)

function lockOf(problem: Problem, line: ProposalLine) {
  return problem.locks.find(
    lock => lock.caseId === line.caseId && lock.seat === line.seat && lock.workerId === line.workerId,
  )
}

function hoursFor(problem: Problem, theCase: ProblemCase, seat: string, worker: ProblemWorker): number {
  const minutes = theCase.municipality === null ? undefined : worker.travelMinutes[theCase.municipality]
  const far = minutes !== undefined && minutes > problem.policy.travel.overMinutes
  return (
    cents(seat === 'second' ? (theCase.hours.second ?? 0) : theCase.hours.primary) +
    (far ? cents(problem.policy.travel.hours) : 0)
  )
}

/** Rules about one case and one worker. */
function checkPair(
  problem: Problem,
  line: ProposalLine,
  theCase: ProblemCase,
  worker: ProblemWorker,
  report: (code: string, nl: string, en: string) => void,
): void {
  const day = problem.startOn
  const lock = lockOf(problem, line)
  const employed =
    worker.employedFrom <= day && !(worker.employedUntil !== null && worker.employedUntil < day)
  const away = worker.away.some(one => one.from <= day && !(one.until !== null && one.until < day))
  if (!employed || away)
    report(
      'onDuty',
      `medewerker ${worker.id} is er niet op ${day}.`,
      `worker ${worker.id} is not on duty on ${day}.`,
    )
  if (!(worker.normHours > 0))
    report('hasNorm', `medewerker ${worker.id} heeft geen caseload.`, `worker ${worker.id} has no caseload.`)
  const { status, from, until } = worker.registration
  const registered =
    status === 'registered' && !(from !== null && day < from) && !(until !== null && until < day)
  if (!registered && !lock?.unregisteredException) {
    report(
      'registration',
      `medewerker ${worker.id} is niet geregistreerd.`,
      `worker ${worker.id} is not registered.`,
    )
  }
  for (const need of theCase.competences.filter(one => one.need === 'required')) {
    const able = worker.competences.some(
      own =>
        own.competence === need.competence &&
        own.level >= need.level &&
        !(own.expiresOn !== null && own.expiresOn < day),
    )
    if (!able) {
      report(
        'competence',
        `medewerker ${worker.id} mist competentie ${need.competence}, niveau ${need.level}.`,
        `worker ${worker.id} lacks competence ${need.competence}, level ${need.level}.`,
      )
    }
  }
  if (theCase.excludedWorkers.includes(worker.id)) {
    report(
      'conflict',
      `medewerker ${worker.id} mag niet: afgeschermde reden.`,
      `worker ${worker.id} is not allowed: hidden reason.`,
    )
  }
  const excluded = problem.exclusions.some(one => one.caseId === theCase.id && one.workerId === worker.id)
  if (excluded && !lock?.setAside.includes('teamExclusion')) {
    report(
      'teamExclusion',
      `medewerker ${worker.id} is door het team uitgesloten.`,
      `worker ${worker.id} was ruled out by the team.`,
    )
  }
  if (problem.waiting.includes(theCase.id))
    report('teamWaits', 'het team laat deze zaak wachten.', 'the team lets this case wait.')
  const locked = problem.locks.find(one => one.caseId === theCase.id && one.seat === line.seat)
  if (locked && locked.workerId !== worker.id) {
    report(
      'lockedElsewhere',
      `vastgezet voor medewerker ${locked.workerId}.`,
      `locked for worker ${locked.workerId}.`,
    )
  }
  if (line.locked !== (locked !== undefined))
    report('lockMark', 'het slot klopt niet.', 'the lock mark is wrong.')
  if (cents(line.hours) !== hoursFor(problem, theCase, line.seat, worker)) {
    report('hours', `${line.hours} uur klopt niet.`, `${line.hours} hours is wrong.`)
  }
}

/** Contributions: every criterion once, value x weight rounded to a tenth, adding up to the points. */
function checkSums(line: ProposalLine, report: (code: string, nl: string, en: string) => void): void {
  let tenths = 0
  const codes = new Set<string>()
  for (const part of line.contributions) {
    tenths += Math.round(part.points * 10)
    const sound =
      Math.abs(part.value) <= 1 &&
      Math.abs(part.value * part.weight - part.points) < 0.0501 &&
      !codes.has(part.criterion)
    if (!sound)
      report(
        'contribution',
        `bijdrage ${part.criterion} klopt niet.`,
        `contribution ${part.criterion} is wrong.`,
      )
    codes.add(part.criterion)
  }
  if (tenths !== Math.round(line.points * 10)) {
    report(
      'points',
      `bijdragen tellen op tot ${tenths / 10}, niet ${line.points}.`,
      `contributions add up to ${tenths / 10}, not ${line.points}.`,
    )
  }
}

/** Rules inside one case: a duo is two people or nobody; a group has one primary worker; locks that hold are kept. */
function checkCase(problem: Problem, proposal: Proposal, one: ProblemCase, report: Report): void {
  const lines = proposal.lines.filter(line => line.caseId === one.id)
  const filled = lines.filter(line => line.workerId !== null)
  const about = { caseId: one.id }
  if (one.threat && !one.duo && filled.length > 0) {
    report(
      'duoRequired',
      `${one.id}: bij dreiging is een duo verplicht.`,
      `${one.id}: a threat makes a duo compulsory.`,
      about,
    )
  }
  if (one.duo && filled.length === 2 && filled[0]!.workerId === filled[1]!.workerId) {
    report('duoDistinct', `${one.id}: een duo is twee mensen.`, `${one.id}: a duo is two people.`, about)
  }
  if (one.duo && filled.length === 1 && !lockOf(problem, filled[0]!)) {
    report('halfDuo', `${one.id}: het duo is half gevuld.`, `${one.id}: the duo is half filled.`, about)
  }
  const primary = filled.find(line => line.seat === 'primary')
  if (primary) checkTogether(problem, proposal, one, primary, report)
}

/** Siblings and concurrent measures with one worker, and with the one who serves the family or got one of them. */
function checkTogether(
  problem: Problem,
  proposal: Proposal,
  one: ProblemCase,
  primary: ProposalLine,
  report: Report,
): void {
  const lock = lockOf(problem, primary)
  if (lock?.setAside.includes('together')) return
  const about = { caseId: one.id }
  const kin = one.group === null ? [] : problem.cases.filter(c => c.id !== one.id && c.group === one.group)
  const people =
    one.familyWorker !== null
      ? [one.familyWorker]
      : kin.flatMap(other => {
          const given = problem.locks.filter(
            l => l.caseId === other.id && l.seat === 'primary' && !l.setAside.includes('together'),
          )
          return [...(other.familyWorker === null ? [] : [other.familyWorker]), ...given.map(l => l.workerId)]
        })
  if (people.length > 0 && !people.some(id => id === primary.workerId)) {
    report(
      'together',
      `${one.id}: het gezin is bij medewerker ${people[0]}.`,
      `${one.id}: the family is with worker ${people[0]}.`,
      about,
    )
  }
  if (lock) return
  for (const other of kin) {
    const line = proposal.lines.find(l => l.caseId === other.id && l.seat === 'primary')
    if (!line || line.workerId === null || line.workerId === primary.workerId || lockOf(problem, line))
      continue
    report(
      'together',
      `${one.id} en ${other.id} horen bij één medewerker.`,
      `${one.id} and ${other.id} belong with one worker.`,
      about,
    )
  }
}

/** Limits per worker, and the load that the proposal shows. */
function checkWorker(
  problem: Problem,
  proposal: Proposal,
  worker: ProblemWorker,
  cases: ReadonlyMap<string, ProblemCase>,
  report: Report,
): void {
  const { policy } = problem
  const about = { workerId: worker.id }
  const mine = proposal.lines.filter(line => line.workerId === worker.id && cases.has(line.caseId))
  const total = (lines: readonly ProposalLine[]) =>
    lines.reduce((sum, line) => sum + hoursFor(problem, cases.get(line.caseId)!, line.seat, worker), 0)
  const heavy = (line: ProposalLine) => {
    const { hours } = cases.get(line.caseId)!
    return cents(hours.primary) + cents(hours.second ?? 0) >= cents(policy.heavyFromHours)
  }
  const before = cents(worker.hoursInUse)
  const after = before + total(mine)
  const load = proposal.loads.find(one => one.workerId === worker.id)
  const heavyAfter = worker.heavyCases + mine.filter(heavy).length
  const shown =
    load !== undefined &&
    cents(load.hoursBefore) === before &&
    cents(load.hoursAfter) === after &&
    cents(load.normHours) === cents(worker.normHours) &&
    load.newCases === mine.length &&
    load.heavyBefore === worker.heavyCases &&
    load.heavyAfter === heavyAfter
  if (!shown)
    report('load', `De werklast van ${worker.id} klopt niet.`, `The load of ${worker.id} is wrong.`, about)
  if (mine.length === 0) return

  const within = (hours: number, fraction: number) =>
    hours * 10000 <= Math.round(fraction * 10000) * cents(worker.normHours)
  const free = mine.filter(line => !lockOf(problem, line))
  const calm = free.some(line => cases.get(line.caseId)!.urgency !== 'emergency')
  const percentage = Math.round((after * 1000) / Math.max(1, cents(worker.normHours))) / 10
  if (calm && !within(after, policy.bandHigh)) {
    report(
      'band',
      `${worker.id} komt op ${percentage} %, boven de bandbreedte.`,
      `${worker.id} would reach ${percentage} %, above the band.`,
      about,
    )
  }
  const ownLimit = mine.filter(line => !lockOf(problem, line)?.aboveLimit)
  // Locks with their own decision above the limit come last; what is left must fit, and so must anything proposed.
  if (
    (free.length > 0 && !within(after, policy.hardLimit)) ||
    (ownLimit.length > 0 && !within(before + total(ownLimit), policy.hardLimit))
  ) {
    report(
      'hardLimit',
      `${worker.id} komt op ${percentage} %, boven de harde grens.`,
      `${worker.id} would reach ${percentage} %, above the hard limit.`,
      about,
    )
  }
  const scaled = (cap: number) =>
    Math.max(1, Math.ceil((cap * cents(worker.contractHours)) / cents(policy.fullTimeHours)))
  const bound = (
    rule: string,
    counted: ProposalLine[],
    start: number,
    cap: number,
    nl: string,
    en: string,
  ) => {
    const exempt = counted.filter(line => lockOf(problem, line)?.setAside.includes(rule))
    const proposed = counted.some(line => !lockOf(problem, line))
    const judged = proposed ? counted.length : counted.length - exempt.length
    if (judged > 0 && start + judged > cap)
      report(rule, `${worker.id}: ${nl} (hoogstens ${cap}).`, `${worker.id}: ${en} (at most ${cap}).`, about)
  }
  bound(
    'newPerWeek',
    mine,
    worker.newThisWeek,
    scaled(policy.newPerWeek),
    'te veel nieuwe zaken in deze week',
    'too many new cases this week',
  )
  bound(
    'heavyCases',
    mine.filter(heavy),
    worker.heavyCases,
    scaled(policy.heavyCases),
    'te veel zware zaken',
    'too many heavy cases',
  )
}

/** The values of the levels, counted again from the lines; and no value above its bound. */
function checkLevels(
  problem: Problem,
  proposal: Proposal,
  cases: ReadonlyMap<string, ProblemCase>,
  report: Report,
): void {
  const placed = problem.cases.filter(one => {
    const lines = proposal.lines.filter(line => line.caseId === one.id)
    return lines.length > 0 && lines.every(line => line.workerId !== null)
  })
  const urgent = placed.filter(one => one.urgency === 'emergency').length
  let units = 0
  for (const line of proposal.lines) if (line.workerId !== null) units += Math.round(line.points * 100)
  for (const worker of problem.workers) {
    const lines = proposal.lines.filter(line => line.workerId === worker.id && cases.has(line.caseId))
    if (lines.length === 0) continue
    const before = cents(worker.hoursInUse)
    const after = lines.reduce(
      (sum, line) => sum + hoursFor(problem, cases.get(line.caseId)!, line.seat, worker),
      before,
    )
    units -= price(problem, worker, after) - price(problem, worker, before)
    for (const line of lines) {
      const hours = hoursFor(problem, cases.get(line.caseId)!, line.seat, worker)
      if (
        Math.round(line.loadCost * 100) !==
        price(problem, worker, after) - price(problem, worker, after - hours)
      ) {
        report(
          'loadCost',
          `${line.caseId}: de prijs van werklast klopt niet.`,
          `${line.caseId}: the load cost is wrong.`,
          { caseId: line.caseId },
        )
      }
    }
  }
  const counted: Partial<Record<Proposal['levels'][number]['level'], number>> = {
    urgentPlaced: urgent,
    placed: placed.length - urgent,
    pointsMinusLoad: units / 100,
  }
  for (const { level, value, bound } of proposal.levels) {
    const own = counted[level]
    if (own !== undefined && Math.abs(own - value) > 1e-9) {
      report(
        'level',
        `Niveau ${level}: ${value} klopt niet, het is ${own}.`,
        `Level ${level}: ${value} is wrong, it is ${own}.`,
      )
    }
    const beyond = level === 'highestLoad' ? value < bound - 1e-9 : value > bound + 1e-9
    if (beyond)
      report(
        'bound',
        `Niveau ${level}: waarde ${value} gaat voorbij de grens ${bound}.`,
        `Level ${level}: value ${value} passes its bound ${bound}.`,
      )
  }
}

/** Load cost in hundredths of a point, step by step from the top down (load.ts goes up). */
function price(problem: Problem, worker: ProblemWorker, hours: number): number {
  const norm = cents(worker.normHours)
  let rest = hours
  let sum = 0
  for (const step of [...problem.policy.loadCost].reverse()) {
    const from = Math.round(step.from * norm)
    if (rest <= from) continue
    sum += (rest - from) * Math.round(step.pointsPerHour * 100)
    rest = from
  }
  return Math.round(sum / 100)
}
