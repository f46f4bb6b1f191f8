import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { addDays } from '../contract/days.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { methods } from '../rulebook/start-values.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { measuresOn, weigh } from '../weighing/weight.ts'

/** How much heavier than the table people find a case with a complex divorce, one after the other. */
const HEAVIER = [1.15, 1.3, 1.25, 1.4]
const NEARER = [0.95, 1.05, 1, 1.1]
const AGREED_CASES = 7

interface Person {
  id: number
  role: string
  workerId: number | null
}

/**
 * What the people of the first team said about their own work: wishes before and now, mentors, leave that waits for an
 * answer, a disputed weight, and cases that were weighed together. Made from the rows that are there, without chance.
 */
export async function insertOwn(
  tx: Tx,
  organisationId: number,
  teamId: number,
  today: string,
): Promise<void> {
  const people = await tx
    .selectFrom('userAccount as u')
    .innerJoin('userRole as r', 'r.userId', 'u.id')
    .leftJoin('worker as w', 'w.id', 'u.workerId')
    .where(eb => eb.or([eb('r.teamId', '=', teamId), eb('w.teamId', '=', teamId)]))
    .select(['u.id', 'r.role', 'u.workerId'])
    .orderBy('u.id')
    .execute()
  const lead = people.find(one => one.role === 'lead')!
  const workers = people.filter(one => one.workerId !== null)
  await insertMentors(tx, organisationId)
  await insertMethods(tx, organisationId, today)
  for (const worker of workers) await insertStatements(tx, worker.workerId!, today)
  await insertRequests(tx, { organisationId, teamId }, workers, lead, today)
  await insertEstimates(tx, { organisationId, teamId }, people, lead, today)
}

const at = (day: string) => new Date(`${day}T09:30:00Z`)

/** Who is in training has the registered colleague of the team with the lowest number for mentor. */
async function insertMentors(tx: Tx, organisationId: number): Promise<void> {
  await sql`update worker w set mentor_id = (
      select m.id from worker m where m.team_id = w.team_id and m.registration = 'registered'
        and m.employed_until is null and m.id <> w.id order by m.staff_number limit 1)
    where w.organisation_id = ${organisationId} and w.registration = 'in_training'`.execute(tx)
}

/** Some of the cases that wait ask for a way of working. */
async function insertMethods(tx: Tx, organisationId: number, today: string): Promise<void> {
  const waiting = await tx
    .selectFrom('caseFile as c')
    .innerJoin(standingOn(today), 's.caseId', 'c.id')
    .select('c.id')
    .where('c.organisationId', '=', organisationId)
    .where('s.status', '=', 'waiting')
    .orderBy('c.caseNumber')
    .execute()
  const rows = waiting
    .filter((_, index) => index % 5 === 0)
    .map((one, index) => ({ caseId: one.id, methodCode: methods[index % methods.length]!.code }))
  if (rows.length > 0) await tx.insertInto('caseMethod').values(rows).execute()
}

async function insertStatements(tx: Tx, workerId: number, today: string): Promise<void> {
  const wishes = await tx
    .selectFrom('preference')
    .select(['kind', 'code', 'value', 'validUntil'])
    .where('workerId', '=', workerId)
    .orderBy('id')
    .execute()
  const before = [
    { kind: 'phase', code: 'begin', value: 'rather', validUntil: addDays(today, -20) },
    { kind: 'method', code: 'SIGNS_OF_SAFETY', value: 'learn', validUntil: null },
    ...wishes.slice(0, 1),
  ]
  await tx
    .insertInto('wishStatement')
    .values([
      {
        workerId,
        statedAt: at(addDays(today, -190)),
        wishes: JSON.stringify(before),
        mentorId: null,
      },
      { workerId, statedAt: at(addDays(today, -25)), wishes: JSON.stringify(wishes), mentorId: null },
    ])
    .execute()
}

