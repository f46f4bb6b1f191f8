import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { RunProgress, RunState } from '../../server/contract/runs.ts'
import { onProgress } from '../base/live.ts'

/** What is measured at a level; with it goes how a value is written. */
export type Measure = 'cases' | 'days' | 'seats' | 'load' | 'points' | 'answers'

export function measureOf(level: string): Measure {
  if (level.startsWith('waitingDays')) return 'days'
  if (level === 'leavers') return 'seats'
  if (level === 'highestLoad') return 'load'
  if (level === 'pointsMinusLoad') return 'points'
  return level === 'front' ? 'answers' : 'cases'
}

/** How far value and bound lie apart, as a share of the value; null where that says nothing, or is not known yet. */
export function gapOf({
  level,
  value,
  bound,
}: Pick<RunProgress, 'level' | 'value' | 'bound'>): number | null {
  if (level !== 'pointsMinusLoad' || value === null || bound === null) return null
  return Math.max(0, bound - value) / Math.max(1, Math.abs(value))
}

/**
 * Seconds since a run began. The server said how many it were and when that was heard here counts, so that clocks that
 * differ do no harm; before it said anything, from its own times.
 */
export function secondsOf(
  run: Pick<RunState, 'startedAt'>,
  heard: { seconds: number; at: number } | null,
  now: number,
): number {
  if (heard) return heard.seconds + Math.max(0, now - heard.at) / 1000
  return run.startedAt === null ? 0 : Math.max(0, now - Date.parse(run.startedAt)) / 1000
}

/** How far this run is, as the stream tells it, with a clock that goes on in between. */
export function useRunProgress(run: () => RunState) {
  const progress = shallowRef<RunProgress | null>(null)
  const heardAt = ref(0)
  const now = ref(Date.now())
  useIntervalFn(() => {
    now.value = Date.now()
  }, 500)
  onScopeDispose(
    onProgress(heard => {
      if (heard.runId !== run().id) return
      progress.value = heard
      heardAt.value = now.value = Date.now()
    }),
  )
  watch(
    () => run().id,
    () => {
      progress.value = null
    },
  )
  const seconds = computed(() => {
    const heard = progress.value && { seconds: progress.value.seconds, at: heardAt.value }
    return secondsOf(run(), heard, now.value)
  })
  return { progress, seconds }
}
