import { ref } from 'vue'
import type { LiveEvent } from '../../server/contract/records.ts'
import type { RunProgress } from '../../server/contract/runs.ts'

/**
 * One stream of "something changed" for the whole page. Stores and pages subscribe and reload what they show; the
 * stream itself carries no content.
 */
type Hear = (event: LiveEvent) => void
type HearProgress = (progress: RunProgress) => void
type HearAgreement = (roundId: number) => void

/** After an answer that ends the browser's own tries (a proxy whose server is away), ours: from one second to this. */
const LONGEST_PAUSE_MS = 15_000
/** The server says something every fifteen seconds; a connection that is silent for longer is gone without a word. */
const SILENT_MS = 40_000

const listeners = new Set<Hear>()
const progressListeners = new Set<HearProgress>()
const agreementListeners = new Set<HearAgreement>()
/** Whether changes by others arrive; false after a lost connection, here or behind the server. */
export const connected = ref(true)
let source: EventSource | null = null
let lastSeq = ''
let pauseMs = 0
let again: ReturnType<typeof setTimeout> | undefined
let silence: ReturnType<typeof setTimeout> | undefined

export function startListening(): void {
  if (!source) open()
}

export function stopListening(): void {
  close()
  lastSeq = ''
  pauseMs = 0
}

function open(): void {
  // Who begins anew has no Last-Event-ID of the browser.
  const opened = new EventSource(lastSeq === '' ? '/api/stream' : `/api/stream?since=${lastSeq}`)
  source = opened
  const on = (type: string, hear: (data: unknown) => void) =>
    opened.addEventListener(type, event => {
      const message = event as MessageEvent<string>
      if (message.lastEventId !== '') lastSeq = message.lastEventId
      expectMore()
      hear(JSON.parse(message.data))
    })
  on('ready', data => {
    connected.value = (data as { live: boolean }).live
    pauseMs = 0
  })
  on('live', data => {
    connected.value = (data as { live: boolean }).live
  })
  on('beat', () => {})
  on('change', event => {
    for (const hear of listeners) hear(event as LiveEvent)
  })
  on('progress', progress => {
    for (const hear of progressListeners) hear(progress as RunProgress)
  })
  on('agreement', data => {
    for (const hear of agreementListeners) hear((data as { roundId: number }).roundId)
  })
  opened.addEventListener('error', () => {
    connected.value = false
    // While it is not closed the browser tries by itself.
    if (opened.readyState === EventSource.CLOSED) beginAnew()
  })
  expectMore()
}

function close(): void {
  clearTimeout(again)
  clearTimeout(silence)
  source?.close()
  source = null
}

function expectMore(): void {
  clearTimeout(silence)
  silence = setTimeout(() => {
    connected.value = false
    beginAnew()
  }, SILENT_MS)
}

function beginAnew(): void {
  close()
  pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? 1_000 : pauseMs * 2)
  again = setTimeout(open, pauseMs)
}

/** Calls `hear` with how far runs are, several times a second at most, until the returned function is called. */
export function onProgress(hear: HearProgress): () => void {
  progressListeners.add(hear)
  return () => progressListeners.delete(hear)
}

/** Calls `hear` with the round in which this person set a mark, here or elsewhere, until the returned function is called. */
export function onAgreement(hear: HearAgreement): () => void {
  agreementListeners.add(hear)
  return () => agreementListeners.delete(hear)
}

/** Calls `hear` for every change until the returned function is called. */
export function onChange(hear: Hear): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}
