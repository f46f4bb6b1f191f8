import type { Role } from '../contract/common.ts'
import type { EventType } from './event-types.ts'

/** Who did it, in which roles. */
export interface Actor {
  name: string
  id: number
  roles: readonly Role[]
}

export interface NewEvent {
  type: EventType
  /** null: the system itself, or the command line. */
  actor: Actor | null
  organisationId: number | null
  teamId: number | null
  objectType: string
  objectId: string
  /** Numbers, codes and names of fields; never free text about people: of such text only its salted hash. */
  data: Record<string, unknown>
  at: Date
}
