import type { Problem, ProblemCase, ProblemWorker, Proposal, ProposalLine } from '../problem/problem.ts'
import {
  type Books,
  cents,
  type Finding,
  hoursFor,
  keeps,
  lockOf,
  openBooks,
  presence,
  type Report,
} from './books.ts'
import { checkLevels } from './levels.ts'
import { checkMentors, checkWorker } from './sums.ts'

/**
 * Judges a Proposal against its Problem, from the Problem alone: it shares no code with the rules, bundles or models
 * that made it, so that one mistake cannot hide in both. Empty: everything the proposal says is borne out.
 *
 * Optimality is not judged here; the bound is only held against the value.
 */
export function checkProposal(problem: Problem, proposal: Proposal): Finding[] {
  const findings: Finding[] = []
  const report: Report = (code, nl, en, about = {}) => findings.push({ code, ...about, message: { nl, en } })
  const books = openBooks(problem, proposal)

  const seen = new Set<string>()
  for (const line of proposal.lines) {
    const theCase = books.cases.get(line.caseId)
    const about = { caseId: line.caseId, ...(line.workerId === null ? {} : { workerId: line.workerId }) }
    const seat = `${line.caseId} ${line.seat}`
    if (!theCase || !askedSeats(theCase).includes(line.seat)) {
      report('unknownSeat', `Onbekende plek: ${seat}.`, `Unknown seat: ${seat}.`, about)
      continue
    }
    if (seen.has(seat))
      report('seatTwice', `Plek ${seat} staat er twee keer in.`, `Seat ${seat} occurs twice.`, about)
    seen.add(seat)
    if (line.workerId === null) {
      checkOpen(line, theCase, report)
      continue
    }
    const worker = books.workers.get(line.workerId)
    if (!worker) {
      const { workerId } = line
      report('unknownWorker', `Onbekende medewerker ${workerId}.`, `Unknown worker ${workerId}.`, about)
      continue
    }
    const aboutCase = (code: string, nl: string, en: string) =>
      report(code, `${line.caseId}: ${nl}`, `${line.caseId}: ${en}`, about)
    checkPair(books, line, theCase, worker, aboutCase)
    checkSums(problem, line, aboutCase)
  }
  for (const one of problem.cases) {
    for (const seat of askedSeats(one)) {
      if (!seen.has(`${one.id} ${seat}`)) {
        report('seatMissing', `${one.id}: plek ${seat} ontbreekt.`, `${one.id}: seat ${seat} is missing.`, {
          caseId: one.id,
        })
      }
    }
    checkCase(books, one, report)
  }
  for (const worker of problem.workers) checkWorker(books, worker, report)
  if (proposal.loads.length !== problem.workers.length) {
    const [own, asked] = [proposal.loads.length, problem.workers.length]
    report(
      'load',
      `Er zijn ${own} werklasten voor ${asked} medewerkers.`,
      `There are ${own} loads for ${asked} workers.`,
    )
  }
  checkMentors(books, report)
  checkLevels(books, report)
  return findings
}

