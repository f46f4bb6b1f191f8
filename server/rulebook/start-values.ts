import type { Tx } from '../../db/database.ts'
import type { ReasonUse } from '../../db/schema.ts'
import type { RulebookContent } from '../contract/rulebook.ts'

/**
 * What a new organisation starts with. No official table of weights exists for youth protection: the hours, percentages
 * and limits below are a starting point that each organisation makes its own in its rulebook. The total is calibrated on
 * the published 8 to 9 families (about 12 children) per full-time worker; the single figures are not.
 */

export const measures = [
  measure('OTS', 'OTS', 'Ondertoezichtstelling (OTS)', 'Supervision order', 'civil'),
  measure(
    'VOTS',
    'VOTS',
    'Voorlopige ondertoezichtstelling (VOTS)',
    'Provisional supervision order',
    'civil',
  ),
  measure('VOOGDIJ', 'Voogdij', 'Voogdij', 'Guardianship', 'civil'),
  measure('VVOOGDIJ', 'Vl. voogdij', 'Voorlopige voogdij', 'Provisional guardianship', 'civil'),
  measure('TVOOGDIJ', 'Tijd. voogdij', 'Tijdelijke voogdij', 'Temporary guardianship', 'civil'),
  measure(
    'JR_GEDWONGEN',
    'JR gedwongen',
    'Jeugdreclassering: toezicht en begeleiding, gedwongen',
    'Youth probation, compulsory supervision',
    'criminal',
  ),
  measure(
    'JR_VRIJWILLIG',
    'JR vrijwillig',
    'Jeugdreclassering: toezicht en begeleiding, vrijwillig',
    'Youth probation, voluntary supervision',
    'criminal',
  ),
  measure('ITB_HK', 'ITB HK', 'ITB harde kern', 'Intensive probation, repeat offenders', 'criminal'),
  measure('ITB_CRIEM', 'ITB CRIEM', 'ITB CRIEM', 'Intensive probation, short track', 'criminal'),
  measure('GBM', 'GBM', 'Gedragsbeïnvloedende maatregel (GBM)', 'Behaviour order', 'criminal'),
  measure(
    'STP',
    'STP',
    'Scholings- en trainingsprogramma (STP)',
    'Schooling and training programme',
    'criminal',
  ),
  measure('DRANG', 'Drang', 'Drang (zonder maatregel)', 'Preventive work without an order', 'voluntary'),
]

export const factors = [
  factor('COMPLEX_SCHEIDING', 'Complexe scheiding', 'Complex divorce'),
  factor('UHP', 'Uithuisplaatsing', 'Out-of-home placement'),
  factor('DREIGING', 'Dreiging tegen medewerkers', 'Threat against workers', true),
  factor('RECHTSZAKEN', 'Veel juridische procedures', 'Many legal proceedings'),
  { ...factor('TOLK', 'Gesprekken met tolk', 'Talks need an interpreter'), aboutWork: false },
  factor('NETWERK', 'Veel betrokken organisaties', 'Many organisations involved'),
  factor('WACHT_OP_HULP', 'Passende hulp nog niet beschikbaar', 'Suitable help not yet available'),
  factor('INTENSIEF_CONTACT', 'Zeer intensief contact met ouders', 'Very intensive contact with parents'),
  factor(
    'GEZAGSBEEINDIGING',
    'Onderzoek naar beëindigen van gezag',
    'Inquiry into ending parental authority',
  ),
  factor('OVERDRACHT', 'Overname van een andere instelling', 'Taken over from another institution'),
]

/** Ways of working that a case can ask for. Free to use, or replaced by the organisation's own. */
export const methods = [
  { code: 'SIGNS_OF_SAFETY', nameNl: 'Signs of Safety', nameEn: 'Signs of Safety' },
  { code: 'DELTA', nameNl: 'Deltamethode', nameEn: 'Delta method' },
  { code: 'GEZINSGERICHT', nameNl: 'Gezinsgericht werken', nameEn: 'Family-centred work' },
  { code: 'NETWERKBERAAD', nameNl: 'Familienetwerkberaad', nameEn: 'Family group conference' },
  { code: 'TRAUMASENSITIEF', nameNl: 'Traumasensitief werken', nameEn: 'Trauma-informed work' },
]

