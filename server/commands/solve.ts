import { checkProposal } from '../../solver/check/check.ts'
import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { explainCase } from '../../solver/explain/explain.ts'
import { relaxationsFor } from '../../solver/explain/relaxations.ts'
import { priceSentence } from '../../solver/explain/resolve.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { type Language, named, type Sentence } from '../../solver/problem/sentences.ts'
import {
  type BoundReport,
  type PlacingReport,
  verifyBound,
  verifyPlacing,
} from '../../solver/search/verify-bound.ts'
import { solve } from '../../solver/solve.ts'
import {
  guarded,
  languageOf,
  number,
  one,
  read,
  readProblem,
  readProposal,
  type Terminal,
  terminal,
  UsageError,
  wholeNumber,
  writeWhole,
} from './problem-files.ts'

/** `instroom solve problem.json --out proposal.json [--seed N] [--time-limit S]`. Exit code 0, or 2 for bad input. */
export function solveCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, {
      out: { type: 'string' },
      seed: { type: 'string' },
      'time-limit': { type: 'string' },
    })
    const file = one(
      positionals,
      'instroom solve problem.json --out proposal.json [--seed N] [--time-limit S]',
      1,
    )[0]!
    let problem = await readProblem(file)
    const seed = wholeNumber(values.seed, '--seed', 0, 2147483647)
    if (seed !== undefined) problem = { ...problem, seed }
    const seconds = number(values['time-limit'], '--time-limit', 0.001, 86400)
    const proposal = await solve(problem, seconds === undefined ? {} : { timeLimitMs: seconds * 1000 })
    const text = `${JSON.stringify(proposal, null, 2)}\n`
    if (typeof values.out === 'string') await writeWhole(values.out, text)
    else to.out(text.trimEnd())
    const summary = summarise(problem, proposal)
    for (const line of summary) to.err(line)
    return 0
  })
}

/** `instroom check problem.json proposal.json`. Exit code 0 when everything is borne out, 1 with the findings in words. */
export function checkCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, { lang: { type: 'string' } })
    const files = one(positionals, 'instroom check problem.json proposal.json [--lang nl|en]', 2)
    const problem = await readProblem(files[0]!)
    const proposal = await readProposal(files[1]!)
    const language = languageOf(values.lang)
    const findings = checkProposal(problem, proposal)
    if (!isOf(problem, proposal)) {
      findings.unshift({
        code: 'problemSha256',
        message: {
          nl: 'Dit voorstel is bij een ander probleem gemaakt (sha256 verschilt).',
          en: 'This proposal was made for another problem (sha256 differs).',
        },
      })
    }
    for (const finding of findings) to.out(`${finding.code}: ${finding.message[language]}`)
    if (findings.length > 0) return 1
    const proof = tellProof(problem, proposal)
    to.out(proof.sentence[language])
    if (!proof.sound) return 1
    for (const { how, urgency } of proof.placing) {
      to.out(placingSentences[how][language].replace('{class}', urgency))
      if (how === 'wrong') return 1
    }
    to.out(
      language === 'nl'
        ? 'Het voorstel klopt met het probleem.'
        : 'The proposal is borne out by the problem.',
    )
    return 0
  })
}

const placingSentences: Record<BoundReport['how'], Sentence> = {
  prices: {
    nl: 'Hoeveel er te verdelen is ({class}) is nagerekend uit de prijzen in het voorstel.',
    en: 'How much can be allocated ({class}) was derived again from the prices in the proposal.',
  },
  search: {
    nl: 'Hoeveel er te verdelen is ({class}) is nagerekend: de prijzen en alles wat ze openlaten is doorzocht.',
    en: 'How much can be allocated ({class}) was derived again: the prices, and a search of all that they leave open.',
  },
  weaker: {
    nl: 'Hoeveel er te verdelen is ({class}) is niet helemaal nagerekend: dat de grens klopt, is op vertrouwen aangenomen.',
    en: 'How much can be allocated ({class}) was not wholly derived again: the bound is taken on trust.',
  },
  wrong: {
    nl: 'bound: er is meer te verdelen ({class}) dan het voorstel zegt.',
    en: 'bound: more can be allocated ({class}) than the proposal says.',
  },
  none: {
    nl: 'Hoeveel er te verdelen is ({class}) is niet nagerekend, want er is te veel om na te rekenen: de grens is op vertrouwen aangenomen.',
    en: 'How much can be allocated ({class}) was not derived again, as there is too much to derive: the bound is taken on trust.',
  },
}

