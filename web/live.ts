import { ref } from 'vue'
import type { LiveEvent } from '../server/contract/records.ts'
import type { RunProgress } from '../server/contract/rounds.ts'

/**
 * One stream of "something changed" for the whole page. Stores and pages subscribe and reload what they show; the
 * stream itself carries no content. The browser reconnects by itself and says from where (Last-Event-ID).
 */
type Hear = (event: LiveEvent) => void
type HearProgress = (progress: RunProgress) => void

const listeners = new Set<Hear>()
const progressListeners = new Set<HearProgress>()
/** Whether changes by others arrive; false after a lost connection. */
export const connected = ref(true)
let source: EventSource | null = null

export function startListening(): void {
  if (source) return
  source = new EventSource('/api/stream')
  source.addEventListener('open', () => {
    connected.value = true
  })
  source.addEventListener('error', () => {
    connected.value = false
  })
  source.addEventListener('change', message => {
    const event = JSON.parse((message as MessageEvent<string>).data) as LiveEvent
    for (const hear of listeners) hear(event)
  })
  source.addEventListener('progress', message => {
    const progress = JSON.parse((message as MessageEvent<string>).data) as RunProgress
    for (const hear of progressListeners) hear(progress)
  })
}

export function stopListening(): void {
  source?.close()
  source = null
}

/** Calls `hear` with how far runs are, several times a second at most, until the returned function is called. */
export function onProgress(hear: HearProgress): () => void {
  progressListeners.add(hear)
  return () => progressListeners.delete(hear)
}

/** Calls `hear` for every change until the returned function is called. */
export function onChange(hear: Hear): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}
