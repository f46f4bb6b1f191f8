import type { EventEntry } from '../event-entry.ts'

/** What happened between the team and its workers, as sentences. */
export const sharingEvents = {
  'team.settlingChanged': {
    nl: '{actor} heeft gewijzigd hoe {team} een ronde vaststelt.',
    en: '{actor} changed how {team} confirms a round.',
  },
  'round.shared': {
    live: 'workers',
    nl: '{actor} heeft verdeelronde {object} gedeeld: voorstellen {lines}, jeugdbeschermers {workers}, antwoorden tot en met {until}.',
    en: '{actor} shared round {object}: proposals {lines}, workers {workers}, to answer until {until}.',
  },
  'answer.agreed': {
    live: 'workers',
    nl: '{actor} is akkoord met zaak {case} (verdeelronde {object}).',
    en: '{actor} agreed to case {case} (round {object}).',
  },
  'answer.askedToTalk': {
    live: 'workers',
    nl: '{actor} wil overleg over zaak {case} (verdeelronde {object}).',
    en: '{actor} wants a discussion about case {case} (round {object}).',
  },
  'answer.objected': {
    live: 'workers',
    nl: '{actor} heeft bezwaar bij zaak {case} (verdeelronde {object}).',
    en: '{actor} objected to case {case} (round {object}).',
  },
  'ruling.objection': {
    live: 'workers',
    nl: '{actor} besloot met het team, tegen het bezwaar van {worker} bij zaak {case}.',
    en: '{actor} decided with the team, against {worker}’s objection to case {case}.',
  },
  'ruling.discussion': {
    live: 'workers',
    nl: '{actor} legde na overleg met {worker} het besluit over zaak {case} vast.',
    en: '{actor} recorded the decision about case {case} after a discussion with {worker}.',
  },
  'ruling.silence': {
    live: 'workers',
    nl: '{actor} besloot met het team over zaak {case}: {worker} antwoordde niet binnen de termijn.',
    en: '{actor} decided with the team about case {case}: {worker} did not answer in time.',
  },
  'ruling.unasked': {
    live: 'workers',
    nl: '{actor} besloot met het team over zaak {case} zonder {worker} eerst te vragen.',
    en: '{actor} decided with the team about case {case} without asking {worker} first.',
  },
  'swap.offered': {
    live: 'workers',
    nl: '{actor} stelde in verdeelronde {object} een ruil voor.',
    en: '{actor} proposed a swap in round {object}.',
  },
  'swap.answered': {
    live: 'workers',
    nl: '{actor} gaf in verdeelronde {object} een zaak terug in een ruil.',
    en: '{actor} gave a case in return in a swap of round {object}.',
  },
  'swap.agreed': {
    live: 'workers',
    nl: '{actor} is akkoord met een ruil in verdeelronde {object}.',
    en: '{actor} agreed to a swap in round {object}.',
  },
  'swap.withdrawn': {
    live: 'workers',
    nl: '{actor} trok een ruil in verdeelronde {object} in.',
    en: '{actor} withdrew a swap in round {object}.',
  },
  'swap.refused': {
    live: 'workers',
    nl: '{actor} wees een ruil in verdeelronde {object} af.',
    en: '{actor} declined a swap in round {object}.',
  },
  'swap.confirmed': {
    live: 'workers',
    nl: '{actor} bevestigde een ruil in verdeelronde {object}: zaak {case} en zaak {other}.',
    en: '{actor} confirmed a swap in round {object}: case {case} and case {other}.',
  },
  'excess.approved': {
    live: 'workers',
    nl: '{actor} keurde goed dat {worker} met zaak {case} boven de harde grens komt.',
    en: '{actor} approved that case {case} puts {worker} above the hard limit.',
  },
  'excess.refused': {
    live: 'workers',
    nl: '{actor} keurde niet goed dat {worker} met zaak {case} boven de harde grens komt.',
    en: '{actor} refused that case {case} puts {worker} above the hard limit.',
  },
  'case.withdrawn': {
    nl: '{actor} trok de toedeling van zaak {object} in (verdeelronde {round}). De zaak wacht weer.',
    en: '{actor} withdrew the allocation of case {object} (round {round}). The case waits again.',
  },
} satisfies Record<string, EventEntry>
