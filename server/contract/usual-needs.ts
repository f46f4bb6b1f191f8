import type { CompetenceNeed } from '../../solver/problem/problem.ts'
import type { RulebookContent } from './rulebook.ts'

type Need = Omit<CompetenceNeed, 'seat'>

/** Required weighs more than wanted, and then the higher level. */
export function weighsMore(one: Need, other: Need): boolean {
  return one.need === other.need ? one.level > other.level : one.need === 'required'
}

/**
 * What a case with these measures and factors usually needs by the rulebook: each competence once, as it is asked most. It is
 * filled in for a new case, and there people change it: a case needs what it says itself, never what a rulebook says.
 */
export function usualNeeds(
  { usualNeeds: usual = [] }: Pick<RulebookContent, 'usualNeeds'>,
  { measures, factors }: { measures: readonly string[]; factors: readonly string[] },
): Need[] {
  const found = new Map<string, Need>()
  for (const { kind, code, competences } of usual) {
    if (!(kind === 'measure' ? measures : factors).includes(code)) continue
    for (const { code: competence, level, need } of competences) {
      const held = found.get(competence)
      const one = { competence, level, need }
      if (!held || weighsMore(one, held)) found.set(competence, one)
    }
  }
  return [...found.values()].sort((a, b) => (a.competence < b.competence ? -1 : 1))
}
