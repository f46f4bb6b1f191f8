export const DRAFT_PREFIX = 'instroom-draft-'

/** Nothing of what somebody typed stays behind for whoever uses this browser next. */
export function clearDrafts(): void {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(DRAFT_PREFIX)) localStorage.removeItem(name)
  } catch {
    // A browser that keeps nothing has nothing to clear.
  }
}
