import { i18n } from '../text/index.ts'

/** Numbers and dates as people here write them; every format goes through Intl in the language on screen. */
const language = () => (i18n.global.locale.value === 'en' ? 'en-GB' : 'nl-NL')
const zone = 'Europe/Amsterdam'

export const hours = (value: number) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(value)

export const number = (value: number, digits = 0) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  )

/** Points with their sign: +12,5 or −7. Points are whole hundredths and shown to the hundredth, so that what is shown adds up. */
export const signed = (value: number) =>
  new Intl.NumberFormat(language(), { signDisplay: 'exceptZero', maximumFractionDigits: 2 })
    .format(value)
    .replace('-', '−')

/** Points without a plus: 31,7 or −13,3. */
export const points = (value: number) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: value % 1 ? 1 : 0, maximumFractionDigits: 2 })
    .format(value)
    .replace('-', '−')

/** A number that is a percentage already: "93,8 %" in Dutch, never broken over two lines; "93.8%" in English. */
export const percentOf = (value: number, digits = 0) =>
  `${number(value, digits)}${language() === 'en-GB' ? '' : '\u00a0'}%`

/** 0.938 -> "93,8 %"; null (no norm) is for the caller to word. */
export const percent = (fraction: number, digits = 0) => percentOf(fraction * 100, digits)

/** A fraction of the norm as a percentage with one decimal: as it is shown and drawn. */
export const percentage = (workload: number | null) => Math.round((workload ?? 0) * 1000) / 10

/** In percentage points with one decimal, of what is shown: what people subtract themselves comes out the same. */
export const pointsBetween = (from: number | null, to: number | null) =>
  Math.round((percentage(to) - percentage(from)) * 10) / 10

export const day = (iso: string) =>
  new Intl.DateTimeFormat(language(), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(new Date(`${iso}T00:00:00Z`))

export const dayWithYear = (iso: string) =>
  new Intl.DateTimeFormat(language(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${iso}T00:00:00Z`))

/** The day in the Netherlands of a moment. */
export const dayOn = (iso: string) =>
  new Intl.DateTimeFormat(language(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: zone,
  }).format(new Date(iso))

export const moment = (iso: string) =>
  new Intl.DateTimeFormat(language(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(new Date(iso))

export const clock = (date: Date) =>
  new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(date)
