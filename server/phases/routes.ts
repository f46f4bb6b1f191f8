import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import { visibleCase } from '../cases/detail.ts'
import { addDays } from '../contract/days.ts'
import type { phaseEndpoints } from '../contract/phases.ts'
import { aboutCase, record } from '../events/record.ts'
import { type Call, type Handlers, notFound, Refusal } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { caseCourse, courseList } from './course.ts'
import { type CourseScope, phaseProposals } from './proposals.ts'
import { recordTerm } from './terms.ts'
import {
  answered,
  beginPhase,
  checkDay,
  courseChanged,
  dormancyOf,
  openForCourse,
  requireDeciding,
} from './write.ts'

/** After a no the same phase is asked about again after so many days. */
const AGAIN_AFTER_DAYS = 182

export const phaseHandlers: Pick<Handlers, keyof typeof phaseEndpoints> = {
  async 'GET /phases'({ db, query, user, today }) {
    const inScope = user.teamsFor('phase.answer')
    if (query.team !== undefined && !inScope.includes(query.team)) {
      throw notFound({ nl: 'Dit team', en: 'This team' })
    }
    const scope: CourseScope = {
      organisationId: user.organisationId,
      today,
      loadTeamIds: user.teamsFor('workload.read'),
      teamIds: query.team === undefined ? inScope : [query.team],
      workerId: query.team === undefined ? user.workerId : null,
    }
    return courseList(db, scope, user)
  },

  async 'POST /phases/confirmation'(call) {
    const { db: tx, body, user, today, locale } = call
    const errors = new FieldErrors(locale)
    body.cases.forEach((one, index) => {
      checkDay(errors, `cases.${index}.fromOn`, one.fromOn, today, today)
      if (body.cases.findIndex(other => other.caseNumber === one.caseNumber) !== index) {
        errors.add(`cases.${index}.caseNumber`, {
          nl: 'Deze zaak staat er al.',
          en: 'This case is already there.',
        })
      }
    })
    errors.refuse()
    const changed = []
    // In one order for everybody, so that two of these at once never wait for each other.
    for (const one of [...body.cases].sort((a, b) => (a.caseNumber < b.caseNumber ? -1 : 1))) {
      const { facts } = await openForCourse(call, one.caseNumber, one.version)
      await beginPhase(call, facts, one.phase, one.fromOn)
      changed.push(facts)
    }
    await courseChanged(call, changed)
    const scope = { organisationId: user.organisationId, today, workerId: user.workerId }
    const teams = { teamIds: user.teamsFor('phase.answer'), loadTeamIds: user.teamsFor('workload.read') }
    return courseList(tx, { ...scope, ...teams }, user)
  },

  'POST /cases/:caseNumber/terms': recordTerm,

  async 'GET /cases/:caseNumber/course'({ db, params, user, today }) {
    return caseCourse(db, await visibleCase(db, params.caseNumber, { user, today }), user, today)
  },

  async 'POST /cases/:caseNumber/phase'(call) {
    const { params, body, expectedVersion, today, locale } = call
    const { facts } = await openForCourse(call, params.caseNumber, expectedVersion)
    const errors = new FieldErrors(locale)
    if (body.outcome === 'confirmed') checkDay(errors, 'fromOn', body.fromOn, today, today)
    else if (body.reason === null) {
      errors.add('reason', { nl: 'Kies een reden uit de lijst.', en: 'Choose a reason from the list.' })
    }
    if (body.outcome === 'postponed') checkDay(errors, 'againOn', body.againOn, addDays(today, 1), today)
    errors.refuse()
    if (body.outcome === 'confirmed') await beginPhase(call, facts, body.phase, body.fromOn!)
    else await putOff(call, facts.id)
    await courseChanged(call, [facts])
    return answered(call, params.caseNumber)
  },

  async 'DELETE /cases/:caseNumber/phase'(call) {
    const { db: tx, params, expectedVersion, today } = call
    const { facts } = await openForCourse(call, params.caseNumber, expectedVersion)
    await sql`select plan_case_phase(${facts.id}, ${addDays(today, 1)}::date, ${facts.phase})`.execute(tx)
    record(call, aboutCase(facts), 'case.phaseUnplanned')
    await courseChanged(call, [facts])
    return answered(call, params.caseNumber)
  },

  async 'POST /cases/:caseNumber/dormancy'(call) {
    const { db: tx, params, body, user, now, today, locale, expectedVersion } = call
    const { facts, rights } = await openForCourse(call, params.caseNumber, expectedVersion)
    const errors = new FieldErrors(locale)
    checkDay(errors, 'fromOn', body.fromOn, today, today)
    checkDay(errors, 'untilOn', body.untilOn, addDays(body.fromOn < today ? today : body.fromOn, 1), today)
    errors.refuse()
    await refuseOverlap(tx, facts, body)
    if (!rights.decide) await refuseSecondQuestion(tx, facts)
    const decided = rights.decide
      ? { decidedBy: user.id, decidedAt: now }
      : { decidedBy: null, decidedAt: null }
    await tx
      .insertInto('dormancy')
      .values({
        caseId: facts.id,
        ...body,
        status: rights.decide ? 'standing' : 'asked',
        askedBy: user.id,
        askedAt: now,
        ...decided,
      })
      .execute()
    record(call, aboutCase(facts), rights.decide ? 'case.dormant' : 'case.dormantAsked', { ...body })
    if (!rights.decide) {
      await tell(tx, {
        organisationId: user.organisationId,
        userIds: (await teamPeople(tx, [facts.teamId], ['lead'])).filter(id => id !== user.id),
        kind: 'dormancy.asked',
        data: { by: user.name, case: facts.caseNumber },
        at: now,
      })
    }
    await courseChanged(call, [facts])
    return answered(call, params.caseNumber)
  },

  async 'POST /cases/:caseNumber/dormancy/:id/answer'(call) {
    const { db: tx, params, body, user, now, today, expectedVersion } = call
    const { facts, rights } = await openForCourse(call, params.caseNumber, expectedVersion)
    const found = await dormancyOf(call, facts.id, params.id)
    const asks = body.outcome === 'granted' || body.outcome === 'declined'
    if (asks || body.outcome === 'ended' || found.askedBy !== user.id) requireDeciding(rights)
    if (
      found.status !== (body.outcome === 'ended' ? 'standing' : 'asked') ||
      over(found, today, body.outcome)
    ) {
      throw new Refusal(409, {
        nl: 'Dit is intussen al afgehandeld. Bekijk de zaak opnieuw.',
        en: 'This has been dealt with in the meantime. View the case again.',
      })
    }
    const decided = { decidedBy: user.id, decidedAt: now }
    if (body.outcome === 'granted') {
      // Days have passed since it was asked: what has not been quiet until now is quiet from today.
      const fromOn = found.fromOn < today ? today : found.fromOn
      if (found.untilOn <= fromOn) {
        throw new Refusal(409, {
          nl: 'De dag van de herbeoordeling is al geweest. Wijs dit af; er kan een nieuw voorstel komen.',
          en: 'The day of the review has passed. Decline this; a new proposal can be made.',
        })
      }
      await refuseOverlap(tx, facts, { fromOn, untilOn: found.untilOn })
      await tx
        .updateTable('dormancy')
        .set({ status: 'standing', fromOn, ...decided })
        .where('id', '=', found.id)
        .execute()
    } else if (body.outcome === 'ended' && found.fromOn < today) {
      await tx
        .updateTable('dormancy')
        .set({ untilOn: today, ...decided })
        .where('id', '=', found.id)
        .execute()
    } else {
      const status = body.outcome === 'declined' ? ('declined' as const) : ('withdrawn' as const)
      await tx
        .updateTable('dormancy')
        .set({ status, ...decided })
        .where('id', '=', found.id)
        .execute()
    }
    const { fromOn, untilOn, reason } = found
    record(call, aboutCase(facts), DORMANCY_EVENTS[body.outcome], { fromOn, untilOn, reason })
    if (asks && found.askedBy !== null && found.askedBy !== user.id) {
      await tell(tx, {
        organisationId: user.organisationId,
        userIds: [found.askedBy],
        kind: body.outcome === 'granted' ? 'dormancy.granted' : 'dormancy.declined',
        data: { case: facts.caseNumber },
        at: now,
      })
    }
    await courseChanged(call, [facts])
    return answered(call, params.caseNumber)
  },
}

