import { useEventListener, useLocalStorage } from '@vueuse/core'
import type { Ref } from 'vue'

/** Something that can be done on a page: by key, by the command menu, and listed with its key. */
export interface PageAction {
  /** Names its text: `review.actions.<id>`. */
  id: string
  /** As in `parseKeys`; without it only the menu does it. */
  keys?: string
  enabled: boolean
  run: () => unknown
}

/** Whether single keys work; somebody who dictates or has a lively hand switches them off (WCAG 2.1.4). */
export const useSingleKeys = () => useLocalStorage('instroom-single-keys', true)

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/**
 * Whether a key press is what `keys` describes: "a", "Ctrl+z", "Ctrl+Shift+z" or "g i" (one after the other; `before` is
 * the single key pressed just before). Ctrl stands for the command key of a Mac as well.
 */
export function isPressed(keys: string, event: Pressed, before: string | null): boolean {
  const [first, second] = keys.split(' ') as [string, string?]
  if (second !== undefined) return before === first && isPressed(second, event, null)
  const parts = keys.split('+')
  const key = parts.at(-1) || '+'
  const ctrl = parts.includes('Ctrl')
  if (ctrl !== (event.ctrlKey || event.metaKey) || event.altKey) return false
  // Shift counts only with Ctrl: for "?" it depends on the keyboard whether it is needed.
  if (ctrl && parts.includes('Shift') !== event.shiftKey) return false
  return event.key.toLowerCase() === key.toLowerCase()
}

export const isSingle = (keys: string) => !keys.includes('Ctrl')

/** How long "g" waits for what comes after it. */
const SEQUENCE_MS = 1500

/**
 * Does what a key asks for, while the focus is not in a field or a dialog and nothing nearer has used the key. `Ctrl`
 * combinations work with single keys switched off, and those named in `everywhere` also in a field.
 */
export function useKeys(actions: Ref<readonly PageAction[]>, everywhere: readonly string[] = []) {
  const single = useSingleKeys()
  let before: { key: string; at: number } | null = null

  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return
    const inField = (event.target as HTMLElement).closest?.('input, textarea, select, [contenteditable]')
    const last = before && Date.now() - before.at < SEQUENCE_MS ? before.key : null
    const wanted = actions.value
      .filter(action => action.keys && isPressed(action.keys, event, last))
      // After "g" the second key is of the pair, not of its own.
      .sort((a, b) => (b.keys?.length ?? 0) - (a.keys?.length ?? 0))[0]
    before = event.ctrlKey || event.metaKey || event.altKey ? null : { key: event.key, at: Date.now() }
    if (!wanted?.keys) return
    if (isSingle(wanted.keys) && (!single.value || inField)) return
    if (inField && !everywhere.includes(wanted.id)) return
    event.preventDefault()
    before = null
    if (wanted.enabled) void wanted.run()
  })
}
