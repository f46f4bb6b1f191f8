import { addDays, addMonths } from '../contract/days.ts'
import { startRulebook } from '../rulebook/start-values.ts'
import type { Random } from './random.ts'
import type { DemoCase, DemoWorker } from './rows.ts'

/** A team and where its families live: weights follow the number of inhabitants. */
export interface DemoTeam {
  name: string
  municipalities: Readonly<Record<string, number>>
}

export const demoTeams: readonly DemoTeam[] = [
  { name: 'Team Oost', municipalities: { ENSCHEDE: 160, LOSSER: 23 } },
  { name: 'Team Midden', municipalities: { HENGELO: 82, BORNE: 24, HAAKSBERGEN: 24, HOF_VAN_TWENTE: 35 } },
  { name: 'Team Noord', municipalities: { ALMELO: 73, OLDENZAAL: 32, DINKELLAND: 27, TUBBERGEN: 21 } },
  {
    name: 'Team West',
    municipalities: { WIERDEN: 25, RIJSSEN_HOLTEN: 38, HELLENDOORN: 36, TWENTERAND: 34 },
  },
]

const WORKERS_PER_TEAM = 12

// biome-ignore format: a list of names reads better filled than one to a line
const surnames = [
  'de Vries', 'van den Berg', 'Bakker', 'Visser', 'Smit', 'Meijer', 'de Boer', 'Mulder', 'de Groot', 'Bos',
  'Vos', 'Peters', 'Hendriks', 'van Leeuwen', 'Dekker', 'Brouwer', 'de Wit', 'Dijkstra', 'Smits', 'de Graaf',
  'van der Meer', 'Kok', 'Jacobs', 'de Haan', 'Vermeulen', 'van den Heuvel', 'van der Veen', 'van den Broek',
  'de Bruijn', 'Schouten', 'van Beek', 'Willems', 'van Vliet', 'Hoekstra', 'Koster', 'Prins', 'Huisman',
  'Postma', 'Kuipers', 'Veenstra', 'Yilmaz', 'El Amrani', 'Wolters', 'Oude Luttikhuis', 'ter Horst', 'Nijhuis',
  'Scholten', 'Wiegerink', 'Kamphuis', 'Lansink',
]

const initials = 'ABCDEFGHIJKLMNOPRSTVWY'

/** Every worker of the four teams, in the order of their staff numbers. */
export function makeWorkers(random: Random, today: string): DemoWorker[] {
  const names = random.shuffle(surnames)
  return demoTeams.flatMap((team, teamIndex) =>
    Array.from({ length: WORKERS_PER_TEAM }, (_, place) => {
      const number = teamIndex * WORKERS_PER_TEAM + place
      return makeWorker(random, today, team, teamIndex, place, {
        staffNumber: `jb-${String(number + 1).padStart(3, '0')}`,
        name: `${random.pick([...initials])}. ${names[number]!}`,
      })
    }),
  )
}

/**
 * Who somebody is follows from the place in the team, so that every team has the same mix: two in training, two who
 * came lately, and for every kind of work at least two people who can do it.
 */
