import type { Static } from 'typebox'
import { seededOrder } from '../../solver/canonical.ts'
import { criteria } from '../../solver/criteria.ts'
import { assess, type Fit } from '../../solver/explain.ts'
import { hundredths } from '../../solver/load.ts'
import type { CriterionCode, ProblemWorker, Seat } from '../../solver/problem.ts'
import type { Sentence } from '../../solver/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { Alternative, Explanation } from '../contract/rounds.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import type { SingleCase } from './single.ts'

type Candidates = Static<typeof Explanation>

/** How each criterion is calculated, in one sentence. */
const methods: Record<CriterionCode, Sentence> = {
  competence: {
    nl: 'Het deel van de gewenste competenties dat iemand heeft, keer het gewicht.',
    en: 'The share of the wanted competences that somebody has, times the weight.',
  },
  preference: {
    nl: 'Liever wel telt voor, liever niet tegen; keer het gewicht.',
    en: 'Rather counts for, rather not against; times the weight.',
  },
  continuity: {
    nl: 'Het hele gewicht voor wie al eerder bij dit gezin betrokken was.',
    en: 'The whole weight for who worked with this family before.',
  },
  travel: {
    nl: 'Hoe korter de reistijd naar de gemeente, hoe meer van het gewicht.',
    en: 'The shorter the travel to the municipality, the more of the weight.',
  },
  heavySpread: {
    nl: 'Hoe minder zware zaken iemand heeft, hoe meer van het gewicht.',
    en: 'The fewer heavy cases somebody has, the more of the weight.',
  },
  learning: {
    nl: 'Het hele gewicht voor wie dit werk wil leren.',
    en: 'The whole weight for who wants to learn this work.',
  },
}

const ranks: Record<Fit['status'], number> = { allowed: 0, aboveBand: 1, notAllowed: 2 }

/**
 * Everybody who can be asked for one seat: best fit for this case first, then who would pass the band, then who may not
 * have it with the rule that says so. Equal ones stand in an order that does not follow their names.
 */
export function candidatesOf(single: SingleCase, seat: Seat, locale: Locale): Candidates {
  const { problem, others } = single
  const order = (worker: ProblemWorker) => seededOrder(problem.seed, `worker ${worker.id}`)
  const fits = problem.workers
    .map(worker => ({ worker, fit: assess(problem, single.case, seat, worker, others) }))
    .sort(
      (a, b) =>
        ranks[a.fit.status] - ranks[b.fit.status] ||
        b.fit.score - a.fit.score ||
        order(a.worker) - order(b.worker),
    )
  const allowed = fits.filter(one => one.fit.status === 'allowed').length
  const unknown = new Set(['noPreferences', 'travelUnknown'])
  const unknowns = new Set(
    fits
      .filter(one => one.fit.status === 'allowed')
      .flatMap(one => one.fit.contributions)
      .filter(part => unknown.has(part.reason.code))
      .map(part => part.sentence[locale]),
  )
  return {
    caseNumber: single.case.id,
    seat,
    worker: null,
    sentence: summary(allowed, fits.length)[locale],
    drawback: null,
    rules: [],
    contributions: [],
    points: null,
    loadCost: null,
    before: null,
    after: null,
    margin: null,
    rank: null,
    unknowns: [...unknowns],
    alternatives: fits.map(({ worker, fit }) => alternativeOf(single, worker, fit, locale)),
    relaxation: null,
  }
}

function summary(allowed: number, all: number): Sentence {
  if (allowed === 0) {
    return {
      nl: `Niemand van de ${all} medewerkers kan deze zaak krijgen zonder een regel opzij te zetten.`,
      en: `None of the ${all} workers can get this case without setting a rule aside.`,
    }
  }
  return {
    nl: `${allowed} van de ${all} medewerkers ${allowed === 1 ? 'kan' : 'kunnen'} deze zaak krijgen.`,
    en: `${allowed} of the ${all} workers can get this case.`,
  }
}

function alternativeOf(
  { problem, names }: SingleCase,
  worker: ProblemWorker,
  fit: Fit,
  locale: Locale,
): Static<typeof Alternative> {
  const point = (hours: number) => ({
    hours,
    workload: workloadOf(worker.normHours, hours),
    status: statusOf(problem.policy, worker.normHours, hours),
  })
  const labels = new Map(criteria.map(one => [one.code, one.label]))
  return {
    worker: names.get(worker.id) ?? { staffNumber: worker.id, name: worker.id },
    verdict: fit.status,
    current: false,
    points: fit.points,
    pointsDifference: null,
    hours: fit.hours,
    loadCost: fit.loadCost,
    before: point(worker.hoursInUse),
    after: point((hundredths(worker.hoursInUse) + hundredths(fit.hours)) / 100),
    contributions: fit.contributions.map(part => ({
      criterion: part.criterion,
      label: labels.get(part.criterion)?.[locale] ?? part.criterion,
      value: part.value,
      weight: part.weight,
      points: part.points,
      reason: part.sentence[locale],
      method: methods[part.criterion][locale],
    })),
    broken: fit.broken.map(one => ({
      rule: one.rule,
      message: one.sentence[locale],
      setAside: one.setAside,
    })),
  }
}
