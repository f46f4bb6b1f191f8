import type { Executor } from '../../db/database.ts'
import { Refusal } from '../http/call.ts'
import type { Round } from './rounds.ts'
import { settlingOf } from './settings.ts'

const ALL_SEEN: ReadonlySet<string> = new Set()

/**
 * Case numbers of an open round about which the team has still to give its own view before anybody is sent the suggestion.
 * Empty where the team does not look first, and once the round is closed.
 */
export async function unseenCases(
  db: Executor,
  round: Pick<Round, 'id' | 'status' | 'teams'>,
): Promise<ReadonlySet<string>> {
  if (round.status !== 'open') return ALL_SEEN
  const { firstLook } = await settlingOf(
    db,
    round.teams.map(team => team.id),
  )
  if (!firstLook) return ALL_SEEN
  const rows = await db
    .selectFrom('roundCase as rc')
    .innerJoin('caseFile as c', 'c.id', 'rc.caseId')
    .select('c.caseNumber')
    .where('rc.roundId', '=', round.id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('firstLookReveal as r')
            .select('r.caseId')
            .where('r.roundId', '=', round.id)
            .whereRef('r.caseId', '=', 'rc.caseId'),
        ),
      ),
    )
    .execute()
  return new Set(rows.map(row => row.caseNumber))
}

/** Refuses what would show or change the suggestion for a case about which the team has not given its own view (409). */
export function requireSeen(unseen: ReadonlySet<string>, caseNumber: string): void {
  if (!unseen.has(caseNumber)) return
  throw new Refusal(409, {
    nl: `Dit team kijkt eerst zelf: geef in het overleg jullie blik op zaak ${caseNumber}, daarna verschijnt de suggestie.`,
    en: `This team looks first: give your view of case ${caseNumber} in the meeting, then the suggestion appears.`,
  })
}

/**
 * Refuses what reckons with the whole round while a part of it is not to be seen yet (409): from the outcome one could tell the
 * suggestions that are still hidden.
 */
export function requireAllSeen(unseen: ReadonlySet<string>): void {
  if (unseen.size === 0) return
  throw new Refusal(409, {
    nl: `Dit rekent met de hele ronde. Het kan zodra van elke zaak de eerste blik is onthuld; dat geldt nog niet voor ${unseen.size} ${unseen.size === 1 ? 'zaak' : 'zaken'}.`,
    en: `This calculates with the whole round. It is possible once the first look at every case is revealed; ${unseen.size} ${unseen.size === 1 ? 'case is' : 'cases are'} left.`,
  })
}
