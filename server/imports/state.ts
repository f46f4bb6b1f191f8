import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Executor } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { numberFormsOf } from '../http/own-numbers.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { needsOf } from '../weighing/needs.ts'
import { isDuo } from '../weighing/weight.ts'
import type { CaseRecord, CasesState, SeatPeriod } from './case-record.ts'
import type { OutOfSight } from './plan.ts'
import type { WorkerRecord, WorkersState } from './workers.ts'

/** Which teams the reader's files may touch. */
export interface Scope {
  organisationId: number
  teamIds: Teams
}

export type Teams = readonly number[] | 'all'

/** Which records a file is compared with: those that it may touch, and which of those the reader may read. */
export interface ReadScope extends Scope {
  reads: { cases: Teams; workers: Teams }
}

export const within = (teams: Teams, teamId: number): boolean => teams === 'all' || teams.includes(teamId)

/** The records that a file may touch, and the numbers of those that are out of the reader's sight. */
function sightOf<R>(
  known: ReadonlyMap<string, R>,
  teamOf: (number: string) => number,
  { touches, reads }: { touches: Teams; reads: Teams },
): { known: Map<string, R>; outOfSight: OutOfSight } {
  const reached = [...known].filter(([number]) => within(touches, teamOf(number)))
  const own = new Map(reached)
  return {
    known: own,
    outOfSight: {
      taken: new Set([...known.keys()].filter(number => !own.has(number))),
      unseen: new Set([...own.keys()].filter(number => !within(reads, teamOf(number)))),
    },
  }
}

/** Every worker of the organisation as a file would have it, by staff number. */
export async function workerRecords(
  db: Executor,
  organisationId: number,
): Promise<{ ids: Map<string, number>; teamIds: Map<string, number>; known: Map<string, WorkerRecord> }> {
  const rows = await db
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .leftJoin('municipality as m', 'm.code', 'w.baseMunicipality')
    .where('w.organisationId', '=', organisationId)
    .orderBy('w.staffNumber')
    .select([
      'w.id',
      'w.teamId',
      'w.staffNumber',
      'w.name',
      't.name as team',
      'w.contractHours',
      'w.dutyHours',
      'w.registration',
      'w.registrationFrom',
      'w.registrationUntil',
      'm.name as baseMunicipality',
      'w.employedFrom',
      'w.employedUntil',
    ])
    .select(eb => [
      // Keys inside JSON are taken as they are, so they are single words here.
      jsonArrayFrom(
        eb
          .selectFrom('workerCompetence as c')
          .whereRef('c.workerId', '=', 'w.id')
          .select(['c.competenceCode as code', 'c.level', 'c.expiresOn as expires']),
      ).as('competenceRows'),
      jsonArrayFrom(
        eb
          .selectFrom('reduction as r')
          .whereRef('r.workerId', '=', 'w.id')
          .select(['r.reasonCode as reason', 'r.percentage', 'r.validFrom as from', 'r.validUntil as until']),
      ).as('reductionRows'),
      jsonArrayFrom(
        eb
          .selectFrom('absence as a')
          .whereRef('a.workerId', '=', 'w.id')
          .select(['a.percentage', 'a.validFrom as from', 'a.validUntil as until']),
      ).as('absenceRows'),
    ])
    .execute()
  const known = new Map(
    rows.map(({ id: _, teamId: __, competenceRows, reductionRows, absenceRows, ...row }) => [
      row.staffNumber,
      {
        ...row,
        competences: competenceRows.map(one => ({
          competence: one.code,
          level: one.level,
          expiresOn: one.expires,
        })),
        reductions: reductionRows.map(({ from, until, ...one }) => ({
          ...one,
          validFrom: from,
          validUntil: until,
        })),
        absences: absenceRows.map(({ from, until, ...one }) => ({
          ...one,
          validFrom: from,
          validUntil: until,
        })),
      },
    ]),
  )
  return {
    known,
    ids: new Map(rows.map(row => [row.staffNumber, row.id])),
    teamIds: new Map(rows.map(row => [row.staffNumber, row.teamId])),
  }
}

