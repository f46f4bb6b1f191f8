import { createI18n } from 'vue-i18n'

/** Texts by language and room: nl/cases.json becomes the key `cases` in Dutch. */
const files = import.meta.glob<Record<string, unknown>>('./{nl,en}/*.json', {
  eager: true,
  import: 'default',
})
const messages: Record<string, Record<string, unknown>> = { nl: {}, en: {} }
for (const [path, texts] of Object.entries(files)) {
  const [, locale, room] = path.match(/^\.\/(nl|en)\/(.+)\.json$/)!
  messages[locale!]![room!] = texts
}

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'nl',
  fallbackLocale: 'nl',
  messages: messages as never,
})
