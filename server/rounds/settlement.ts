import type { BrokenRule, Problem } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { ruleSentence } from '../../solver/rules/broken.ts'
import { type SetAside, setAsideOf } from '../../solver/rules/rules.ts'
import type { Locale } from '../contract/common.ts'
import { type DraftSeat, seatKey } from '../draft/draft-view.ts'
import { judgeDraft } from '../draft/judge-choices.ts'
import { type PeopleObstacle, peopleSentences, type Said } from '../draft/obstacles.ts'
import type { BothLanguages } from '../http/call.ts'

/** Why a line cannot be settled: a broken rule, the case found its worker elsewhere, or somebody has still to say something. */
export type Obstacle = BrokenRule | { rule: 'taken' | 'firstLook' } | Said

/** A line that cannot be settled, as the event keeps it and the result shows it. */
export interface RefusedLine {
  caseNumber: string
  seat: 'primary' | 'second'
  rule: Obstacle['rule']
  facts: BrokenRule['facts']
  /** What somebody said of it, for the reader of today; never in an event. */
  words?: BothLanguages
}

/** As the event of a settlement keeps them: without anybody's words. */
export function withoutWords(lines: readonly RefusedLine[]): RefusedLine[] {
  return lines.map(({ words: _, ...line }) => line)
}

/** What settling would do: whole cases only, so that a duo never starts with one person. */
export interface Settlement {
  accepted: DraftSeat[]
  waiting: DraftSeat[]
  refused: RefusedLine[]
}

/**
 * Judges the draft on today's tables. A case goes through when every seat is filled and holds; a case that nobody was found
 * for simply waits again and is in none of the lists. `people` are the seats about which somebody has still to say something.
 */
export function settlementOf(
  problem: Problem,
  seats: readonly DraftSeat[],
  reckoned: ReadonlySet<string>,
  taken: ReadonlySet<string>,
  people: ReadonlyMap<string, Said> = new Map(),
): Settlement {
  const refused: RefusedLine[] = []
  const refuse = (seat: DraftSeat, obstacle: Obstacle) =>
    refused.push({
      caseNumber: seat.case.id,
      seat: seat.seat,
      rule: obstacle.rule,
      facts: 'facts' in obstacle ? obstacle.facts : {},
      ...('words' in obstacle && obstacle.words && { words: obstacle.words }),
    })
  const stands = seats.filter(one => one.worker !== null || one.choice?.kind === 'wait')
  for (const seat of stands) if (taken.has(seat.case.id)) refuse(seat, { rule: 'taken' })
  const free = seats.filter(one => !taken.has(one.case.id))
  for (const { drafted, open } of judgeDraft(problem, free, reckoned)) {
    const said = people.get(seatKey(drafted.case.id, drafted.seat))
    if (said) refuse(drafted, said)
    for (const breach of open) {
      // An objection keeps the pair apart by itself; it is told once.
      if (said?.rule !== 'objection' || breach.rule !== 'teamExclusion') refuse(drafted, breach)
    }
  }
  const filled = new Set(free.filter(one => one.worker !== null).map(one => one.case.id))
  for (const seat of free) {
    if (seat.worker === null && seat.choice === null && filled.has(seat.case.id)) {
      refuse(seat, { rule: 'duoRequired', facts: { why: 'seat' } })
    }
  }
  const out = new Set(refused.map(one => one.caseNumber))
  return {
    accepted: free.filter(one => one.worker !== null && !out.has(one.case.id)),
    waiting: free.filter(one => one.choice?.kind === 'wait'),
    refused,
  }
}

/** Nobody settles what the team has not looked at: those cases are refused as a whole, without telling what was suggested. */
export function notLookedAt(unseen: ReadonlySet<string>): RefusedLine[] {
  return [...unseen].sort().map(caseNumber => ({ caseNumber, seat: 'primary', rule: 'firstLook', facts: {} }))
}

/** The sentence of a refused line. */
export function refusedSentence(
  line: Pick<RefusedLine, 'rule' | 'facts' | 'words'>,
  locale: Locale,
  codes: CodeNames,
): string {
  if (line.rule === 'taken') {
    return locale === 'nl'
      ? 'Deze zaak is intussen al toegedeeld of gesloten.'
      : 'This case has been allocated or closed in the meantime.'
  }
  if (line.rule === 'firstLook') {
    return locale === 'nl'
      ? 'Het team kijkt eerst zelf en heeft de eerste blik op deze zaak nog niet onthuld. Doe dat in het overleg.'
      : 'The team looks first and has not revealed the first look at this case yet. Do so in the meeting.'
  }
  if (line.words) return line.words[locale]
  if (isPeopleObstacle(line.rule)) return peopleSentences[line.rule][locale]
  return ruleSentence({ rule: line.rule, facts: line.facts }, codes)[locale]
}

function isPeopleObstacle(rule: string): rule is PeopleObstacle {
  return rule in peopleSentences
}

/** How people may still go on about a refused line: as rules say it, by a decision of the team, or by an approval. */
export function wayOn(rule: Obstacle['rule']): SetAside | 'ruling' | 'answer' | 'approval' | 'look' {
  if (rule === 'taken') return 'never'
  if (rule === 'firstLook') return 'look'
  if (rule === 'approval' || rule === 'lapsed') return 'approval'
  if (rule === 'refusal') return 'never'
  if (rule === 'awaiting') return 'answer'
  return isPeopleObstacle(rule) ? 'ruling' : setAsideOf(rule)
}
