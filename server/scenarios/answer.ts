import type { Front } from '../../solver/explain/trade-off.ts'
import type { Change } from '../../solver/problem/changes.ts'
import type { Proposal } from '../../solver/problem/problem.ts'
import type { FrontInput, RunFigures } from '../contract/scenarios.ts'

/** What a run that is no calculation of its round was asked. */
export type RunAsked =
  | { kind: 'whatIf'; changes: Change[] }
  /** `movable`: case numbers. */
  | { kind: 'reallocation'; movable: string[]; moveCost: number; withWaiting: boolean }
  | ({ kind: 'front' } & Pick<FrontInput, 'points' | 'highestLoadAtMost' | 'pointsAtLeast'>)

/** What came out of it. */
export type RunAnswer =
  | { kind: 'whatIf' | 'reallocation'; proposal: Proposal }
  | { kind: 'front'; front: Front }

/** What a run comes to, as its row in a list needs it. */
export interface RunSummary {
  figures: RunFigures
  status: Proposal['status']
}

declare module '../../db/stored.ts' {
  interface StoredJson {
    runAsked: RunAsked
    runAnswer: RunAnswer
    runSummary: RunSummary
  }
}
