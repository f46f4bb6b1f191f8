import type { Sentence } from '../../../solver/problem/sentences.ts'
import type { WorkerInput } from '../../contract/workers.ts'
import type { EventEntry } from '../event-entry.ts'

/** What happened to a worker's record, as sentences. `{object}` is the staff number. */
export const workerEvents = {
  'worker.created': { nl: 'Medewerker {object} ingevoerd.', en: 'Worker {object} entered.' },
  'worker.changed': {
    nl: 'Medewerker {object} gewijzigd: {fields}.',
    en: 'Worker {object} changed: {fields}.',
  },
  'worker.preferencesStated': {
    nl: 'Medewerker {object} gaf voorkeuren op. Aantal: {count}.',
    en: 'Worker {object} stated preferences. Number: {count}.',
  },
  'worker.changePlanned': {
    nl: '{actor} legde vast welke uren medewerker {object} heeft vanaf {fromOn}.',
    en: '{actor} set the hours of worker {object} from {fromOn}.',
  },
  'worker.changeUnplanned': {
    nl: '{actor} trok de wijziging van uren van medewerker {object} per {fromOn} in.',
    en: '{actor} withdrew the change of hours of worker {object} from {fromOn}.',
  },
  'worker.changeReached': {
    nl: 'De geplande uren van medewerker {object} gelden sinds {fromOn}.',
    en: 'The planned hours of worker {object} apply since {fromOn}.',
  },
} satisfies Record<string, EventEntry>

/** How the fields that `worker.changed` names are called on screen. */
export const workerFieldNames: Record<keyof WorkerInput, Sentence> = {
  name: { nl: 'naam', en: 'name' },
  teamId: { nl: 'team', en: 'team' },
  contractHours: { nl: 'contracturen', en: 'contract hours' },
  dutyHours: { nl: 'taakuren', en: 'duty hours' },
  registration: { nl: 'registratie', en: 'registration' },
  registrationFrom: { nl: 'begin registratie', en: 'start of registration' },
  registrationUntil: { nl: 'einde registratie', en: 'end of registration' },
  baseMunicipality: { nl: 'standplaats', en: 'base municipality' },
  employedFrom: { nl: 'in dienst vanaf', en: 'employed from' },
  employedUntil: { nl: 'in dienst tot en met', en: 'employed until' },
  competences: { nl: 'competenties', en: 'competences' },
  reductions: { nl: 'verminderingen', en: 'reductions' },
  absences: { nl: 'afwezigheid', en: 'absences' },
}
