import { canonicalJson } from '../../solver/canonical.ts'
import type { Problem, ProblemCase, ProblemWorker } from '../../solver/problem.ts'
import type { BothLanguages } from '../http/call.ts'

const MOST = 10

const caseFields: Partial<Record<keyof ProblemCase, BothLanguages>> = {
  urgency: { nl: 'urgentie', en: 'urgency' },
  hours: { nl: 'gewicht', en: 'weight' },
  children: { nl: 'aantal kinderen', en: 'number of children' },
  measures: { nl: 'maatregelen', en: 'measures' },
  phase: { nl: 'fase', en: 'phase' },
  factors: { nl: 'factoren', en: 'factors' },
  duo: { nl: 'duo', en: 'pair of workers' },
  municipality: { nl: 'gemeente', en: 'municipality' },
  competences: { nl: 'competenties', en: 'competences' },
  formerWorkers: { nl: 'eerdere medewerkers', en: 'former workers' },
  // Not "excluded": that somebody is excluded is hidden.
  excludedWorkers: { nl: 'wie de zaak mag doen', en: 'who may have it' },
  group: { nl: 'gezin', en: 'family' },
  familyWorker: { nl: 'medewerker van het gezin', en: 'worker of the family' },
}

const workerFields: Partial<Record<keyof ProblemWorker, BothLanguages>> = {
  contractHours: { nl: 'contracturen', en: 'contract hours' },
  normHours: { nl: 'norm', en: 'norm' },
  hoursInUse: { nl: 'uren in gebruik', en: 'hours in use' },
  heavyCases: { nl: 'zware zaken', en: 'heavy cases' },
  newThisWeek: { nl: 'nieuwe zaken in de week', en: 'new cases in the week' },
  registration: { nl: 'registratie', en: 'registration' },
  employedFrom: { nl: 'dienstverband', en: 'employment' },
  employedUntil: { nl: 'dienstverband', en: 'employment' },
  away: { nl: 'afwezigheid', en: 'absence' },
  competences: { nl: 'competenties', en: 'competences' },
  preferences: { nl: 'voorkeuren', en: 'preferences' },
  travelMinutes: { nl: 'reistijd', en: 'travel time' },
}

/**
 * What changed in the inputs between two Problems of one round, as sentences: at most ten, then how many more.
 * Waiting days do not count (they rise every day), and neither do choices: those are shown as such.
 */
export function changesBetween(
  then: Problem,
  now: Problem,
  nameOf: (workerId: string) => string,
): BothLanguages[] {
  const changes: BothLanguages[] = []
  if (!same(then.policy, now.policy)) {
    changes.push({ nl: 'Het rulebook is gewijzigd.', en: 'The rulebook changed.' })
  }
  const cases = compare(then.cases, now.cases, caseFields)
  for (const { id, fields } of cases.changed) {
    changes.push({ nl: `Zaak ${id}: ${fields.nl} gewijzigd.`, en: `Case ${id}: ${fields.en} changed.` })
  }
  for (const id of cases.gone) {
    changes.push({ nl: `Zaak ${id} doet niet meer mee.`, en: `Case ${id} no longer takes part.` })
  }
  for (const id of cases.added) {
    changes.push({ nl: `Zaak ${id} is erbij gekomen.`, en: `Case ${id} was added.` })
  }
  const workers = compare(then.workers, now.workers, workerFields)
  for (const { id, fields } of workers.changed) {
    changes.push({
      nl: `${nameOf(id)}: ${fields.nl} gewijzigd.`,
      en: `${nameOf(id)}: ${fields.en} changed.`,
    })
  }
  for (const id of workers.gone) {
    changes.push({ nl: `${nameOf(id)} doet niet meer mee.`, en: `${nameOf(id)} no longer takes part.` })
  }
  for (const id of workers.added) {
    changes.push({ nl: `${nameOf(id)} is erbij gekomen.`, en: `${nameOf(id)} was added.` })
  }
  if (changes.length <= MOST) return changes
  const more = changes.length - MOST
  return [...changes.slice(0, MOST), { nl: `En nog ${more} wijzigingen.`, en: `And ${more} more changes.` }]
}

function compare<T extends { id: string }>(
  then: readonly T[],
  now: readonly T[],
  names: Partial<Record<keyof T, BothLanguages>>,
) {
  const before = new Map(then.map(one => [one.id, one]))
  const after = new Map(now.map(one => [one.id, one]))
  const changed: { id: string; fields: BothLanguages }[] = []
  for (const [id, one] of before) {
    const other = after.get(id)
    if (!other) continue
    const nl = new Set<string>()
    const en = new Set<string>()
    for (const key of Object.keys(names) as (keyof T)[]) {
      const name = names[key]
      if (!name || same(one[key], other[key])) continue
      nl.add(name.nl)
      en.add(name.en)
    }
    if (nl.size > 0) changed.push({ id, fields: { nl: [...nl].join(', '), en: [...en].join(', ') } })
  }
  return {
    changed,
    gone: [...before.keys()].filter(id => !after.has(id)),
    added: [...after.keys()].filter(id => !before.has(id)),
  }
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null)
}
