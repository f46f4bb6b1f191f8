import type { ChoiceInput } from '../contract/choices.ts'

/** Why teams departed from a proposal: the code of the list and what somebody wrote, about the work only. */
export const departures: readonly Pick<ChoiceInput, 'reasonCode' | 'reasonText'>[] = [
  {
    reasonCode: 'VERZOEK_MEDEWERKER',
    reasonText: 'Wil dit soort zaken vaker doen en heeft er de komende weken tijd voor.',
  },
  { reasonCode: 'REISTIJD', reasonText: 'Is al twee dagen per week in deze gemeente.' },
  { reasonCode: 'CONTINUITEIT', reasonText: 'Werkt al samen met de school en de wijkagent in deze zaak.' },
  { reasonCode: 'VERZOEK_MEDEWERKER', reasonText: null },
  {
    reasonCode: 'WERKDRUK',
    reasonText: 'De voorgestelde collega rondt deze maand twee verlengingen af; dat staat niet in de uren.',
  },
  {
    reasonCode: 'DESKUNDIGHEID',
    reasonText: 'Ervaring met dit traject weegt hier zwaarder dan de reistijd.',
  },
  { reasonCode: 'SAMENHANG', reasonText: 'Sluit aan bij een andere zaak met hetzelfde hulpaanbod.' },
]

export const waits: readonly Pick<ChoiceInput, 'reasonCode' | 'reasonText' | 'tasks'>[] = [
  {
    reasonCode: 'GEGEVENS_ONJUIST',
    reasonText: 'Het verzoek klopt niet met de beschikking. Eerst navragen bij de rechtbank.',
    tasks: ['requestData'],
  },
  {
    reasonCode: 'SAMENHANG',
    reasonText: 'Er loopt nog overleg met het wijkteam over wie begint.',
    tasks: ['consult'],
  },
]

/** Of the minutes of a meeting. */
export const notes = {
  agreed: [
    'Besproken: het voorstel past bij wat de collega al doet.',
    'Twijfel over de reistijd, maar de werklast geeft de doorslag.',
    'Start met een gezamenlijk eerste gesprek.',
  ],
  changed: 'Het team kiest iemand anders; de reden staat bij de keuze.',
  waits: 'Wacht tot de informatie er is.',
  later: 'Niemand kan deze zaak nu binnen de regels krijgen. Gaat mee naar de volgende ronde.',
  dissent: [null, 'Een van ons had liever de collega met de meeste ervaring gezien.', null],
}

export const objection = {
  reasonCode: 'load',
  reasonText: 'Ik heb deze maand twee zittingen en een overdracht; een nieuwe start lukt me dan niet goed.',
} as const
export const afterObjection: Pick<ChoiceInput, 'reasonCode' | 'reasonText'> = {
  reasonCode: 'WERKDRUK',
  reasonText: 'Bezwaar besproken en overgenomen: een collega die nu wel kan starten, neemt de zaak.',
}
export const rulingText = 'In het werkoverleg nagevraagd: akkoord om zo te starten.'
