import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { addDays } from '../contract/days.ts'
import { inNameOrder } from '../contract/names.ts'
import { TEAM_ROLES } from '../contract/roles.ts'
import type { Signal, SignalHandling, SignalList } from '../contract/signals.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Handlers, notFound, type SignedIn, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { tell } from '../messages/write.ts'
import { findSignals, TERMS } from './find-signals.ts'
import type { Found } from './found-signal.ts'

const LONGEST_SNOOZE_DAYS = 366
const PAGE = 100

export const signalHandlers: Pick<Handlers, 'GET /signals' | 'POST /signals/handling'> = {
  async 'GET /signals'({ db, user, query, today, locale }): Promise<SignalList> {
    const inScope = user.teamsFor('signal.handle')
    if (query.team !== undefined && !inScope.includes(query.team))
      throw notFound({ nl: 'Dit team', en: 'This team' })
    const teamIds = query.team === undefined ? inScope : [query.team]
    const all = await signalsOf(db, { user, teamIds, today, locale })
    const open = all.filter(one => one.state === 'open').length
    const asked = all.filter(
      one =>
        (query.kind === undefined || one.kind === query.kind) &&
        (query.show === undefined || (one.state === 'open') === (query.show !== 'hidden')) &&
        (query.show !== 'mine' || one.assignedTo?.id === user.id),
    )
    const from = query.from ?? 0
    const until = from + (query.limit ?? PAGE)
    return {
      on: today,
      signals: asked.slice(from, until),
      next: until < asked.length ? until : null,
      counts: { open, hidden: all.length - open },
      people: await peopleOf(db, user.organisationId, teamIds),
      terms: TERMS,
    }
  },

  async 'POST /signals/handling'({ db: tx, body, user, today, now, locale, expectedVersion }) {
    const { organisationId } = user
    const teamIds = user.teamsFor('signal.handle')
    const signal = (await findSignals(tx, { organisationId, teamIds, today, locale })).find(
      one =>
        one.kind === body.kind && one.subject === body.subject && one.mark === body.mark && maySee(user, one),
    )
    if (!signal) throw notFound({ nl: 'Dit signaal', en: 'This signal' })
    const people = await peopleOf(tx, organisationId, [signal.teamId])
    check(body, signal, people, today, locale)

    // Two people at once about a signal that nobody had touched: the second finds the row of the first.
    await tx
      .insertInto('signalHandling')
      .values({
        organisationId,
        teamId: signal.teamId,
        kind: signal.kind,
        subject: signal.subject,
        mark: signal.mark,
        outcome: body.outcome,
        salt: '',
        handledAt: now,
        version: 0,
        assignedTo: null,
        hiddenUntil: null,
        note: null,
        handledBy: null,
      })
      .onConflict(conflict => conflict.columns(['organisationId', 'kind', 'subject', 'mark']).doNothing())
      .execute()
    const before = await tx
      .selectFrom('signalHandling')
      .select(['id', 'version', 'assignedTo'])
      .where('organisationId', '=', organisationId)
      .where('kind', '=', signal.kind)
      .where('subject', '=', signal.subject)
      .where('mark', '=', signal.mark)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (before.version !== expectedVersion) throw staleVersion(before.version)

    const { salt, hashes } = sealMotives({ reasonText: body.note, unregisteredReason: null })
    const hiddenUntil =
      body.outcome === 'snoozed'
        ? body.until
        : body.outcome === 'resolved'
          ? addDays(today, TERMS.resolvedDays)
          : null
    const assignedTo = body.outcome === 'assigned' ? body.assignedTo : before.assignedTo
    await tx
      .updateTable('signalHandling')
      .set({
        teamId: signal.teamId,
        outcome: body.outcome,
        assignedTo,
        hiddenUntil,
        note: body.note,
        salt,
        handledBy: user.id,
        handledAt: now,
        version: before.version + 1,
      })
      .where('id', '=', before.id)
      .execute()
    const { about } = signal
    const caseNumber = about.kind === 'case' ? signal.subject : about.kind === 'round' ? about.name : null
    append(tx, {
      type: `signal.${body.outcome}`,
      actor: user,
      organisationId,
      teamId: signal.teamId,
      objectType: 'signal',
      objectId: `${signal.kind}:${signal.subject}`,
      data: {
        kind: signal.kind,
        // Numbers only: names are read when the event is.
        ...(caseNumber === null ? { about: signal.subject } : { case: caseNumber }),
        until: hiddenUntil,
        toUser: assignedTo,
        noteSha256: hashes.reasonSha256,
      },
      at: now,
    })
    if (body.outcome === 'assigned' && assignedTo !== null && assignedTo !== user.id) {
      await tell(tx, {
        organisationId,
        userIds: [assignedTo],
        kind: 'signal.given',
        data: { by: user.name },
        at: now,
      })
    }
    const after = await signalsOf(tx, { user, teamIds: [signal.teamId], today, locale })
    return after.find(
      one => one.kind === signal.kind && one.subject === signal.subject && one.mark === signal.mark,
    )!
  },
}

