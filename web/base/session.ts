import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { SessionInfo } from '../../server/contract/accounts.ts'
import type { Locale, Theme } from '../../server/contract/common.ts'
import type { Action } from '../../server/contract/permissions.ts'
import { i18n } from '../text/index.ts'
import { call, onSignedOut } from './api.ts'
import { clearDrafts } from './draft-store.ts'
import { useTheme } from './theme.ts'

/** Who is signed in and what they may do. */
export const useSession = defineStore('session', () => {
  const info = ref<SessionInfo | null>(null)
  const theme = useTheme()
  const user = computed(() => info.value?.user ?? null)
  const today = computed(() => info.value?.today ?? '')

  /** The session ended while somebody was working; what they typed is kept for when they are back. */
  const ended = ref(false)
  onSignedOut(() => {
    if (user.value) ended.value = true
  })

  function take(answer: SessionInfo) {
    info.value = answer
    if (answer.user) ended.value = false
    if (answer.user) speak(answer.user.locale)
    if (answer.user?.theme) theme.value = answer.user.theme
  }

  function speak(locale: Locale) {
    i18n.global.locale.value = locale
    document.documentElement.lang = locale
  }

  async function load() {
    take(await call('GET /session'))
  }

  async function chooseLocale(locale: Locale) {
    speak(locale)
    if (user.value) {
      await call('PUT /session/locale', { body: { locale } })
      user.value.locale = locale
    }
  }

  async function chooseTheme(chosen: Theme) {
    theme.value = chosen
    if (user.value) {
      await call('PUT /session/theme', { body: { theme: chosen } })
      user.value.theme = chosen
    }
  }

  async function signOut() {
    await call('DELETE /session')
    clearDrafts()
    drop()
  }

  /** From here on nobody is signed in. */
  function drop() {
    info.value = { ...info.value!, user: null }
  }

  /** The teams that somebody has a role in and that still exist. */
  const teams = computed(() => user.value?.teams.filter(one => one.active) ?? [])
  const severalTeams = computed(() => teams.value.length > 1)
  const may = (action: Action) => user.value?.may.includes(action) ?? false

  return {
    info,
    user,
    ended,
    today,
    teams,
    severalTeams,
    take,
    load,
    chooseLocale,
    chooseTheme,
    signOut,
    drop,
    may,
  }
})
