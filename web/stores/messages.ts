import { useDebounceFn, useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { call } from '../api.ts'
import { onChange } from '../live.ts'
import { useSession } from './session.ts'

/** How many messages are unread, for the badge beside the menu: fetched again when something happened, and now and then. */
export const useMessages = defineStore('messages', () => {
  const session = useSession()
  const unread = ref(0)

  async function load() {
    if (!session.user) return
    try {
      unread.value = (await call('GET /messages')).unread
    } catch {
      // The badge is a courtesy: what it showed stays.
    }
  }
  const soon = useDebounceFn(() => void load(), 600)
  onChange(event => {
    if (event.objectType === 'all' || event.objectType === 'round' || event.objectType === 'case') soon()
  })
  useIntervalFn(() => void load(), 120_000)
  watch(
    () => session.user?.id,
    id => {
      if (id === undefined) unread.value = 0
      else void load()
    },
    { immediate: true },
  )
  return { unread, load }
})
