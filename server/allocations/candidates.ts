import { explainCase } from '../../solver/explain/explain.ts'
import type { Seat } from '../../solver/problem/problem.ts'
import type { CodeNames, Sentence } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { Explanation } from '../contract/explanations.ts'
import type { DraftSeat } from '../draft/draft-view.ts'
import { draftAsProposal, viewExplanation } from '../draft/explanation-view.ts'
import type { SingleCase } from './single.ts'

/**
 * Everybody who can be asked for one seat, explained as in a round where nobody has it yet: best fit for this case first,
 * then who would pass the band, then who may not have it, with the rule that says so.
 */
export function candidatesOf(single: SingleCase, seat: Seat, locale: Locale, codes: CodeNames): Explanation {
  const { problem, names } = single
  const draft = draftAsProposal(problem, [emptySeat(single, seat)])
  const explained = explainCase(problem, draft, single.case.id, seat, codes)
  const nameOf = (staffNumber: string) => names.get(staffNumber) ?? { staffNumber, name: staffNumber }
  const allowed = explained.alternatives.filter(one => one.status === 'allowed').length
  return {
    ...viewExplanation(problem, draft, explained, nameOf, locale),
    sentence: summary(allowed, problem.workers.length)[locale],
  }
}

function emptySeat(single: SingleCase, seat: Seat): DraftSeat {
  return {
    case: single.case,
    seat,
    worker: null,
    proposedId: null,
    choice: null,
    excluded: false,
    line: null,
  }
}

function summary(allowed: number, all: number): Sentence {
  if (allowed === 0) {
    return {
      nl: `Geen van de ${all} medewerkers kan deze zaak krijgen zonder van een regel af te wijken.`,
      en: `None of the ${all} workers can get this case without deviating from a rule.`,
    }
  }
  return {
    nl: `${allowed} van de ${all} medewerkers ${allowed === 1 ? 'kan' : 'kunnen'} deze zaak krijgen.`,
    en: `${allowed} of the ${all} workers can get this case.`,
  }
}