export async function workersState(
  db: Executor,
  scope: ReadScope,
  mayCreateTeams: boolean,
  today: string,
): Promise<WorkersState & { ids: ReadonlyMap<string, number> }> {
  const { known, ids, teamIds } = await workerRecords(db, scope.organisationId)
  const reasons = await db
    .selectFrom('reductionReason')
    .select(['code', 'maximumPercentage'])
    .orderBy('code')
    .execute()
  return {
    ...sightOf(known, number => teamIds.get(number)!, { touches: scope.teamIds, reads: scope.reads.workers }),
    ids,
    teams: await teamsOf(db, scope),
    mayCreateTeams,
    competences: await competenceLevels(db),
    reductionReasons: new Map(reasons.map(one => [one.code, one.maximumPercentage])),
    municipalities: await municipalityCodes(db),
    forms: await numberFormsOf(db, scope.organisationId),
    today,
  }
}

/** Every case of the organisation as a file would have it, by case number. */
export async function caseRecords(
  db: Executor,
  organisationId: number,
  today: string,
): Promise<{
  known: Map<string, CaseRecord>
  facts: Map<string, { id: number; teamId: number; closed: boolean; inOpenRound: boolean }>
  seats: Map<string, SeatPeriod[]>
}> {
  const rows = await db
    .selectFrom('caseFile as c')
    .innerJoin(standingOn(today), 's.caseId', 'c.id')
    .leftJoin('family as f', 'f.id', 'c.familyId')
    .innerJoin('team as t', 't.id', 'c.teamId')
    .leftJoin('municipality as m', 'm.code', 'c.municipalityCode')
    .where('c.organisationId', '=', organisationId)
    .orderBy('c.caseNumber')
    .select([
      'c.id',
      'c.teamId',
      'c.closedOn',
      's.openRoundId',
      'c.caseNumber',
      'f.familyNumber',
      't.name as team',
      'c.phase',
      'c.children',
      'c.urgency',
      'c.receivedOn',
      'm.name as municipality',
      'c.duoNeeded',
    ])
    .select(eb => [
      jsonArrayFrom(
        eb
          .selectFrom('caseMeasure as x')
          .whereRef('x.caseId', '=', 'c.id')
          .select(['x.measureCode as measure', 'x.startOn as start', 'x.endOn as end']),
      ).as('measureRows'),
      jsonArrayFrom(
        eb
          .selectFrom('caseHasFactor as x')
          .innerJoin('caseFactor as f', 'f.code', 'x.factorCode')
          .whereRef('x.caseId', '=', 'c.id')
          .select(['x.factorCode as factor', 'f.isThreat']),
      ).as('factorRows'),
      jsonArrayFrom(
        eb
          .selectFrom('caseCompetence as x')
          .whereRef('x.caseId', '=', 'c.id')
          .select(['x.competenceCode as competence', 'x.level', 'x.need', 'x.seat']),
      ).as('competences'),
      jsonArrayFrom(
        eb
          .selectFrom('caseFormerWorker as x')
          .innerJoin('worker as w', 'w.id', 'x.workerId')
          .whereRef('x.caseId', '=', 'c.id')
          .select(['w.staffNumber as number', 'x.untilOn as until']),
      ).as('formerRows'),
      jsonArrayFrom(
        eb
          .selectFrom('heldSeat as x')
          .innerJoin('worker as w', 'w.id', 'x.workerId')
          .whereRef('x.caseId', '=', 'c.id')
          .select(['x.seat', 'w.staffNumber as number', 'x.startsOn as start', 'x.endsOn as end'])
          .orderBy('x.startsOn'),
      ).as('seatRows'),
    ])
    .execute()
  const seats = new Map<string, SeatPeriod[]>()
  const known = new Map<string, CaseRecord>()
  for (const row of rows) {
    const periods = row.seatRows.map(one => ({
      seat: one.seat,
      staffNumber: one.number,
      startsOn: one.start,
      endsOn: one.end,
    }))
    const holder = (seat: 'primary' | 'second') =>
      periods.find(one => one.seat === seat && (one.endsOn === null || one.endsOn > today))
    const [primary, second] = [holder('primary'), holder('second')]
    seats.set(row.caseNumber, periods)
    known.set(row.caseNumber, {
      caseNumber: row.caseNumber,
      familyNumber: row.familyNumber,
      team: row.team,
      measures: row.measureRows.map(one => ({ measure: one.measure, startOn: one.start, endOn: one.end })),
      phase: row.phase,
      children: row.children,
      factors: row.factorRows.map(one => one.factor),
      urgency: row.urgency,
      receivedOn: row.receivedOn,
      municipality: row.municipality,
      competences: needsOf(
        row.competences,
        isDuo({ duoNeeded: row.duoNeeded, threat: row.factorRows.some(one => one.isThreat) }),
      ).map(({ seat = null, ...need }) => ({ ...need, seat })),
      duoNeeded: row.duoNeeded,
      formerWorkers: row.formerRows.map(one => ({ staffNumber: one.number, untilOn: one.until })),
      primary: primary?.staffNumber ?? null,
      primaryFrom: primary?.startsOn ?? null,
      second: second?.staffNumber ?? null,
      secondFrom: second?.startsOn ?? null,
    })
  }
  const facts = new Map(
    rows.map(row => [
      row.caseNumber,
      {
        id: row.id,
        teamId: row.teamId,
        closed: row.closedOn !== null,
        inOpenRound: row.openRoundId !== null,
      },
    ]),
  )
  return { known, facts, seats }
}