const DORMANCY_EVENTS = {
  granted: 'case.dormant',
  declined: 'case.dormantDeclined',
  withdrawn: 'case.dormantWithdrawn',
  ended: 'case.dormantEnded',
} as const

const over = (found: { untilOn: string }, today: string, outcome: string) =>
  outcome === 'ended' && found.untilOn <= today

/** Postponed or declined: what was due is asked again on a day. */
async function putOff(call: Call<'POST /cases/:caseNumber/phase'>, caseId: number): Promise<void> {
  const { db: tx, params, body, user, today, now } = call
  const facts = await visibleCase(tx, params.caseNumber, call)
  const [proposal] = await phaseProposals(tx, {
    organisationId: user.organisationId,
    today,
    teamIds: [facts.teamId],
    workerId: null,
    caseIds: [caseId],
    loadTeamIds: [],
  })
  if (!proposal || proposal.to !== body.phase || body.outcome === 'confirmed' || body.reason === null) {
    throw new Refusal(409, {
      nl: `Voor zaak ${params.caseNumber} is er nu geen voorstel voor deze fase. Bekijk de zaak opnieuw.`,
      en: `For case ${params.caseNumber} there is no proposal for this phase now. View the case again.`,
    })
  }
  const againOn = body.outcome === 'postponed' ? body.againOn! : addDays(today, AGAIN_AFTER_DAYS)
  await tx
    .insertInto('phaseAnswer')
    .values({
      caseId,
      phase: proposal.from,
      sinceOn: proposal.since,
      outcome: body.outcome,
      againOn,
      reason: body.reason,
      answeredBy: user.id,
      answeredAt: now,
    })
    .execute()
  const type = body.outcome === 'postponed' ? 'case.phasePostponed' : 'case.phaseDeclined'
  record(call, aboutCase(facts), type, { from: proposal.from, to: proposal.to, againOn, reason: body.reason })
}