/** Rules about one case and one worker. */
function checkPair(
  books: Books,
  line: ProposalLine,
  theCase: ProblemCase,
  worker: ProblemWorker,
  report: (code: string, nl: string, en: string) => void,
): void {
  const { problem } = books
  const day = problem.startOn
  const { employed, there } = presence(problem, worker)
  const kept = keeps(books, line)
  if (!(kept ? employed : there))
    report(
      'onDuty',
      `medewerker ${worker.id} is er niet op ${day}.`,
      `worker ${worker.id} is not on duty on ${day}.`,
    )
  if (!kept) checkNew(books, line, theCase, worker, report)
  if (theCase.excludedWorkers.includes(worker.id)) {
    report(
      'conflict',
      `medewerker ${worker.id} mag niet: afgeschermde reden.`,
      `worker ${worker.id} is not allowed: hidden reason.`,
    )
  }
  const excluded = books.excluded.has(JSON.stringify([theCase.id, worker.id]))
  if (excluded && !lockOf(books, line)?.setAside.includes('teamExclusion')) {
    report(
      'teamExclusion',
      `medewerker ${worker.id} is door het team uitgesloten.`,
      `worker ${worker.id} was ruled out by the team.`,
    )
  }
  if (books.waiting.has(theCase.id))
    report('teamWaits', 'het team laat deze zaak wachten.', 'the team lets this case wait.')
  const locked = books.locks.get(`${theCase.id} ${line.seat}`)
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

/** Nobody has the seat: then it has its own hours, and nothing that only a worker brings. */
function checkOpen(line: ProposalLine, theCase: ProblemCase, report: Report): void {
  const { caseId, seat, hours, points, contributions, loadCost, changeCost = 0, moveCost = 0 } = line
  const about = { caseId }
  if (line.locked)
    report('lockMark', `${caseId}: het slot klopt niet.`, `${caseId}: the lock mark is wrong.`, about)
  const own = seat === 'second' ? (theCase.hours.second ?? 0) : theCase.hours.primary
  if (cents(hours) !== cents(own))
    report('hours', `${caseId}: ${hours} uur klopt niet.`, `${caseId}: ${hours} hours is wrong.`, about)
  if (points !== 0 || contributions.length > 0 || loadCost !== 0 || changeCost !== 0 || moveCost !== 0) {
    report(
      'points',
      `${caseId}: niemand heeft deze plek, dus zijn er geen punten of prijzen.`,
      `${caseId}: nobody has this seat, so there are no points or prices.`,
      about,
    )
  }
}

/** What is asked of somebody who takes a seat, but not of who holds it already. */
function checkNew(
  books: Books,
  line: ProposalLine,
  theCase: ProblemCase,
  worker: ProblemWorker,
  report: (code: string, nl: string, en: string) => void,
): void {
  const { problem } = books
  const day = problem.startOn
  const lock = lockOf(books, line)
  if (!(worker.normHours > 0))
    report('hasNorm', `medewerker ${worker.id} heeft geen caseload.`, `worker ${worker.id} has no caseload.`)
  const { status, from, until } = worker.registration
  const registered =
    status === 'registered' && !(from !== null && day < from) && !(until !== null && until < day)
  const unregistered = problem.meaning === 2 ? status === 'in_training' : true
  const demanded = line.seat === 'primary' || !(problem.policy.secondSeatRegistered === false && unregistered)
  if (demanded && !registered && !lock?.unregisteredException) {
    report(
      'registration',
      `medewerker ${worker.id} is niet geregistreerd.`,
      `worker ${worker.id} is not registered.`,
    )
  }
  for (const need of theCase.competences) {
    if (need.need !== 'required' || (need.seat ?? line.seat) !== line.seat) continue
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
  if (theCase.current?.[line.seat] && !theCase.movable && !lock?.setAside.includes('notMovable'))
    report('notMovable', 'deze zaak mag niet over.', 'this case may not move.')
}

/** Contributions: every weighed criterion once, value x weight rounded to a tenth, adding up to the points. */
function checkSums(
  problem: Problem,
  line: ProposalLine,
  report: (code: string, nl: string, en: string) => void,
): void {
  let tenths = 0
  const weights = new Map(Object.entries(problem.policy.criteria))
  for (const part of line.contributions) {
    tenths += Math.round(part.points * 10)
    const sound =
      Math.abs(part.value) <= 1 &&
      part.weight === weights.get(part.criterion) &&
      Math.abs(part.value * part.weight - part.points) < 0.0501
    if (!sound)
      report(
        'contribution',
        `bijdrage ${part.criterion} klopt niet.`,
        `contribution ${part.criterion} is wrong.`,
      )
    weights.delete(part.criterion)
  }
  for (const criterion of weights.keys())
    report('contribution', `bijdrage ${criterion} ontbreekt.`, `contribution ${criterion} is missing.`)
  if (tenths !== Math.round(line.points * 10)) {
    report(
      'points',
      `bijdragen tellen op tot ${tenths / 10}, niet ${line.points}.`,
      `contributions add up to ${tenths / 10}, not ${line.points}.`,
    )
  }
}

/** A duo asks for two people, or for the one beside whom it has. */
function askedSeats({ duo, taken }: ProblemCase): ProposalLine['seat'][] {
  if (!duo) return ['primary']
  if (!taken) return ['primary', 'second']
  return taken.seat === 'primary' ? ['second'] : ['primary']
}

/** Rules inside one case: a duo is two people or nobody; a group has one primary worker; locks that hold are kept. */
function checkCase(books: Books, one: ProblemCase, report: Report): void {
  const filled = books.linesOfCase.get(one.id)!.filter(line => line.workerId !== null)
  const about = { caseId: one.id }
  if (one.threat && !one.duo && filled.some(line => !keeps(books, line))) {
    report(
      'duoRequired',
      `${one.id}: bij dreiging is een duo verplicht.`,
      `${one.id}: a threat makes a duo compulsory.`,
      about,
    )
  }
  const both = [...filled.map(line => line.workerId), ...(one.taken ? [one.taken.workerId] : [])]
  if (one.duo && both.length === 2 && both[0] === both[1]) {
    report('duoDistinct', `${one.id}: een duo is twee mensen.`, `${one.id}: a duo is two people.`, about)
  }
  if (
    one.duo &&
    both.length === 1 &&
    !one.taken &&
    (books.problem.meaning === 2 || !lockOf(books, filled[0]!))
  ) {
    report('halfDuo', `${one.id}: het duo is half gevuld.`, `${one.id}: the duo is half filled.`, about)
  }
  const primary = filled.find(line => line.seat === 'primary')
  if (primary && !keeps(books, primary)) checkTogether(books, one, primary, report)
}

/** Siblings and concurrent measures with one worker, and with the one who serves the family or got one of them. */
function checkTogether(books: Books, one: ProblemCase, primary: ProposalLine, report: Report): void {
  const lock = lockOf(books, primary)
  if (lock?.setAside.includes('together')) return
  const about = { caseId: one.id }
  const family = one.group === null ? [] : (books.kin.get(one.group) ?? [])
  const kin = family.filter(other => other.id !== one.id)
  const people =
    one.familyWorker !== null
      ? [one.familyWorker]
      : kin.flatMap(other => {
          const given = books.locks.get(`${other.id} primary`)
          return [
            ...(other.familyWorker === null ? [] : [other.familyWorker]),
            ...(given && !given.setAside.includes('together') ? [given.workerId] : []),
          ]
        })
  if (people.length > 0 && !people.some(id => id === primary.workerId)) {
    report(
      'together',
      `${one.id}: het gezin is bij medewerker ${people[0]}.`,
      `${one.id}: the family is with worker ${people[0]}.`,
      about,
    )
  }
  // Existing cases of a family that was split before stand apart.
  const holders = new Set(family.map(other => other.current?.primary).filter(id => id !== undefined))
  const apart = (other: ProblemCase) => holders.size > 1 && other.current !== undefined
  if (lock || apart(one)) return
  for (const other of kin) {
    if (apart(other)) continue
    const line = books.linesOfCase.get(other.id)!.find(l => l.seat === 'primary')
    if (!line || line.workerId === null || line.workerId === primary.workerId || lockOf(books, line)) continue
    report(
      'together',
      `${one.id} en ${other.id} horen bij één medewerker.`,
      `${one.id} and ${other.id} belong to one worker.`,
      about,
    )
  }
}
