import type { Sentence } from '../../../solver/problem/sentences.ts'

export const reportEvents: Record<string, Sentence> = {
  'report.exported': {
    nl: '{actor} heeft een overzicht gedownload: {name}. Regels: {rows}.',
    en: '{actor} downloaded a report: {name}. Rows: {rows}.',
  },
}
