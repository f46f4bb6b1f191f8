import type { Executor } from '../../db/database.ts'
import { reasonSentence } from '../../solver/explain/reasons.ts'
import { hundredths, seatHours, seatsOf as seatsOfCase } from '../../solver/problem/load.ts'
import type { ProblemWorker, Seat } from '../../solver/problem/problem.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { contributions, criterionOf } from '../../solver/rules/criteria.ts'
import { ruleOf, setAsideOf } from '../../solver/rules/rules.ts'
import { requireSeat } from '../allocations/single.ts'
import type { Locale } from '../contract/common.ts'
import type { MeetingCase } from '../contract/meetings.ts'
import { seatKey, viewDraft, withoutLocks } from '../draft/draft-view.ts'
import { agreementOf, looksOf } from '../draft/first-look.ts'
import { namesOf } from '../draft/names.ts'
import type { Round } from '../draft/rounds.ts'
import { settlingOf } from '../draft/settings.ts'
import { seatsThatLapsed, sinceRun } from '../draft/since.ts'
import { type RoundState, readState } from '../draft/state.ts'
import { type BothLanguages, notFound, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { codeNames } from '../rulebook/queries.ts'
import { caseRows } from '../weighing/case-rows.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import { meetingOf, NO_NOTE, notesOf } from './queries.ts'

const PRIVATE: BothLanguages = {
  nl: 'Kan deze zaak nu niet krijgen.',
  en: 'Cannot have this case now.',
}

interface Reader {
  user: SignedIn
  locale: Locale
  today: string
}

/**
 * One case on the shared screen: candidates in the order of their names, and nothing about wishes, absence or points. While a
 * first look is not revealed it gives neither the suggestion nor the hours, nor what others stated.
 */
export async function meetingCase(
  db: Executor,
  round: Round,
  caseNumber: string,
  { user, locale, today }: Reader,
  wanted: Seat = 'primary',
): Promise<MeetingCase> {
  const state = await readState(db, round, today)
  const caseId = state.now.caseIds.get(caseNumber)
  const row =
    caseId === undefined
      ? undefined
      : (await caseRows(db, { organisationId: round.organisationId, caseIds: [caseId], on: today })).get(
          caseId,
        )
  const theCase = state.now.problem.cases.find(one => one.id === caseNumber)
  if (caseId === undefined || !row || !theCase)
    throw notFound({ nl: 'Deze zaak in de ronde', en: 'This case in the round' })
  const errors = new FieldErrors(locale)
  requireSeat({ duoNeeded: theCase.duo, threat: theCase.threat }, wanted, errors)
  errors.refuse()
  // Of a duo of which somebody has one seat there is only the other to talk about.
  const asked = seatsOfCase(theCase)
  const seat = asked.find(one => one === wanted) ?? asked[0]!
  const { firstLook } = await settlingOf(
    db,
    round.teams.map(team => team.id),
  )
  const meeting = await meetingOf(db, round.id)
  const hidden = state.unseen.has(caseNumber)
  const seats = hidden
    ? hiddenSeats(state, caseNumber)
    : seatsOf(state, caseNumber, locale, await codeNames(db))
  const looks = await looksOf(db, round.id, caseId)
  const mine = looks.find(one => one.userId === user.id)
  const suggested = seats.find(one => one.seat === asked[0])?.suggested ?? null
  return {
    case: hidden ? { ...row, hours: 0, openHours: 0, heavy: false } : row,
    hours: hidden ? null : row.hours,
    seats,
    candidates: candidatesOf(state, caseNumber, seat, locale),
    firstLook: firstLook
      ? {
          revealed: !hidden,
          mine: mine ? { hours: mine.hours, staffNumber: mine.staffNumber } : null,
          stated: looks.length,
          looks: hidden
            ? null
            : looks.map(one => ({
                by: one.by,
                hours: one.hours,
                worker:
                  one.staffNumber === null
                    ? null
                    : { staffNumber: one.staffNumber, name: one.workerName ?? '' },
              })),
          agreement: hidden ? null : agreementOf(looks, suggested?.staffNumber ?? null),
        }
      : null,
    note: (meeting && (await notesOf(db, meeting.id)).get(caseNumber)) ?? NO_NOTE,
    since: sinceRun(state),
    lapsed: seatsThatLapsed(state).has(seatKey(caseNumber, seat)),
    roundVersion: round.version,
  }
}

/** The seats of a case, with nothing about who would get them. */
function hiddenSeats(state: RoundState, caseNumber: string): MeetingCase['seats'] {
  const theCase = state.now.problem.cases.find(one => one.id === caseNumber)
  return (theCase ? seatsOfCase(theCase) : []).map(seat => ({
    seat,
    suggested: null,
    worker: null,
    waits: false,
    deviates: false,
    before: null,
    after: null,
    sentence: null,
  }))
}

function seatsOf(
  state: RoundState,
  caseNumber: string,
  locale: Locale,
  codes: Awaited<ReturnType<typeof codeNames>>,
): MeetingCase['seats'] {
  const { lines } = viewDraft(state.shown, state.seats, namesOf(state), locale, codes)
  return lines.flatMap((line, at) => {
    const seat = state.seats[at]
    if (line.caseNumber !== caseNumber || !seat) return []
    const sentence = seat.worker
      ? contributions(state.shown, seat.case, seat.worker, seat.seat)
          .filter(one => criterionOf[one.criterion].onScreen && one.points > 0)
          .map(one => reasonSentence(one.reason, codes)[locale])
          .join('; ')
      : ''
    return [
      {
        seat: line.seat,
        suggested: line.proposed,
        worker: line.worker,
        waits: line.waits,
        deviates: line.deviates,
        before: line.before && { workload: line.before.workload, status: line.before.status },
        after: line.after && { workload: line.after.workload, status: line.after.status },
        sentence: sentence ? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.` : null,
      },
    ]
  })
}

function candidatesOf(
  state: RoundState,
  caseNumber: string,
  seat: Seat,
  locale: Locale,
): MeetingCase['candidates'] {
  const hidden = state.unseen.has(caseNumber)
  // What is hidden is not in the draft that is shown; its facts are in the tables.
  const problem = withoutLocks(hidden ? state.now.problem : state.shown)
  const theCase = problem.cases.find(one => one.id === caseNumber)
  if (!theCase) return []
  const others = state.seats.flatMap(one =>
    one.worker && (one.case.id !== caseNumber || one.seat !== seat)
      ? [
          {
            caseId: one.case.id,
            seat: one.seat,
            workerId: one.worker.id,
            hours: seatHours(problem.policy, one.case, one.seat, one.worker),
          },
        ]
      : [],
  )
  const point = (worker: ProblemWorker, units: number) => ({
    workload: workloadOf(worker.normHours, units / 100),
    status: statusOf(problem.policy, worker.normHours, units / 100),
  })
  // In the order of their names, as the round has them: nobody stands first for a reason.
  return state.workers.flatMap(({ staffNumber, name }) => {
    const worker = problem.workers.find(one => one.id === staffNumber)
    if (!worker) return []
    const breaches = broken(problem, theCase, seat, worker, others).filter(
      one => !hidden || ruleOf[one.rule].onScreen !== 'afterWeighing',
    )
    const before = others
      .filter(one => one.workerId === worker.id)
      .reduce((sum, one) => sum + one.hours, hundredths(worker.hoursInUse))
    const open = breaches.filter(one => ruleOf[one.rule].onScreen !== 'never')
    return [
      {
        worker: { staffNumber, name },
        before: point(worker, before),
        after: hidden ? null : point(worker, before + seatHours(problem.policy, theCase, seat, worker)),
        allowed: breaches.length === 0,
        setAside:
          !hidden && breaches.every(one => setAsideOf(one.rule) === 'motive')
            ? breaches.map(one => one.rule)
            : [],
        broken: [
          ...open.map(one => ruleSentence(one)[locale]),
          ...(open.length < breaches.length ? [PRIVATE[locale]] : []),
        ],
      },
    ]
  })
}
