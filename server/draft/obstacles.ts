import type { Executor } from '../../db/database.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import type { BothLanguages } from '../http/call.ts'
import { type DraftSeat, seatKey } from './draft-view.ts'
import { excessesOf, excessState, highestShare, type SaidExcess, seenByTwo } from './excess.ts'
import { type AnswerObstacle, lineKey, obstacleOf, stateOf } from './lines.ts'
import type { Round } from './rounds.ts'
import { settlingOf } from './settings.ts'
import { asksOf, rulingsOf } from './shares.ts'
import { takenAfter } from './together.ts'

/** What people have still to say before a line can be settled, or what somebody said against it. */
export type PeopleObstacle = AnswerObstacle | 'approval' | 'lapsed' | 'refusal'

/** With the words of this one, where there are any; they are for the reader of today and are not kept. */
export interface Said {
  rule: PeopleObstacle
  words?: BothLanguages
}

export const peopleSentences: Record<PeopleObstacle, BothLanguages> = {
  objection: {
    nl: 'De jeugdbeschermer heeft bezwaar. Bereken opnieuw, kies iemand anders, of besluit als team met een motivering.',
    en: 'The worker objects. Recalculate, choose somebody else, or decide as a team with a justification.',
  },
  discussion: {
    nl: 'De jeugdbeschermer wil overleg. Leg na het gesprek vast wat het team besluit.',
    en: 'The worker wants a discussion. After it, record what the team decides.',
  },
  awaiting: {
    nl: 'De reactietermijn loopt nog en er is geen antwoord.',
    en: 'There is still time to answer, and there is no answer yet.',
  },
  silence: {
    nl: 'Er kwam geen antwoord binnen de termijn. Geen antwoord is geen akkoord: het team besluit met een motivering.',
    en: 'No answer came in time. No answer does not count as agreement: the team decides with a justification.',
  },
  unasked: {
    nl: 'Dit voorstel is nog niet met de jeugdbeschermer gedeeld. Deel het voorstel, of besluit als team met een motivering.',
    en: 'This proposal has not been shared with the worker yet. Share it, or decide as a team with a justification.',
  },
  approval: {
    nl: 'Dit gaat boven de harde grens. Iemand anders met dat recht moet het nog goedkeuren.',
    en: 'This goes above the hard limit. Somebody else with that right still has to approve it.',
  },
  lapsed: {
    nl: 'Er was een lagere werklast goedgekeurd dan het nu wordt. Iemand anders met dat recht moet het opnieuw goedkeuren.',
    en: 'The approved workload was lower than it is now. Somebody else with that right has to approve it again.',
  },
  refusal: {
    nl: 'Een collega wees dit af. Kies iemand anders, of overleg en maak de keuze opnieuw.',
    en: 'A colleague refused this. Choose somebody else, or discuss it and make the choice again.',
  },
}

export interface People {
  /** By case and seat: what stands in the way. */
  obstacles: Map<string, Said>
  /** By case and seat: how the worker or the team answered for it, as the decision keeps it. */
  answers: Map<string, 'agreed' | 'objection' | 'discussion' | 'silence' | 'unasked'>
}

/** What workers and colleagues have said about the seats of a draft over this Problem, for this person to settle. */
export async function peopleOf(
  db: Executor,
  round: Round,
  { problem, seats }: { problem: Problem; seats: readonly DraftSeat[] },
  settlerId: number,
  now: Date,
): Promise<People> {
  const { way } = await settlingOf(
    db,
    round.teams.map(team => team.id),
  )
  const asks = new Map((await asksOf(db, round.id)).map(ask => [lineKey(ask), ask]))
  const rulings = new Map((await rulingsOf(db, round.id)).map(ruling => [lineKey(ruling), ruling]))
  const excesses = await excessesOf(db, round.id)
  const taken = takenAfter(seats, [])
  const people: People = { obstacles: new Map(), answers: new Map() }
  for (const one of seats) {
    if (!one.worker) continue
    const key = seatKey(one.case.id, one.seat)
    const line = lineKey({ caseNumber: one.case.id, seat: one.seat, staffNumber: one.worker.id })
    const state = stateOf(asks.get(line), rulings.get(line), now)
    const obstacle = obstacleOf(state, way)
    const excess = one.choice?.acceptsExcess ? excesses.get(one.choice.id) : undefined
    const figure = excess ? highestShare(problem, taken, one.worker.id) : null
    if (obstacle) people.obstacles.set(key, { rule: obstacle })
    else if (excess && !seenByTwo(excess, settlerId, figure))
      people.obstacles.set(key, againstExcess(excess, figure))
    if (state === 'agreed') people.answers.set(key, 'agreed')
    else if (state === 'ruled') people.answers.set(key, rulings.get(line)!.about)
  }
  return people
}

function againstExcess(excess: SaidExcess, figure: number | null): Said {
  const state = excessState(excess, figure)
  const { decidedByName: by, reasonText: reason, upTo } = excess
  if (state === 'refused') {
    if (!by || !reason) return { rule: 'refusal' }
    return {
      rule: 'refusal',
      words: {
        nl: `${by} wees dit af: ${ended(reason)} Kies iemand anders, of overleg en maak de keuze opnieuw.`,
        en: `${by} refused this: ${ended(reason)} Choose somebody else, or discuss it and make the choice again.`,
      },
    }
  }
  if (state !== 'lapsed' || upTo === null || figure === null) return { rule: 'approval' }
  const [was, is] = [upTo, figure].map(share => Math.round(share * 1000) / 10)
  const dutch = (share: number | undefined) => String(share).replace('.', ',')
  return {
    rule: 'lapsed',
    words: {
      nl: `Goedgekeurd tot ${dutch(was)} %, en het wordt nu ${dutch(is)} %. Iemand anders met dat recht moet het opnieuw goedkeuren.`,
      en: `Approved up to ${was}%, and it now comes to ${is}%. Somebody else with that right has to approve it again.`,
    },
  }
}

/** As a sentence that another can follow. */
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
