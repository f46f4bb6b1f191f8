import { hundredths } from '../../solver/problem/load.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { Demand, Fairness, Trend, WorkerTrend } from '../contract/reports.ts'
import type { Signal } from '../contract/signals.ts'
import type { WorkerDetail, WorkerRow } from '../contract/workers.ts'
import type { BothLanguages } from '../http/call.ts'
import { type Cell, dayCell, type Sheet } from '../tables/spreadsheet.ts'

/** A report as a table: one row for each line on screen, with its day, hours as they are and loads in percent. */
export type Column<Row> = readonly [heading: BothLanguages, cell: (row: Row, locale: Locale) => Cell]

export function sheet<Row>(
  name: BothLanguages,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  locale: Locale,
): Sheet {
  return {
    name: name[locale],
    headings: columns.map(([heading]) => heading[locale]),
    rows: rows.map(row => columns.map(([, cell]) => cell(row, locale))),
  }
}

/** 0.938271 -> 93.8: the percentage as on screen. */
const percent = (load: number | null) => (load === null ? null : Math.round(load * 1000) / 10)
export const column = <Row>(nl: string, en: string, cell: Column<Row>[1]): Column<Row> => [{ nl, en }, cell]
export const dayColumn = <Row>(nl: string, en: string, day: (row: Row) => string | null): Column<Row> => [
  { nl, en },
  row => dayCell(day(row)),
]

const STATUS: Record<WorkerRow['load']['status'], BothLanguages> = {
  room: { nl: 'ruimte', en: 'has room' },
  onNorm: { nl: 'op norm', en: 'on target' },
  aboveNorm: { nl: 'boven norm', en: 'above target' },
  farAboveNorm: { nl: 'ver boven norm', en: 'far above target' },
  noCaseload: { nl: 'geen caseload', en: 'no caseload' },
}

export function workloadSheet(workers: readonly WorkerRow[], locale: Locale): Sheet {
  return sheet<WorkerRow>(
    { nl: 'Werklast', en: 'Workload' },
    [
      dayColumn('peildatum', 'on', row => row.load.on),
      column('personeelsnummer', 'staff number', row => row.staffNumber),
      column('naam', 'name', row => row.name),
      column('team', 'team', row => row.team),
      column('contracturen', 'contract hours', row => row.contractHours),
      column('normuren', 'norm hours', row => row.load.norm.normHours),
      column('uren beginfase', 'hours initial phase', row => row.load.hoursByPhase.begin),
      column('uren middenfase', 'hours middle phase', row => row.load.hoursByPhase.middle),
      column('uren eindfase', 'hours closing phase', row => row.load.hoursByPhase.end),
      column('uren in gebruik', 'hours in use', row => row.load.hoursInUse),
      column('werklast %', 'workload %', row => percent(row.load.workload)),
      column('status', 'status', (row, language) => STATUS[row.load.status][language]),
      column('gezinnen', 'families', row => row.load.families),
      column('kinderen', 'children', row => row.load.children),
      column('zware zaken', 'heavy cases', row => row.load.heavyCases),
      column('nieuw in 4 weken', 'new in 4 weeks', row => row.load.newLastFourWeeks),
    ],
    workers,
    locale,
  )
}

/** A week as it was or as it is expected; what only one of them knows is empty in the other. */
interface TrendRow {
  day: string
  expected: boolean
  normHours: number
  hours: number
  workload: number | null
  low: number | null
  high: number | null
  known: number | null
  workers: number | null
  aboveNorm: number | null
}

const trendColumns: readonly Column<TrendRow>[] = [
  dayColumn('dag', 'day', row => row.day),
  column('soort', 'kind', (row, language) =>
    row.expected ? { nl: 'verwacht', en: 'expected' }[language] : { nl: 'geweest', en: 'past' }[language],
  ),
  column('normuren', 'norm hours', row => row.normHours),
  column('uren', 'hours', row => row.hours),
  column('werklast %', 'workload %', row => percent(row.workload)),
  column('laag %', 'low %', row => percent(row.low)),
  column('hoog %', 'high %', row => percent(row.high)),
]
const knownColumn = column<TrendRow>('zonder nieuwe zaken %', 'without new cases %', row =>
  percent(row.known),
)
const expectedRow = (week: Trend['coming'][number]): TrendRow => ({
  ...week,
  expected: true,
  workers: null,
  aboveNorm: null,
})
const PAST = { expected: false, low: null, high: null, known: null }

export function trendSheet(trend: Trend, locale: Locale): Sheet {
  const past = trend.past.map(({ hours, ...week }) => ({
    ...week,
    ...PAST,
    hours: (hundredths(hours.begin) + hundredths(hours.middle) + hundredths(hours.end)) / 100,
  }))
  return sheet<TrendRow>(
    { nl: 'Verloop', en: 'Trend' },
    [
      ...trendColumns,
      knownColumn,
      column('medewerkers met norm', 'workers with a norm', row => row.workers),
      column('boven norm', 'above target', row => row.aboveNorm),
    ],
    [...past, ...trend.coming.map(expectedRow)],
    locale,
  )
}

