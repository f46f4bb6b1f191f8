/** Lines over two logarithmic axes as one SVG file, on a light card so that it reads on any page. */
export interface Series {
  label: string
  colour: string
  shape: 'disc' | 'square' | 'triangle' | 'diamond'
  /** In the order of x. `open`: at least so much (cut off), drawn hollow. */
  points: { x: number; y: number; open?: boolean }[]
}

interface Plot {
  title: string
  xLabel: string
  yLabel: string
  xTicks: { at: number; text: string }[]
  yTicks: { at: number; text: string }[]
  series: Series[]
}

const width = 760
const height = 460
const box = { left: 104, right: 24, top: 84, bottom: 92 }

/** The SVG text. Every x and y must be above 0. */
export function plotSvg(plot: Plot): string {
  const scale = (values: number[], from: number, to: number) => {
    const low = Math.log10(Math.min(...values))
    const high = Math.log10(Math.max(...values))
    return (value: number) => from + ((Math.log10(value) - low) / Math.max(1e-9, high - low)) * (to - from)
  }
  const all = plot.series.flatMap(one => one.points)
  const x = scale(
    [...plot.xTicks.map(one => one.at), ...all.map(one => one.x)],
    box.left + 12,
    width - box.right - 12,
  )
  const y = scale([...plot.yTicks.map(one => one.at), ...all.map(one => one.y)], height - box.bottom, box.top)
  const text = (at: [number, number], content: string, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${xml(content)}</text>`
  const lines: string[] = []
  for (const tick of plot.yTicks) {
    const at = y(tick.at)
    lines.push(
      `<line x1="${box.left}" x2="${width - box.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="#D5D8DC"/>`,
      text([box.left - 8, at + 4.5], tick.text, 'text-anchor="end"'),
    )
  }
  for (const tick of plot.xTicks) {
    const at = x(tick.at)
    const low = height - box.bottom
    lines.push(
      `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${low}" y2="${low + 5}" stroke="#4A4F55"/>`,
      text(
        [at + 4, low + 18],
        tick.text,
        `text-anchor="end" transform="rotate(-32 ${at.toFixed(1)} ${low + 14})"`,
      ),
    )
  }
  let left = box.left - 60
  for (const series of plot.series) {
    const path = series.points.map(one => `${x(one.x).toFixed(1)},${y(one.y).toFixed(1)}`).join(' ')
    lines.push(`<polyline points="${path}" fill="none" stroke="${series.colour}" stroke-width="2.5"/>`)
    for (const one of series.points) lines.push(mark(series, x(one.x), y(one.y), one.open === true))
    lines.push(mark(series, left + 6, 56, false), text([left + 18, 61], series.label))
    // The mark, the text at this size, and air before the next.
    left += 46 + 7 * series.label.length
  }
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xml(plot.title)}" font-family="Source Sans 3, Segoe UI, Helvetica, Arial, sans-serif" font-size="14" fill="#1F2328">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#FFFFFF"/>`,
    text([box.left - 60, 30], plot.title, 'font-size="17" font-weight="600"'),
    ...lines,
    text([(box.left + width - box.right) / 2, height - 10], plot.xLabel, 'text-anchor="middle"'),
    text(
      [20, (box.top + height - box.bottom) / 2],
      plot.yLabel,
      `text-anchor="middle" transform="rotate(-90 20 ${(box.top + height - box.bottom) / 2})"`,
    ),
    '</svg>',
  ].join('\n')}\n`
}

function mark(series: Series, x: number, y: number, open: boolean): string {
  const paint = `fill="${open ? '#FFFFFF' : series.colour}" stroke="${series.colour}" stroke-width="2"`
  const polygon = (points: [number, number][]) =>
    `<polygon points="${points.map(([dx, dy]) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`).join(' ')}" ${paint}/>`
  if (series.shape === 'disc') return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5" ${paint}/>`
  if (series.shape === 'square')
    return polygon([
      [-4, -4],
      [4, -4],
      [4, 4],
      [-4, 4],
    ])
  if (series.shape === 'triangle')
    return polygon([
      [0, -5],
      [5, 4],
      [-5, 4],
    ])
  return polygon([
    [0, -5.5],
    [5.5, 0],
    [0, 5.5],
    [-5.5, 0],
  ])
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
