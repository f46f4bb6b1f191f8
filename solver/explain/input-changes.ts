import { canonicalJson } from '../problem/canonical.ts'
import type { CriterionCode, Policy, Problem } from '../problem/problem.ts'
import { fill, type Sentence } from '../problem/sentences.ts'
import { criterionOf } from '../rules/criteria.ts'

const caseFields: Record<string, Sentence> = {
  urgency: { nl: 'urgentie', en: 'urgency' },
  hours: { nl: 'zwaarte', en: 'weight' },
  children: { nl: 'aantal kinderen', en: 'number of children' },
  measures: { nl: 'maatregelen', en: 'measures' },
  phase: { nl: 'fase', en: 'phase' },
  methods: { nl: 'werkwijzen', en: 'methods' },
  factors: { nl: 'factoren', en: 'factors' },
  duo: { nl: 'duo', en: 'duo' },
  municipality: { nl: 'gemeente', en: 'municipality' },
  competences: { nl: 'competenties', en: 'competences' },
  formerWorkers: { nl: 'eerdere medewerkers', en: 'former workers' },
  workersInvolved: { nl: 'medewerkers rond het gezin', en: 'workers around the family' },
  // Not "excluded": that somebody is excluded is hidden.
  excludedWorkers: { nl: 'wie de zaak mag doen', en: 'who may do the case' },
  group: { nl: 'gezin', en: 'family' },
  expectedUntil: { nl: 'verwachte duur', en: 'expected length' },
  familyWorker: { nl: 'medewerker van het gezin', en: 'the family’s worker' },
}

const workerFields: Record<string, Sentence> = {
  contractHours: { nl: 'contracturen', en: 'contract hours' },
  normHours: { nl: 'norm', en: 'norm' },
  hoursInUse: { nl: 'uren in gebruik', en: 'hours in use' },
  ahead: { nl: 'wat voor later is besloten', en: 'what has been decided for later' },
  heavyCases: { nl: 'zware zaken', en: 'heavy cases' },
  openCases: { nl: 'lopende zaken', en: 'open cases' },
  newThisWeek: { nl: 'nieuwe zaken in de week', en: 'new cases in the week' },
  newThisMonth: { nl: 'nieuwe zaken in de maand', en: 'new cases in the month' },
  kinds: { nl: 'soorten zaken', en: 'kinds of cases' },
  registration: { nl: 'registratie', en: 'registration' },
  employedFrom: { nl: 'dienstverband', en: 'employment' },
  employedUntil: { nl: 'dienstverband', en: 'employment' },
  away: { nl: 'afwezigheid', en: 'absence' },
  competences: { nl: 'competenties', en: 'competences' },
  preferences: { nl: 'voorkeuren', en: 'preferences' },
  wishes: { nl: 'vervulde wensen', en: 'wishes granted' },
  mentor: { nl: 'mentor', en: 'mentor' },
  mentorRoom: { nl: 'ruimte als mentor', en: 'room as a mentor' },
  travelMinutes: { nl: 'reistijd', en: 'travel time' },
}

const limits: [keyof Policy, Sentence, percent: boolean][] = [
  ['bandLow', { nl: 'band vanaf', en: 'target range from' }, true],
  ['bandHigh', { nl: 'band tot', en: 'target range up to' }, true],
  ['hardLimit', { nl: 'harde grens', en: 'hard limit' }, true],
  ['newPerWeek', { nl: 'nieuwe zaken per week', en: 'new cases per week' }, false],
  ['heavyCases', { nl: 'zware zaken', en: 'heavy cases' }, false],
  ['heavyFromHours', { nl: 'zwaar vanaf (uren)', en: 'heavy from (hours)' }, false],
]

/**
 * What cases and workers have otherwise in the second Problem, as sentences. Waiting days do not count: they rise every day.
 * What people chose and the policy are told by `choiceChanges` and `policyChanges`.
 */
