import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { dayOf } from '../contract/days.ts'
import type { RoundResult } from '../contract/rounds.ts'
import { dayCell, type Sheet, sheetCsv, sheetXlsx } from '../tables/spreadsheet.ts'

const HEADINGS = {
  nl: [
    'Ronde',
    'Zaaknummer',
    'Plek',
    'Besluit',
    'Jeugdbeschermer',
    'Personeelsnummer',
    'Voorgesteld',
    'Uren per week',
    'Werklast voor (%)',
    'Werklast na (%)',
    'Startdatum',
    'Reden',
    'Toelichting',
    'Opnieuw bekijken op',
    'Antwoord van de jeugdbeschermer',
    'Boven harde grens',
    'Besloten door',
    'Vastgesteld op',
    'Ingetrokken op',
    'Reden intrekking',
  ],
  en: [
    'Round',
    'Case number',
    'Seat',
    'Decision',
    'Worker',
    'Staff number',
    'Proposed',
    'Hours per week',
    'Workload before (%)',
    'Workload after (%)',
    'Start date',
    'Reason',
    'Explanation',
    'Review again on',
    'Worker’s answer',
    'Above hard limit',
    'Decided by',
    'Confirmed on',
    'Withdrawn on',
    'Reason for withdrawal',
  ],
} as const

const WORDS: Record<string, { nl: string; en: string }> = {
  primary: { nl: 'eerste', en: 'first' },
  second: { nl: 'tweede', en: 'second' },
  'kind agreed': { nl: 'volgens het voorstel', en: 'as proposed' },
  'kind deviation': { nl: 'gemotiveerde afwijking', en: 'justified deviation' },
  'kind waiting': { nl: 'wacht', en: 'waits' },
  'answer agreed': { nl: 'akkoord', en: 'agreed' },
  'answer objection': { nl: 'bezwaar, team besloot', en: 'objection, the team decided' },
  'answer discussion': { nl: 'na overleg', en: 'after a discussion' },
  'answer silence': { nl: 'geen antwoord, team besloot', en: 'no answer, the team decided' },
  'answer unasked': { nl: 'niet gevraagd, team besloot', en: 'not asked, the team decided' },
  yes: { nl: 'ja', en: 'yes' },
  no: { nl: 'nee', en: 'no' },
}

/** The decisions of a round as one sheet; loads as percentages with one decimal, days as ISO text. */
export async function decisionSheet(db: Executor, result: RoundResult, locale: Locale): Promise<Sheet> {
  const reasons = new Map(
    (await db.selectFrom('overrideReason').select(['code', 'nameNl', 'nameEn']).execute()).map(row => [
      row.code,
      locale === 'nl' ? row.nameNl : row.nameEn,
    ]),
  )
  const word = (key: string | null) => (key === null ? '' : (WORDS[key]?.[locale] ?? key))
  const share = (load: number | null) => (load === null ? null : Math.round(load * 1000) / 10)
  return {
    name: `${locale === 'nl' ? 'Ronde' : 'Round'} ${result.roundId}`,
    headings: HEADINGS[locale],
    rows: result.decisions.map(one => [
      result.roundId,
      one.caseNumber,
      word(one.seat),
      word(`kind ${one.kind}`),
      one.worker?.name ?? '',
      one.worker?.staffNumber ?? '',
      one.proposed?.name ?? '',
      one.hours,
      share(one.loadBefore),
      share(one.loadAfter),
      dayCell(result.startOn),
      one.reasonCode === null ? '' : (reasons.get(one.reasonCode) ?? one.reasonCode),
      one.reasonText ?? '',
      dayCell(one.reviewOn),
      one.answer === null ? '' : word(`answer ${one.answer}`),
      word(one.acceptsExcess ? 'yes' : 'no'),
      one.decidedBy ?? '',
      dayCell(dayOf(new Date(result.settledAt))),
      dayCell(one.withdrawn ? dayOf(new Date(one.withdrawn.at)) : null),
      one.withdrawn?.reason ?? '',
    ]),
  }
}

export const decisionCsv = async (db: Executor, result: RoundResult, locale: Locale) =>
  sheetCsv(await decisionSheet(db, result, locale), locale)

export const decisionXlsx = async (db: Executor, result: RoundResult, locale: Locale) =>
  sheetXlsx(await decisionSheet(db, result, locale))
