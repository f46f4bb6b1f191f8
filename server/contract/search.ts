import { type Static, Type } from 'typebox'
import { CaseStatus } from './cases.ts'
import { CaseNumber, nullable, object, StaffNumber, WorkerName } from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { searchText } from './typed.ts'

/** The first of what was found; there may be more than is shown. */
export const Found = object({
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      familyNumber: nullable(Type.String()),
      team: Type.String(),
      status: CaseStatus,
      secondOpen: Type.Boolean(),
      primary: nullable(WorkerName),
    }),
  ),
  workers: Type.Array(object({ staffNumber: StaffNumber, name: Type.String(), team: Type.String() })),
  moreCases: Type.Boolean(),
  moreWorkers: Type.Boolean(),
})
export type Found = Static<typeof Found>

export const searchEndpoints = {
  'POST /search': {
    summary: 'Cases and workers in scope by number or name; what is looked for is kept nowhere',
    tag: 'records',
    body: object({ text: searchText() }),
    reply: Found,
    may: 'session.own',
  },
} as const satisfies Record<string, Endpoint>
