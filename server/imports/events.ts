import type { BothLanguages } from '../http/call.ts'

/** What files did, as sentences. `{object}` is the staff or case number; the other names are in the event's data. */
export const importEvents: Record<string, BothLanguages> = {
  'workers.imported': {
    nl: 'Medewerkers ingelezen uit een bestand: {created} nieuw, {updated} gewijzigd.',
    en: 'Workers imported from a file: {created} new, {updated} changed.',
  },
  'cases.imported': {
    nl: 'Zaken ingelezen uit een bestand: {created} nieuw, {updated} gewijzigd.',
    en: 'Cases imported from a file: {created} new, {updated} changed.',
  },
  'workers.exported': {
    nl: 'Medewerkers geëxporteerd: {rows} regels.',
    en: 'Workers exported: {rows} rows.',
  },
  'cases.exported': { nl: 'Zaken geëxporteerd: {rows} regels.', en: 'Cases exported: {rows} rows.' },
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
}
