import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Day, Id, object, StaffNumber } from './common.ts'

const Count = Type.Integer({ minimum: 0 })

/** How much of the working days of a week somebody is there; `notEmployed`: on none of them in service. */
const PRESENCE = ['here', 'partly', 'away', 'notEmployed'] as const

/** Who of the team is there, week by week. Of an absence only when and how much is told, never why. */
export const Attendance = object({
  on: Day,
  weeks: Type.Array(
    object({
      /** Its Monday. */
      from: Day,
      /** Working days that are a public holiday. */
      holidays: Type.Array(Day),
      here: Count,
      partly: Count,
      away: Count,
    }),
  ),
  workers: Type.Array(
    object({
      staffNumber: StaffNumber,
      name: Type.String(),
      teamId: Id,
      team: Type.String(),
      /** One for each of the weeks, in their order. */
      weeks: Type.Array(
        object({
          state: oneOf(...PRESENCE),
          /** Working days on which somebody is away for some part, as one span for each part. */
          away: Type.Array(object({ from: Day, until: Day, percentage: Type.Number() })),
        }),
      ),
    }),
  ),
})
export type Attendance = Static<typeof Attendance>

export const AttendanceQuery = object({
  team: Type.Optional(Id),
  /** A day of the first week; none: the week of today. */
  from: Type.Optional(Day),
  weeks: Type.Optional(Type.Integer({ minimum: 1, maximum: 26 })),
})
