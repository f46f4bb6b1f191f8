import { Type } from 'typebox'
import { Seat } from '../../solver/problem/problem.ts'
import { CaseNumber, Id, object, StaffNumber } from './common.ts'

export const caseParams = object({ caseNumber: CaseNumber })
export const staffParams = object({ staffNumber: StaffNumber })
export const idParams = object({ id: Id })
export const roundCase = object({ id: Id, caseNumber: CaseNumber })
export const seatQuery = object({ seat: Type.Optional(Seat) })
