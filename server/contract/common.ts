import { type Static, type TProperties, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { freeText, nameText } from './typed.ts'

/** Objects of the contract are closed: an unknown field is an error, never dropped. */
export const object = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

/** One value for each of these words, such as a field of a schema. */
export const each = <Word extends string, T>(words: readonly Word[], of: (word: Word) => T) =>
  Object.fromEntries(words.map(word => [word, of(word)])) as Record<Word, T>

export const Id = Type.Integer({ minimum: 1, maximum: 2147483647 })
export const Version = Type.Integer({ minimum: 1, maximum: 2147483647 })
export const Day = Type.String({ format: 'date' })
export const Moment = Type.String({ format: 'date-time' })
export const Code = Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9_.-]+$' })
/** The titles say what a number is of: requests may spell it any way, and handlers get it as it is stored (spelling.ts). */
export const CaseNumber = Type.String({
  title: 'case number',
  minLength: 1,
  maxLength: 40,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
})
export const StaffNumber = Type.String({
  title: 'staff number',
  minLength: 1,
  maxLength: 40,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
})
/** The name of a person, a team, a what-if. */
export const Name = nameText(200)
export const Motive = freeText(500)
export const Hours = Type.Number({ minimum: 0, maximum: 60 })
export const Percentage = Type.Number({ minimum: 0, maximum: 100 })

export const Role = oneOf('intake', 'lead', 'worker', 'admin')
export type Role = Static<typeof Role>
export const Locale = oneOf('nl', 'en')
export type Locale = Static<typeof Locale>
/** auto: as the device has it. */
export const Theme = oneOf('auto', 'light', 'dark')
export type Theme = Static<typeof Theme>

/** RFC 9457, in the user's language: what is wrong, where, and what to do. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  /** Finds the request in the log. */
  requestId: Type.String(),
  errors: Type.Optional(
    Type.Array(
      object({
        field: Type.String(),
        message: Type.String(),
        value: Type.Optional(Type.Unknown()),
        /** Of a file: where in it (row 1 is the header line; null: the whole row), and what to do about it. */
        row: Type.Optional(Type.Integer()),
        column: Type.Optional(nullable(Type.String())),
        advice: Type.Optional(Type.String()),
      }),
    ),
  ),
  /** With a file that was not taken in: nothing was. */
  created: Type.Optional(Type.Literal(0)),
  updated: Type.Optional(Type.Literal(0)),
  unchanged: Type.Optional(Type.Literal(0)),
  /** And how many errors there are, of which `errors` has the first. */
  faults: Type.Optional(Type.Integer()),
  /** With 409, 412 and 422 of a deciding request: what stands in the way, per case. */
  cases: Type.Optional(
    Type.Array(
      object({
        caseNumber: CaseNumber,
        seat: Type.String(),
        rule: Type.String(),
        message: Type.String(),
        /** How people may still go on: not at all, with a motive, or by somebody with that right. */
        setAside: Type.String(),
      }),
    ),
  ),
  /** With 412: the version as it is now. */
  version: Type.Optional(Type.Integer()),
})
export type ProblemDetails = Static<typeof ProblemDetails>

export const Done = object({ done: Type.Literal(true) })

/** A worker as named on screen; `name` is null where the reader may not know who. */
export const WorkerName = object({ staffNumber: StaffNumber, name: Type.String() })
export type WorkerName = Static<typeof WorkerName>

export const LoadStatus = oneOf('room', 'onNorm', 'aboveNorm', 'farAboveNorm', 'noCaseload')

/** What people give a reason for: another worker, a wait, an exclusion, a handover, a case outside a round. */
export const ReasonUse = oneOf('override', 'wait', 'exclude', 'handover', 'outside')
export type ReasonUse = Static<typeof ReasonUse>
