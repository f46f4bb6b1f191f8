import type { TeamHoldings } from '../contract/teams.ts'
import type { BothLanguages } from '../http/call.ts'

/** What has to be done before a team can go into another: open rounds are about teams, and do not go along. */
export function mergeObstacleOf({ team, rounds, calculating }: TeamHoldings): BothLanguages | null {
  if (rounds.length > 0) {
    const list = rounds.map(one => one.id).join(', ')
    return {
      nl: `${team.name} zit nog in ${rounds.length === 1 ? 'een open verdeelronde' : 'open verdeelrondes'} (${list}). Stel die eerst vast of annuleer die.`,
      en: `${team.name} is still in ${rounds.length === 1 ? 'an open round' : 'open rounds'} (${list}). Confirm or cancel first.`,
    }
  }
  if (!calculating) return null
  return {
    nl: `Voor ${team.name} wordt een herverdeling berekend. Wacht op de uitkomst of stop de berekening.`,
    en: `A reallocation is being calculated for ${team.name}. Wait for the outcome or stop it.`,
  }
}

/** What a team still has that keeps it from ending; null: nothing. */
export function emptinessOf(holdings: TeamHoldings): BothLanguages | null {
  const { team, workers, waiting, running } = holdings
  const parts = [
    [workers, ['medewerker', 'medewerkers'], ['worker', 'workers']],
    [waiting, ['wachtende zaak', 'wachtende zaken'], ['waiting case', 'waiting cases']],
    [running, ['lopende zaak', 'lopende zaken'], ['running case', 'running cases']],
  ] as const
  const left = parts.filter(([count]) => count > 0)
  if (left.length === 0) return mergeObstacleOf(holdings)
  const list = (locale: 1 | 2, and: string) =>
    left
      .map(part => `${part[0]} ${part[locale][part[0] === 1 ? 0 : 1]}`)
      .join(', ')
      .replace(/, ([^,]*)$/, ` ${and} $1`)
  const total = left.reduce((sum, [count]) => sum + count, 0)
  return {
    nl: `In ${team.name} ${total === 1 ? 'is' : 'zijn'} nog ${list(1, 'en')}. Geef die een ander team, of voeg het team samen met een ander.`,
    en: `${team.name} still has ${list(2, 'and')}. Give them another team, or merge the team with another.`,
  }
}