export function factChanges(then: Problem, now: Problem, nameOf: (workerId: string) => string): Sentence[] {
  const changes: Sentence[] = []
  const cases = compareLists(then.cases, now.cases, caseFields)
  for (const { id, fields } of cases.changed) {
    changes.push({ nl: `Zaak ${id}: ${fields.nl} gewijzigd.`, en: `Case ${id}: ${fields.en} changed.` })
  }
  for (const id of cases.gone) {
    changes.push({ nl: `Zaak ${id} doet niet meer mee.`, en: `Case ${id} no longer takes part.` })
  }
  for (const id of cases.added) {
    changes.push({ nl: `Zaak ${id} is erbij gekomen.`, en: `Case ${id} was added.` })
  }
  const workers = compareLists(then.workers, now.workers, workerFields)
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
  if (canonicalJson(then.expected ?? []) !== canonicalJson(now.expected ?? [])) {
    changes.push({
      nl: 'De verwachte instroom per competentie is veranderd.',
      en: 'The expected number of new cases per competence has changed.',
    })
  }
  return changes
}

/** How many cases and workers have something else in the second Problem, came or went. */
export function factsChanged(then: Problem, now: Problem): { cases: number; workers: number } {
  const count = ({ changed, gone, added }: ReturnType<typeof compareLists>) =>
    changed.length + gone.length + added.length
  return {
    cases: count(compareLists(then.cases, now.cases, caseFields)),
    workers: count(compareLists(then.workers, now.workers, workerFields)),
  }
}

/** Weights and limits that differ, each with both values; anything else of the policy in one sentence. */
export function policyChanges(then: Policy, now: Policy): Sentence[] {
  const changes: Sentence[] = []
  for (const [name, { label }] of Object.entries(criterionOf)) {
    const code = name as CriterionCode
    const [from, to] = [weightOf(then, code), weightOf(now, code)]
    if (from === to) continue
    const words = {
      nl: `Weging van ${label.nl}: {from} → {to}.`,
      en: `Weight of ${label.en}: {from} → {to}.`,
    }
    changes.push(fill(words, { from, to }))
  }
  for (const [key, label, percent] of limits) {
    const [from, to] = [then[key], now[key]]
    if (from === to || typeof from !== 'number' || typeof to !== 'number') continue
    const shown = (value: number) => (percent ? Math.round(value * 1000) / 10 : value)
    const unit = percent ? ' %' : ''
    const words = {
      nl: `Grens, ${label.nl}: {from} → {to}${unit}.`,
      en: `Limit, ${label.en}: {from} → {to}${unit}.`,
    }
    changes.push(fill(words, { from: shown(from), to: shown(to) }))
  }
  if (then.lowestMaximumFirst !== now.lowestMaximumFirst) {
    changes.push(
      now.lowestMaximumFirst
        ? {
            nl: 'De hoogste werklast zo laag mogelijk gaat voor.',
            en: 'The highest workload as low as possible comes first.',
          }
        : {
            nl: 'De hoogste werklast gaat niet meer voor.',
            en: 'The highest workload no longer comes first.',
          },
    )
  }
  const rest = (policy: Policy) => {
    const told = new Set<string>(['criteria', 'lowestMaximumFirst', ...limits.map(([key]) => key)])
    return canonicalJson(Object.fromEntries(Object.entries(policy).filter(([key]) => !told.has(key))))
  }
  if (rest(then) !== rest(now)) {
    changes.push({
      nl: 'Iets anders in de regels is gewijzigd.',
      en: 'Something else in the rules changed.',
    })
  }
  return changes
}

