import { useMediaQuery } from '@vueuse/core'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import type { DraftLine, RoundDetail } from '../../server/contract/rounds.ts'
import { useQuery } from '../base/query.ts'
import {
  casesOfDraft,
  DRAFT_FILTERS,
  DRAFT_VIEWS,
  type DraftCase,
  type DraftFilter,
  type DraftView,
  filterDraft,
} from './draft.ts'
import { useMarks } from './marks.ts'

export const PANEL_TABS = ['why', 'alternatives', 'whyNot', 'whatIf', 'history'] as const
export type PanelTab = (typeof PANEL_TABS)[number]

const among = <Value extends string>(values: readonly Value[], text: string, otherwise: Value): Value =>
  values.find(one => one === text) ?? otherwise

/**
 * What the review room shows: view, filters, selected case and tab, all from the address, so that a link, the back button
 * and a reload bring the same screen back. Marks of the reader are kept with the reader.
 */
export function useReview(id: string, round: Ref<RoundDetail | null>, changed: Ref<ReadonlySet<string>>) {
  const router = useRouter()
  const wide = useMediaQuery('(min-width: 768px)')
  const { query, change, clear } = useQuery({
    weergave: 'lijst',
    zaak: '',
    plek: 'primary',
    paneel: '',
    tab: 'why',
    toon: 'all',
    zoek: '',
    effect: '',
  })

  const view = computed<DraftView>(() => among(DRAFT_VIEWS, query.value.weergave, 'lijst'))
  const filter = computed<DraftFilter>(() => among(DRAFT_FILTERS, query.value.toon, 'all'))
  const tab = computed<PanelTab>(() => among(PANEL_TABS, query.value.tab, 'why'))

  const cases = computed(() => (round.value ? casesOfDraft(round.value) : []))
  const marks = useMarks(id, cases)
  const reviewed = computed<ReadonlySet<string>>(
    () => new Set([...marks.states.value].flatMap(([one, state]) => (state === 'reviewed' ? [one] : []))),
  )
  /** Cases that somebody takes to the meeting. */
  const discussed = computed<ReadonlySet<string>>(
    () => new Set(round.value?.discuss.map(one => one.caseNumber)),
  )
  // A text of its own: another selection must not make another list, or every row would be drawn again.
  const search = computed(() => query.value.zoek)
  /** Agreed with while the list showed what is still to review: it stays in sight until the filter changes. */
  const agreedHere = shallowRef<ReadonlySet<string>>(new Set())
  watch([filter, search], () => {
    agreedHere.value = new Set()
  })
  async function agree(one: DraftCase, on: boolean) {
    agreedHere.value = new Set([...agreedHere.value, one.case.caseNumber])
    await marks.review(one, on)
  }
  const shown = computed(() =>
    filterDraft(cases.value, filter.value, search.value, {
      changed: changed.value,
      reviewed: new Set([...reviewed.value].filter(one => !agreedHere.value.has(one))),
      discuss: discussed.value,
    }),
  )

  /** In the list of a wide screen something is always selected; elsewhere a selection opens its own pane or view. */
  const selected = computed(
    () =>
      query.value.zaak ||
      (wide.value && view.value === 'lijst' ? (shown.value[0]?.case.caseNumber ?? '') : ''),
  )
  const draft = computed(() => cases.value.find(one => one.case.caseNumber === selected.value) ?? null)
  const line = computed<DraftLine | null>(
    () => draft.value?.lines.find(one => one.seat === query.value.plek) ?? draft.value?.lines[0] ?? null,
  )
  /** Board and grid have the page to themselves until a case is opened. */
  const panelOpen = computed(() =>
    view.value === 'lijst'
      ? wide.value || draft.value !== null
      : draft.value !== null && query.value.paneel !== '',
  )
  /** On a phone the case takes the place of the list. */
  const inDetail = computed(() => draft.value !== null && !wide.value && panelOpen.value)
  const onlyChanged = computed(() =>
    query.value.effect ? query.value.effect === 'changed' : (round.value?.loads.length ?? 0) > 14,
  )

  const hrefOf = (caseNumber: string) =>
    router.resolve({
      name: 'review',
      params: { id },
      query: { ...query.value, zaak: caseNumber, plek: undefined },
    }).href

  /** Shows a case; `opens` also opens its pane where that is closed. A step in the history only where it takes the page. */
  async function select(caseNumber: string, opens: boolean, seat: DraftLine['seat'] = 'primary') {
    if (!wide.value && !opens) return
    const pane = opens && view.value !== 'lijst' ? { paneel: 'open' } : {}
    await change({ zaak: caseNumber, plek: seat, ...pane }, !wide.value)
  }
  /** The next or previous case of those shown; nothing beyond the ends. */
  function beside(step: number): string | null {
    const at = shown.value.findIndex(one => one.case.caseNumber === selected.value)
    return shown.value[at < 0 ? 0 : at + step]?.case.caseNumber ?? null
  }
  async function close() {
    const from = selected.value
    await change(view.value === 'lijst' ? { zaak: '', plek: 'primary', tab: 'why' } : { paneel: '' })
    return from
  }

  return {
    wide,
    query,
    change,
    clear,
    view,
    filter,
    tab,
    cases,
    shown,
    marks,
    agree,
    reviewed,
    discussed,
    selected,
    draft,
    line,
    panelOpen,
    inDetail,
    onlyChanged,
    hrefOf,
    select,
    beside,
    close,
  }
}
export type Review = ReturnType<typeof useReview>
