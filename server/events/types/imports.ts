import type { EventEntry } from '../event-entry.ts'

/** What files did, as sentences. `{object}` is the staff or case number; the other names are in the event's data. */
export const importEvents = {
  'workers.imported': {
    nl: 'Medewerkers ingelezen uit een bestand: {created} nieuw, {updated} gewijzigd.',
    en: 'Workers imported from a file: {created} new, {updated} changed.',
  },
  'cases.imported': {
    nl: 'Zaken ingelezen uit een bestand: {created} nieuw, {updated} gewijzigd.',
    en: 'Cases imported from a file: {created} new, {updated} changed.',
  },
  'workers.importTried': {
    live: 'nobody',
    nl: 'Een bestand met medewerkers geprobeerd, zonder iets te wijzigen. Regels: {rows}; fouten: {faults}.',
    en: 'A file with workers was tested without changes. Rows: {rows}; errors: {faults}.',
  },
  'cases.importTried': {
    live: 'nobody',
    nl: 'Een bestand met zaken geprobeerd, zonder iets te wijzigen. Regels: {rows}; fouten: {faults}.',
    en: 'A file with cases was tested without changes. Rows: {rows}; errors: {faults}.',
  },
  'number.refused': {
    live: 'nobody',
    nl: '{actor} probeerde een nummer dat in een ander team in gebruik is.',
    en: '{actor} tried a number that is in use in another team.',
  },
  'number.guessed': {
    live: 'nobody',
    nl: '{actor} probeerde te vaak nummers die in andere teams in gebruik zijn, en kreeg geen antwoord meer.',
    en: '{actor} tried numbers in use in other teams too often, and no longer got an answer.',
  },
  'workers.exported': {
    live: 'nobody',
    nl: 'Medewerkers geëxporteerd. Regels: {rows}.',
    en: 'Workers exported. Rows: {rows}.',
  },
  'cases.exported': {
    live: 'nobody',
    nl: 'Zaken geëxporteerd. Regels: {rows}.',
    en: 'Cases exported. Rows: {rows}.',
  },
  'worker.importedNew': {
    nl: 'Medewerker {object} ingevoerd uit een bestand.',
    en: 'Worker {object} entered from a file.',
  },
  'worker.importedChange': {
    nl: 'Medewerker {object} gewijzigd uit een bestand: {fields}.',
    en: 'Worker {object} changed from a file: {fields}.',
  },
  'case.importedNew': {
    nl: 'Zaak {object} ingevoerd uit een bestand.',
    en: 'Case {object} entered from a file.',
  },
  'case.importedChange': {
    nl: 'Zaak {object} gewijzigd uit een bestand: {fields}.',
    en: 'Case {object} changed from a file: {fields}.',
  },
} satisfies Record<string, EventEntry>
