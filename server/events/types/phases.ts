import type { EventEntry } from '../event-entry.ts'

/** How cases went on, as sentences. `{object}` is the case number; reasons are codes of a list. */
export const phaseEvents = {
  'case.phaseBegun': {
    nl: '{actor} liet van zaak {object} de volgende fase ingaan.',
    en: '{actor} started the next phase of case {object}.',
  },
  'case.phasePlanned': {
    nl: '{actor} plande de volgende fase van zaak {object} vanaf {fromOn}.',
    en: '{actor} planned the next phase of case {object} from {fromOn}.',
  },
  'case.phaseUnplanned': {
    nl: '{actor} trok de geplande fase van zaak {object} in.',
    en: '{actor} withdrew the planned phase of case {object}.',
  },
  'case.phaseReached': {
    nl: 'De geplande fase van zaak {object} is ingegaan op {fromOn}.',
    en: 'The planned phase of case {object} started on {fromOn}.',
  },
  'case.phasePostponed': {
    nl: '{actor} stelde de volgende fase van zaak {object} uit; opnieuw gevraagd op {againOn}.',
    en: '{actor} postponed the next phase of case {object}; asked again on {againOn}.',
  },
  'case.phaseDeclined': {
    nl: '{actor} vond zaak {object} niet toe aan de volgende fase; opnieuw gevraagd op {againOn}.',
    en: '{actor} found case {object} not ready for the next phase; asked again on {againOn}.',
  },
  'case.dormant': {
    nl: '{actor} liet zaak {object} sluimeren van {fromOn} tot {untilOn}.',
    en: '{actor} made case {object} dormant from {fromOn} to {untilOn}.',
  },
  'case.dormantAsked': {
    nl: '{actor} stelde voor om zaak {object} te laten sluimeren van {fromOn} tot {untilOn}.',
    en: '{actor} proposed to make case {object} dormant from {fromOn} to {untilOn}.',
  },
  'case.dormantDeclined': {
    nl: '{actor} wees het voorstel af om zaak {object} te laten sluimeren.',
    en: '{actor} declined the proposal to make case {object} dormant.',
  },
  'case.dormantWithdrawn': {
    nl: '{actor} trok het voorstel in om zaak {object} te laten sluimeren.',
    en: '{actor} withdrew the proposal to make case {object} dormant.',
  },
  'case.dormantEnded': {
    nl: '{actor} beëindigde het sluimeren van zaak {object}.',
    en: '{actor} ended the dormancy of case {object}.',
  },
} satisfies Record<string, EventEntry>