function makeWorker(
  random: Random,
  today: string,
  team: DemoTeam,
  teamIndex: number,
  place: number,
  identity: { staffNumber: string; name: string },
): DemoWorker {
  const inTraining = place === 10 || (place === 11 && teamIndex % 2 === 0)
  const isNew = place === 8 || place === 9
  const monthsOfService = inTraining
    ? random.between(4, 14)
    : isNew
      ? random.between(4, 16)
      : random.between(20, 160)
  const employedFrom = addDays(addMonths(today, -monthsOfService), -random.between(0, 27))
  const registrationUntil = addDays(today, place === 7 && teamIndex === 1 ? 12 : random.between(120, 1500))
  return {
    ...identity,
    team: team.name,
    contractHours: place === 0 ? 36 : Number(random.weighted({ 20: 1, 24: 1, 28: 3, 32: 12, 36: 13 })),
    dutyHours: inTraining || isNew ? 0 : Number(random.weighted({ 0: 12, 2: 3, 4: 1 })),
    registration: inTraining ? 'in_training' : 'registered',
    registrationFrom: inTraining ? null : addMonths(registrationUntil, -60),
    registrationUntil: inTraining ? null : registrationUntil,
    baseMunicipality: random.weighted(team.municipalities),
    employedFrom,
    employedUntil: place === 5 && teamIndex === 2 ? addDays(today, 40) : null,
    competences: competencesOf(random, today, teamIndex, place, inTraining),
    preferences: preferencesOf(random, team, place),
    reductions: reductionsOf(random, today, teamIndex, place, inTraining, employedFrom),
    absences: absencesOf(random, today, teamIndex, place),
  }
}

function competencesOf(
  random: Random,
  today: string,
  teamIndex: number,
  place: number,
  inTraining: boolean,
): DemoWorker['competences'] {
  const list: DemoWorker['competences'] = []
  const give = (competence: string, level: number, expiresOn: string | null = null) =>
    list.push({ competence, level, expiresOn })
  if (inTraining) {
    give('OTS', 1)
    if (random.chance(0.4)) give('DRANG', 1)
    return list
  }
  give('OTS', place < 6 ? 3 : 2)
  if (place !== 8) give('VOOGDIJ', random.between(1, 3))
  if ([0, 1, 4, 6, 8].includes(place)) give('CRISIS', place < 4 ? 3 : 2)
  if ([2, 3, 6, 7].includes(place)) give('JEUGDRECLASSERING', place < 4 ? 3 : 2)
  if ([2, 3].includes(place)) give('ITB', place === 2 ? 3 : 2)
  if ([0, 1, 4, 5, 6, 8].includes(place)) give('SCHEIDING', random.between(2, 3))
  else if (random.chance(0.5)) give('SCHEIDING', 1)
  // Safety training lasts two years; one certificate ends soon, one has just ended.
  if ([0, 2, 4, 6].includes(place)) {
    const left =
      place === 6 && teamIndex === 0 ? -9 : place === 4 && teamIndex === 1 ? 20 : random.between(60, 700)
    give('VEILIGHEID', place < 4 ? 3 : 2, addDays(today, left))
  }
  if (random.chance(0.5)) give('UITHUISPLAATSING', random.between(1, 3))
  if (random.chance(0.35)) give('JONGE_KIND', random.between(1, 3))
  if ([5, 9].includes(place)) give('DRANG', 2)
  if ([1, 7].includes(place)) give('TOLKGESPREK', 2)
  if (place === 4 && teamIndex === 3) give('GEBARENTAAL', 2)
  return list
}

function preferencesOf(random: Random, team: DemoTeam, place: number): DemoWorker['preferences'] {
  if (random.chance(0.12)) return []
  const list: DemoWorker['preferences'] = []
  const wishes: DemoWorker['preferences'] = [
    { kind: 'measure', code: 'OTS', value: 'rather' },
    { kind: 'measure', code: 'VOTS', value: random.pick(['rather', 'rather_not']) },
    { kind: 'measure', code: 'VOOGDIJ', value: random.pick(['rather', 'rather_not', 'learn']) },
    { kind: 'measure', code: 'JR_GEDWONGEN', value: [2, 3, 6, 7].includes(place) ? 'rather' : 'learn' },
    { kind: 'factor', code: 'COMPLEX_SCHEIDING', value: random.pick(['rather', 'rather_not', 'learn']) },
    { kind: 'factor', code: 'UHP', value: random.pick(['rather', 'rather_not', 'learn']) },
    { kind: 'factor', code: 'RECHTSZAKEN', value: random.pick(['rather', 'rather_not']) },
    {
      kind: 'region',
      code: random.weighted(team.municipalities),
      value: random.pick(['rather', 'rather_not']),
    },
    { kind: 'heavy', code: 'heavy', value: random.pick(['rather', 'neutral', 'rather_not']) },
  ]
  for (const wish of random.shuffle(wishes).slice(0, random.between(2, 5))) {
    const refused = list.filter(one => one.value === 'rather_not').length
    if (wish.value !== 'rather_not' || refused < 3) list.push(wish)
  }
  return list
}