/** What is about cases is for the intake team and the lead, what is about people for the lead. */
const maySee = (user: SignedIn, { ofCase, teamId }: Pick<Found, 'ofCase' | 'teamId'>): boolean =>
  user.mayIn(ofCase ? 'signal.handle' : 'signal.people', teamId)

/** Signals that this person may see, with what people did about them. */
export async function signalsOf(
  db: Executor,
  asked: { user: SignedIn; teamIds: readonly number[]; today: string; locale: Locale },
): Promise<Signal[]> {
  const scope = { ...asked, organisationId: asked.user.organisationId }
  const found = (await findSignals(db, scope)).filter(one => maySee(asked.user, one))
  if (found.length === 0) return []
  const handled = await db
    .selectFrom('signalHandling as h')
    .leftJoin('userAccount as by', 'by.id', 'h.handledBy')
    .leftJoin('userAccount as to', 'to.id', 'h.assignedTo')
    .where('h.organisationId', '=', scope.organisationId)
    .where('h.kind', 'in', [...new Set(found.map(one => one.kind))])
    .selectAll('h')
    .select(['by.name as byName', 'to.name as toName'])
    .execute()
  const teams = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', scope.organisationId)
    .execute()
  const nameOf = new Map(teams.map(team => [team.id, team.name]))
  const keyOf = (
    one: Pick<Found, 'kind' | 'subject' | 'mark'> | { kind: string; subject: string; mark: string },
  ) => [one.kind, one.subject, one.mark].join('\n')
  const byKey = new Map(handled.map(row => [keyOf(row), row]))
  return found.map(signal => {
    const row = byKey.get(keyOf(signal))
    const hidden = row?.hiddenUntil != null && row.hiddenUntil > scope.today
    return {
      ...signal,
      team: nameOf.get(signal.teamId) ?? '',
      state: hidden && row.outcome !== 'assigned' ? row.outcome : ('open' as const),
      hiddenUntil: hidden ? row.hiddenUntil : null,
      assignedTo: row?.assignedTo && row.toName !== null ? { id: row.assignedTo, name: row.toName } : null,
      note: row?.note ?? null,
      handledBy: row?.byName ?? null,
      handledAt: row?.handledBy ? row.handledAt.toISOString() : null,
      version: row?.version ?? 0,
    }
  })
}

/** The leads of these teams, who see every kind, and the people of their intake, who see what is about cases. */
async function peopleOf(
  db: Executor,
  organisationId: number,
  teamIds: readonly number[],
): Promise<SignalList['people']> {
  if (teamIds.length === 0) return []
  const rows = await db
    .selectFrom('userAccount as u')
    .innerJoin('userRole as r', 'r.userId', 'u.id')
    .where('u.organisationId', '=', organisationId)
    .where('u.status', '=', 'active')
    .where('r.role', 'in', TEAM_ROLES)
    .where('r.teamId', 'in', [...teamIds])
    .select(['u.id', 'u.name', 'r.teamId', 'r.role'])
    .orderBy('u.name')
    .execute()
  const people = new Map<number, SignalList['people'][number]>()
  for (const { id, name, teamId, role } of rows) {
    const person = people.get(id) ?? { id, name, teamIds: [], caseTeamIds: [] }
    const list = role === 'lead' ? person.teamIds : person.caseTeamIds
    if (teamId !== null && !list.includes(teamId)) list.push(teamId)
    people.set(id, person)
  }
  return inNameOrder([...people.values()])
}

function check(
  body: SignalHandling,
  signal: Found,
  people: SignalList['people'],
  today: string,
  locale: Locale,
): void {
  const errors = new FieldErrors(locale)
  if (
    body.outcome === 'assigned' &&
    body.assignedTo !== null &&
    !people.some(
      one =>
        one.id === body.assignedTo &&
        (one.teamIds.includes(signal.teamId) || (signal.ofCase && one.caseTeamIds.includes(signal.teamId))),
    )
  ) {
    errors.add('assignedTo', {
      nl: 'Kies iemand van dit team die dit signaal kan zien en afhandelen.',
      en: 'Choose somebody in this team who can see and resolve this signal.',
    })
  }
  if (body.outcome === 'snoozed' && (body.until === null || body.until <= today)) {
    errors.add('until', { nl: 'Kies een dag na vandaag.', en: 'Choose a day after today.' }, body.until)
  } else if (body.outcome === 'snoozed' && body.until! > addDays(today, LONGEST_SNOOZE_DAYS)) {
    errors.add(
      'until',
      { nl: 'Kies een dag binnen een jaar.', en: 'Choose a day within a year.' },
      body.until,
    )
  }
  if (body.outcome === 'resolved' && (body.note === null || body.note.trim() === '')) {
    errors.add('note', {
      nl: 'Noteer in een paar woorden wat er is gedaan.',
      en: 'Note in a few words what was done.',
    })
  }
  errors.refuse()
}
