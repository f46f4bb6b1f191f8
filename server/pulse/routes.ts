import { sql } from 'kysely'
import { dayOf } from '../contract/days.ts'
import { type Handlers, notFound, Refusal } from '../http/call.ts'
import { type LookedRound, lookPoints } from './agreement.ts'
import { countAnswer } from './count.ts'
import { type ClosedPulse, MIN_ANSWERS, supportPoints } from './support.ts'

export const pulseHandlers = {
  'GET /pulses': async ({ db, user, now }) => {
    const rows = await db
      .selectFrom('pulseInvitation as i')
      .innerJoin('pulse as p', 'p.roundId', 'i.roundId')
      .innerJoin('round as r', 'r.id', 'p.roundId')
      .select(['p.roundId', 'r.startOn', 'p.closesAt'])
      .where('i.userId', '=', user.id)
      .where('i.answered', '=', false)
      .where('p.closesAt', '>', now)
      .orderBy('p.roundId')
      .execute()
    return rows.map(row => ({ ...row, closesAt: row.closesAt.toISOString() }))
  },

  /**
   * No Idempotency-Key and no event on purpose: both would keep who answered beside what was answered. That the invitation
   * is used up makes it count once.
   */
  'PUT /pulses/:id': async ({ db: tx, user, params, body, now }) => {
    const used = await tx
      .updateTable('pulseInvitation as i')
      .from('pulse as p')
      .set({ answered: true })
      .whereRef('p.roundId', '=', 'i.roundId')
      .where('i.roundId', '=', params.id)
      .where('i.userId', '=', user.id)
      .where('i.answered', '=', false)
      .where('p.closesAt', '>', now)
      .returning('i.roundId')
      .executeTakeFirst()
    if (!used) {
      const asked = await tx
        .selectFrom('pulseInvitation')
        .select('answered')
        .where('roundId', '=', params.id)
        .where('userId', '=', user.id)
        .executeTakeFirst()
      if (!asked) throw notFound({ nl: 'Deze vraag', en: 'This question' })
      throw new Refusal(
        409,
        asked.answered
          ? {
              nl: 'Je hebt al geantwoord. Niemand kan zien wat jouw antwoord was, dus wijzigen kan niet.',
              en: 'You have already answered. Your answer cannot be traced, so it cannot be changed.',
            }
          : { nl: 'Deze vragen zijn gesloten.', en: 'These questions are closed.' },
      )
    }
    await countAnswer(tx, params.id, body)
    return { done: true }
  },

  'GET /support': async ({ db, user, now }) => {
    const teamIds = [...user.teamsFor('support.read')]
    const { rows } = await sql<Omit<ClosedPulse, 'day'> & { closesAt: Date; settledAt: Date }>`
      select p.round_id, p.closes_at, r.settled_at,
        (select array_agg(t.team_id order by t.team_id) from round_team t where t.round_id = r.id) as team_ids,
        (select count(*)::int from pulse_invitation i where i.round_id = p.round_id) as asked,
        coalesce((select jsonb_agg(jsonb_build_object('support', a.support, 'fairness', a.fairness)
          order by a.support, a.fairness) from pulse_count a cross join generate_series(1, a.answers)
          where a.round_id = p.round_id), '[]') as answers
      from pulse p join round r on r.id = p.round_id
      where r.organisation_id = ${user.organisationId} and exists (
        select 1 from round_team t where t.round_id = r.id and t.team_id = any(${teamIds}::int[]))
      order by p.closes_at, p.round_id`.execute(db)
    const closed = rows
      .filter(row => row.closesAt <= now)
      .map(({ settledAt, roundId, teamIds, asked, answers }) => ({
        roundId,
        teamIds,
        asked,
        answers,
        day: dayOf(settledAt),
      }))
    const looked = await sql<Omit<LookedRound, 'day'> & { settledAt: Date }>`
      select r.id as round_id, r.settled_at,
        (select array_agg(t.team_id order by t.team_id) from round_team t where t.round_id = r.id) as team_ids,
        count(v.agreed)::int as cases, (count(*) filter (where v.agreed))::int as agreed
      from first_look_reveal v join round r on r.id = v.round_id
      where r.organisation_id = ${user.organisationId} and r.status = 'settled' and exists (
        select 1 from round_team t where t.round_id = r.id and t.team_id = any(${teamIds}::int[]))
      group by r.id order by r.settled_at, r.id`.execute(db)
    return {
      fewest: MIN_ANSWERS,
      ...supportPoints(closed),
      running: rows.length - closed.length,
      firstLooks: lookPoints(
        looked.rows.map(({ settledAt, ...round }) => ({ ...round, day: dayOf(settledAt) })),
      ),
    }
  },
} satisfies Partial<Handlers>
