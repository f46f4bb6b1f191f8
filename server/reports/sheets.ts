import type { Locale } from '../contract/common.ts'
import type { Demand, Fairness, Flow, Trend } from '../contract/reports.ts'
import type { Signal } from '../contract/signals.ts'
import type { WorkerRow } from '../contract/workers.ts'
import type { BothLanguages } from '../http/call.ts'
import type { Sheet } from '../spreadsheet.ts'

/** A report as a table: one row for each line on screen, with its day, hours as they are and loads in percent. */
type Column<Row> = readonly [
  heading: BothLanguages,
  cell: (row: Row, locale: Locale) => string | number | null,
]

function sheet<Row>(
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
const column = <Row>(nl: string, en: string, cell: Column<Row>[1]): Column<Row> => [{ nl, en }, cell]

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
      column('peildatum', 'on', row => row.load.on),
      column('personeelsnummer', 'staff number', row => row.staffNumber),
      column('naam', 'name', row => row.name),
      column('team', 'team', row => row.team),
      column('contracturen', 'contract hours', row => row.contractHours),
      column('normuren', 'norm hours', row => row.load.norm.normHours),
      column('uren beginfase', 'hours begin phase', row => row.load.hoursByPhase.begin),
      column('uren middenfase', 'hours middle phase', row => row.load.hoursByPhase.middle),
      column('uren eindfase', 'hours end phase', row => row.load.hoursByPhase.end),
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

export function trendSheet(trend: Trend, locale: Locale): Sheet {
  type Row = { past: Trend['past'][number] } | { coming: Trend['coming'][number] }
  const of = <T>(
    row: Row,
    past: (one: Trend['past'][number]) => T,
    coming: (one: Trend['coming'][number]) => T,
  ) => ('past' in row ? past(row.past) : coming(row.coming))
  return sheet<Row>(
    { nl: 'Verloop', en: 'Trend' },
    [
      column('dag', 'day', row =>
        of(
          row,
          one => one.day,
          one => one.day,
        ),
      ),
      column('soort', 'kind', (row, language) =>
        'past' in row
          ? { nl: 'geweest', en: 'past' }[language]
          : { nl: 'verwacht', en: 'expected' }[language],
      ),
      column('normuren', 'norm hours', row =>
        of(
          row,
          one => one.normHours,
          one => one.normHours,
        ),
      ),
      column('uren', 'hours', row =>
        of(
          row,
          ({ hours }) => Math.round((hours.begin + hours.middle + hours.end) * 100) / 100,
          one => one.hours,
        ),
      ),
      column('werklast %', 'workload %', row =>
        percent(
          of(
            row,
            one => one.workload,
            one => one.workload,
          ),
        ),
      ),
      column('laag %', 'low %', row =>
        percent(
          of(
            row,
            () => null,
            one => one.low,
          ),
        ),
      ),
      column('hoog %', 'high %', row =>
        percent(
          of(
            row,
            () => null,
            one => one.high,
          ),
        ),
      ),
      column('zonder nieuwe zaken %', 'without new cases %', row =>
        percent(
          of(
            row,
            () => null,
            one => one.known,
          ),
        ),
      ),
      column('medewerkers met norm', 'workers with a norm', row =>
        of(
          row,
          one => one.workers,
          () => null,
        ),
      ),
      column('boven norm', 'above target', row =>
        of(
          row,
          one => one.aboveNorm,
          () => null,
        ),
      ),
    ],
    [...trend.past.map(past => ({ past })), ...trend.coming.map(coming => ({ coming }))],
    locale,
  )
}

export function fairnessSheet(fairness: Fairness, locale: Locale): Sheet {
  type Row = Fairness['workers'][number]
  return sheet<Row>(
    { nl: 'Eerlijkheid', en: 'Fairness' },
    [
      column('personeelsnummer', 'staff number', row => row.staffNumber),
      column('naam', 'name', row => row.name),
      column('team', 'team', row => row.team),
      column('werklast %', 'workload %', row => percent(row.workload)),
      ...fairness.types.map((type, index) => column<Row>(type, type, row => row.running[index] ?? 0)),
      column('nieuw in 12 maanden', 'new in 12 months', row => row.newCases),
      column('zwaar in 12 maanden', 'heavy in 12 months', row => row.heavyCases),
      column('zwaar per fte', 'heavy per fte', row => row.heavyPerFte),
      column('wensen opgegeven', 'wishes stated', row => row.wishes.stated),
      column('volgens een wens', 'met a wish', row => row.wishes.met),
      column('tegen een wens', 'against a wish', row => row.wishes.against),
    ],
    fairness.workers,
    locale,
  )
}

export function flowSheet(flow: Flow, locale: Locale): Sheet {
  return sheet<Flow['weeks'][number]>(
    { nl: 'Instroom en uitstroom', en: 'Inflow and outflow' },
    [
      column('week tot en met', 'week until', row => row.day),
      column('ontvangen', 'received', row => row.received),
      column('kinderen', 'children', row => row.receivedChildren),
      column('toegedeeld', 'allocated', row => row.allocated),
      column('uren toegedeeld', 'hours allocated', row => row.allocatedHours),
      column('afgesloten', 'closed', row => row.closed),
      column('uren vrij', 'hours freed', row => row.closedHours),
      column('wachtend', 'waiting', row => row.waiting),
    ],
    flow.weeks,
    locale,
  )
}

/** `nameOf` gives a competence its name in the reader's language. */
export function demandSheet(demand: Demand, nameOf: (code: string) => string, locale: Locale): Sheet {
  return sheet<Demand['competences'][number]>(
    { nl: 'Onvervulde vraag', en: 'Unmet demand' },
    [
      column('peildatum', 'on', () => demand.on),
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
    snoozed: { nl: 'uitgesteld', en: 'put off' },
    resolved: { nl: 'afgehandeld', en: 'resolved' },
  }
  return sheet<Signal>(
    { nl: 'Signalen', en: 'Signals' },
    [
      column('team', 'team', row => row.team),
      column('signaal', 'signal', row => row.sentence),
      column('dag', 'day', row => row.day),
      column('stand', 'state', (row, language) => states[row.state][language]),
      column('tot', 'until', row => row.hiddenUntil),
      column('bij', 'with', row => row.assignedTo?.name ?? null),
    ],
    signals,
    locale,
  )
}
