import type { Locale } from '../contract/common.ts'
import type { RulebookContent, RulebookProfile } from '../contract/rulebook.ts'

/** What people can choose from where a rulebook names no profiles of its own. */
export const STANDARD_PROFILES: readonly RulebookProfile[] = [
  {
    code: 'balanced',
    nameNl: 'Gebalanceerd',
    nameEn: 'Balanced',
    textNl:
      'Eerst past alles wat kan. Daarna telt wie het beste bij een zaak past, en wie de meeste ruimte heeft.',
    textEn: 'First everything that fits. After that, who suits a case best, and who has the most room.',
    lowestMaximumFirst: false,
  },
  {
    code: 'equal',
    nameNl: 'Gelijk',
    nameEn: 'Equal',
    textNl: 'Houdt eerst de hoogste werklast zo laag mogelijk. Daarna telt wie het beste past.',
    textEn: 'Keeps first the highest workload as low as possible. After that, who suits a case best.',
    lowestMaximumFirst: true,
  },
  {
    code: 'preference',
    nameNl: 'Voorkeur',
    nameEn: 'Preference',
    textNl: 'Laat wensen en leerwensen zwaarder tellen dan anders.',
    textEn: 'Lets wishes and learning wishes count for more than usual.',
    lowestMaximumFirst: false,
    criteria: { preference: 40, learning: 20 },
  },
]

export function profilesOf(content: RulebookContent): readonly RulebookProfile[] {
  return content.profiles ?? STANDARD_PROFILES
}

/** A rulebook with its profiles written out, as screens show and keep it: writing out what held already changes nothing. */
export function writtenOut(content: RulebookContent): RulebookContent {
  return { ...content, profiles: [...profilesOf(content)] }
}

/**
 * The weights of the criteria and the order of the goals in a profile. A weight that the profile does not set is that of
 * the rulebook; so is everything when the rulebook does not know the profile.
 */
export function goalsOf(
  content: RulebookContent,
  code: string,
): { criteria: RulebookContent['criteria']; lowestMaximumFirst: boolean } {
  const profile = profilesOf(content).find(one => one.code === code)
  return {
    criteria: { ...content.criteria, ...profile?.criteria },
    lowestMaximumFirst: profile?.lowestMaximumFirst ?? false,
  }
}

/** As the rulebook names it; the code itself when it does not know the profile. */
export function profileName(content: RulebookContent, code: string, locale: Locale): string {
  const profile = profilesOf(content).find(one => one.code === code)
  return profile?.[locale === 'nl' ? 'nameNl' : 'nameEn'] ?? code
}
