import type { Role } from '../contract/common.ts'

/** Who did it, in which roles. */
export interface Actor {
  name: string
  id: number
  roles: readonly Role[]
}

export interface NewEvent {
  /** 'noun.happened', for instance 'case.created'; its sentence is in events.ts of that noun's folder. */
  type: string
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
