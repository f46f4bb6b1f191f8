import { useIntervalFn } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import { call } from '../base/api.ts'

/** The server forgets somebody after forty seconds. */
const BEAT_MS = 12_000

/** Says that I look at this round, and at which case, and gives who else does. */
export function usePresence(roundId: number, caseNumber: () => string | null) {
  const others = shallowRef<Endpoints['PUT /rounds/:id/presence']['reply']>([])
  let ended = false
  async function beat() {
    if (document.visibilityState === 'hidden') return
    try {
      const answer = await call('PUT /rounds/:id/presence', {
        params: { id: roundId },
        body: { caseNumber: caseNumber() },
      })
      if (!ended) others.value = answer
    } catch {
      // Whoever cannot be asked is not shown.
      others.value = []
    }
  }
  useIntervalFn(() => void beat(), BEAT_MS)
  watch(caseNumber, () => void beat())
  onScopeDispose(() => {
    ended = true
  })
  void beat()
  return others
}
