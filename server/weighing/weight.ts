import { hundredths } from '../../solver/problem/load.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import type { CaseWeight } from '../contract/cases.ts'
import type { Locale } from '../contract/common.ts'
import { FIRST_PHASE } from '../contract/phase-order.ts'
import type { RulebookContent } from '../contract/rulebook.ts'

/** What weighs: everything about a case that the rulebook's table looks at. */
export interface WeighableCase {
  /** Codes of the measures in force; see `measuresOn`. */
  measures: readonly string[]
  phase: Phase | null
  children: number | null
  factors: readonly string[]
  duoNeeded: boolean
  /** One of the factors is a threat: that makes a duo compulsory. */
  threat: boolean
  override: WeightByHand | null
  /** Asks little work for a while; left out: no. */
  dormant?: boolean
}

/** Hours that people set with a reason; `second`: those of the second seat of a pair, null where the rulebook divides them. */
export interface WeightByHand {
  hours: number
  reason: string
  second: number | null
}

/** How the parts are named; without names the codes stand in. */
export interface WeightNames {
  locale: Locale
  measures: ReadonlyMap<string, string>
  factors: ReadonlyMap<string, string>
}

type Part = CaseWeight['parts'][number]

const NO_NAMES: WeightNames = { locale: 'nl', measures: new Map(), factors: new Map() }

const words = {
  nl: {
    begin: 'beginfase',
    middle: 'middenfase',
    end: 'eindfase',
    unknownMeasure: 'maatregel onbekend, voorzichtig geschat',
    extraChild: 'kind extra',
    extraChildren: 'kinderen extra',
    concurrent: 'samenloop',
    duo: 'duo',
    override: 'met de hand gesteld',
    dormant: 'sluimerend',
    ofTheHours: 'van de uren',
    percent: ' %',
  },
  en: {
    begin: 'initial phase',
    middle: 'middle phase',
    end: 'closing phase',
    unknownMeasure: 'measure unknown, cautious estimate',
    extraChild: 'extra child',
    extraChildren: 'extra children',
    concurrent: 'concurrent',
    duo: 'duo',
    override: 'set by hand',
    dormant: 'dormant',
    ofTheHours: 'of the hours',
    percent: '%',
  },
} as const

/**
 * The weight of a case in hours per week, as a sum of named parts that add up to the total exactly (whole hundredths).
 *
 *   base  = hours(heaviest measure, phase) + concurrentPercent x hours(each other measure, phase)
 *   total = (base + base x extraChildPercent x extra children + base x percent of each factor) x (1 + duo percent)
 *
 * Percentages add up on the base and never on each other; only a duo counts over everything. An override replaces the
 * total: its part is the difference. Of a dormant case only dormantPercent of the total counts, an override included. An unknown input counts a careful default and makes the weight provisional: no phase
 * is the begin phase, no children is one child, and no (known) measure is the heaviest measure of the table.
 * The rulebook divides the total over the seats of a duo, unless people did.
 * Travel is not in it: that depends on who gets the case.
 */
