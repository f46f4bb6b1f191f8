import { assess, findCase, findWorker, seatsBeside } from '../../solver/explain/explain.ts'
import type { Fit } from '../../solver/explain/fit.ts'
import { linesOf } from '../../solver/explain/worth.ts'
import { asPoints, hundredths } from '../../solver/problem/load.ts'
import type { Problem, ProblemCase, Proposal, ProposalLine } from '../../solver/problem/problem.ts'
import { type CodeNames, listed, percent } from '../../solver/problem/sentences.ts'
import { criterionOf } from '../../solver/rules/criteria.ts'
import { totalValue } from '../../solver/search/proposal.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { ProposedMove } from '../contract/reallocation.ts'
import type { BothLanguages } from '../http/call.ts'

/** A seat that the answer gives to somebody else than has it. */
export interface SolvedMove {
  line: ProposalLine
  case: ProblemCase
  from: string
  to: string
}

export function movesOf(problem: Problem, { lines }: Pick<Proposal, 'lines'>): SolvedMove[] {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  return lines.flatMap((line): SolvedMove[] => {
    const theCase = cases.get(line.caseId)
    const from = theCase?.current?.[line.seat]
    if (!theCase || from === undefined || line.workerId === null || line.workerId === from) return []
    return [{ line, case: theCase, from, to: line.workerId }]
  })
}

/** Seats that go together: those of one case, and of the cases of one family. One list per bundle. */
export function bundlesOf(moves: readonly SolvedMove[]): SolvedMove[][] {
  const bundles = new Map<string, SolvedMove[]>()
  for (const move of moves) {
    const key = move.case.group === null ? `case ${move.case.id}` : `family ${move.case.group}`
    bundles.set(key, [...(bundles.get(key) ?? []), move])
  }
  return [...bundles.values()]
}

export type Gain = ProposedMove['gain']

/**
 * What all of it is worth against leaving every case where it is, in points: fit, less load cost, less the price of the moves.
 * null when a case that waited is in it, or one would be without worker: then the two are not about the same cases.
 */
export function wholeGain(problem: Problem, proposal: Pick<Proposal, 'lines' | 'loads'>): Gain | null {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  if (problem.cases.some(one => !one.current)) return null
  if (proposal.lines.some(line => line.workerId === null)) return null
  const stay = linesOf(
    problem,
    proposal.lines.map(({ caseId, seat }) => ({
      caseId,
      seat,
      workerId: cases.get(caseId)?.current?.[seat] ?? null,
    })),
  )
  const sum = (lines: readonly ProposalLine[], of: (line: ProposalLine) => number) =>
    lines.reduce((total, line) => total + hundredths(of(line)), 0)
  const fit = sum(proposal.lines, line => line.points) - sum(stay.lines, line => line.points)
  const move = -sum(proposal.lines, line => line.moveCost ?? 0)
  const total =
    totalValue(problem, proposal.lines, proposal.loads) - totalValue(problem, stay.lines, stay.loads)
  return gainOf(fit, total - fit - move, move)
}

function gainOf(fit: number, load: number, move: number): Gain {
  return {
    fit: asPoints(fit),
    load: asPoints(load),
    move: asPoints(move),
    total: asPoints(fit + load + move),
  }
}

export interface MoveContext {
  locale: Locale
  nameOf: (workerId: string) => WorkerName
  codes: CodeNames
}

type ExplainedMove = Omit<ProposedMove, 'state' | 'since'>

