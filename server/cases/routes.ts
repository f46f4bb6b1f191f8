import type { CaseListing } from '../../db/standing.ts'
import { hundredths } from '../../solver/problem/load.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import { inTransaction } from '../events/events.ts'
import { aboutCase, record } from '../events/record.ts'
import { type Handlers, Refusal } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { refuseUsedNumber } from '../http/guesses.ts'
import { caseRows, caseScope } from '../weighing/case-rows.ts'
import { countedIn } from '../weighing/facts.ts'
import { isDuo } from '../weighing/weight.ts'
import { correctNumber } from './correct-number.ts'
import { caseDetail, visibleCase } from './detail.ts'
import { exclusionHandlers } from './exclusions.ts'
import { changedFields, checkInput } from './input.ts'
import { changed, columnsOf, endSeats, inOpenRound, openCaseForChange, writeLists } from './write.ts'

type Names =
  | 'GET /cases'
  | 'POST /cases'
  | 'GET /cases/:caseNumber'
  | 'PUT /cases/:caseNumber'
  | 'PUT /cases/:caseNumber/number'
  | 'PUT /cases/:caseNumber/weight'
  | 'POST /cases/:caseNumber/exclusions'
  | 'POST /cases/:caseNumber/exclusions/:staffNumber/ending'
  | 'POST /cases/:caseNumber/closure'

/** So many rows are some 250 kB and some tens of milliseconds. */
const PAGE = 500

const STATUSES: readonly CaseListing[] = [
  'waiting',
  'in_round',
  'second_open',
  'later',
  'allocated',
  'closed',
]