/** One worker: the weeks, and the cases of the day. */
export function workerSheet(
  worker: Pick<WorkerDetail, 'staffNumber' | 'cases'>,
  trend: WorkerTrend,
  nameOf: (measure: string) => string,
  locale: Locale,
): Sheet {
  const past = trend.past.map(({ hoursInUse, ...week }) => ({
    ...week,
    ...PAST,
    hours: hoursInUse,
    workers: null,
    aboveNorm: null,
  }))
  const name = { nl: `Medewerker ${worker.staffNumber}`, en: `Worker ${worker.staffNumber}` }
  const cases = sheet<WorkerDetail['cases'][number]>(
    { nl: 'Zaken', en: 'Cases' },
    [
      column('zaaknummer', 'case number', row => row.caseNumber),
      column('maatregelen', 'measures', row => row.measures.map(nameOf).join(', ')),
      column('fase', 'phase', (row, language) =>
        row.phase === null ? null : PHASE[row.phase as Phase][language],
      ),
      column('kinderen', 'children', row => row.children),
      column('uren', 'hours', row => row.hours),
      column('zwaar', 'heavy', (row, language) =>
        row.heavy ? { nl: 'ja', en: 'yes' }[language] : { nl: 'nee', en: 'no' }[language],
      ),
      dayColumn('vanaf', 'from', row => row.startsOn),
      dayColumn('tot', 'until', row => row.endsOn),
    ],
    worker.cases,
    locale,
  )
  return {
    ...sheet<TrendRow>(name, trendColumns, [...past, ...trend.coming.map(expectedRow)], locale),
    more: [cases],
  }
}

const PHASE: Record<Phase, BothLanguages> = {
  begin: { nl: 'begin', en: 'initial' },
  middle: { nl: 'midden', en: 'middle' },
  end: { nl: 'eind', en: 'closing' },
}

/** `shortOf` gives a measure its abbreviation, for the head of a column. */
export function fairnessSheet(
  fairness: Fairness,
  shortOf: (measure: string) => string,
  locale: Locale,
): Sheet {
  return { ...peopleSheet(fairness, shortOf, locale), more: [otherTeamsSheet(fairness, locale)] }
}

/** A team that is too small to be named in figures has none here either. */
function otherTeamsSheet(fairness: Fairness, locale: Locale): Sheet {
  return sheet<Fairness['otherTeams'][number]>(
    { nl: 'Andere teams', en: 'Other teams' },
    [
      column('team', 'team', row => row.team),
      column('mensen', 'people', (row, language) =>
        row.figures === null ? { nl: 'te klein', en: 'too small' }[language] : row.figures.workers,
      ),
      column('zwaar per fte', 'heavy per fte', row => row.figures?.heavyPerFte ?? null),
      column('laagste werklast %', 'lowest workload %', row => percent(row.figures?.spread.lowest ?? null)),
      column('middelste werklast %', 'median workload %', row => percent(row.figures?.spread.median ?? null)),
      column('hoogste werklast %', 'highest workload %', row => percent(row.figures?.spread.highest ?? null)),
    ],
    fairness.otherTeams,
    locale,
  )
}

function peopleSheet(fairness: Fairness, shortOf: (measure: string) => string, locale: Locale): Sheet {
  type Row = Fairness['workers'][number]
  return sheet<Row>(
    { nl: 'Eerlijkheid', en: 'Fairness' },
    [
      column('personeelsnummer', 'staff number', row => row.staffNumber),
      column('naam', 'name', row => row.name),
      column('team', 'team', row => row.team),
      column('werklast %', 'workload %', row => percent(row.workload)),
      ...fairness.types.map((type, index) =>
        column<Row>(shortOf(type), shortOf(type), row => row.running[index] ?? 0),
      ),
      column('nieuw in 12 maanden', 'new in 12 months', row => row.newCases),
      column('zwaar in 12 maanden', 'heavy in 12 months', row => row.heavyCases),
      column('zwaar per fte', 'heavy per fte', row => row.heavyPerFte),
      column('wensen opgegeven', 'wishes stated', row => row.wishes.stated),
      column('volgens een wens', 'in line with a wish', row => row.wishes.met),
      column('tegen een wens', 'against a wish', row => row.wishes.against),
    ],
    fairness.workers,
    locale,
  )
}

/** `nameOf` gives a competence its name in the reader's language. */
export function demandSheet(demand: Demand, nameOf: (code: string) => string, locale: Locale): Sheet {
  return sheet<Demand['competences'][number]>(
    { nl: 'Onvervulde vraag', en: 'Unmet demand' },
    [
      dayColumn('peildatum', 'on', () => demand.on),
      column('competentie', 'competence', row => nameOf(row.competence)),
      column('niveau', 'level', row => row.level),
      column('wachtende zaken', 'waiting cases', row => row.cases),
      column('wachtende uren', 'waiting hours', row => row.hours),
      column('medewerkers', 'workers', row => row.workers),
      column('ruimte in uren', 'room in hours', row => row.roomHours),
      column('onvervuld in uren', 'unmet hours', row => row.unmetHours),
      column('langst wachtend in dagen', 'longest waiting in days', row => row.longestDays),
    ],
    demand.competences,
    locale,
  )
}

export function signalSheet(signals: readonly Signal[], locale: Locale): Sheet {
  const states: Record<Signal['state'], BothLanguages> = {
    open: { nl: 'open', en: 'open' },
    snoozed: { nl: 'uitgesteld', en: 'postponed' },
    resolved: { nl: 'afgehandeld', en: 'resolved' },
  }
  return sheet<Signal>(
    { nl: 'Signalen', en: 'Signals' },
    [
      column('team', 'team', row => row.team),
      column('signaal', 'signal', row => row.sentence),
      dayColumn('dag', 'day', row => row.day),
      column('stand', 'state', (row, language) => states[row.state][language]),
      dayColumn('tot', 'until', row => row.hiddenUntil),
      column('bij', 'with', row => row.assignedTo?.name ?? null),
    ],
    signals,
    locale,
  )
}
