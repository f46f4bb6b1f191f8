import type { Sentence } from '../../../solver/problem/sentences.ts'
import type { CaseInput } from '../../contract/cases.ts'
import type { EventEntry } from '../event-entry.ts'

/** What happened to a case, as sentences. `{object}` is the case number; the other names are in the event's data. */
export const caseEvents = {
  'case.created': { nl: 'Zaak {object} ingevoerd.', en: 'Case {object} entered.' },
  'case.opened': { live: 'nobody', nl: 'Zaak {object} ingezien.', en: 'Case {object} opened.' },
  'case.changed': { nl: 'Zaak {object} gewijzigd: {fields}.', en: 'Case {object} changed: {fields}.' },
  'case.numberCorrected': {
    nl: 'Zaaknummer verbeterd: de zaak heet nu {object}. Het oude nummer wordt niet meer getoond.',
    en: 'Case number corrected: the case is now {object}. The old number is no longer shown.',
  },
  'case.weightSet': {
    nl: 'Zwaarte van zaak {object} met de hand gesteld op {hours} uur, met een reden.',
    en: 'Weight of case {object} set by hand to {hours} hours, with a reason.',
  },
  'case.weightDivided': {
    nl: 'Zwaarte van zaak {object} met de hand gesteld op {hours} uur: {primary} voor de eerste plek en {second} voor de tweede, met een reden.',
    en: 'Weight of case {object} set by hand to {hours} hours: {primary} for the first seat and {second} for the second, with a reason.',
  },
  'case.weightReturned': {
    nl: 'Zwaarte van zaak {object} volgt weer de tabel.',
    en: 'Weight of case {object} follows the table again.',
  },
  'case.reweighed': {
    nl: 'De uren van wie zaak {object} heeft, reistijd meegeteld, gingen samen van {from} naar {to} per week.',
    en: 'The hours of those who have case {object}, travel included, went from {from} to {to} per week in total.',
  },
  'case.workerExcluded': {
    live: 'readers',
    nl: 'Bij zaak {object} een medewerker uitgesloten (afgeschermde reden).',
    en: 'A worker excluded from case {object} (hidden reason).',
  },
  'case.exclusionLifted': {
    live: 'readers',
    nl: 'Bij zaak {object} een uitsluiting opgeheven.',
    en: 'An exclusion from case {object} lifted.',
  },
  'case.contactMade': {
    nl: 'Eerste contact van zaak {object} gelegd op {metOn} (uiterlijk {dueOn}).',
    en: 'First contact of case {object} made on {metOn} (due by {dueOn}).',
  },
  'case.planMade': {
    nl: 'Plan van aanpak van zaak {object} gereed op {metOn} (uiterlijk {dueOn}).',
    en: 'Plan of action of case {object} ready on {metOn} (due by {dueOn}).',
  },
  'case.closed': {
    nl: 'Zaak {object} afgesloten per {closedOn}.',
    en: 'Case {object} closed on {closedOn}.',
  },
} satisfies Record<string, EventEntry>

/** How the fields that `case.changed` names are called on screen. */
export const caseFieldNames: Record<keyof CaseInput, Sentence> = {
  teamId: { nl: 'team', en: 'team' },
  familyNumber: { nl: 'gezin', en: 'family' },
  measures: { nl: 'maatregelen', en: 'measures' },
  phase: { nl: 'fase', en: 'phase' },
  children: { nl: 'aantal kinderen', en: 'number of children' },
  factors: { nl: 'factoren', en: 'factors' },
  methods: { nl: 'werkwijzen', en: 'methods' },
  urgency: { nl: 'urgentie', en: 'urgency' },
  receivedOn: { nl: 'ontvangstdatum', en: 'date received' },
  municipality: { nl: 'gemeente', en: 'municipality' },
  competences: { nl: 'competenties', en: 'competences' },
  duoNeeded: { nl: 'duo nodig', en: 'duo needed' },
  formerWorkers: { nl: 'eerdere medewerkers', en: 'former workers' },
}