/** Whether the bounds follow from the prices in the proposal: that on the last level in words, those on placing as reports. */
function tellProof(
  problem: Problem,
  proposal: Proposal,
): { sound: boolean; sentence: Sentence; placing: PlacingReport[] } {
  const { certificate } = proposal
  const { value, bound } = proposal.levels.at(-1)!
  if (!certificate) {
    return {
      sound: true,
      placing: [],
      sentence: {
        nl: `De grens ${bound} is niet nagerekend, want het voorstel heeft geen prijzen die de grens bewijzen: die is op vertrouwen aangenomen.`,
        en: `The bound ${bound} was not derived again, as the proposal has no prices that prove it: it is taken on trust.`,
      },
    }
  }
  let report: BoundReport
  let placing: PlacingReport[]
  try {
    report = verifyBound(problem, proposal, certificate)
    placing = verifyPlacing(problem, proposal)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { sound: false, sentence: { nl: `bound: ${why}`, en: `bound: ${why}` }, placing: [] }
  }
  const sentences: Record<BoundReport['how'], Sentence> = {
    prices: {
      nl: `De grens ${bound} is nagerekend uit de prijzen in het voorstel (waarde ${value}).`,
      en: `The bound ${bound} was derived again from the prices in the proposal (value ${value}).`,
    },
    search: {
      nl: `De grens ${bound} is nagerekend: de prijzen en alles wat ze openlaten is doorzocht (waarde ${value}).`,
      en: `The bound ${bound} was derived again: the prices, and a search of all that they leave open (value ${value}).`,
    },
    weaker: {
      nl: `De grens ${bound} is niet helemaal nagerekend: de prijzen bewijzen ${report.bound} (waarde ${value}); wat daaronder ligt, is op vertrouwen aangenomen.`,
      en: `The bound ${bound} was not wholly derived again: the prices prove ${report.bound} (value ${value}); what is below that is taken on trust.`,
    },
    wrong: {
      nl: `bound: er is een verdeling boven de grens ${bound}.`,
      en: `bound: there is an allocation above the bound ${bound}.`,
    },
    none: {
      nl: `De grens ${bound} is niet nagerekend, want er is te veel om na te rekenen: die is op vertrouwen aangenomen.`,
      en: `The bound ${bound} was not derived again, as there is too much to derive: it is taken on trust.`,
    },
  }
  return { sound: report.how !== 'wrong', sentence: sentences[report.how], placing }
}

/** Whether the proposal was made for this problem; its seed may have been given to the command. */
function isOf(problem: Problem, proposal: Proposal): boolean {
  return sha256({ ...problem, seed: proposal.seed }) === proposal.problemSha256
}

/** Findings of a proposal that has not every seat and every load once, so that it cannot be told about. */
const unfitCodes = new Set(['unknownSeat', 'unknownWorker', 'seatTwice', 'seatMissing', 'load'])

/** `instroom explain problem.json proposal.json --case ID [--seat second] [--not WORKER | --alternatives] [--lang nl|en]`. */
export function explainCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, {
      alternatives: { type: 'boolean' },
      case: { type: 'string' },
      not: { type: 'string' },
      seat: { type: 'string' },
      lang: { type: 'string' },
    })
    const usage =
      'instroom explain problem.json proposal.json --case ID [--seat second] [--not WORKER | --alternatives] [--lang nl|en]'
    const files = one(positionals, usage, 2)
    if (typeof values.case !== 'string') throw new UsageError(`Which case? Usage: ${usage}`)
    const seat = values.seat ?? 'primary'
    if (seat !== 'primary' && seat !== 'second')
      throw new UsageError(`--seat ${seat}: it is primary or second.`)
    const language = languageOf(values.lang)
    const problem = await readProblem(files[0]!)
    const proposal = await readProposal(files[1]!)
    if (!isOf(problem, proposal)) {
      throw new UsageError(`${files[1]} was made for another problem than ${files[0]} (sha256 differs).`)
    }
    const unfit = checkProposal(problem, proposal).filter(each => unfitCodes.has(each.code))
    if (unfit.length > 0) {
      const lines = unfit.slice(0, 20).map(each => `  ${each.message[language]}`)
      throw new UsageError([`${files[1]} cannot be explained:`, ...lines].join('\n'))
    }
    if (!problem.cases.some(each => each.id === values.case)) {
      throw new UsageError(`Case ${values.case} is not in ${files[0]}. Maybe a typing error?`)
    }
    if (!proposal.lines.some(each => each.caseId === values.case && each.seat === seat)) {
      throw new UsageError(`Case ${values.case} has no ${seat} seat in ${files[1]}.`)
    }
    if (typeof values.not === 'string') {
      const workerId = values.not
      if (!problem.workers.some(each => each.id === workerId)) {
        throw new UsageError(`Worker ${workerId} is not in ${files[0]}. Maybe a typing error?`)
      }
      const answer = await explainNot(problem, proposal, values.case, workerId, { seat })
      to.out(answer.sentence[language])
      return 0
    }
    if (values.alternatives) {
      await printAlternatives(problem, proposal, values.case, seat, language, to)
      return 0
    }
    await printCase(problem, proposal, values.case, seat, language, to)
    return 0
  })
}