/** Levels: 1 basic, 2 experienced, 3 specialist. */
export const competences = [
  competence('OTS', 'Ondertoezichtstelling', 'Supervision orders'),
  competence('CRISIS', 'Crisis en VOTS', 'Crisis and provisional orders'),
  competence('VOOGDIJ', 'Voogdij', 'Guardianship'),
  competence('JEUGDRECLASSERING', 'Jeugdreclassering', 'Youth probation'),
  competence('ITB', 'Intensieve trajectbegeleiding (ITB)', 'Intensive probation tracks'),
  competence('SCHEIDING', 'Complexe scheiding', 'Complex divorce'),
  competence('VEILIGHEID', 'Veiligheid bij dreiging', 'Safety under threat'),
  competence('UITHUISPLAATSING', 'Uithuisplaatsing en pleegzorg', 'Placement and foster care'),
  competence('JONGE_KIND', 'Het jonge kind', 'The young child'),
  competence('DRANG', 'Werken zonder maatregel', 'Work without an order'),
  competence('TOLKGESPREK', 'Gesprekken voeren met tolk', 'Talks through an interpreter'),
  competence('GEBARENTAAL', 'Nederlandse Gebarentaal', 'Sign Language of the Netherlands'),
]

const EVERYTHING: readonly ReasonUse[] = ['override', 'wait', 'exclude', 'handover', 'outside']

export const overrideReasons = [
  reason('AFSPRAAK', 'Afspraak in het team', 'Agreement in the team', EVERYTHING),
  reason('CONTINUITEIT', 'Bestaand contact, continuïteit', 'Existing contact, continuity', [
    'override',
    'handover',
    'outside',
  ]),
  reason('DESKUNDIGHEID', 'Specifieke deskundigheid', 'Specific expertise', [
    'override',
    'handover',
    'outside',
  ]),
  reason('VERZOEK_MEDEWERKER', 'Verzoek van de medewerker', 'Request of the worker', [
    'override',
    'exclude',
    'handover',
  ]),
  reason('VERZOEK_GEZIN', 'Verzoek van gezin of kind', 'Request of family or child', [
    'override',
    'exclude',
    'handover',
    'outside',
  ]),
  reason('VEILIGHEID', 'Veiligheid van de medewerker', 'Safety of the worker', [
    'override',
    'exclude',
    'handover',
  ]),
  reason('BELANGEN', 'Belangenverstrengeling of privérelatie', 'Conflict of interest or private relation', [
    'override',
    'exclude',
    'handover',
  ]),
  reason('REISTIJD', 'Reistijd of regio', 'Travel or region', ['override', 'handover', 'outside']),
  reason('WERKDRUK', 'Werkdruk die niet in de cijfers zit', 'Work pressure not visible in the figures', [
    'override',
    'wait',
    'handover',
  ]),
  reason('INWERKEN', 'Inwerken of begeleiding', 'Settling in or guidance', ['override', 'outside']),
  reason('SAMENHANG', 'Samenhang met een andere zaak', 'Connection with another case', [
    'override',
    'wait',
    'handover',
    'outside',
  ]),
  reason('SPOED', 'Kon niet wachten op een verdeelronde', 'Could not wait for a round', ['outside']),
  reason('GEGEVENS_ONJUIST', 'Gegevens kloppen niet', 'Data are wrong', ['override', 'wait']),
  reason('GEGEVENS_ONTBREKEN', 'Er ontbreken nog gegevens', 'Data are still missing', ['wait']),
  reason('GEEN_RUIMTE', 'Geen ruimte bij wie past', 'No room with who suits', ['wait']),
  reason('DESKUNDIGHEID_ZOEKEN', 'Deskundigheid wordt nog gezocht', 'Expertise is still looked for', [
    'wait',
  ]),
  reason('WERKLAST', 'Werklast beter verdelen', 'Dividing the load better', ['handover']),
  reason('VERTREK', 'De medewerker vertrekt of is lang weg', 'The worker leaves or is away for long', [
    'handover',
  ]),
  reason('ANDERS', 'Anders', 'Other', EVERYTHING, true),
]

/** Neutral on purpose: no cause of illness, no pregnancy, no union membership. Percentages of the contract hours. */
export const reductionReasons = [
  reduction('VERLOF', 'Structureel verlof', 'Structural leave', 100, 100),
  reduction('TAAK', 'Taak of nevenfunctie', 'Duty or second function', 20, 100),
  reduction('OPLEIDING', 'Opleiding', 'Training', 20, 80),
  reduction('OPBOUW', 'Opbouw van uren', 'Phased return', 50, 90, 12),
  reduction('INWERKEN', 'Inwerken', 'Induction', 20, 80, 9),
  reduction('OVERIG', 'Overig', 'Other', 10, 100),
]

