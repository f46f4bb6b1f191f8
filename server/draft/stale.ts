import { factChanges, factsChanged } from '../../solver/explain/input-changes.ts'
import { canonicalJson } from '../../solver/problem/canonical.ts'
import type { Policy, Problem } from '../../solver/problem/problem.ts'
import type { BothLanguages } from '../http/call.ts'

const MOST = 10

/** The policy without the levels that every rulebook has, which a newer Instroom may add to. */
function ofRulebook({ evenLoads: _, leaving, ...policy }: Policy) {
  const { fewest: __, ...horizon } = leaving ?? {}
  return { ...policy, ...horizon }
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
  if (canonicalJson(ofRulebook(then.policy)) !== canonicalJson(ofRulebook(now.policy))) {
    changes.push({ nl: 'De regels zijn gewijzigd.', en: 'The rules have changed.' })
  } else if (canonicalJson(then.policy) !== canonicalJson(now.policy)) {
    changes.push({
      nl: 'Instroom weegt sinds deze berekening meer doelen mee.',
      en: 'Instroom takes more goals into account since this calculation.',
    })
  }
  changes.push(...factChanges(then, now, nameOf))
  if (changes.length <= MOST) return changes
  const more = changes.length - MOST
  return [
    ...changes.slice(0, MOST),
    {
      nl: more === 1 ? 'En nog 1 wijziging.' : `En nog ${more} wijzigingen.`,
      en: more === 1 ? 'And 1 more change.' : `And ${more} more changes.`,
    },
  ]
}

/** The same in one sentence: how many workers and cases, and whether the rules; null when nothing changed. */
export function changedInShort(then: Problem, now: Problem): BothLanguages | null {
  const { cases, workers } = factsChanged(then, now)
  const parts: BothLanguages[] = []
  if (workers > 0)
    parts.push({
      nl: workers === 1 ? '1 medewerker' : `${workers} medewerkers`,
      en: workers === 1 ? '1 worker' : `${workers} workers`,
    })
  if (cases > 0)
    parts.push({
      nl: cases === 1 ? '1 zaak' : `${cases} zaken`,
      en: cases === 1 ? '1 case' : `${cases} cases`,
    })
  if (canonicalJson(then.policy) !== canonicalJson(now.policy))
    parts.push({ nl: 'de regels', en: 'the rules' })
  if (parts.length === 0 && changesBetween(then, now, id => id).length > 0)
    parts.push({ nl: 'de verwachte instroom', en: 'the expected intake' })
  if (parts.length === 0) return null
  const list = (words: string[], and: string) =>
    words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`
  return {
    nl: `Veranderd sinds de berekening: ${list(
      parts.map(one => one.nl),
      'en',
    )}.`,
    en: `Changed since the calculation: ${list(
      parts.map(one => one.en),
      'and',
    )}.`,
  }
}
