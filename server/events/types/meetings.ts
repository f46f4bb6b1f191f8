import type { EventEntry } from '../event-entry.ts'

export const meetingEvents = {
  'meeting.opened': {
    nl: '{actor} opende het overleg over verdeelronde {object}.',
    en: '{actor} opened the meeting about round {object}.',
  },
  'meeting.peopleChanged': {
    nl: '{actor} legde vast wie bij het overleg over verdeelronde {object} is ({present}).',
    en: '{actor} recorded who is at the meeting about round {object} ({present}).',
  },
  'meeting.noted': {
    nl: '{actor} maakte in het overleg een aantekening bij zaak {case}.',
    en: '{actor} took a note about case {case} in the meeting.',
  },
  'meeting.closed': {
    nl: '{actor} sloot het overleg over verdeelronde {object}.',
    en: '{actor} closed the meeting about round {object}.',
  },
  'meeting.reopened': {
    nl: '{actor} opende het overleg over verdeelronde {object} opnieuw.',
    en: '{actor} opened the meeting about round {object} again.',
  },
  'firstLook.stated': {
    nl: '{actor} gaf een eerste blik op zaak {case}.',
    en: '{actor} gave a first look at case {case}.',
  },
  'firstLook.revealed': {
    nl: '{actor} onthulde de eerste blik op zaak {case} ({stated} gegeven).',
    en: '{actor} revealed the first looks at case {case} ({stated} given).',
  },
} satisfies Record<string, EventEntry>
