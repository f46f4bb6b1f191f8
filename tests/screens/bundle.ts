import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface BundlePart {
  name: string
  /** Bytes as they are, and as they travel. */
  bytes: number
  gzip: number
}

const DIRECTORY = new URL('../../dist/web/assets/', import.meta.url).pathname

/** Every script and style of the built web application, largest first. */
export function bundle(): BundlePart[] {
  return readdirSync(DIRECTORY)
    .filter(name => /\.(js|css)$/.test(name))
    .map(name => {
      const content = readFileSync(join(DIRECTORY, name))
      return { name, bytes: content.length, gzip: gzipSync(content, { level: 9 }).length }
    })
    .sort((a, b) => b.gzip - a.gzip)
}

/** Chart.js and what stands around it: comes after everything that can be read without it. */
export const isCharts = (name: string) => /^(ChartFigure|LoadEffect|TrendChart|WorkerLoadChart)/.test(name)