export async function casesState(
  db: Executor,
  scope: ReadScope,
  today: string,
): Promise<CasesState & { ids: ReadonlyMap<string, number>; workerIds: ReadonlyMap<string, number> }> {
  const { known, facts, seats } = await caseRecords(db, scope.organisationId, today)
  const workers = await db
    .selectFrom('worker')
    .select(['id', 'teamId', 'staffNumber', 'employedFrom', 'employedUntil'])
    .where('organisationId', '=', scope.organisationId)
    .execute()
  const measures = await db.selectFrom('measure').select('code').orderBy('code').execute()
  const factors = await db.selectFrom('caseFactor').select(['code', 'isThreat']).orderBy('code').execute()
  const sight = sightOf(known, number => facts.get(number)!.teamId, {
    touches: scope.teamIds,
    reads: scope.reads.cases,
  })
  const reached = [...facts].filter(([number]) => sight.known.has(number))
  const numbers = (test: (fact: { closed: boolean; inOpenRound: boolean }) => boolean) =>
    new Set(reached.filter(([, fact]) => test(fact)).map(([number]) => number))
  return {
    ...sight,
    seats: new Map([...seats].filter(([number]) => sight.known.has(number))),
    ids: new Map([...facts].map(([number, fact]) => [number, fact.id])),
    workerIds: new Map(workers.map(one => [one.staffNumber, one.id])),
    closed: numbers(fact => fact.closed),
    inOpenRound: numbers(fact => fact.inOpenRound),
    // A staff number of a team that the reader does not read is as one that does not exist.
    workers: new Map(
      workers.filter(one => within(scope.reads.workers, one.teamId)).map(one => [one.staffNumber, one]),
    ),
    teams: await teamsOf(db, scope),
    measures: new Map(measures.map(one => [one.code, true])),
    factors: new Map(factors.map(one => [one.code, one.isThreat])),
    competences: await competenceLevels(db),
    municipalities: await municipalityCodes(db),
    rules: (await rulebookOn(db, scope.organisationId, today)).content,
    today,
    forms: await numberFormsOf(db, scope.organisationId),
  }
}

/** Teams by name, and whether they are the reader's. */
async function teamsOf(db: Executor, scope: Scope): Promise<Map<string, boolean>> {
  const rows = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', scope.organisationId)
    .orderBy('name')
    .execute()
  return new Map(rows.map(row => [row.name, within(scope.teamIds, row.id)]))
}

async function competenceLevels(db: Executor): Promise<Map<string, number>> {
  const rows = await db.selectFrom('competence').select(['code', 'maxLevel']).orderBy('code').execute()
  return new Map(rows.map(one => [one.code, one.maxLevel]))
}

export async function municipalityCodes(db: Executor): Promise<Map<string, string>> {
  const rows = await db.selectFrom('municipality').select(['code', 'name']).orderBy('name').execute()
  return new Map(rows.map(one => [one.name, one.code]))
}
