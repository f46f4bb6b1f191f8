import { type Ref, ref, watch } from 'vue'

/**
 * A text that survives a reload: kept in this browser under `key` until it is `clear`ed, so that nothing typed gets lost. Where
 * the browser keeps nothing it is an ordinary ref.
 */
export function useDraft(key: string, initial = ''): { text: Ref<string>; clear(): void } {
  const name = `instroom-draft-${key}`
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
