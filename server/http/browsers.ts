import type { Browser, System } from '../../db/schema.ts'

/** The kind of browser and of machine, as the browser says it: words for its owner to know it by, no proof of anything. */
export interface Device {
  browser: Browser | null
  system: System | null
}

/** The first that fits: most browsers also name the ones that they descend from. */
const BROWSERS: readonly (readonly [Browser, RegExp])[] = [
  ['edge', /\bEdg(e|A|iOS)?\//],
  ['opera', /\bOPR\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(Firefox|FxiOS)\//],
  ['chrome', /(Chrome|CriOS)\//],
  ['safari', /\bSafari\//],
]
const SYSTEMS: readonly (readonly [System, RegExp])[] = [
  ['ios', /\b(iPhone|iPad|iPod)\b/],
  ['android', /\bAndroid\b/],
  ['windows', /\bWindows\b/],
  ['chromeos', /\bCrOS\b/],
  ['macos', /\bMac(intosh| OS X)\b/],
  ['linux', /\bLinux\b/],
]

/** From the header User-Agent, of which nothing else is kept. */
export function deviceFrom(agent: string): Device {
  const first = <Kind>(list: readonly (readonly [Kind, RegExp])[]) =>
    list.find(([, mark]) => mark.test(agent))?.[0] ?? null
  return { browser: first(BROWSERS), system: first(SYSTEMS) }
}
