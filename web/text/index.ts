import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { byRoom } from './rooms.ts'

const dutch = byRoom(import.meta.glob('./nl/*.json', { eager: true, import: 'default' }))

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'nl',
  fallbackLocale: 'nl',
  messages: { nl: dutch } as never,
})

/** Fetches the texts of a language once. Until they are there, and when they cannot be had, the page speaks Dutch. */
export async function loadTexts(locale: string): Promise<void> {
  if (locale !== 'en' || i18n.global.availableLocales.includes('en' as never)) return
  const { english } = await import('./en.ts')
  i18n.global.setLocaleMessage('en', english as never)
}
watch(i18n.global.locale, locale => void loadTexts(locale).catch(() => {}))
