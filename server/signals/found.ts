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
  sentence: string
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
  return { kind, ...row, sentence: signalSentence(kind, facts, scope.locale) }
}

export const teams = ({ teamIds }: Scope) => sql`${[...teamIds]}::int[]`