function reductionsOf(
  random: Random,
  today: string,
  teamIndex: number,
  place: number,
  inTraining: boolean,
  employedFrom: string,
): DemoWorker['reductions'] {
  if (inTraining) {
    return [
      {
        reason: 'OPLEIDING',
        percentage: 20,
        validFrom: employedFrom,
        validUntil: addMonths(employedFrom, 18),
      },
    ]
  }
  const since = addDays(today, -random.between(40, 300))
  if (place === 1) return [{ reason: 'TAAK', percentage: 10, validFrom: since, validUntil: null }]
  if (place === 3 && teamIndex < 2) {
    return [{ reason: 'VERLOF', percentage: 20, validFrom: since, validUntil: addDays(today, 150) }]
  }
  if (place === 6 && teamIndex === 2) {
    return [
      { reason: 'OPBOUW', percentage: 50, validFrom: addDays(today, -20), validUntil: addDays(today, 21) },
      { reason: 'OPBOUW', percentage: 25, validFrom: addDays(today, 22), validUntil: addDays(today, 63) },
    ]
  }
  return []
}

/** Periods and percentages only; the cause of an absence exists nowhere in the product. */
function absencesOf(random: Random, today: string, teamIndex: number, place: number): DemoWorker['absences'] {
  const from = (start: number, days: number, percentage = 100) => ({
    percentage,
    validFrom: addDays(today, start),
    validUntil: addDays(today, start + days - 1),
  })
  if (place === 7 && teamIndex === 3) return [from(-24, 90)]
  if (place === 9 && teamIndex === 0) return [from(-60, 120, 50)]
  if (place === 2 && teamIndex === 2) return [from(-15, 75, 40)]
  if (place === 4 && teamIndex === 0) return [from(-3, 11)]
  if (random.chance(0.3)) return [from(random.between(5, 60), random.pick([5, 7, 12, 14]))]
  return []
}

/**
 * Norm hours per week on a day, with the start rulebook: (contract - reductions - absence of four weeks or more - duties)
 * x case-time share x ramp-up.
 */
export function normHoursOf(worker: DemoWorker, day: string): number {
  if (worker.employedFrom > day || (worker.employedUntil !== null && worker.employedUntil < day)) return 0
  const inForce = (period: { validFrom: string; validUntil: string | null }) =>
    period.validFrom <= day && (period.validUntil === null || period.validUntil >= day)
  const part = (percentages: number[]) =>
    Math.round(
      worker.contractHours *
        Math.min(
          100,
          percentages.reduce((a, b) => a + b, 0),
        ),
    ) / 100
  const reductions = part(worker.reductions.filter(inForce).map(one => one.percentage))
  const absences = part(
    worker.absences
      .filter(
        one => inForce(one) && (one.validUntil === null || one.validUntil >= addDays(one.validFrom, 27)),
      )
      .map(one => one.percentage),
  )
  const ramp = startRulebook.rampUp.find(step => day < addMonths(worker.employedFrom, step.untilMonth))
  const free = Math.max(0, worker.contractHours - reductions - absences - worker.dutyHours)
  return Math.round(free * startRulebook.caseTimeShare * (ramp?.share ?? 1) * 100) / 100
}

/** Whether this worker meets every competence that the case requires. */
export function hasCompetences(worker: DemoWorker, one: DemoCase): boolean {
  return one.competences.every(
    need =>
      need.need === 'wanted' ||
      worker.competences.some(own => own.competence === need.competence && own.level >= need.level),
  )
}