/** Every move with why, against leaving that one seat where it is and all others as proposed. */
export function explainMoves(
  problem: Problem,
  proposal: Pick<Proposal, 'lines' | 'loads'>,
  context: MoveContext,
): ExplainedMove[] {
  const loads = new Map(proposal.loads.map(load => [load.workerId, load]))
  return bundlesOf(movesOf(problem, proposal)).flatMap(bundle =>
    bundle.map((move): ExplainedMove => {
      const { caseId, seat } = move.line
      const theCase = findCase(problem, caseId)
      const others = seatsBeside(proposal, caseId, seat)
      const fitOf = (id: string) =>
        assess(problem, theCase, seat, findWorker(problem, id), others, context.codes)
      const [from, to] = [fitOf(move.from), fitOf(move.to)]
      const fit = hundredths(to.points) - hundredths(from.points)
      const load = hundredths(from.loadCost) - hundredths(to.loadCost)
      const gain = gainOf(fit, load, -hundredths(problem.policy.moveCost ?? 0))
      const change = (id: string) => {
        const { normHours, hoursBefore, hoursAfter } = loads.get(id)!
        const share = (hours: number) =>
          normHours > 0 ? percent(hundredths(hours), hundredths(normHours)) : null
        return { before: share(hoursBefore), after: share(hoursAfter) }
      }
      return {
        caseNumber: caseId,
        seat,
        from: context.nameOf(move.from),
        to: context.nameOf(move.to),
        hoursBefore: from.hours,
        hours: to.hours,
        sentence: sentenceOf({ from, to, gain }, [change(move.from), change(move.to)], context),
        contributions: to.contributions.map(part => ({
          criterion: part.criterion,
          label: criterionOf[part.criterion].label[context.locale],
          from: from.contributions.find(one => one.criterion === part.criterion)?.points ?? 0,
          to: part.points,
          reason: part.sentence[context.locale],
        })),
        gain,
        together: bundle
          .filter(other => other !== move)
          .map(other => ({ caseNumber: other.line.caseId, seat: other.line.seat })),
      }
    }),
  )
}

interface Change {
  before: number | null
  after: number | null
}

function sentenceOf(
  { from, to, gain }: { from: Fit; to: Fit; gain: Gain },
  changes: [Change, Change],
  { locale, nameOf }: MoveContext,
): string {
  const say = (text: BothLanguages) => text[locale]
  const [old, now] = [nameOf(from.workerId).name, nameOf(to.workerId).name]
  const number = new Intl.NumberFormat(locale === 'nl' ? 'nl-NL' : 'en-GB', { maximumFractionDigits: 1 })
  const load = (name: string, { before, after }: Change) =>
    before === null || after === null
      ? say({ nl: `${name} heeft geen normuren`, en: `${name} has no norm hours` })
      : before === after
        ? say({
            nl: `${name} blijft op ${number.format(after)} %`,
            en: `${name} stays at ${number.format(after)}%`,
          })
        : say({
            nl: `${name} gaat van ${number.format(before)} naar ${number.format(after)} %`,
            en: `${name} goes from ${number.format(before)} to ${number.format(after)}%`,
          })
  const better = to.contributions
    .filter(
      part => part.points > (from.contributions.find(one => one.criterion === part.criterion)?.points ?? 0),
    )
    .sort((a, b) => b.points - a.points)
    .slice(0, 2)
    .map(part => part.sentence[locale])
  const loads = `${say({ nl: 'Met alle overdrachten samen:', en: 'With all moves together:' })} ${listed([load(old, changes[0]), load(now, changes[1])], locale)}.`
  const why =
    gain.load >= gain.fit && gain.load > 0
      ? say({
          nl: 'Vooral om de werklast beter te verdelen.',
          en: 'Above all to spread the workload better.',
        })
      : gain.fit > 0
        ? say({ nl: `De zaak past beter bij ${now}.`, en: `The case fits ${now} better.` })
        : say({
            nl: 'Op zich levert deze overdracht niets op, maar die maakt een andere mogelijk.',
            en: 'By itself this move gains nothing; it makes another one possible.',
          })
  const reasons =
    better.length > 0
      ? ` ${say({ nl: `Beter bij ${now}`, en: `Better with ${now}` })}: ${listed(better, locale)}.`
      : ''
  return `${why} ${loads}${reasons}`
}
