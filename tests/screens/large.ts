import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { addDays } from '../../server/contract/days.ts'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { get, send } from '../support/pages.ts'

const TEAMS = ['Team Oost', 'Team West', 'Team Noord', 'Team Midden']
const PLACES = ['Enschede', 'Hengelo', 'Almelo', 'Oldenzaal', 'Borne', 'Losser']
const MEASURES = ['OTS', 'VOTS', 'VOOGDIJ', 'JR_GEDWONGEN', 'OTS', 'OTS']
const COMPETENCE: Record<string, string> = { VOOGDIJ: 'VOOGDIJ', JR_GEDWONGEN: 'JEUGDRECLASSERING' }

const of = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!
const text = (header: string, lines: readonly string[]) => [header, ...lines].join('\n')

async function importFile(page: Page, kind: 'workers' | 'cases', file: string): Promise<void> {
  const report = await send<Endpoints['POST /imports/cases']['reply']>(page, 'POST', `/imports/${kind}`, {
    text: file,
    dryRun: false,
  })
  if (report.errors.length > 0) throw new Error(`Import of ${kind}: ${JSON.stringify(report.errors[0])}`)
}

/** Brings the demo to this many workers, as an administrator imports them. */
export async function growWorkers(admin: Page, intake: Page, total: number): Promise<void> {
  const { workers } = await get<Endpoints['GET /workers']['reply']>(intake, '/workers')
  const lines = Array.from({ length: total - workers.length }, (_, index) =>
    [
      `groot-${index + 1}`,
      `${String.fromCharCode(65 + (index % 26))}. van Groot-${index + 1}`,
      of(TEAMS, index),
      of(['36', '32', '28'], index),
      'geregistreerd',
      '2023-01-01',
      '2029-01-01',
      of(PLACES, index),
      '2020-02-01',
      'OTS:3|VOOGDIJ:2|JEUGDRECLASSERING:2|VEILIGHEID:3|CRISIS:2',
    ].join(';'),
  )
  const header =
    'personeelsnummer;naam;team;contracturen;registratie;registratie_vanaf;registratie_tot_en_met;standplaats;in_dienst_vanaf;competenties'
  await importFile(admin, 'workers', text(header, lines))
}

/** Brings the intake to this many waiting cases, and gives the numbers of those that were added. */
export async function growIntake(intake: Page, total: number, today: string): Promise<string[]> {
  const { cases } = await get<Endpoints['GET /cases']['reply']>(intake, '/cases?status=waiting,in_round')
  const numbers = Array.from(
    { length: total - cases.length },
    (_, index) => `GR-${String(index + 1).padStart(4, '0')}`,
  )
  const lines = numbers.map((caseNumber, index) => {
    const measure = of(MEASURES, index)
    const received = addDays(today, -(index % 40))
    const needs = COMPETENCE[measure] ? `${COMPETENCE[measure]}:1:nodig` : ''
    return [
      caseNumber,
      `GG-${index}`,
      of(TEAMS, index),
      `${measure}:${received}`,
      of(['begin', 'midden', 'eind'], index),
      String(1 + (index % 4)),
      index % 50 === 7 ? 'hoog' : 'gewoon',
      received,
      of(PLACES, index),
      needs,
    ].join(';')
  })
  const header =
    'zaaknummer;gezinsnummer;team;maatregelen;fase;kinderen;urgentie;ontvangen_op;gemeente;competenties'
  await importFile(intake, 'cases', text(header, lines))
  return numbers
}

/** A round of all teams with these cases and everybody in service, calculated. */
export async function makeRound(
  page: Page,
  caseNumbers: readonly string[],
  startOn: string,
): Promise<{ id: number; cases: number; workers: number }> {
  const { user } = await get<Endpoints['GET /session']['reply']>(page, '/session')
  const { id } = await send<{ id: number }>(page, 'POST', '/rounds', {
    teamIds: user!.teams.map(team => team.id),
    caseNumbers,
    staffNumbers: null,
    startOn,
    profile: 'balanced',
  })
  for (;;) {
    const round = await get<Endpoints['GET /rounds/:id']['reply']>(page, `/rounds/${id}`)
    if (round.run?.state === 'failed') throw new Error(`The run of round ${id} failed.`)
    if (round.solution) return { id, cases: round.cases.length, workers: round.workers.length }
    await pause(200)
  }
}
