import type { Migration } from 'kysely'
import * as firstRound from './0001_first_round.ts'

/** In order of their names; a migration that has shipped never changes. */
export const migrations: Record<string, Migration> = {
  '0001_first_round': firstRound,
}
