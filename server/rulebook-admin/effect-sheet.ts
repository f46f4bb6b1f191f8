import type { Locale } from '../contract/common.ts'
import type { RulebookEffect } from '../contract/rulebook-versions.ts'
import type { Sheet } from '../tables/spreadsheet.ts'

const HEADINGS = {
  nl: [
    'medewerker',
    'naam',
    'team',
    'normuren nu',
    'uren nu',
    'werklast nu (%)',
    'stand nu',
    'normuren straks',
    'uren straks',
    'werklast straks (%)',
    'stand straks',
  ],
  en: [
    'worker',
    'name',
    'team',
    'norm hours now',
    'hours now',
    'load now (%)',
    'state now',
    'norm hours then',
    'hours then',
    'load then (%)',
    'state then',
  ],
}
const STATUS = {
  nl: {
    room: 'ruimte',
    onNorm: 'op norm',
    aboveNorm: 'boven norm',
    farAboveNorm: 'ver boven norm',
    noCaseload: 'geen caseload',
  },
  en: {
    room: 'room',
    onNorm: 'on norm',
    aboveNorm: 'above norm',
    farAboveNorm: 'far above norm',
    noCaseload: 'no caseload',
  },
}

/** One row per worker; percentages with one decimal. */
export function effectSheet({ workers, versionAfter }: RulebookEffect, locale: Locale): Sheet {
  const percent = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 10)
  const draft = locale === 'nl' ? 'concept' : 'draft'
  return {
    name: `effect ${versionAfter ?? draft}`,
    headings: HEADINGS[locale],
    rows: workers.map(({ staffNumber, name, team, before, after }) => [
      staffNumber,
      name,
      team,
      before.normHours,
      before.hoursInUse,
      percent(before.workload),
      STATUS[locale][before.status],
      after.normHours,
      after.hoursInUse,
      percent(after.workload),
      STATUS[locale][after.status],
    ]),
  }
}