export const caseHandlers: Pick<Handlers, Names> = {
  async 'GET /cases'(call) {
    const { db, query, user, today } = call
    const filter = {
      organisationId: user.organisationId,
      scope: caseScope(user),
      statuses: statusesOf(query.status),
      ...(query.team === undefined ? {} : { teamId: query.team }),
      on: today,
    }
    const { after, limit = PAGE } = query
    if (after !== undefined) await visibleCase(db, after, call)
    const rows = await caseRows(db, {
      ...filter,
      page: { ...(after !== undefined && { after }), limit: limit + 1 },
    })
    const cases = [...rows.values()].slice(0, limit)
    const { families, children } = await countedIn(db, filter)
    return {
      cases,
      families,
      children,
      next: rows.size > limit ? cases.at(-1)!.caseNumber : null,
    }
  },

  async 'POST /cases'(call) {
    const { db: tx, body, user } = call
    const { caseNumber, ...input } = body
    await refuseUsedNumber(tx, 'caseFile', caseNumber, call)
    const { formerWorkerIds } = await checkInput(tx, input, null, call)
    const { id } = await tx
      .insertInto('caseFile')
      .values({
        ...(await columnsOf(tx, user.organisationId, input)),
        organisationId: user.organisationId,
        caseNumber,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await writeLists(tx, id, input, formerWorkerIds)
    const created = await visibleCase(tx, caseNumber, call)
    record(call, aboutCase(created), 'case.created')
    return caseDetail(tx, created, call)
  },

  async 'GET /cases/:caseNumber'(call) {
    const { db, params } = call
    const facts = await visibleCase(db, params.caseNumber, call)
    const detail = await caseDetail(db, facts, call)
    // Opening is logged too, in a transaction of its own, before the answer leaves.
    await inTransaction(db, async tx => record({ ...call, db: tx }, aboutCase(facts), 'case.opened'))
    return detail
  },

  async 'PUT /cases/:caseNumber'(call) {
    const { db: tx, body, user } = call
    const before = await openCaseForChange(call, call.params.caseNumber, call.expectedVersion, 'case.write')
    const { formerWorkerIds } = await checkInput(tx, body, before, call)
    const fields = changedFields(before, body)
    if (fields.length === 0) return caseDetail(tx, before, call)
    if (fields.includes('teamId') && before.openRoundId !== null) throw inOpenRound(before)
    await tx
      .updateTable('caseFile')
      .set(await columnsOf(tx, user.organisationId, body))
      .where('id', '=', before.id)
      .execute()
    await writeLists(tx, before.id, body, formerWorkerIds)
    record(call, aboutCase(before), 'case.changed', { fields })
    return changed(call, before)
  },

  'PUT /cases/:caseNumber/number': correctNumber,

  async 'PUT /cases/:caseNumber/weight'(call) {
    const { db: tx, body } = call
    const before = await openCaseForChange(call, call.params.caseNumber, call.expectedVersion, 'case.write')
    if ((body.hours === null) !== (body.reason === null)) {
      const errors = new FieldErrors(call.locale)
      errors.add(body.hours === null ? 'hours' : 'reason', {
        nl: 'Geef uren en een reden, of geen van beide: dan geldt de tabel.',
        en: 'Give hours and a reason, or neither: then the table applies.',
      })
      errors.refuse()
    }
    const { hours, reason, second = null } = body
    if (second !== null) checkSplit({ hours, second }, isDuo(before), call.locale)
    await tx
      .updateTable('caseFile')
      .set({ weightOverrideHours: hours, weightOverrideReason: reason, weightOverrideSecond: second })
      .where('id', '=', before.id)
      .execute()
    if (hours === null) record(call, aboutCase(before), 'case.weightReturned')
    else if (second === null) record(call, aboutCase(before), 'case.weightSet', { hours })
    else {
      const primary = (hundredths(hours) - hundredths(second)) / 100
      record(call, aboutCase(before), 'case.weightDivided', { hours, primary, second })
    }
    return changed(call, before)
  },

  ...exclusionHandlers,

  async 'POST /cases/:caseNumber/closure'(call) {
    const { db: tx, body, today } = call
    const before = await openCaseForChange(call, call.params.caseNumber, call.expectedVersion, 'case.write')
    if (before.openRoundId !== null) throw inOpenRound(before)
    if (body.closedOn > today || body.closedOn < before.receivedOn) {
      const errors = new FieldErrors(call.locale)
      errors.add(
        'closedOn',
        {
          nl: `Kies een dag van ${dayText(before.receivedOn, 'nl')} tot en met vandaag.`,
          en: `Choose a day from ${dayText(before.receivedOn, 'en')} up to today.`,
        },
        body.closedOn,
      )
      errors.refuse()
    }
    const ended = await endSeats(tx, before.id, body.closedOn)
    await tx.updateTable('caseFile').set({ closedOn: body.closedOn }).where('id', '=', before.id).execute()
    record(call, aboutCase(before), 'case.closed', { closedOn: body.closedOn, seatsEnded: ended })
    return changed(call, before)
  },
}

/** The hours of the second seat are part of those of the case, and only a pair has a second seat. */
function checkSplit(
  { hours, second }: { hours: number | null; second: number },
  duo: boolean,
  locale: Locale,
) {
  const errors = new FieldErrors(locale)
  if (!duo) {
    errors.add(
      'second',
      {
        nl: 'Deze zaak is geen duo en heeft dus geen tweede plek.',
        en: 'This case is not a duo, so it has no second seat.',
      },
      second,
    )
  } else if (hours === null || second > hours) {
    errors.add(
      'second',
      {
        nl: 'De uren van de tweede plek zijn een deel van de uren van de zaak.',
        en: 'The hours of the second seat are part of the hours of the case.',
      },
      second,
    )
  }
  errors.refuse()
}

/** Comma separated; without it every case that is not closed. */
function statusesOf(status: string | undefined): CaseListing[] {
  if (status === undefined) return STATUSES.filter(one => one !== 'closed')
  const wanted = status.split(',')
  const unknown = wanted.find(one => !STATUSES.some(known => known === one))
  if (unknown !== undefined) {
    throw new Refusal(400, {
      nl: `Onbekende status "${unknown}". Kies uit ${STATUSES.join(', ')}, met komma's ertussen.`,
      en: `Unknown status "${unknown}". Choose from ${STATUSES.join(', ')}, separated by commas.`,
    })
  }
  return STATUSES.filter(one => wanted.includes(one))
}