async function insertRequests(
  tx: Tx,
  where: { organisationId: number; teamId: number },
  workers: readonly Person[],
  lead: Person,
  today: string,
): Promise<void> {
  const request = (worker: Person, madeDaysAgo: number) => ({
    ...where,
    workerId: worker.workerId!,
    status: 'open' as 'open' | 'granted',
    reasonCode: null as string | null,
    percentage: null as number | null,
    validFrom: null as string | null,
    validUntil: null as string | null,
    subject: null as string | null,
    caseId: null as number | null,
    hours: null as number | null,
    text: null as string | null,
    salt: null as string | null,
    answer: null as string | null,
    answeredBy: null as number | null,
    answeredAt: null as Date | null,
    createdAt: at(addDays(today, -madeDaysAgo)),
  })
  const [first, second] = workers
  if (!first || !second) return
  const answered = (daysAgo: number, answer: string | null) => ({
    status: 'granted' as const,
    answer,
    answeredBy: lead.id,
    answeredAt: at(addDays(today, -daysAgo)),
  })
  const coming = await tx
    .selectFrom('absence')
    .select(['percentage', 'validFrom', 'validUntil'])
    .where('workerId', '=', first.workerId!)
    .where('validFrom', '>', today)
    .orderBy('validFrom')
    .execute()
  const heaviest = await tx
    .selectFrom('allocation')
    .select(['caseId', 'hours'])
    .where('workerId', '=', first.workerId!)
    .where('startsOn', '<=', today)
    .where('endsOn', 'is', null)
    .orderBy('hours', 'desc')
    .orderBy('id')
    .executeTakeFirst()
  await tx
    .insertInto('ownRequest')
    .values([
      ...coming.map(period => ({
        ...request(first, 40),
        kind: 'absence' as const,
        ...period,
        ...answered(38, null),
      })),
      {
        ...request(first, 9),
        kind: 'correction' as const,
        subject: 'competences',
        text: 'Mijn scholing complexe scheiding is afgerond, maar het niveau staat nog op het oude.',
        ...answered(4, 'Klopt. Het niveau is aangepast.'),
      },
      ...(heaviest
        ? [
            {
              ...request(first, 2),
              kind: 'weight' as const,
              caseId: heaviest.caseId,
              hours: heaviest.hours + 1.5,
              text: 'Elke week een extra overleg met school en wijkteam. Dat zit niet in de tabel.',
            },
          ]
        : []),
      {
        ...request(second, 3),
        kind: 'absence' as const,
        percentage: 100,
        validFrom: addDays(today, 75),
        validUntil: addDays(today, 88),
      },
      {
        ...request(second, 1),
        kind: 'reduction' as const,
        reasonCode: 'OPLEIDING',
        percentage: 20,
        validFrom: addDays(today, 40),
        validUntil: addDays(today, 190),
      },
    ])
    .execute()
}

/** Four cases of the team were weighed together, most of them with a complex divorce; one that waits is being weighed now. */
async function insertEstimates(
  tx: Tx,
  { organisationId, teamId }: { organisationId: number; teamId: number },
  people: readonly Person[],
  lead: Person,
  today: string,
): Promise<void> {
  const facts = (
    await caseFacts(tx, { organisationId, on: today, teamId, statuses: ['waiting', 'allocated'] })
  ).filter(one => one.phase !== null && one.weightOverrideHours === null)
  const divorce = facts.filter(one => one.status === 'allocated' && one.factors.includes('COMPLEX_SCHEIDING'))
  const plain = facts.filter(one => one.status === 'allocated' && one.factors.length === 0)
  const rulebook = await rulebookOn(tx, organisationId, today)
  const begin = async (one: (typeof facts)[number], daysAgo: number) => {
    const tableHours = weigh(weighableOn(one, today), rulebook).total
    const { id } = await tx
      .insertInto('estimate')
      .values({
        organisationId,
        teamId,
        caseId: one.id,
        roundId: null,
        requestId: null,
        tableHours,
        rulebookVersion: rulebook.version,
        features: JSON.stringify({
          measures: measuresOn(one.measures, today).sort(),
          phase: one.phase,
          factors: one.factors,
          children: one.children,
        }),
        openedBy: lead.id,
        createdAt: at(addDays(today, -daysAgo)),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, tableHours }
  }
  const quarter = (hours: number) => Math.round(hours * 4) / 4
  const weighed = [...divorce.slice(0, AGREED_CASES - 1), ...plain.slice(0, 1)]
  for (const [index, one] of weighed.entries()) {
    const daysAgo = 20 + 21 * (weighed.length - index)
    const { id, tableHours } = await begin(one, daysAgo)
    const shares = one.factors.includes('COMPLEX_SCHEIDING') ? HEAVIER : NEARER
    const given = people.slice(0, shares.length).map((person, place) => ({
      person,
      hours: quarter(tableHours * shares[(place + index) % shares.length]!),
    }))
    await tx
      .insertInto('estimateVoice')
      .values(
        given.map(({ person, hours }) => ({
          estimateId: id,
          userId: person.id,
          hours,
          note: null,
          givenAt: at(addDays(today, 1 - daysAgo)),
        })),
      )
      .execute()
    const settledAt = at(addDays(today, 2 - daysAgo))
    await tx
      .updateTable('estimate')
      .set({
        status: 'agreed',
        revealedAt: settledAt,
        agreedHours: quarter(given.reduce((sum, voice) => sum + voice.hours, 0) / given.length),
        agreedText: 'Besproken in het teamoverleg. De tabel blijft voor nu gelden.',
        agreedBy: lead.id,
        agreedAt: settledAt,
        version: 3,
      })
      .where('id', '=', id)
      .execute()
  }
  const waiting = facts.find(one => one.status === 'waiting')
  if (!waiting) return
  const { id, tableHours } = await begin(waiting, 1)
  await tx
    .insertInto('estimateVoice')
    .values(
      people.slice(0, 4).map((person, place) => ({
        estimateId: id,
        userId: person.id,
        hours: place === 0 ? quarter(tableHours * 1.2) : null,
        note: null,
        givenAt: place === 0 ? at(today) : null,
      })),
    )
    .execute()
}
