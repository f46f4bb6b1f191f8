/** How a number of the rulebook is read. A `share` is stored as a fraction of one and read as a percentage. */
export type RuleUnit =
  | 'hours'
  | 'share'
  | 'percent'
  | 'count'
  | 'points'
  | 'minutes'
  | 'days'
  | 'weeks'
  | 'months'

/** What makes sense for one number, in the unit in which it is read. `*` in a field stands for each entry of a list. */
export interface RuleNumber {
  field: string
  unit: RuleUnit
  least: number
  most: number
  whole?: true
  /** May be left out: then the rule is off, or its usual value holds. */
  optional?: true
}

const number = (
  field: string,
  unit: RuleUnit,
  least: number,
  most: number,
  more: Partial<RuleNumber> = {},
) => ({
  field,
  unit,
  least,
  most,
  ...more,
})
const whole = { whole: true } as const
const mayLack = { whole: true, optional: true } as const

/**
 * Every number of the rulebook with the range that server and screens accept. Wide enough for any organisation, narrow
 * enough that a slip of the keyboard is noticed.
 */
export const RULE_NUMBERS: readonly RuleNumber[] = [
  number('weight.bases.*.begin', 'hours', 0, 60),
  number('weight.bases.*.middle', 'hours', 0, 60),
  number('weight.bases.*.end', 'hours', 0, 60),
  number('weight.phaseWeeks.*.begin', 'weeks', 1, 520, mayLack),
  number('weight.phaseWeeks.*.middle', 'weeks', 1, 520, mayLack),
  number('weight.factors.*.percent', 'percent', -100, 300),
  number('weight.extraChildPercent', 'percent', 0, 200),
  number('weight.concurrentPercent', 'percent', 0, 200),
  number('weight.duo.percent', 'percent', 0, 200),
  number('weight.duo.primaryShare', 'share', 10, 90),
  number('weight.travel.overMinutes', 'minutes', 0, 240, whole),
  number('weight.travel.hours', 'hours', 0, 10),
  number('weight.dormantPercent', 'percent', 0, 100, { optional: true }),
  number('weight.heavyFromHours', 'hours', 1, 60),
  number('caseTimeShare', 'share', 20, 100),
  number('fullTimeHours', 'hours', 20, 60),
  number('rampUp.*.untilMonth', 'months', 1, 60, whole),
  number('rampUp.*.share', 'share', 0, 100),
  number('bandLow', 'share', 50, 120),
  number('bandHigh', 'share', 80, 150),
  number('hardLimit', 'share', 90, 200),
  number('newPerWeek', 'count', 1, 20, whole),
  number('newPerMonth', 'count', 1, 60, mayLack),
  number('openPerNew', 'count', 1, 50, mayLack),
  number('heavyCases', 'count', 1, 50, whole),
  number('usualNeeds.*.competences.*.level', 'count', 1, 5, whole),
  number('kindCaps.*.most', 'count', 1, 100, whole),
  number('ratherNotPerRound', 'count', 0, 50, mayLack),
  number('wishBudget', 'count', 0, 50, mayLack),
  number('mentorRoom', 'count', 0, 20, mayLack),
  number('overdueAfterDays', 'days', 0, 365, mayLack),
  number('leavingDays', 'days', 0, 365, mayLack),
  number('handoverDays', 'days', 0, 365, mayLack),
  number('changeCost', 'points', 0, 100, { optional: true }),
  number('criteria.*', 'points', 0, 100),
  number('profiles.*.criteria.*', 'points', 0, 100, { optional: true }),
  number('loadCost.*.from', 'share', 0, 300),
  number('loadCost.*.pointsPerHour', 'points', 0, 1000),
  number('heavyCost.*.from', 'count', 0, 100, whole),
  number('heavyCost.*.points', 'points', 0, 1000),
]

/** The rule for a number at this place, such as `weight.bases.3.begin`; `parts` may also name the entry of a list. */
export function ruleNumberAt(field: string, parts = field.split('.')): RuleNumber | undefined {
  return RULE_NUMBERS.find(one => {
    const wanted = one.field.split('.')
    return wanted.length === parts.length && wanted.every((part, at) => part === '*' || part === parts[at])
  })
}

/** The places in `content` that a field with `*` means, with what stands there. */
function placesOf(content: unknown, field: string): { field: string; value: unknown }[] {
  let places: { field: string; value: unknown }[] = [{ field: '', value: content }]
  for (const part of field.split('.')) {
    places = places.flatMap(place => {
      if (typeof place.value !== 'object' || place.value === null) return []
      const members = place.value as Record<string, unknown>
      const names = part === '*' ? Object.keys(members) : [part]
      return names.map(name => ({
        field: place.field === '' ? name : `${place.field}.${name}`,
        value: members[name],
      }))
    })
  }
  return places
}

/** Every number that is missing where there must be one, no number, or outside its range. `value` is as it is stored. */
export function numbersOutOfRange(content: unknown): { field: string; rule: RuleNumber; value: unknown }[] {
  return RULE_NUMBERS.flatMap(rule =>
    placesOf(content, rule.field)
      .filter(({ value }) => {
        if (value === undefined || value === null) return !rule.optional
        if (typeof value !== 'number' || !Number.isFinite(value)) return true
        // Exact to a thousandth, so that 0.29 is 29 %.
        const read = rule.unit === 'share' ? Math.round(value * 100_000) / 1000 : value
        return read < rule.least || read > rule.most || (rule.whole === true && !Number.isInteger(read))
      })
      .map(({ field, value }) => ({ field, rule, value })),
  )
}
