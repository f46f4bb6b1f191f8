import type { WorkerName } from '../contract/common.ts'
import type { RoundState } from './state.ts'

/** Names by staff number; of somebody who left the round the number stands in. */
export function namesOf(state: Pick<RoundState, 'workers'>): (staffNumber: string) => WorkerName {
  const names = new Map(state.workers.map(one => [one.staffNumber, one.name]))
  return staffNumber => ({ staffNumber, name: names.get(staffNumber) ?? staffNumber })
}