async function printCase(
  problem: Problem,
  proposal: Proposal,
  caseId: string,
  seat: 'primary' | 'second',
  language: Language,
  to: Terminal,
): Promise<void> {
  const nl = language === 'nl'
  const told = explainCase(problem, proposal, caseId, seat)
  const say = (sentence: Sentence, workerId = '') => named(sentence, workerId)[language]
  to.out(say(told.sentence, told.proposed?.workerId))
  if (!told.proposed) {
    for (const one of told.blocked) to.out(`  - ${say(one.sentence)}`)
    const { relaxations, trade } = await relaxationsFor(problem, proposal, caseId)
    for (const relaxation of relaxations) to.out(`  + ${say(relaxation.sentence)}`)
    if (relaxations.length === 0)
      to.out(nl ? 'Eén ding veranderen is niet genoeg.' : 'Changing one thing is not enough.')
    if (trade) to.out(`  ↔ ${say(trade.sentence)}`)
  }
  for (const one of told.checklist) to.out(`  ${one.passed ? '✓' : '✕'} ${say(one.sentence)}`)
  for (const part of told.proposed?.contributions ?? []) {
    to.out(`  ${String(part.points).padStart(6)}  ${say(part.sentence)}`)
  }
  if (told.proposed) {
    to.out(`  ${String(told.proposed.points).padStart(6)}  ${nl ? 'punten' : 'points'}`)
    to.out(`  ${String(-told.proposed.loadCost).padStart(6)}  ${nl ? 'prijs van werklast' : 'load cost'}`)
  }
  for (const sentence of told.unknowns) to.out(`  ? ${say(sentence)}`)
  to.out(nl ? 'Alternatieven:' : 'Alternatives:')
  for (const fit of told.alternatives.slice(0, 10)) {
    const load = `${fit.loadBefore ?? '-'} % → ${fit.loadAfter ?? '-'} %`
    const breach = fit.broken[0]
    to.out(
      `  ${fit.workerId}  ${fit.score}  ${load}${breach ? `  ${say(breach.sentence, fit.workerId)}` : ''}`,
    )
  }
}

/** Both prices of everybody for one seat, as a table. */
async function printAlternatives(
  problem: Problem,
  proposal: Proposal,
  caseId: string,
  seat: 'primary' | 'second',
  language: Language,
  to: Terminal,
): Promise<void> {
  const told = await priceAlternatives(problem, proposal, caseId, { seat, timeLimitMs: 60_000 })
  if (told.marginSentence) to.out(told.marginSentence[language])
  const nl = language === 'nl'
  to.out(
    nl ? 'Medewerker: alleen deze wissel | de rest opnieuw' : 'Worker: this change alone | the rest again',
  )
  for (const one of told.alternatives) {
    const resolved = one.solvedAgain
    const second = resolved ? resolved.sentence[language] : '-'
    const breaks = one.swapAlone.breaks.map(each => named(each.sentence, each.caseId)[language]).join(' ')
    const mark = one.current ? '*' : ' '
    to.out(
      `${mark} ${one.workerId}: ${priceSentence(one.swapAlone)[language]} | ${second} ${breaks}`.trimEnd(),
    )
  }
}

function summarise(problem: Problem, proposal: Proposal): string[] {
  const open = new Set(proposal.lines.filter(line => line.workerId === null).map(line => line.caseId))
  const last = proposal.levels.at(-1)!
  return [
    `${problem.cases.length - open.size} of ${problem.cases.length} cases allocated to ${problem.workers.length} workers; ${proposal.status}, ended by ${proposal.endedBy}.`,
    `Points minus cost of workload ${last.value}, bound ${last.bound}, gap ${(proposal.gap * 100).toFixed(3)}%; ${proposal.engine}, ${proposal.wallMs} ms, seed ${proposal.seed}.`,
    ...(proposal.evenLoads ? [evenLine(proposal.evenLoads)] : []),
  ]
}

/** In units in which everybody on the norm counts 1. */
function evenLine({ value, bound, status, endedBy }: NonNullable<Proposal['evenLoads']>): string {
  const [sum, least] = [value, bound].map(one => (one / 1e8).toFixed(4))
  return `Even loads (sum of squares) ${sum}, bound ${least}; ${status}, ended by ${endedBy}.`
}
