import { factChanges } from '../../solver/explain/input-changes.ts'
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