/** What people fixed, ruled out or let wait in one and not in the other. */
export function choiceChanges(then: Problem, now: Problem, nameOf: (workerId: string) => string): Sentence[] {
  const say = (problem: Problem) =>
    new Map<string, [before: Sentence, after: Sentence]>([
      ...problem.locks.map((lock): [string, [Sentence, Sentence]] => [
        `lock ${lock.caseId} ${lock.seat} ${lock.workerId}`,
        told(words.lock, words.noLock, lock.caseId, nameOf(lock.workerId)),
      ]),
      ...problem.exclusions.map((one): [string, [Sentence, Sentence]] => [
        `exclude ${one.caseId} ${one.workerId}`,
        told(words.exclude, words.noExclude, one.caseId, nameOf(one.workerId)),
      ]),
      ...problem.waiting.map((id): [string, [Sentence, Sentence]] => [
        `wait ${id}`,
        told(words.wait, words.noWait, id, ''),
      ]),
    ])
  const [before, after] = [say(then), say(now)]
  return [
    ...[...before].filter(([key]) => !after.has(key)).map(([, [, gone]]) => gone),
    ...[...after].filter(([key]) => !before.has(key)).map(([, [there]]) => there),
  ]
}

const told = (there: Sentence, gone: Sentence, id: string, worker: string): [Sentence, Sentence] => [
  fill(there, { case: id, worker }),
  fill(gone, { case: id, worker }),
]

const words = {
  lock: { nl: 'Zaak {case} is vastgezet bij {worker}.', en: 'Case {case} is locked to {worker}.' },
  noLock: {
    nl: 'Zaak {case} is niet vastgezet bij {worker}.',
    en: 'Case {case} is not locked to {worker}.',
  },
  exclude: { nl: '{worker} is uitgesloten voor zaak {case}.', en: '{worker} is excluded from case {case}.' },
  noExclude: {
    nl: '{worker} is niet uitgesloten voor zaak {case}.',
    en: '{worker} is not excluded from case {case}.',
  },
  wait: { nl: 'Zaak {case} wacht.', en: 'Case {case} waits.' },
  noWait: { nl: 'Zaak {case} wacht niet.', en: 'Case {case} does not wait.' },
} satisfies Record<string, Sentence>

/** Everything that is not the same in the inputs of two runs: policy, cases, workers, and what people chose. */
export function inputChanges(then: Problem, now: Problem, nameOf: (workerId: string) => string): Sentence[] {
  const start: Sentence[] =
    then.startOn === now.startOn
      ? []
      : [
          fill(
            { nl: 'Startdatum: {from} → {to}.', en: 'Start date: {from} → {to}.' },
            { from: then.startOn, to: now.startOn },
          ),
        ]
  return [
    ...start,
    ...policyChanges(then.policy, now.policy),
    ...factChanges(then, now, nameOf),
    ...choiceChanges(then, now, nameOf),
  ]
}

function weightOf(policy: Policy, code: CriterionCode): number {
  return policy.criteria[code] ?? 0
}

type Thing = { id: string; [field: string]: unknown }

/** Fields that hold one number or word are told with both values. */
function compareLists(then: readonly Thing[], now: readonly Thing[], names: Record<string, Sentence>) {
  const before = new Map(then.map(one => [one.id, one]))
  const after = new Map(now.map(one => [one.id, one]))
  const changed: { id: string; fields: Sentence }[] = []
  for (const [id, one] of before) {
    const other = after.get(id)
    if (!other) continue
    const nl = new Set<string>()
    const en = new Set<string>()
    for (const [key, name] of Object.entries(names)) {
      if (canonicalJson(one[key] ?? null) === canonicalJson(other[key] ?? null)) continue
      const [from, to] = [one[key], other[key]]
      const values =
        typeof from === 'number' && typeof to === 'number'
          ? fill({ nl: ' ({from} → {to})', en: ' ({from} → {to})' }, { from, to })
          : { nl: '', en: '' }
      nl.add(name.nl + values.nl)
      en.add(name.en + values.en)
    }
    if (nl.size > 0) changed.push({ id, fields: { nl: [...nl].join(', '), en: [...en].join(', ') } })
  }
  return {
    changed,
    gone: [...before.keys()].filter(id => !after.has(id)),
    added: [...after.keys()].filter(id => !before.has(id)),
  }
}
