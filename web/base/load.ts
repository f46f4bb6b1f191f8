import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import type { LiveEvent } from '../../server/contract/records.ts'
import { ApiError } from './api.ts'
import { onChange } from './live.ts'
import { useSession } from './session.ts'

export interface Loaded<T> {
  data: Ref<T | null>
  /** Why the newest attempt failed; the data shown is then of before. */
  error: Ref<Error | null>
  loading: Ref<boolean>
  /** When the data shown was fetched. */
  at: Ref<Date | null>
  reload(): Promise<void>
  /** Shows what an action answered with; what was asked before it is no longer waited for, since it may be older. */
  take(answer: T): void
}

/**
 * Fetches what a page shows, and again when `isAbout` says that a change by anybody touches it, when changes may have
 * been missed, or when the language changes. The data on screen stays until the new data is there; an older answer
 * never replaces a newer one.
 */
export function useLoaded<T>(
  fetch: () => Promise<T>,
  isAbout: (event: LiveEvent) => boolean = () => false,
): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const error = shallowRef<Error | null>(null)
  const loading = ref(false)
  const at = shallowRef<Date | null>(null)
  let newest = 0

  async function reload() {
    const mine = ++newest
    loading.value = true
    try {
      const answer = await fetch()
      if (mine !== newest) return
      data.value = answer
      error.value = null
      at.value = new Date()
    } catch (reason) {
      if (mine !== newest) return
      error.value = reason as Error
      if (reason instanceof ApiError && (reason.status === 401 || reason.status === 404)) data.value = null
    } finally {
      if (mine === newest) loading.value = false
    }
  }

  function take(answer: T) {
    newest++
    data.value = answer
    error.value = null
    loading.value = false
    at.value = new Date()
  }

  onScopeDispose(onChange(event => void ((event.objectType === 'all' || isAbout(event)) && reload())))
  // Sentences of the server come in the language that it has for this reader.
  const session = useSession()
  watch(
    () => session.user?.locale,
    (locale, before) => {
      if (locale && before) void reload()
    },
  )
  void reload()
  return { data, error, loading, at, reload, take }
}
