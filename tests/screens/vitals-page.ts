import type { Page } from 'playwright-core'

/** What a browser itself measures of a page, in milliseconds; the shift of the layout has no unit. */
export interface LoadVitals {
  largestPaint: number
  shift: number
}

export interface InteractionVitals {
  /** From the press or click until the browser painted something new: what INP is made of. */
  toPaint: number
  /** From the press or click until what was asked for is on screen. */
  toShown: number
  /** Processor time of the page itself over that time. */
  processor: number
}

declare global {
  interface Window {
    vitals: { largestPaint: number; shift: number; begun: number; durations: number[]; flush(): void }
  }
}

/** Watches every page of this browser from its first byte on. */
export async function watchVitals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { largestPaint: 0, shift: 0, begun: 0, durations: [] as number[] }
    const observers: [PerformanceObserver, (entries: PerformanceEntryList) => void][] = []
    const watch = (type: string, take: (entries: PerformanceEntryList) => void, more = {}) => {
      const observer = new PerformanceObserver(list => take(list.getEntries()))
      observer.observe({ type, buffered: true, ...more })
      observers.push([observer, take])
    }
    watch('largest-contentful-paint', entries => {
      for (const entry of entries) seen.largestPaint = entry.startTime
    })
    watch('layout-shift', entries => {
      for (const entry of entries as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) seen.shift += entry.value
    })
    watch(
      'event',
      entries => {
        for (const entry of entries as (PerformanceEntry & { interactionId: number })[])
          if (entry.interactionId) seen.durations.push(entry.duration)
      },
      { durationThreshold: 16 },
    )
    const begin = (event: Event) => {
      if (event.isTrusted && seen.begun === 0) seen.begun = event.timeStamp
    }
    for (const type of ['pointerdown', 'keydown', 'input', 'pointerover'])
      addEventListener(type, begin, { capture: true, passive: true })
    window.vitals = Object.assign(seen, {
      flush() {
        for (const [observer, take] of observers) take(observer.takeRecords())
      },
    })
  })
}

/** How this page came on screen; to be asked once it stands. */
export async function loadVitals(page: Page): Promise<LoadVitals> {
  await painted(page)
  return page.evaluate(() => {
    window.vitals.flush()
    const { largestPaint, shift } = window.vitals
    return { largestPaint, shift }
  })
}

/** Does one thing as a person would, and measures it until `shown` holds. */
export async function measure(
  page: Page,
  act: () => Promise<void>,
  shown: (about: string) => boolean,
  about = '',
): Promise<InteractionVitals> {
  await painted(page)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async () =>
    (await devtools.send('Performance.getMetrics')).metrics.find(one => one.name === 'TaskDuration')!.value *
    1000
  await page.evaluate(() => {
    window.vitals.flush()
    window.vitals.begun = 0
    window.vitals.durations.length = 0
  })
  const before = await spent()
  await act()
  await page.waitForFunction(shown, about, { polling: 'raf' })
  const end = await page.evaluate(() => performance.now())
  await painted(page)
  const processor = (await spent()) - before
  const { begun, toPaint } = await page.evaluate(() => {
    window.vitals.flush()
    return { begun: window.vitals.begun, toPaint: Math.max(0, ...window.vitals.durations) }
  })
  await devtools.detach()
  return { toPaint, toShown: end - begun, processor }
}

/** Until everything that was to be drawn has been presented and reported. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))
      }),
  )
}