/** 409 when the case is dormant on any of these days already. */
async function refuseOverlap(
  tx: Tx,
  facts: { id: number; caseNumber: string },
  { fromOn, untilOn }: { fromOn: string; untilOn: string },
): Promise<void> {
  const other = await tx
    .selectFrom('dormancy')
    .select(['fromOn', 'untilOn'])
    .where('caseId', '=', facts.id)
    .where('status', '=', 'standing')
    .where('fromOn', '<', untilOn)
    .where('untilOn', '>', fromOn)
    .executeTakeFirst()
  if (!other) return
  throw new Refusal(409, {
    nl: `Zaak ${facts.caseNumber} sluimert al van ${dayText(other.fromOn, 'nl')} tot ${dayText(other.untilOn, 'nl')}. Beëindig dat eerst, of kies andere dagen.`,
    en: `Case ${facts.caseNumber} is already dormant from ${dayText(other.fromOn, 'en')} to ${dayText(other.untilOn, 'en')}. End that first, or choose other days.`,
  })
}

async function refuseSecondQuestion(tx: Tx, facts: { id: number; caseNumber: string }): Promise<void> {
  const asked = await tx
    .selectFrom('dormancy')
    .select('id')
    .where('caseId', '=', facts.id)
    .where('status', '=', 'asked')
    .executeTakeFirst()
  if (!asked) return
  throw new Refusal(409, {
    nl: `Voor zaak ${facts.caseNumber} ligt al een voorstel bij de teamleider. Trek dat eerst in.`,
    en: `For case ${facts.caseNumber} there is already a proposal with the team lead. Withdraw that first.`,
  })
}
