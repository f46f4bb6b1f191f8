import { computed, nextTick, ref, shallowRef } from 'vue'
import { i18n } from '../text/index.ts'
import { ApiError, newKey } from './api.ts'

export interface FieldError {
  /** Path in the body that is sent: `competences.0.level`. */
  field: string
  message: string
}

/** The id of the input of a field, so that the list of errors can link to it. */
export const fieldId = (field: string) => `field-${field.replaceAll('.', '-')}`

/**
 * What happens around sending a form: one request at a time, the errors of its fields, what the server said, and
 * whether somebody else changed the row meanwhile (412). Nothing that was typed is touched.
 *
 * The idempotency key stays the same until the server has answered: a lost answer may be asked for again, a refused
 * form that was corrected is a new request.
 */
export function useSubmit() {
  const busy = ref(false)
  const errors = shallowRef<FieldError[]>([])
  const failure = ref<string | null>(null)
  const conflict = ref(false)
  const key = ref(newKey())

  function reset() {
    errors.value = []
    failure.value = null
    conflict.value = false
  }

  /** Shows the errors that the page itself found; true when there are none. */
  function check(found: FieldError[]): boolean {
    reset()
    errors.value = found
    if (found.length > 0) focusErrors()
    return found.length === 0
  }

  /** Runs `work`; true when it held. */
  async function submit(work: (key: string) => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    reset()
    try {
      await work(key.value)
      key.value = newKey()
      return true
    } catch (reason) {
      if (reason instanceof ApiError) {
        key.value = newKey()
        conflict.value = reason.status === 412
        errors.value = reason.problem.errors?.map(({ field, message }) => ({ field, message })) ?? []
        failure.value = reason.message
      } else failure.value = i18n.global.t('shell.unreachable')
      focusErrors()
      return false
    } finally {
      busy.value = false
    }
  }

  const messages = computed(() => new Map(errors.value.map(({ field, message }) => [field, message])))
  const messageOf = (field: string) => messages.value.get(field)
  /** For an input: its id, and when it is wrong that it is and where the message stands. */
  const input = (field: string) => ({
    id: fieldId(field),
    'aria-invalid': messages.value.has(field) || undefined,
    'aria-describedby': messages.value.has(field) ? `${fieldId(field)}-error` : undefined,
  })

  return { busy, errors, failure, conflict, submit, check, reset, messageOf, input }
}
export type Submit = ReturnType<typeof useSubmit>

/** The focus goes to the input of a field that was just added. */
export const focusField = (field: string) =>
  void nextTick(() => document.getElementById(fieldId(field))?.focus())

/** The newest list of errors takes the focus, so that it is read out and seen. */
function focusErrors() {
  void nextTick(() => [...document.querySelectorAll<HTMLElement>('[data-errors]')].at(-1)?.focus())
}
