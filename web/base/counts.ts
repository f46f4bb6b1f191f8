import { useDebounceFn, useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { Counts } from '../../server/contract/messages.ts'
import { call } from './api.ts'
import { onChange } from './live.ts'
import { useSession } from './session.ts'

const NONE: Counts = {
  messages: 0,
  requests: null,
  approvals: null,
  proposals: null,
  intake: null,
  signals: null,
  estimates: null,
  phases: null,
}
/** What changes a count. */
const ABOUT = ['all', 'round', 'case', 'request', 'signal', 'rulebook', 'estimate', 'worker', 'import']

/** How much waits for me, for the badges beside the menu: fetched again when something happened, and every minute. */
export const useCounts = defineStore('counts', () => {
  const session = useSession()
  const counts = shallowRef<Counts>(NONE)

  async function load() {
    if (!session.user) return
    try {
      counts.value = await call('GET /counts')
    } catch {
      // The badges are a courtesy: what they showed stays.
    }
  }
  const soon = useDebounceFn(() => void load(), 600)
  onChange(event => {
    if (ABOUT.includes(event.objectType)) soon()
  })
  useIntervalFn(() => void load(), 60_000)
  watch(
    () => session.user?.id,
    id => {
      if (id === undefined) counts.value = NONE
      else void load()
    },
    { immediate: true },
  )
  return { counts, load }
})
