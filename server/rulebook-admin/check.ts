import type { Locale } from '../contract/common.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { numbersOutOfRange, type RuleNumber, type RuleUnit } from '../contract/rulebook-limits.ts'
import type { BothLanguages } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'

/** What the codes of a rulebook may name, and the profiles that rounds were made with: those may not disappear. */
export interface Known {
  measures: ReadonlySet<string>
  factors: ReadonlySet<string>
  /** Highest level by code. */
  competences: ReadonlyMap<string, number>
  usedProfiles: ReadonlySet<string>
}

/**
 * What a schema cannot say about a rulebook: numbers that make sense, the band in order, codes known and once, rules that do
 * not contradict each other, load cost that rises (a price that falls with load would send cases to the busiest). 422 names
 * every field.
 */
export function checkContent(content: RulebookContent, known: Known, locale: Locale): void {
  const errors = new FieldErrors(locale)
  const wrong = new Set<string>()
  for (const { field, rule, value } of numbersOutOfRange(content)) {
    wrong.add(field)
    errors.add(`content.${field}`, rangeText(rule), value)
  }
  const add = (field: string, text: BothLanguages, value?: unknown) => {
    if (!wrong.has(field)) errors.add(`content.${field}`, text, value)
  }
  checkLimits(content, add)
  checkCodes(content, known, add)
  checkUsualNeeds(content, known, add)
  checkProfiles(content, known, add)
  checkSteps(content, add)
  errors.refuse()
}

type Add = (field: string, text: BothLanguages, value?: unknown) => void

function checkLimits(content: RulebookContent, add: Add): void {
  if (content.bandLow > content.bandHigh) {
    add('bandLow', {
      nl: 'De onderkant van de band ligt boven de bovenkant.',
      en: 'The bottom of the target range is above its top.',
    })
  }
  if (content.bandHigh > content.hardLimit) {
    add('hardLimit', {
      nl: 'De harde grens ligt onder de bovenkant van de band.',
      en: 'The hard limit is below the top of the target range.',
    })
  }
  if (content.newPerMonth !== undefined && content.newPerMonth < content.newPerWeek) {
    add('newPerMonth', {
      nl: 'Per maand kan niet minder zijn dan per week.',
      en: 'Per month cannot be less than per week.',
    })
  }
}

const UNKNOWN: BothLanguages = {
  nl: 'Deze code staat niet in de lijst.',
  en: 'This code is not in the list.',
}
const TWICE: BothLanguages = { nl: 'Deze staat er al.', en: 'This one is already there.' }

function checkCodes({ weight, kindCaps = [] }: RulebookContent, known: Known, add: Add): void {
  const lists = [
    ['weight.bases', weight.bases.map(one => one.measure), known.measures, 'measure'],
    ['weight.factors', weight.factors.map(one => one.factor), known.factors, 'factor'],
    ['weight.phaseWeeks', (weight.phaseWeeks ?? []).map(one => one.measure), known.measures, 'measure'],
  ] as const
  for (const [path, codes, catalogue, field] of lists) {
    codes.forEach((code, index) => {
      const where = `${path}.${index}.${field}`
      if (!catalogue.has(code)) add(where, UNKNOWN, code)
      else if (codes.indexOf(code) !== index) add(where, TWICE, code)
    })
  }
  kindCaps.forEach(({ kind, code }, index) => {
    const where = `kindCaps.${index}.code`
    if (!(kind === 'measure' ? known.measures : known.factors).has(code)) add(where, UNKNOWN, code)
    else if (kindCaps.findIndex(one => one.kind === kind && one.code === code) !== index)
      add(where, TWICE, code)
  })
}

function checkUsualNeeds({ usualNeeds = [] }: RulebookContent, known: Known, add: Add): void {
  usualNeeds.forEach(({ kind, code, competences }, index) => {
    const where = `usualNeeds.${index}`
    if (!(kind === 'measure' ? known.measures : known.factors).has(code)) add(`${where}.code`, UNKNOWN, code)
    else if (usualNeeds.findIndex(one => one.kind === kind && one.code === code) !== index)
      add(`${where}.code`, TWICE, code)
    competences.forEach((one, place) => {
      const most = known.competences.get(one.code)
      const at = `${where}.competences.${place}`
      if (most === undefined) add(`${at}.code`, UNKNOWN, one.code)
      else if (competences.findIndex(other => other.code === one.code) !== place)
        add(`${at}.code`, TWICE, one.code)
      else if (one.level > most) {
        const text = { nl: `Het hoogste niveau is ${most}.`, en: `The highest level is ${most}.` }
        add(`${at}.level`, text, one.level)
      }
    })
  })
}

