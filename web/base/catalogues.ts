import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ReasonUse } from '../../server/contract/common.ts'
import type { Catalogues } from '../../server/contract/rulebook.ts'
import { i18n } from '../text/index.ts'
import { call } from './api.ts'
import { onChange } from './live.ts'
import { useSession } from './session.ts'

type List = keyof Catalogues
type Names = Record<List, Map<string, string>>
const LISTS: List[] = [
  'measures',
  'factors',
  'competences',
  'overrideReasons',
  'reductionReasons',
  'municipalities',
  'methods',
]

/**
 * The organisation's own lists in the language on screen. The first use of the store fetches them; another language or
 * a changed list fetches them again. Until they are there a name is three dots; when they could not be fetched, and for
 * a code that is in no list, it is the code.
 */
export const useCatalogues = defineStore('catalogues', () => {
  const session = useSession()
  const catalogues = shallowRef<Catalogues | null>(null)
  const failed = ref(false)
  let newest = 0

  const names = computed<Names>(() => {
    const byCode = (list: List) =>
      new Map((catalogues.value?.[list] ?? []).map(entry => [entry.code, entry.name]))
    return Object.fromEntries(LISTS.map(list => [list, byCode(list)])) as Names
  })
  const withoutName = (code: string) => (catalogues.value || failed.value ? code : '…')
  const nameIn = (list: List) => (code: string) => names.value[list].get(code) ?? withoutName(code)

  async function load() {
    const mine = ++newest
    try {
      const answer = await call('GET /catalogues')
      if (mine !== newest) return
      catalogues.value = answer
      failed.value = false
    } catch {
      if (mine === newest) failed.value = true
    }
  }

  // The stored language of the user decides in which language the names come, so wait until that is stored.
  watch(
    () => [session.user?.id, session.user?.locale, i18n.global.locale.value] as const,
    ([id, stored, shown]) => {
      if (id !== undefined && (stored === shown || !catalogues.value)) void load()
    },
    { immediate: true },
  )
  onChange(event => {
    if (event.objectType === 'catalogue' || event.objectType === 'all') void load()
  })

  return {
    catalogues,
    /** The newest attempt failed; what was loaded before is still shown. */
    failed,
    load,
    measureName: nameIn('measures'),
    /** For dense lists; the full name stands where the case is opened. */
    measureShort: (code: string) =>
      catalogues.value?.measures.find(one => one.code === code)?.abbreviation ?? withoutName(code),
    factorName: nameIn('factors'),
    competenceName: nameIn('competences'),
    municipalityName: nameIn('municipalities'),
    methodName: nameIn('methods'),
    reasonName: nameIn('overrideReasons'),
    /** What is offered where a reason is asked for this. */
    reasonsFor: (use: ReasonUse) =>
      catalogues.value?.overrideReasons.filter(one => one.active && one.uses.includes(use)) ?? [],
    reductionReasonName: nameIn('reductionReasons'),
  }
})
