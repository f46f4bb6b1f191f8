import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { Minutes } from '../contract/meetings.ts'
import { agreementOf, looksOf, revealedLooks } from '../draft/first-look.ts'
import { namesOf } from '../draft/names.ts'
import type { Round } from '../draft/rounds.ts'
import { readState } from '../draft/state.ts'
import { Refusal } from '../http/call.ts'
import { roundResult } from '../rounds/result.ts'
import { type Sheet, sheetCsv } from '../tables/spreadsheet.ts'
import { meetingOf, meetingView, notesOf } from './queries.ts'

/**
 * The minutes of a meeting. Of a settled round they give the decisions; before that the draft as it stands, marked as a draft.
 * Throws 404 when nobody opened a meeting.
 */
export async function minutes(
  db: Executor,
  round: Round,
  at: { today: string; locale: Locale },
): Promise<Minutes> {
  const meeting = await meetingOf(db, round.id)
  if (!meeting) {
    throw new Refusal(404, {
      nl: 'Over deze ronde is geen overleg gehouden, dus er is geen verslag.',
      en: 'No meeting was held about this round, so there are no minutes.',
    })
  }
  const view = await meetingView(db, round)
  const notes = await notesOf(db, meeting.id)
  const names = new Map(view.people.map(person => [person.userId, person.name]))
  const state = await readState(db, round, at.today)
  const seats = await seatsOf(db, round, state, at.locale)
  const revealed = await revealedLooks(db, round.id)
  const cases: Minutes['cases'] = []
  for (const { caseNumber } of view.cases) {
    const note = notes.get(caseNumber)
    const looks = await looksOf(db, round.id, state.now.caseIds.get(caseNumber) ?? 0)
    const own = seats.filter(one => one.caseNumber === caseNumber)
    const suggested = own.find(one => one.seat === 'primary')?.suggested?.staffNumber ?? null
    cases.push({
      caseNumber,
      seats: own.map(({ caseNumber: _, ...seat }) => seat),
      unseen: state.unseen.has(caseNumber),
      outcome: note?.outcome ?? null,
      motive: note?.motive ?? null,
      dissent: note?.dissent ?? null,
      firstLook:
        looks.length === 0 || (round.status === 'open' && !revealed.has(caseNumber))
          ? null
          : {
              stated: revealed.get(caseNumber)?.stated ?? looks.length,
              withSuggestion:
                revealed.get(caseNumber)?.withSuggestion ??
                agreementOf(looks, suggested)?.withSuggestion ??
                0,
            },
    })
  }
  return {
    roundId: round.id,
    startOn: round.startOn,
    teams: view.teams,
    final: round.status === 'settled' && meeting.closedAt !== null,
    openedAt: meeting.openedAt.toISOString(),
    closedAt: meeting.closedAt?.toISOString() ?? null,
    settledAt: round.settledAt?.toISOString() ?? null,
    settledBy: round.settledBy,
    present: view.present.flatMap(id => names.get(id) ?? []),
    cases,
  }
}

type MinutesSeat = Minutes['cases'][number]['seats'][number] & { caseNumber: string }

async function seatsOf(
  db: Executor,
  round: Round,
  state: Awaited<ReturnType<typeof readState>>,
  locale: Locale,
): Promise<MinutesSeat[]> {
  if (round.status === 'settled') {
    const { decisions } = await roundResult(db, round, locale)
    return decisions.map(one => ({
      caseNumber: one.caseNumber,
      seat: one.seat,
      suggested: one.proposed,
      worker: one.worker,
      deviates: one.kind === 'deviation',
      reasonCode: one.reasonCode,
      reasonText: one.reasonText,
      decidedBy: one.decidedBy,
      answer: one.answer,
    }))
  }
  const nameOf = namesOf(state)
  const authors = new Map(state.choices.map(choice => [choice.id, choice.by]))
  return state.seats.map(one => ({
    caseNumber: one.case.id,
    seat: one.seat,
    suggested: one.proposedId === null ? null : nameOf(one.proposedId),
    worker: one.worker ? nameOf(one.worker.id) : null,
    deviates: one.choice?.kind === 'override',
    reasonCode: one.choice?.reasonCode ?? null,
    reasonText: one.choice?.reasonText ?? null,
    decidedBy: one.choice ? (authors.get(one.choice.id) ?? null) : null,
    answer: null,
  }))
}

const HEADINGS = {
  nl: [
    'Ronde',
    'Zaaknummer',
    'Plek',
    'Suggestie',
    'Keuze',
    'Afwijking',
    'Reden',
    'Toelichting',
    'Uitkomst',
    'Motivering',
    'Andere mening',
    'Eerste blik gelijk aan suggestie',
    'Besloten door',
  ],
  en: [
    'Round',
    'Case number',
    'Seat',
    'Suggestion',
    'Choice',
    'Deviation',
    'Reason',
    'Explanation',
    'Outcome',
    'Motive',
    'Dissent',
    'First looks that met the suggestion',
    'Decided by',
  ],
} as const
const OUTCOMES = {
  agreed: { nl: 'akkoord', en: 'agreed' },
  changed: { nl: 'iemand anders', en: 'somebody else' },
  waits: { nl: 'wacht', en: 'waits' },
  later: { nl: 'later bespreken', en: 'discuss later' },
} as const

/** One row per seat. */
export async function minutesCsv(db: Executor, all: Minutes, locale: Locale): Promise<string> {
  const reasons = new Map(
    (await db.selectFrom('overrideReason').select(['code', 'nameNl', 'nameEn']).execute()).map(row => [
      row.code,
      locale === 'nl' ? row.nameNl : row.nameEn,
    ]),
  )
  const word = (nl: string, en: string) => (locale === 'nl' ? nl : en)
  const sheet: Sheet = {
    name: word('Verslag', 'Minutes'),
    headings: HEADINGS[locale],
    rows: all.cases.flatMap(one =>
      one.seats.map(seat => [
        all.roundId,
        one.caseNumber,
        seat.seat === 'primary' ? word('eerste', 'primary') : word('tweede', 'second'),
        seat.suggested?.name ?? '',
        seat.worker?.name ?? '',
        seat.deviates ? word('ja', 'yes') : word('nee', 'no'),
        seat.reasonCode === null ? '' : (reasons.get(seat.reasonCode) ?? seat.reasonCode),
        seat.reasonText ?? '',
        one.outcome === null ? '' : OUTCOMES[one.outcome][locale],
        one.motive ?? '',
        one.dissent ?? '',
        one.firstLook === null
          ? ''
          : word(
              `${one.firstLook.withSuggestion} van ${one.firstLook.stated}`,
              `${one.firstLook.withSuggestion} of ${one.firstLook.stated}`,
            ),
        seat.decidedBy ?? '',
      ]),
    ),
  }
  return sheetCsv(sheet, locale)
}
