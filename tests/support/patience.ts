import { vi } from 'vitest'

/** How long a test waits for what must come, in milliseconds: long, since a busy machine is no fault of ours. */
export const PATIENCE = 120_000

/** Tries again until it no longer throws. */
export function untilSo<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE, interval: 50 })
}
