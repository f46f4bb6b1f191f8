import type { EventEntry } from '../event-entry.ts'

/** What happened to accounts, as sentences; {placeholders} come from the event's data. */
export const accountEvents = {
  'organisation.created': { nl: 'De organisatie is ingericht.', en: 'The organisation was set up.' },
  'organisation.numbersSet': {
    nl: 'Nummers van de organisatie: zaak {caseNumber}, gezin {familyNumber}, medewerker {staffNumber}.',
    en: 'Numbers in the organisation: case {caseNumber}, family {familyNumber}, worker {staffNumber}.',
  },
  'session.started': { live: 'nobody', nl: '{actor} heeft zich aangemeld.', en: '{actor} signed in.' },
  'session.refused': {
    live: 'nobody',
    nl: 'Een aanmelding voor account {object} is geweigerd.',
    en: 'A sign-in for account {object} was refused.',
  },
  'session.ended': { live: 'nobody', nl: '{actor} heeft zich afgemeld.', en: '{actor} signed out.' },
  'session.othersEnded': {
    live: 'nobody',
    nl: '{actor} heeft zich op andere apparaten afgemeld.',
    en: '{actor} signed out on other devices.',
  },
  'team.created': { nl: 'Team {name} is toegevoegd.', en: 'Team {name} was added.' },
  'team.renamed': { nl: 'Team {from} heet voortaan {to}.', en: 'Team {from} is now called {to}.' },
  'team.merged': {
    nl: 'Team {from} is opgegaan in {into}, met {workers} medewerkers en {cases} open zaken.',
    en: 'Team {from} was merged into {into}, with {workers} workers and {cases} open cases.',
  },
  'team.ended': { nl: 'Team {name} is beëindigd.', en: 'Team {name} was ended.' },
  'user.invited': { nl: 'Account {object} is uitgenodigd.', en: 'Account {object} was invited.' },
  'user.linkRenewed': {
    nl: 'Account {object} kreeg een nieuwe eenmalige link.',
    en: 'Account {object} got a new one-time link.',
  },
  'user.activated': {
    nl: 'Account {object} heeft een wachtwoord ingesteld.',
    en: 'Account {object} set a password.',
  },
  'user.passwordChanged': {
    live: 'nobody',
    nl: '{actor} heeft het eigen wachtwoord gewijzigd.',
    en: '{actor} changed their own password.',
  },
  'user.passwordRefused': {
    live: 'nobody',
    nl: '{actor} wilde het eigen wachtwoord wijzigen, maar gaf een verkeerd wachtwoord op.',
    en: '{actor} tried to change their own password, but gave a wrong one.',
  },
  'user.changed': {
    nl: 'Van account {object} is gewijzigd: {fields}.',
    en: 'Changed for account {object}: {fields}.',
  },
  'user.deactivated': { nl: 'Account {object} is gedeactiveerd.', en: 'Account {object} was deactivated.' },
} satisfies Record<string, EventEntry>
