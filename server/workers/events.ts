import type { BothLanguages } from '../http/call.ts'

/** What happened to a worker's record, as sentences. `{object}` is the staff number. */
export const workerEvents: Record<string, BothLanguages> = {
  'worker.created': { nl: 'Medewerker {object} ingevoerd.', en: 'Worker {object} entered.' },
  'worker.changed': {
    nl: 'Medewerker {object} gewijzigd: {fields}.',
    en: 'Worker {object} changed: {fields}.',
  },
  'worker.preferencesStated': {
    nl: 'Medewerker {object} gaf {count} voorkeuren op.',
    en: 'Worker {object} stated {count} preferences.',
  },
}
