import type { OpenDatabase } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { SessionTerms } from './session.ts'

export interface Serving {
  open: OpenDatabase
  config: Config
  now: () => Date
  terms: SessionTerms
}
