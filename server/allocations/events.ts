import type { BothLanguages } from '../http/call.ts'

/** What happened outside a round, as sentences. `{object}` is the case number. */
export const allocationEvents: Record<string, BothLanguages> = {
  'case.allocatedOutside': {
    nl: '{actor} heeft zaak {object} buiten een verdeelronde toegedeeld aan {worker}, vanaf {startOn}.',
    en: '{actor} allocated case {object} outside a round to {worker}, from {startOn}.',
  },
}