/** The municipalities of Twente with the approximate place (degrees north, degrees east) of their main town. */
export const municipalities = [
  { code: 'ALMELO', name: 'Almelo', north: 52.357, east: 6.663 },
  { code: 'BORNE', name: 'Borne', north: 52.3, east: 6.754 },
  { code: 'DINKELLAND', name: 'Dinkelland', north: 52.377, east: 7.006 },
  { code: 'ENSCHEDE', name: 'Enschede', north: 52.219, east: 6.896 },
  { code: 'HAAKSBERGEN', name: 'Haaksbergen', north: 52.157, east: 6.739 },
  { code: 'HELLENDOORN', name: 'Hellendoorn', north: 52.365, east: 6.468 },
  { code: 'HENGELO', name: 'Hengelo', north: 52.266, east: 6.793 },
  { code: 'HOF_VAN_TWENTE', name: 'Hof van Twente', north: 52.236, east: 6.586 },
  { code: 'LOSSER', name: 'Losser', north: 52.261, east: 7.005 },
  { code: 'OLDENZAAL', name: 'Oldenzaal', north: 52.313, east: 6.929 },
  { code: 'RIJSSEN_HOLTEN', name: 'Rijssen-Holten', north: 52.308, east: 6.517 },
  { code: 'TUBBERGEN', name: 'Tubbergen', north: 52.407, east: 6.785 },
  { code: 'TWENTERAND', name: 'Twenterand', north: 52.409, east: 6.622 },
  { code: 'WIERDEN', name: 'Wierden', north: 52.358, east: 6.594 },
]

const KM_PER_DEGREE_NORTH = 111.2
const KM_PER_DEGREE_EAST = 68.0
const DETOUR = 1.3
const KM_PER_HOUR = 65
const DOOR_TO_DOOR_MINUTES = 6

/**
 * One-way travel by car between two places, in whole minutes. An estimate: the straight line with a detour of 30 % at
 * 65 km/h and six minutes from door to door; within one municipality ten minutes.
 */
export function estimatedMinutes(
  from: { north: number; east: number },
  to: { north: number; east: number },
): number {
  const km = Math.hypot(
    (from.north - to.north) * KM_PER_DEGREE_NORTH,
    (from.east - to.east) * KM_PER_DEGREE_EAST,
  )
  return km === 0 ? 10 : Math.round(DOOR_TO_DOOR_MINUTES + (km * DETOUR * 60) / KM_PER_HOUR)
}

/** Version 1 of every rulebook; hours per week, see the note at the top of this file. */
export const startRulebook: RulebookContent = {
  caseTimeShare: 0.73,
  fullTimeHours: 36,
  rampUp: [
    { untilMonth: 3, share: 0.4 },
    { untilMonth: 6, share: 0.6 },
    { untilMonth: 9, share: 0.8 },
  ],
  bandLow: 0.9,
  bandHigh: 1.1,
  hardLimit: 1.2,
  weight: {
    bases: [
      { measure: 'OTS', begin: 5, middle: 2.5, end: 2 },
      { measure: 'VOTS', begin: 5.5, middle: 5.5, end: 5.5 },
      { measure: 'VOOGDIJ', begin: 3, middle: 1.5, end: 1.5 },
      { measure: 'VVOOGDIJ', begin: 4, middle: 4, end: 4 },
      { measure: 'TVOOGDIJ', begin: 4, middle: 4, end: 4 },
      { measure: 'JR_GEDWONGEN', begin: 2, middle: 2, end: 2 },
      { measure: 'JR_VRIJWILLIG', begin: 1.5, middle: 1.5, end: 1.5 },
      { measure: 'ITB_HK', begin: 5, middle: 5, end: 5 },
      { measure: 'ITB_CRIEM', begin: 4, middle: 4, end: 4 },
      { measure: 'GBM', begin: 3.5, middle: 3.5, end: 3.5 },
      { measure: 'STP', begin: 3.5, middle: 3.5, end: 3.5 },
      { measure: 'DRANG', begin: 3.5, middle: 3.5, end: 3.5 },
    ],
    concurrentPercent: 50,
    extraChildPercent: 35,
    factors: [
      { factor: 'COMPLEX_SCHEIDING', percent: 20 },
      // Weighs through the duo, which a threat makes compulsory.
      { factor: 'DREIGING', percent: 0 },
      { factor: 'UHP', percent: 5 },
      { factor: 'RECHTSZAKEN', percent: 10 },
      { factor: 'TOLK', percent: 10 },
      { factor: 'NETWERK', percent: 5 },
      { factor: 'WACHT_OP_HULP', percent: 5 },
      { factor: 'INTENSIEF_CONTACT', percent: 10 },
      { factor: 'GEZAGSBEEINDIGING', percent: 10 },
      { factor: 'OVERDRACHT', percent: 5 },
    ],
    // Only where the next phase weighs less: elsewhere nobody needs to be asked.
    phaseWeeks: [
      { measure: 'OTS', begin: 13, middle: 39 },
      { measure: 'VOOGDIJ', begin: 26, middle: null },
    ],
    dormantPercent: 40,
    duo: { percent: 50, primaryShare: 0.6 },
    travel: { overMinutes: 30, hours: 0.3 },
    heavyFromHours: 7,
  },
  usualNeeds: [
    usual('measure', 'OTS', 'OTS', 1),
    usual('measure', 'VOTS', 'CRISIS', 2),
    usual('measure', 'VVOOGDIJ', 'CRISIS', 2),
    usual('measure', 'VOOGDIJ', 'VOOGDIJ', 1),
    usual('measure', 'TVOOGDIJ', 'VOOGDIJ', 1),
    usual('measure', 'JR_GEDWONGEN', 'JEUGDRECLASSERING', 1),
    usual('measure', 'JR_VRIJWILLIG', 'JEUGDRECLASSERING', 1),
    usual('measure', 'ITB_HK', 'ITB', 2),
    usual('measure', 'ITB_CRIEM', 'ITB', 2),
    usual('measure', 'GBM', 'JEUGDRECLASSERING', 1),
    usual('measure', 'STP', 'JEUGDRECLASSERING', 1),
    usual('measure', 'DRANG', 'DRANG', 1, 'wanted'),
    usual('factor', 'DREIGING', 'VEILIGHEID', 2),
    usual('factor', 'COMPLEX_SCHEIDING', 'SCHEIDING', 1, 'wanted'),
    usual('factor', 'UHP', 'UITHUISPLAATSING', 1, 'wanted'),
    usual('factor', 'TOLK', 'TOLKGESPREK', 1, 'wanted'),
  ],
  newPerWeek: 2,
  heavyCases: 4,
  // Measured in tests/bench/start-values (docs/performance.md): loads spread hardly more than when the least loaded comes
  // first, and over four fifths of the fit stays; what waits six weeks comes before the rest; wishes go round.
  criteria: {
    competence: 25,
    preference: 20,
    continuity: 25,
    travel: 10,
    heavySpread: 10,
    learning: 10,
    wishTurn: 10,
  },
  overdueAfterDays: 42,
  loadCost: [
    { from: 0, pointsPerHour: 2 },
    { from: 0.5, pointsPerHour: 5 },
    { from: 0.7, pointsPerHour: 10 },
    { from: 0.8, pointsPerHour: 16 },
    { from: 0.9, pointsPerHour: 25 },
    { from: 1, pointsPerHour: 40 },
    { from: 1.1, pointsPerHour: 80 },
    { from: 1.2, pointsPerHour: 160 },
  ],
}

