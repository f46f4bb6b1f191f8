import type { BrokenRule, Facts, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'
import { holdsSeat, lockFor, type TakenSeat } from './lookup.ts'
import type { RuleContext } from './rule-context.ts'
import { type Rule, ruleOf, rules } from './rules.ts'

const stayingRules = rules.filter(rule => rule.staying)

/** The sentence of a broken rule, facts filled in. */
export function ruleSentence(breach: BrokenRule, names?: CodeNames): Sentence {
  const rule = ruleOf[breach.rule]
  const who = names?.workers?.[String(breach.facts.with)]
  if (rule.named && who !== undefined) return fill(rule.named, { with: who })
  const said = breach.facts.seat === undefined ? rule : (rule.ofSeat ?? rule)
  const template =
    (breach.facts.on !== undefined && rule.later) || (breach.facts.has === 0 && said.none) || said.broken
  return fill(template, breach.facts, names)
}

/**
 * All rules that this worker breaks for this seat, given what else the round gives; empty: allowed.
 *
 * `others` are the other seats of this round (proposal lines, choices, locks), this one left out or not: it is ignored.
 * A lock of this very seat and worker in the problem sets aside what it names. Used for the explanation, for the recheck
 * at confirmation, and for the dialog of a manual choice.
 */
export function broken(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): BrokenRule[] {
  const context = contextOf(problem, theCase, seat, worker, others)
  const breaches: BrokenRule[] = []
  for (const rule of context.stays ? stayingRules : rules) {
    const facts = rule.test(context)
    if (facts) breaches.push({ rule: rule.code, facts })
  }
  return breaches
}

/**
 * The rules that a check list of this seat and worker shows: every broken one, and of the kept ones those whose subject is
 * at hand. What a lock sets aside is neither.
 */
export function rulesAtHand(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): { rule: Rule; facts: Facts | null; kept: Sentence }[] {
  const context = contextOf(problem, theCase, seat, worker, others)
  const perSeat = theCase.competences.some(need => need.seat !== undefined)
  return (context.stays ? stayingRules : rules)
    .map(rule => ({
      rule,
      facts: rule.test(context),
      kept: rule.ofSeat && perSeat ? fill(rule.ofSeat.kept, { seat }) : rule.kept,
    }))
    .filter(
      ({ rule, facts }) =>
        facts !== null ||
        (!context.lock?.setAside.includes(rule.code) &&
          (rule.concerns === undefined || rule.concerns(context))),
    )
}

function contextOf(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): RuleContext {
  const found = lockFor(problem, theCase.id, seat)
  const lock = found?.workerId === worker.id ? found : undefined
  return { problem, case: theCase, seat, worker, others, lock, stays: holdsSeat(theCase, seat, worker.id) }
}
