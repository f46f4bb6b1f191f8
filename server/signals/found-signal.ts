import { sql } from 'kysely'
import type { Locale } from '../contract/common.ts'
import type { SignalKind } from '../contract/signals.ts'
import { type SignalFacts, signalSentence } from './sentences.ts'

export interface Found {
  kind: SignalKind
  subject: string
  mark: string
  teamId: number
  day: string | null
  about: { kind: 'worker' | 'case' | 'round' | 'requests' | 'phases'; id: string; name: string }
  ofCase: boolean
  sentence: string
}

/** Which kinds are about cases: the team that takes cases in sees those of its own. Of some kinds some are. */
const OF_CASES: Record<
  SignalKind,
  boolean | ((row: { about: Found['about'] }, facts: SignalFacts) => boolean)
> = {
  caseWithoutOwner: true,
  secondOpen: true,
  caseReview: true,
  taskOpen: true,
  termOverdue: true,
  holderAway: true,
  workerLeaves: true,
  objectionOpen: true,
  dormantAsked: false,
  dormantReview: true,
  phaseDue: true,
  requestOpen: (_, facts) => facts.request === 'weight',
  oldData: ({ about }) => about.kind === 'case',
  longAboveNorm: false,
  reductionEnds: false,
}

export interface Scope {
  organisationId: number
  teamIds: readonly number[]
  today: string
  locale: Locale
}

export function found(
  scope: Scope,
  kind: SignalKind,
  row: { subject: string; mark: string; teamId: number; day: string | null; about: Found['about'] },
  facts: SignalFacts,
): Found {
  const rule = OF_CASES[kind]
  const ofCase = typeof rule === 'boolean' ? rule : rule(row, facts)
  return { kind, ...row, ofCase, sentence: signalSentence(kind, facts, scope.locale) }
}

export const teams = ({ teamIds }: Scope) => sql`${[...teamIds]}::int[]`
