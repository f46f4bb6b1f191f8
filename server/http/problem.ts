import type { Locale, ProblemDetails } from '../contract/common.ts'
import type { BothLanguages, Refusal } from './call.ts'

const TITLES: Record<number, BothLanguages> = {
  400: { nl: 'Het verzoek klopt niet', en: 'The request is not right' },
  401: { nl: 'Je bent niet aangemeld', en: 'You are not signed in' },
  403: { nl: 'Dit mag je niet', en: 'You may not do this' },
  404: { nl: 'Niet gevonden', en: 'Not found' },
  409: { nl: 'Dit kan nu niet', en: 'This is not possible now' },
  412: { nl: 'Intussen gewijzigd', en: 'Changed in the meantime' },
  413: { nl: 'Te groot', en: 'Too large' },
  415: { nl: 'Dit soort inhoud kan niet', en: 'This kind of content is not accepted' },
  422: { nl: 'Dit kan niet zo', en: 'This is not possible as it is' },
  428: { nl: 'Het verzoek mist een kenmerk', en: 'The request lacks a header' },
  429: { nl: 'Te veel verzoeken', en: 'Too many requests' },
  503: { nl: 'Even niet beschikbaar', en: 'Not available for a moment' },
}
const BROKEN: BothLanguages = { nl: 'Er ging iets mis', en: 'Something went wrong' }

/** What a reader gets of an error, RFC 9457, in the reader's language. */
export function problem(
  refusal: Pick<Refusal, 'status' | 'text' | 'extra'>,
  locale: Locale,
  requestId: string,
): ProblemDetails {
  return {
    type: 'about:blank',
    title: (TITLES[refusal.status] ?? BROKEN)[locale],
    status: refusal.status,
    detail: refusal.text[locale],
    requestId,
    ...refusal.extra,
  }
}

/** Dutch unless the reader prefers English. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(part => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';')
      const quality = rest.map(item => /^\s*q=([\d.]+)$/.exec(item)?.[1]).find(value => value !== undefined)
      return { language: tag.slice(0, 2), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ language }) => language === 'nl' || language === 'en')
    .sort((a, b) => b.quality - a.quality)[0]
  return wanted?.language === 'en' ? 'en' : 'nl'
}
