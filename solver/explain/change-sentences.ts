import type { Change } from '../problem/changes.ts'
import type { CriterionCode } from '../problem/problem.ts'
import { type CodeNames, fill, listed, type Sentence } from '../problem/sentences.ts'
import { criterionOf } from '../rules/criteria.ts'

/** What was supposed, in words: "M. de Vries is er niet van 1 december 2026 tot en met 3 januari 2027." */
export function changeSentence(
  change: Change,
  name: (workerId: string) => string,
  codeNames?: CodeNames,
): Sentence {
  switch (change.kind) {
    case 'workerLeaves':
      return fill(words.workerLeaves, { worker: name(change.workerId), from: change.from })
    case 'workerAway': {
      const { from, until } = change
      return until === null
        ? fill(words.awayOpen, { worker: name(change.workerId), from })
        : fill(words.away, { worker: name(change.workerId), from, until })
    }
    case 'workerHours':
      return fill(change.normHours === undefined ? words.contract : words.contractAndNorm, {
        worker: name(change.workerId),
        contract: change.contractHours,
        norm: change.normHours ?? 0,
      })
    case 'extraRoom':
      return fill(change.hours < 0 ? words.lessRoom : words.extraRoom, {
        worker: name(change.workerId),
        hours: Math.abs(change.hours),
      })
    case 'casesLike':
      return fill(change.count === 1 ? words.oneLike : words.casesLike, {
        case: change.caseId,
        count: change.count,
      })
    case 'caseUrgency':
      return fill(words[change.urgency], { case: change.caseId })
    case 'competenceWanted':
      return fill(
        change.seat ? words.competenceWantedOfSeat : words.competenceWanted,
        { case: change.caseId, competence: change.competence, ...(change.seat && { seat: change.seat }) },
        codeNames,
      )
    case 'weights':
      return weightsSentence(change.criteria)
    case 'limits':
      return limitsSentence(change)
    case 'lock':
      return fill(words.lock, { case: change.caseId, worker: name(change.workerId) })
    case 'exclude':
    case 'include':
      return fill(words[change.kind], { case: change.caseId, worker: name(change.workerId) })
    case 'wait':
      return fill(change.waits ? words.wait : words.noWait, { case: change.caseId })
    default:
      return fill(words[change.kind], { case: change.caseId })
  }
}

function weightsSentence(weights: Extract<Change, { kind: 'weights' }>['criteria']): Sentence {
  const say = (language: keyof Sentence) => {
    const parts = (Object.keys(weights) as CriterionCode[]).map(code => {
      const label = criterionOf[code].label[language]
      return fill({ nl: '{label} {weight}', en: '{label} {weight}' }, { label, weight: weights[code] ?? 0 })[
        language
      ]
    })
    return `${words.weights[language]}: ${listed(parts, language)}.`
  }
  return { nl: say('nl'), en: say('en') }
}

function limitsSentence(change: Extract<Change, { kind: 'limits' }>): Sentence {
  const say = (language: keyof Sentence) => {
    const { kind: _, lowestMaximumFirst, bandHigh, hardLimit, ...counts } = change
    const parts: string[] = []
    const put = (sentence: Sentence, value: number) => parts.push(fill(sentence, { value })[language])
    if (bandHigh !== undefined) put(limitWords.bandHigh, Math.round(bandHigh * 1000) / 10)
    if (hardLimit !== undefined) put(limitWords.hardLimit, Math.round(hardLimit * 1000) / 10)
    if (counts.newPerWeek !== undefined) put(limitWords.newPerWeek, counts.newPerWeek)
    if (counts.heavyCases !== undefined) put(limitWords.heavyCases, counts.heavyCases)
    if (counts.heavyFromHours !== undefined) put(limitWords.heavyFromHours, counts.heavyFromHours)
    if (lowestMaximumFirst !== undefined)
      parts.push(limitWords[lowestMaximumFirst ? 'maximumFirst' : 'maximumNotFirst'][language])
    return `${words.limits[language]}: ${listed(parts, language)}.`
  }
  return { nl: say('nl'), en: say('en') }
}

