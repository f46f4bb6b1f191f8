import { type Static, Type } from 'typebox'
import { Day, Hours, nullable, object, StaffNumber, Version } from './common.ts'

/** Contract hours and duties from a day to come, with what the norm and the load are then as far as is known. */
export const ComingChange = object({
  fromOn: Day,
  contractHours: Hours,
  dutyHours: Hours,
  /** The day before. */
  before: object({ contractHours: Hours, dutyHours: Hours, normHours: Hours }),
  normHours: Hours,
  hoursInUse: Type.Number(),
  workload: nullable(Type.Number()),
})
export const ComingChanges = object({
  staffNumber: StaffNumber,
  changes: Type.Array(ComingChange),
  mayChange: Type.Boolean(),
  version: Version,
})
export type ComingChanges = Static<typeof ComingChanges>

const params = object({ staffNumber: StaffNumber })

export const changeEndpoints = {
  'GET /workers/:staffNumber/changes': {
    summary: 'Contract hours and duties that change on a day to come',
    tag: 'workers',
    params,
    reply: ComingChanges,
    may: 'worker.read',
  },
  'POST /workers/:staffNumber/changes': {
    summary: 'Set contract hours and duties from a day to come',
    tag: 'workers',
    params,
    body: object({ fromOn: Day, contractHours: Hours, dutyHours: Hours }),
    reply: ComingChanges,
    may: 'worker.write',
    once: true,
    ifMatch: true,
  },
  'DELETE /workers/:staffNumber/changes/:fromOn': {
    summary: 'Withdraw such a change',
    tag: 'workers',
    params: object({ staffNumber: StaffNumber, fromOn: Day }),
    reply: ComingChanges,
    may: 'worker.write',
    once: true,
    ifMatch: true,
  },
} as const
