import type { Executor } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { RoundInput } from '../contract/rounds.ts'
import { requireTeams } from '../draft/rounds.ts'
import { type BothLanguages, Refusal, type SignedIn } from '../http/call.ts'
import { invalidField } from '../http/field-errors.ts'
import { profilesOf } from '../rulebook/profiles.ts'
import { rulebookOn } from '../rulebook/queries.ts'

/** What a round is made of, by row ids. */
export interface Composition {
  organisationId: number
  teams: { id: number; name: string }[]
  caseIds: number[]
  workerIds: number[]
}

type Blocked = { caseNumber: string; text: BothLanguages }

/**
 * Looks up what a round names and checks that it can be made: teams of this person, cases of these teams that wait, workers
 * of these teams in service on the start date. Throws 403 for foreign teams, 422 for anything unknown, and 409 for cases
 * that are not waiting; each names what stands in the way.
 */
export async function composition(
  db: Executor,
  user: SignedIn,
  input: RoundInput,
  today: string,
  locale: 'nl' | 'en',
): Promise<Composition> {
  const { organisationId } = user
  if (input.startOn < today) {
    throw invalidField('startOn', locale, {
      nl: `De startdatum ${dayText(input.startOn, 'nl')} is al voorbij. Kies vandaag of later.`,
      en: `The start date ${dayText(input.startOn, 'en')} has passed. Choose today or later.`,
    })
  }
  const teams = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', organisationId)
    .where('id', 'in', [...input.teamIds])
    .orderBy('name')
    .execute()
  if (teams.length !== input.teamIds.length) {
    const known = new Set(teams.map(team => team.id))
    throw invalidField('teamIds', locale, {
      nl: `Dit team bestaat niet: ${input.teamIds.filter(id => !known.has(id)).join(', ')}.`,
      en: `This team does not exist: ${input.teamIds.filter(id => !known.has(id)).join(', ')}.`,
    })
  }
  requireTeams(user, teams, 'round.compose')
  const { content } = await rulebookOn(db, organisationId, input.startOn)
  if (!profilesOf(content).some(one => one.code === input.profile && !one.ended)) {
    throw invalidField('profile', locale, {
      nl: `Het profiel ${input.profile} staat niet in de regels die op de startdatum gelden. Kies een ander.`,
      en: `The profile ${input.profile} is not in the rules that apply on the start date. Choose another.`,
    })
  }
  const caseIds = await waitingCases(db, organisationId, input, today, locale)
  const workerIds = await workersInService(db, organisationId, input, locale)
  return { organisationId, teams, caseIds, workerIds }
}

/** Ids of cases of these teams that wait. Throws 422 for what is not one of theirs, 409 for what does not wait. */
export async function waitingCases(
  db: Executor,
  organisationId: number,
  input: Pick<RoundInput, 'caseNumbers' | 'teamIds'>,
  today: string,
  locale: 'nl' | 'en',
): Promise<number[]> {
  const rows = await db
    .selectFrom('caseFile as c')
    .innerJoin(standingOn(today), 's.caseId', 'c.id')
    .select(['c.id', 'c.caseNumber', 'c.teamId', 's.status', 's.secondOpen', 's.openRoundId'])
    .where('c.organisationId', '=', organisationId)
    .where('c.caseNumber', 'in', [...input.caseNumbers])
    .execute()
  const byNumber = new Map(rows.map(row => [row.caseNumber, row]))
  const unknown: Blocked[] = []
  const notWaiting: Blocked[] = []
  for (const caseNumber of input.caseNumbers) {
    const row = byNumber.get(caseNumber)
    if (!row || !input.teamIds.includes(row.teamId)) {
      unknown.push({
        caseNumber,
        text: {
          nl: `Zaak ${caseNumber} bestaat niet of is niet van deze teams.`,
          en: `Case ${caseNumber} does not exist or does not belong to these teams.`,
        },
      })
    } else if (row.openRoundId !== null) {
      notWaiting.push({
        caseNumber,
        text: {
          nl: `Zaak ${caseNumber} zit al in verdeelronde ${row.openRoundId}.`,
          en: `Case ${caseNumber} is already in round ${row.openRoundId}.`,
        },
      })
    } else if (row.status !== 'waiting' && !row.secondOpen) {
      notWaiting.push({
        caseNumber,
        text: {
          nl: `Zaak ${caseNumber} wacht niet meer op een medewerker.`,
          en: `Case ${caseNumber} is no longer waiting for a worker.`,
        },
      })
    }
  }
  if (unknown.length > 0) throw blockedCases(422, [...unknown, ...notWaiting], locale)
  if (notWaiting.length > 0) throw blockedCases(409, notWaiting, locale)
  return rows.map(row => row.id)
}

async function workersInService(
  db: Executor,
  organisationId: number,
  input: RoundInput,
  locale: 'nl' | 'en',
): Promise<number[]> {
  const rows = await db
    .selectFrom('worker')
    .select(['id', 'staffNumber', 'employedFrom', 'employedUntil'])
    .where('organisationId', '=', organisationId)
    .where('teamId', 'in', [...input.teamIds])
    .execute()
  const wanted = input.staffNumbers
  if (wanted) {
    const known = new Set(rows.map(row => row.staffNumber))
    const unknown = wanted.filter(number => !known.has(number))
    if (unknown.length > 0) {
      throw invalidField('staffNumbers', locale, {
        nl: `Deze medewerkers zijn niet van de gekozen teams: ${unknown.join(', ')}.`,
        en: `These workers do not belong to the chosen teams: ${unknown.join(', ')}.`,
      })
    }
  }
  const chosen = rows.filter(row =>
    wanted
      ? wanted.includes(row.staffNumber)
      : row.employedFrom <= input.startOn && (row.employedUntil ?? input.startOn) >= input.startOn,
  )
  if (chosen.length === 0) {
    throw invalidField('staffNumbers', locale, {
      nl: 'Niemand van deze teams is in dienst op de startdatum.',
      en: 'Nobody in these teams is employed on the start date.',
    })
  }
  return chosen.map(row => row.id)
}

function blockedCases(status: number, blocked: readonly Blocked[], locale: 'nl' | 'en'): Refusal {
  return new Refusal(
    status,
    {
      nl: `${blocked.length === 1 ? 'Een zaak kan' : `${blocked.length} zaken kunnen`} niet mee in deze ronde.`,
      en: `${blocked.length === 1 ? 'One case' : `${blocked.length} cases`} cannot take part in this round.`,
    },
    {
      cases: blocked.map(({ caseNumber, text }) => ({
        caseNumber,
        seat: 'primary',
        rule: 'notWaiting',
        message: text[locale],
        setAside: 'never',
      })),
    },
  )
}
