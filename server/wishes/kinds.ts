import { reasonSentence } from '../../solver/explain/reasons.ts'
import type { Phase, Problem, ProblemCase } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { contributions } from '../../solver/rules/criteria.ts'
import { ruleOf } from '../../solver/rules/rules.ts'
import type { Locale } from '../contract/common.ts'
import type { Eligibility } from '../contract/own.ts'
import { FIRST_PHASE, PHASES } from '../contract/phase-order.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { type WeighableCase, weigh } from '../weighing/weight.ts'

/** A kind of work, and the plainest case of that kind. */
export interface Kind {
  id: string
  group: Eligibility['kinds'][number]['group']
  name: string
  case: ProblemCase
}

export interface KindLists {
  measures: readonly { code: string; name: string }[]
  factors: readonly { code: string; name: string; isThreat: boolean }[]
  competences: readonly { code: string; name: string }[]
}

const PHASE_NAMES: Record<Locale, Record<Phase, string>> = {
  nl: { begin: 'beginfase', middle: 'middenfase', end: 'eindfase' },
  en: { begin: 'initial phase', middle: 'middle phase', end: 'closing phase' },
}
/**
 * The catalogue of kinds: every active measure in each phase, every factor, every competence when it is required. Each is one
 * child, normal urgency, without travel; a factor or competence is laid on the first measure of the table in its begin phase.
 */
export function kindsOf(
  lists: KindLists,
  rulebook: { version: number; content: RulebookContent },
  locale: Locale,
): Kind[] {
  const plainest = rulebook.content.weight.bases[0]?.measure ?? lists.measures[0]?.code
  const plain = plainest === undefined ? [] : [plainest]
  const kind = (
    group: Kind['group'],
    code: string,
    name: string,
    of: Partial<WeighableCase> & { phase: Phase },
    needs: ProblemCase['competences'] = [],
  ): Kind => {
    const weighable: WeighableCase = {
      measures: plain,
      children: 1,
      factors: [],
      duoNeeded: false,
      threat: false,
      override: null,
      ...of,
    }
    const weight = weigh(weighable, rulebook)
    const id = group === 'measure' ? `${group} ${code} ${of.phase}` : `${group} ${code}`
    return {
      id,
      group,
      name,
      case: {
        id,
        urgency: 'normal',
        waitingDays: 0,
        hours:
          weight.second === null
            ? { primary: weight.primary }
            : { primary: weight.primary, second: weight.second },
        children: 1,
        measures: [...weighable.measures],
        phase: of.phase,
        factors: [...weighable.factors],
        threat: weighable.threat,
        duo: weight.second !== null,
        municipality: null,
        competences: needs,
        formerWorkers: [],
        excludedWorkers: [],
        group: null,
        familyWorker: null,
      },
    }
  }
  return [
    ...lists.measures.flatMap(one =>
      PHASES.map(phase =>
        kind('measure', one.code, `${one.name}, ${PHASE_NAMES[locale][phase]}`, {
          measures: [one.code],
          phase,
        }),
      ),
    ),
    ...lists.factors.map(one =>
      kind('factor', one.code, one.name, { factors: [one.code], threat: one.isThreat, phase: FIRST_PHASE }),
    ),
    ...lists.competences.map(one =>
      kind('competence', one.code, one.name, { phase: FIRST_PHASE }, [
        { competence: one.code, level: 1, need: 'required' },
      ]),
    ),
  ]
}

/**
 * Which kinds the rules would let this worker have, alone and without anything else given out, and what the wishes in the
 * Problem add. `base` holds the policy, this worker, and the mentor if there is one.
 */
export function eligibilityOf(
  base: Problem,
  staffNumber: string,
  kinds: readonly Kind[],
  reader: { locale: Locale; codes: CodeNames },
): Eligibility {
  const problem: Problem = { ...base, cases: kinds.map(one => one.case) }
  const worker = problem.workers.find(one => one.id === staffNumber)
  if (!worker) throw new Error(`Worker ${staffNumber} is not in the Problem of the own wishes.`)
  const judged = kinds.map((kind): Eligibility['kinds'][number] => {
    const rules = broken(problem, kind.case, 'primary', worker, []).map(one => ({
      rule: one.rule,
      sentence: ruleSentence(one, reader.codes)[reader.locale],
      lasting: ruleOf[one.rule].about === 'record',
    }))
    const wishes = contributions(problem, kind.case, worker).filter(
      one => one.points !== 0 && (one.criterion === 'preference' || one.criterion === 'learning'),
    )
    return {
      id: kind.id,
      group: kind.group,
      name: kind.name,
      hours: kind.case.hours.primary,
      eligible: rules.length === 0,
      lasting: rules.every(one => !one.lasting),
      rules,
      points: wishes.reduce((sum, one) => sum + Math.round(one.points * 10), 0) / 10,
      wish:
        wishes.length === 0
          ? null
          : wishes.map(one => reasonSentence(one.reason, reader.codes)[reader.locale]).join('; '),
    }
  })
  return {
    on: problem.startOn,
    eligible: judged.filter(one => one.eligible).length,
    lasting: judged.filter(one => one.lasting).length,
    kinds: judged,
  }
}
