import type { Sentence } from '../../../solver/problem/sentences.ts'

export const reportEvents: Record<string, Sentence> = {
  'report.exported': {
    nl: '{actor} nam een overzicht mee als bestand: {name}, {rows} regels.',
    en: '{actor} took a report along as a file: {name}, {rows} rows.',
  },
}