const limitWords = {
  bandHigh: { nl: 'band tot {value} %', en: 'target range up to {value}%' },
  hardLimit: { nl: 'harde grens {value} %', en: 'hard limit {value}%' },
  newPerWeek: { nl: '{value} nieuwe zaken per week', en: '{value} new cases per week' },
  heavyCases: { nl: '{value} zware zaken', en: '{value} heavy cases' },
  heavyFromHours: { nl: 'zwaar vanaf {value} uur', en: 'heavy from {value} hours' },
  maximumFirst: {
    nl: 'eerst de hoogste werklast zo laag mogelijk',
    en: 'first the highest workload as low as possible',
  },
  maximumNotFirst: { nl: 'de hoogste werklast niet eerst', en: 'not first the highest workload' },
}

const words = {
  workerLeaves: { nl: '{worker} is er niet meer vanaf {from}.', en: '{worker} has left from {from}.' },
  away: {
    nl: '{worker} is er niet van {from} tot en met {until}.',
    en: '{worker} is away from {from} up to and including {until}.',
  },
  awayOpen: { nl: '{worker} is er niet vanaf {from}.', en: '{worker} is away from {from}.' },
  contract: { nl: '{worker} werkt {contract} uur.', en: '{worker} works {contract} hours.' },
  contractAndNorm: {
    nl: '{worker} werkt {contract} uur, met {norm} normuren.',
    en: '{worker} works {contract} hours, with {norm} norm hours.',
  },
  extraRoom: {
    nl: '{worker} heeft {hours} uur meer ruimte.',
    en: '{worker} has {hours} more hours of room.',
  },
  lessRoom: {
    nl: '{worker} heeft {hours} uur minder ruimte.',
    en: '{worker} has {hours} fewer hours of room.',
  },
  casesLike: {
    nl: 'Er komen {count} zaken bij zoals {case}.',
    en: 'There are {count} more cases like {case}.',
  },
  oneLike: { nl: 'Er komt een zaak bij zoals {case}.', en: 'There is one more case like {case}.' },
  caseLeaves: { nl: 'Zaak {case} doet niet mee.', en: 'Case {case} does not take part.' },
  emergency: { nl: 'Zaak {case} is spoed.', en: 'Case {case} is an emergency.' },
  high: { nl: 'Zaak {case} heeft hoge urgentie.', en: 'Case {case} has high urgency.' },
  normal: { nl: 'Zaak {case} heeft gewone urgentie.', en: 'Case {case} has normal urgency.' },
  competenceWanted: {
    nl: 'Voor zaak {case} is {competence} gewenst in plaats van nodig.',
    en: 'For case {case}, {competence} is desired instead of required.',
  },
  competenceWantedOfSeat: {
    nl: 'Voor de {seat} plek van zaak {case} is {competence} gewenst in plaats van nodig.',
    en: 'For the {seat} seat of case {case}, {competence} is desired instead of required.',
  },
  weights: { nl: 'Andere wegingen', en: 'Other weights' },
  limits: { nl: 'Andere grenzen', en: 'Other limits' },
  lock: { nl: 'Zaak {case} is vastgezet bij {worker}.', en: 'Case {case} is locked to {worker}.' },
  unlock: { nl: 'Zaak {case} is niet meer vastgezet.', en: 'Case {case} is no longer locked.' },
  exclude: { nl: '{worker} is uitgesloten voor zaak {case}.', en: '{worker} is excluded from case {case}.' },
  include: {
    nl: '{worker} is niet meer uitgesloten voor zaak {case}.',
    en: '{worker} is no longer excluded from case {case}.',
  },
  wait: { nl: 'Zaak {case} wacht in deze ronde.', en: 'Case {case} waits in this round.' },
  noWait: { nl: 'Zaak {case} wacht niet langer.', en: 'Case {case} no longer waits.' },
} satisfies Record<string, Sentence>
