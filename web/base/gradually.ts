import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'

/** As many as fit on a large screen, and a little more. */
const FIRST = 60
const MORE = 120

/**
 * The items of a long list, drawn in parts after a change: what fits on the screen at once, the rest in the free moments
 * after it, so that a key press or a click shows on the screen before hundreds of rows do. The first list is whole, so
 * that a way back finds its place.
 */
export function useGradually<Item>(items: Ref<readonly Item[]>): Ref<readonly Item[]> {
  const shown = shallowRef<readonly Item[]>(items.value)
  let timer = 0
  let whole = items.value.length > 0

  function grow() {
    const all = items.value
    if (shown.value.length >= all.length) return
    shown.value = all.slice(0, shown.value.length + MORE)
    timer = window.setTimeout(grow, 30)
  }
  watch(items, all => {
    window.clearTimeout(timer)
    if (!whole) {
      whole = all.length > 0
      shown.value = all
      return
    }
    shown.value = all.slice(0, FIRST)
    timer = window.setTimeout(grow, 60)
  })
  onScopeDispose(() => window.clearTimeout(timer))
  return shown
}
