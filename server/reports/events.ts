import type { BothLanguages } from '../http/call.ts'

export const reportEvents: Record<string, BothLanguages> = {
  'report.exported': {
    nl: '{actor} nam een overzicht mee als bestand: {name}, {rows} regels.',
    en: '{actor} took a report along as a file: {name}, {rows} rows.',
  },
}
