import type { EventEntry } from '../event-entry.ts'

/** What was asked and answered, as sentences; what people wrote stays out of it. */
export const requestEvents = {
  'request.made': {
    nl: 'Medewerker {staffNumber} vroeg een wijziging van de beschikbaarheid aan.',
    en: 'Worker {staffNumber} asked for a change of availability.',
  },
  'request.entered': {
    nl: 'Medewerker {staffNumber} voerde een wijziging van de beschikbaarheid in.',
    en: 'Worker {staffNumber} entered a change of availability.',
  },
  'request.correctionAsked': {
    nl: 'Medewerker {staffNumber} vroeg een verbetering van de eigen gegevens aan.',
    en: 'Worker {staffNumber} asked for a correction of their own data.',
  },
  'request.weightDisputed': {
    nl: 'Medewerker {staffNumber} is het niet eens met de zwaarte van zaak {caseNumber}.',
    en: 'Worker {staffNumber} disputes the weight of case {caseNumber}.',
  },
  'request.withdrawn': {
    nl: 'Medewerker {staffNumber} trok een verzoek in.',
    en: 'Worker {staffNumber} withdrew a request.',
  },
  'request.granted': {
    nl: 'Een verzoek van medewerker {staffNumber} is toegekend.',
    en: 'A request of worker {staffNumber} was granted.',
  },
  'request.declined': {
    nl: 'Een verzoek van medewerker {staffNumber} is afgewezen, met een antwoord.',
    en: 'A request of worker {staffNumber} was declined, with an answer.',
  },
  'team.approvalAsked': {
    nl: 'In team {team} keurt de teamleider verlof en verminderingen goed.',
    en: 'In team {team} the team lead approves leave and reductions.',
  },
  'team.approvalDropped': {
    nl: 'In team {team} gelden verlof en verminderingen direct.',
    en: 'In team {team} leave and reductions apply at once.',
  },
} satisfies Record<string, EventEntry>
