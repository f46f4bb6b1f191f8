import type { CompetenceNeed, Phase } from '../../solver/problem/problem.ts'
import { addDays } from '../contract/days.ts'
import type { Random } from './random.ts'
import type { DemoCase } from './rows.ts'
import type { DemoTeam } from './workers.ts'

/** Cases that run: measures in the mix of the national stock at the end of 2022 (children with a measure). */
export const stockMix = {
  OTS: 19390,
  VOTS: 355,
  VOOGDIJ: 9080,
  VVOOGDIJ: 180,
  TVOOGDIJ: 65,
  JR_GEDWONGEN: 4325,
  JR_VRIJWILLIG: 475,
  ITB_HK: 130,
  ITB_CRIEM: 20,
  GBM: 10,
  STP: 10,
  DRANG: 1000,
}

/** Cases that come in: measures in the mix of the national inflow of 2022. */
export const inflowMix = {
  OTS: 6500,
  VOTS: 1370,
  VOOGDIJ: 925,
  VVOOGDIJ: 220,
  TVOOGDIJ: 50,
  JR_GEDWONGEN: 3325,
  JR_VRIJWILLIG: 1725,
  ITB_HK: 220,
  ITB_CRIEM: 100,
  DRANG: 500,
}

export type DemoMeasure = keyof typeof stockMix

/** How long each measure lasts, in days; null: until the child comes of age. */
const lengths: Readonly<Record<DemoMeasure, number | null>> = {
  OTS: 365,
  VOTS: 90,
  VOOGDIJ: null,
  VVOOGDIJ: 180,
  TVOOGDIJ: null,
  JR_GEDWONGEN: 475,
  JR_VRIJWILLIG: 110,
  ITB_HK: 182,
  ITB_CRIEM: 91,
  GBM: 365,
  STP: 150,
  DRANG: 150,
}

const YOUTH_PROBATION: readonly string[] = [
  'JR_GEDWONGEN',
  'JR_VRIJWILLIG',
  'ITB_HK',
  'ITB_CRIEM',
  'GBM',
  'STP',
]

/** A family's work as it stands, before anybody has it: everything but numbers, dates of receipt and seats. */
export type DemoWork = Pick<
  DemoCase,
  'measures' | 'phase' | 'children' | 'factors' | 'municipality' | 'competences' | 'duoNeeded'
>

/** A family of this team with this measure, `age` days after the work began. */
export function makeWork(
  random: Random,
  today: string,
  team: DemoTeam,
  measure: DemoMeasure,
  age: number,
): DemoWork {
  const startOn = addDays(today, -age)
  const measures = [{ measure: measure as string, startOn, endOn: endOf(measure, startOn, today) }]
  // Samenloop: a child with a civil and a criminal measure at the same time.
  if (measure === 'OTS' && random.chance(0.03)) {
    const probation = addDays(today, -Math.min(age, random.between(10, 200)))
    measures.push({
      measure: 'JR_GEDWONGEN',
      startOn: probation,
      endOn: endOf('JR_GEDWONGEN', probation, today),
    })
  }
  const factors = factorsOf(random, measure)
  return {
    measures,
    phase: phaseOf(measure, age, measures[0]!.endOn, today),
    children: childrenOf(random, measure),
    factors,
    municipality: random.weighted(team.municipalities),
    competences: needsOf(random, measures[0]!.measure, factors),
    duoNeeded: factors.includes('DREIGING') || random.chance(0.015),
  }
}

/** What a case asks: required by the measure or for safety, wanted for its method. */
export function needsOf(random: Random, measure: string, factors: readonly string[]): CompetenceNeed[] {
  const needs: CompetenceNeed[] = []
  const ask = (competence: string, level: number, need: CompetenceNeed['need']) =>
    needs.push({ competence, level, need })
  if (measure === 'OTS') ask('OTS', 1, 'required')
  if (measure === 'VOTS' || measure === 'VVOOGDIJ') ask('CRISIS', 2, 'required')
  if (measure === 'VOOGDIJ' || measure === 'TVOOGDIJ') ask('VOOGDIJ', 1, 'required')
  if (measure === 'ITB_HK' || measure === 'ITB_CRIEM') ask('ITB', 2, 'required')
  else if (YOUTH_PROBATION.includes(measure)) ask('JEUGDRECLASSERING', 1, 'required')
  if (measure === 'DRANG') ask('DRANG', 1, 'wanted')
  if (factors.includes('DREIGING')) ask('VEILIGHEID', 2, 'required')
  if (factors.includes('COMPLEX_SCHEIDING')) ask('SCHEIDING', random.chance(0.3) ? 2 : 1, 'wanted')
  if (factors.includes('UHP') && random.chance(0.6)) ask('UITHUISPLAATSING', 1, 'wanted')
  if (factors.includes('TOLK')) ask('TOLKGESPREK', 1, 'wanted')
  if (random.chance(0.06)) ask('JONGE_KIND', 2, 'wanted')
  return needs
}

function childrenOf(random: Random, measure: DemoMeasure): number {
  if (YOUTH_PROBATION.includes(measure)) return random.chance(0.05) ? 2 : 1
  return Number(random.weighted({ 1: 65, 2: 24, 3: 8, 4: 3 }))
}

/** Complex divorce in about 62 % of all cases, placement in about half, a threat in a few of a hundred. */
function factorsOf(random: Random, measure: DemoMeasure): string[] {
  const probation = YOUTH_PROBATION.includes(measure)
  const guardianship = measure === 'VOOGDIJ' || measure === 'TVOOGDIJ' || measure === 'VVOOGDIJ'
  const chances: Readonly<Record<string, number>> = {
    COMPLEX_SCHEIDING: probation ? 0.35 : guardianship ? 0.48 : 0.75,
    UHP: probation ? 0.05 : guardianship ? 0.9 : 0.4,
    DREIGING: 0.015,
    RECHTSZAKEN: probation ? 0 : 0.08,
    TOLK: 0.1,
    NETWERK: 0.08,
    WACHT_OP_HULP: 0.08,
    INTENSIEF_CONTACT: 0.06,
    GEZAGSBEEINDIGING: measure === 'OTS' ? 0.04 : 0,
    OVERDRACHT: 0.03,
  }
  return Object.keys(chances).filter(factor => random.chance(chances[factor]!))
}

/** The next end that lies ahead: a supervision order is renewed by a year each time, others likewise by their length. */
function endOf(measure: DemoMeasure, startOn: string, today: string): string | null {
  const length = lengths[measure]
  if (length === null) return null
  let end = addDays(startOn, length)
  while (end <= addDays(today, 7)) end = addDays(end, length)
  return end
}

/** Thirteen weeks to begin with (guardianship: half a year), the last thirteen weeks to round off. */
function phaseOf(measure: DemoMeasure, age: number, endOn: string | null, today: string): Phase {
  if (age < (measure === 'VOOGDIJ' ? 182 : 91)) return 'begin'
  // Half of the orders are renewed: then the last weeks of a year are no end of the work.
  if (endOn !== null && endOn < addDays(today, 91) && age % 2 === 0) return 'end'
  return 'middle'
}