export function weigh(
  theCase: WeighableCase,
  rulebook: { version: number; content: RulebookContent },
  names: WeightNames = NO_NAMES,
): CaseWeight {
  const { weight: table } = rulebook.content
  const text = words[names.locale]
  const missing: string[] = []
  const parts: { kind: Part['kind']; label: string; units: number }[] = []
  const sum = () => parts.reduce((total, part) => total + part.units, 0)

  const phase = theCase.phase ?? FIRST_PHASE
  const bases = measureBases(theCase.measures, phase, rulebook.content)
  if (bases.length === 0 || bases.some(one => !one.known)) missing.push('measures')
  if (theCase.phase === null) missing.push('phase')
  if (theCase.children === null) missing.push('children')

  const [heaviest, ...others] = bases
  const phaseName = text[phase]
  if (heaviest) {
    const name = names.measures.get(heaviest.code) ?? heaviest.code
    const unknown = heaviest.known ? '' : ` (${text.unknownMeasure})`
    parts.push({ kind: 'base', label: `${name}, ${phaseName}${unknown}`, units: heaviest.units })
  } else {
    const label = `${capital(text.unknownMeasure)}, ${phaseName}`
    parts.push({ kind: 'base', label, units: heaviestBase(phase, rulebook.content) })
  }
  for (const other of others) {
    parts.push({
      kind: 'concurrent',
      label: `${names.measures.get(other.code) ?? other.code}, ${text.concurrent} (${other.known ? '' : `${text.unknownMeasure}, `}${table.concurrentPercent}${text.percent})`,
      units: Math.round((other.units * table.concurrentPercent) / 100),
    })
  }

  const base = sum()
  const extra = Math.max(0, (theCase.children ?? 1) - 1)
  if (extra > 0) {
    const percent = round2(extra * table.extraChildPercent)
    const label = `${extra} ${extra === 1 ? text.extraChild : text.extraChildren} (${signed(percent, names.locale)}${text.percent})`
    parts.push({ kind: 'children', label, units: Math.round((base * percent) / 100) })
  }
  const percents = new Map(table.factors.map(one => [one.factor, one.percent]))
  for (const code of [...new Set(theCase.factors)].sort()) {
    const percent = percents.get(code) ?? 0
    parts.push({
      kind: 'factor',
      label: `${names.factors.get(code) ?? code} (${signed(percent, names.locale)}${text.percent})`,
      // Factors that lighten a case never make it weigh less than nothing.
      units: Math.max(-sum(), Math.round((base * percent) / 100)),
    })
  }
  const duo = isDuo(theCase)
  if (duo) {
    parts.push({
      kind: 'duo',
      label: `${capital(text.duo)} (${signed(table.duo.percent, names.locale)}${text.percent})`,
      units: Math.round((sum() * table.duo.percent) / 100),
    })
  }
  if (theCase.override) {
    const units = hundredths(theCase.override.hours) - sum()
    parts.push({ kind: 'override', label: capital(text.override), units })
  }
  const { dormantPercent } = table
  if (theCase.dormant && dormantPercent !== undefined) {
    const units = Math.round((sum() * dormantPercent) / 100) - sum()
    const share = formats[names.locale].format(dormantPercent)
    parts.push({
      kind: 'dormant',
      label: `${capital(text.dormant)}: ${share}${text.percent} ${text.ofTheHours}`,
      units,
    })
  }

  const total = sum()
  const override = duo || !theCase.override ? theCase.override : { ...theCase.override, second: null }
  const primary = duo ? Math.round(total * primaryShare(override, table.duo.primaryShare)) : total
  return {
    total: total / 100,
    primary: primary / 100,
    second: duo ? (total - primary) / 100 : null,
    heavy: total >= hundredths(table.heavyFromHours),
    provisional: missing.length > 0 && theCase.override === null,
    missing,
    parts: parts.map(({ kind, label, units }) => ({ kind, label, hours: units / 100 })),
    override,
    rulebookVersion: rulebook.version,
  }
}

/** The share of the first seat; where people divided no hours at all, that of the rulebook. */
function primaryShare(override: WeightByHand | null, ofTable: number): number {
  if (!override || override.second === null || override.hours === 0) return ofTable
  return 1 - override.second / override.hours
}

/** What people set for a case, from its row. */
export function overrideOf(row: {
  weightOverrideHours: number | null
  weightOverrideReason: string | null
  weightOverrideSecond: number | null
}): WeightByHand | null {
  return row.weightOverrideHours === null
    ? null
    : {
        hours: row.weightOverrideHours,
        reason: row.weightOverrideReason ?? '',
        second: row.weightOverrideSecond,
      }
}

/** A duo: two people, because somebody said so or because a factor is a threat. */
export function isDuo(theCase: Pick<WeighableCase, 'duoNeeded' | 'threat'>): boolean {
  return theCase.duoNeeded || theCase.threat
}

/**
 * The measures that weigh on a day: those not yet ended. When all have ended the case still asks work until somebody closes
 * it, so then all of them count. A measure that starts later counts too: its preparation has begun.
 */
export function measuresOn(
  measures: readonly { measure: string; endOn: string | null }[],
  day: string,
): string[] {
  const standing = measures.filter(one => one.endOn === null || one.endOn >= day)
  return (standing.length > 0 ? standing : measures).map(one => one.measure)
}

/** Heaviest first; equal ones in order of code, so that the order of entry never matters. */
function measureBases(codes: readonly string[], phase: Phase, content: RulebookContent) {
  const table = new Map(content.weight.bases.map(one => [one.measure, one]))
  return [...new Set(codes)]
    .map(code => {
      const row = table.get(code)
      const units = row ? hundredths(row[phase]) : heaviestBase(phase, content)
      return { code, units, known: row !== undefined }
    })
    .sort((a, b) => b.units - a.units || (a.code < b.code ? -1 : 1))
}

function heaviestBase(phase: Phase, content: RulebookContent): number {
  return Math.max(0, ...content.weight.bases.map(one => hundredths(one[phase])))
}

const formats = {
  nl: new Intl.NumberFormat('nl-NL', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }),
}

function signed(percent: number, locale: Locale): string {
  return `${percent < 0 ? '−' : '+'}${formats[locale].format(Math.abs(percent))}`
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
