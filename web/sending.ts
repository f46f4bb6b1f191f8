import { computed, ref, shallowRef } from 'vue'
import { ApiError } from './api.ts'

/**
 * One request that changes something: at most one at a time, its refusal kept for the form that sent it. What was
 * typed stays where it is; a refusal names the fields that it is about.
 */
export function useSending() {
  const busy = ref(false)
  const refusal = shallowRef<Error | null>(null)
  /** Message by field as the contract names it: `measures.0.startOn`. */
  const fields = computed<Record<string, string>>(() => {
    const errors = refusal.value instanceof ApiError ? (refusal.value.problem.errors ?? []) : []
    return Object.fromEntries(errors.map(error => [error.field, error.message]))
  })
  /** Somebody changed the row after it was shown here. */
  const outdated = computed(() => refusal.value instanceof ApiError && refusal.value.status === 412)

  /** The answer, or null when it was refused or is still on its way. */
  async function send<Answer>(request: () => Promise<Answer>): Promise<Answer | null> {
    if (busy.value) return null
    busy.value = true
    refusal.value = null
    try {
      return await request()
    } catch (reason) {
      refusal.value = reason as Error
      return null
    } finally {
      busy.value = false
    }
  }

  const forget = () => {
    refusal.value = null
  }

  return { busy, refusal, fields, outdated, send, forget }
}
