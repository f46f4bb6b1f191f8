import { type Ref, ref, watch } from 'vue'
import { DRAFT_PREFIX } from './draft-store.ts'
import { useSession } from './session.ts'

/**
 * A text that survives a reload, another page and a session that ends: kept in this browser under `key` for the person who is
 * signed in, until it is `clear`ed or that person signs out. Where the browser keeps nothing it is an ordinary ref.
 */
export function useDraft(key: string, initial = ''): { text: Ref<string>; clear(): void } {
  const name = nameOf(key)
  const text = ref(read(name) ?? initial)
  watch(text, now => write(name, now === initial ? null : now))
  return {
    text,
    clear() {
      text.value = ''
      write(name, null)
    },
  }
}

/** The same for the fields of a form together; `kept` says that something of before was put back. */
export function useFormDraft(
  key: string,
  fields: Record<string, Ref<string>>,
): { kept: boolean; clear(): void } {
  const name = nameOf(key)
  const before = parsed(read(name))
  for (const [field, value] of Object.entries(fields)) {
    const text = before[field]
    if (text) value.value = text
  }
  let done = false
  watch(Object.values(fields), () => {
    const filled = Object.entries(fields).filter(([, { value }]) => value !== '')
    if (done) return
    write(
      name,
      filled.length === 0
        ? null
        : JSON.stringify(Object.fromEntries(filled.map(([field, { value }]) => [field, value]))),
    )
  })
  return {
    kept: Object.keys(before).length > 0,
    clear() {
      done = true
      write(name, null)
    },
  }
}

const nameOf = (key: string) => `${DRAFT_PREFIX}${useSession().user?.id ?? 0}-${key}`

function parsed(text: string | null): Record<string, string> {
  try {
    return text === null ? {} : (JSON.parse(text) as Record<string, string>)
  } catch {
    return {}
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(name)
    else localStorage.setItem(name, text)
  } catch {
    // A browser that keeps nothing, or is full: what is typed is still on the page.
  }
}