function checkProfiles({ criteria, profiles }: RulebookContent, known: Known, add: Add): void {
  const nothing: BothLanguages = {
    nl: 'Geef minstens één criterium meer dan 0 punten.',
    en: 'Give at least one criterion more than 0 points.',
  }
  if (Object.values(criteria).every(points => points === 0)) add('criteria.competence', nothing)
  if (!profiles) return
  profiles.forEach((profile, index) => {
    const where = `profiles.${index}`
    if (profiles.findIndex(one => one.code === profile.code) !== index)
      add(`${where}.code`, TWICE, profile.code)
    for (const code of Object.keys(profile.criteria ?? {})) {
      if (code in criteria) continue
      add(`${where}.criteria.${code}`, {
        nl: 'Dit criterium telt in deze regels niet mee. Geef het eerst zelf een weging.',
        en: 'This criterion does not count in these rules. Give it a weight first.',
      })
    }
    const goals = { ...criteria, ...profile.criteria }
    if (Object.values(goals).every(points => points === 0)) add(`${where}.criteria.competence`, nothing)
  })
  if (profiles.every(profile => profile.ended)) {
    add('profiles.0.ended', {
      nl: 'Laat minstens één profiel om uit te kiezen.',
      en: 'Leave at least one profile to choose from.',
    })
  }
  const gone = [...known.usedProfiles].filter(code => !profiles.some(one => one.code === code))
  if (gone.length > 0) {
    add('profiles', {
      nl: `Met dit profiel zijn rondes gemaakt: ${gone.join(', ')}. Laat het vervallen in plaats van het weg te halen.`,
      en: `Rounds were made with this profile: ${gone.join(', ')}. End it instead of removing it.`,
    })
  }
}

function checkSteps(content: RulebookContent, add: Add): void {
  content.rampUp.forEach((step, index) => {
    if (content.rampUp.findIndex(one => one.untilMonth === step.untilMonth) === index) return
    add(`rampUp.${index}.untilMonth`, {
      nl: 'Deze maand staat er al.',
      en: 'This month is already there.',
    })
  })
  content.loadCost.forEach((step, index) => {
    const before = content.loadCost[index - 1]
    if (!before || (step.from > before.from && step.pointsPerHour >= before.pointsPerHour)) return
    add(`loadCost.${index}`, RISES)
  })
  content.heavyCost?.forEach((step, index) => {
    const before = content.heavyCost?.[index - 1]
    if (!before || (step.from > before.from && step.points >= before.points)) return
    add(`heavyCost.${index}`, RISES)
  })
}

const RISES: BothLanguages = {
  nl: 'Elke volgende stap begint hoger en kost minstens evenveel.',
  en: 'Every next step starts higher and costs at least as much.',
}

const UNITS: Record<RuleUnit, BothLanguages> = {
  hours: { nl: ' uur', en: ' hours' },
  share: { nl: ' %', en: ' %' },
  percent: { nl: ' %', en: ' %' },
  count: { nl: '', en: '' },
  points: { nl: ' punten', en: ' points' },
  minutes: { nl: ' minuten', en: ' minutes' },
  days: { nl: ' dagen', en: ' days' },
  weeks: { nl: ' weken', en: ' weeks' },
  months: { nl: ' maanden', en: ' months' },
}

function rangeText({ unit, least, most, whole }: RuleNumber): BothLanguages {
  return {
    nl: `Vul een ${whole ? 'geheel getal' : 'getal'} in van ${least} tot en met ${most}${UNITS[unit].nl}.`,
    en: `Enter a ${whole ? 'whole number' : 'number'} from ${least} to ${most}${UNITS[unit].en}.`,
  }
}