/**
 * Fills the catalogues where they lack an entry, and gives the organisation version 1 of its rulebook when it has none.
 * What is there already stays as it is, so this may run again.
 */
export async function installStartValues(tx: Tx, organisationId: number, today: string): Promise<void> {
  await tx
    .insertInto('measure')
    .values(measures)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('caseFactor')
    .values(factors)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('method')
    .values(methods)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('competence')
    .values(competences)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('overrideReason')
    .values(overrideReasons)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('reductionReason')
    .values(reductionReasons)
    .onConflict(c => c.column('code').doNothing())
    .execute()
  await tx
    .insertInto('municipality')
    .values(municipalities.map(({ code, name }) => ({ code, name })))
    .onConflict(c => c.doNothing())
    .execute()
  await tx
    .insertInto('travelTime')
    .values(
      municipalities.flatMap(from =>
        municipalities.map(to => ({
          fromCode: from.code,
          toCode: to.code,
          minutes: estimatedMinutes(from, to),
        })),
      ),
    )
    .onConflict(c => c.columns(['fromCode', 'toCode']).doNothing())
    .execute()
  await tx
    .insertInto('rulebook')
    .values({ organisationId, version: 1, effectiveFrom: today, content: JSON.stringify(startRulebook) })
    .onConflict(c => c.columns(['organisationId', 'version']).doNothing())
    .execute()
}

function measure(
  code: string,
  abbreviation: string,
  nameNl: string,
  nameEn: string,
  kind: 'civil' | 'criminal' | 'voluntary',
) {
  return { code, abbreviation, nameNl, nameEn, kind }
}

function factor(code: string, nameNl: string, nameEn: string, isThreat = false) {
  return { code, nameNl, nameEn, isThreat, aboutWork: true }
}

function competence(code: string, nameNl: string, nameEn: string) {
  return { code, nameNl, nameEn, maxLevel: 3 }
}

function usual(
  kind: 'measure' | 'factor',
  code: string,
  competence: string,
  level: number,
  need: 'required' | 'wanted' = 'required',
) {
  return { kind, code, competences: [{ code: competence, level, need }] }
}

function reason(code: string, nameNl: string, nameEn: string, uses: readonly ReasonUse[], needsText = false) {
  return { code, nameNl, nameEn, needsText, uses: [...uses] }
}

function reduction(
  code: string,
  nameNl: string,
  nameEn: string,
  defaultPercentage: number,
  maximumPercentage: number,
  maximumMonths: number | null = null,
) {
  return { code, nameNl, nameEn, defaultPercentage, maximumPercentage, maximumMonths }
}
