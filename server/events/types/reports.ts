import type { EventEntry } from '../event-entry.ts'

export const reportEvents = {
  'report.exported': {
    live: 'nobody',
    nl: '{actor} heeft een overzicht gedownload: {name}. Regels: {rows}.',
    en: '{actor} downloaded a report: {name}. Rows: {rows}.',
  },
} satisfies Record<string, EventEntry>
