import type { Executor } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { CaseRow, CaseWeight } from '../contract/cases.ts'
import { daysBetween } from '../contract/days.ts'
import type { SignedIn } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { type CaseFacts, type CaseFilter, type CaseScope, caseFacts, type WeighableFacts } from './facts.ts'
import { termsOf } from './terms.ts'
import { isDuo, measuresOn, overrideOf, type WeighableCase, weigh } from './weight.ts'

/** What a person may see of cases: intake and leads their teams, workers their own seats, an administrator none. */
export function caseScope(user: SignedIn): CaseScope {
  return {
    teamIds: user.teamsFor('case.read'),
    workerId: user.roles.includes('worker') ? user.workerId : null,
  }
}

/** What of a case weighs on a day. */
export function weighableOn(facts: WeighableFacts, day: string): WeighableCase {
  return {
    measures: measuresOn(facts.measures, day),
    phase: facts.phase,
    children: facts.children,
    factors: facts.factors,
    duoNeeded: facts.duoNeeded,
    threat: facts.threat,
    override: overrideOf(facts),
    dormant: facts.dormancies.some(one => one.fromOn <= day && one.untilOn > day),
  }
}

/** Cases as the lists show them, by case id, in order: most urgent first, then longest waiting. */
export async function caseRows(db: Executor, filter: CaseFilter): Promise<Map<number, CaseRow>> {
  const facts = await caseFacts(db, filter)
  const rulebook = await rulebookOn(db, filter.organisationId, filter.on)
  return new Map(
    facts.map(one => [one.id, caseRow(one, weigh(weighableOn(one, filter.on), rulebook), filter.on)]),
  )
}

/** Hours of the seats that nobody has, now or from a later day. A closed case asks nobody. */
export function openHoursOf(
  facts: Pick<CaseFacts, 'status' | 'primary' | 'second'>,
  weight: Pick<CaseWeight, 'primary' | 'second'>,
): number {
  if (facts.status === 'closed') return 0
  const first = facts.primary ? 0 : hundredths(weight.primary)
  return (first + (facts.second ? 0 : hundredths(weight.second ?? 0))) / 100
}

/** One case as the lists show it. */
export function caseRow(facts: CaseFacts, weight: CaseWeight, today: string): CaseRow {
  const waits = facts.status === 'waiting' || facts.status === 'in_round'
  const until = waits || facts.secondOpen ? today : (facts.firstStart ?? facts.closedOn ?? today)
  return {
    caseNumber: facts.caseNumber,
    familyNumber: facts.familyNumber,
    teamId: facts.teamId,
    team: facts.team,
    measures: facts.measures.map(one => one.measure),
    phase: facts.phase,
    children: facts.children,
    factors: facts.factors,
    urgency: facts.urgency,
    receivedOn: facts.receivedOn,
    waitingDays: Math.max(0, daysBetween(facts.receivedOn, until)),
    municipality: facts.municipalityCode,
    competences: facts.competences,
    hours: weight.total,
    openHours: openHoursOf(facts, weight),
    heavy: weight.heavy,
    duo: isDuo(facts),
    provisional: weight.provisional,
    missing: weight.missing,
    formerWorkers: facts.formerWorkers,
    status: facts.status,
    secondOpen: facts.secondOpen,
    primary: facts.primary,
    second: facts.second,
    primaryFrom: facts.primaryFrom,
    roundId: facts.openRoundId,
    review: facts.reviewOn === null ? null : { on: facts.reviewOn, due: facts.reviewOn <= today },
    firstContact: termsOf(facts, today).firstContact,
    version: facts.version,
  }
}
