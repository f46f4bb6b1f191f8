import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { byName } from '../../server/contract/names.ts'
import type { Eligibility, Wishes } from '../../server/contract/own.ts'
import { call } from '../base/api.ts'
import { useCatalogues } from '../base/catalogues.ts'
import { useSubmit } from '../base/form.ts'
import { moment } from '../base/format.ts'
import { useLoaded } from '../base/load.ts'
import { useSession } from '../base/session.ts'
import { rebase } from '../worker/worker-draft.ts'
import { type PreferenceDraft, preferenceDraftOf, preferencesOf, subjectsOf } from './preference-draft.ts'

/** The mentor is part of what is stated, beside the wishes themselves. */
export const MENTOR = 'mentor'

/**
 * The wishes of the person at the screen: what is stated, what was changed and not yet saved, what it spends of the
 * budget, and for how many kinds of work it leaves them in the picture. Belongs to one page.
 */
export function useOwnPreferences() {
  const { t } = useI18n()
  const session = useSession()
  const catalogues = useCatalogues()
  const form = useSubmit()
  const staffNumber = session.user?.staffNumber ?? null

  const draft = ref<PreferenceDraft>({})
  const base = ref<PreferenceDraft>({})
  const mentor = ref('')
  const baseMentor = ref('')
  const own = shallowRef<Wishes | null>(null)
  const eligibility = shallowRef<Eligibility | null>(null)
  const copyFrom = ref('')
  const copied = ref('')
  const validAll = ref('')
  const saved = ref(false)
  const both = ref<string[]>([])
  let version = 0
  const copy = (one: PreferenceDraft) => JSON.parse(JSON.stringify(one)) as PreferenceDraft

  const changed = computed(
    () =>
      mentor.value !== baseMentor.value ||
      JSON.stringify(Object.entries(draft.value).sort()) !==
        JSON.stringify(Object.entries(base.value).sort()),
  )

  async function fetchOwn() {
    const fresh = await call('GET /mine/wishes')
    own.value = fresh
    return {
      wishes: preferenceDraftOf(fresh.preferences),
      mentor: fresh.mentor?.staffNumber ?? '',
      version: fresh.version,
    }
  }
  function take(fresh: Awaited<ReturnType<typeof fetchOwn>>) {
    version = fresh.version
    base.value = fresh.wishes
    baseMentor.value = fresh.mentor
  }
  /** A later load (another language, missed changes) leaves what was chosen, and its version, as they are. */
  const loaded = useLoaded(async () => {
    if (staffNumber === null) return { linked: false }
    const fresh = await fetchOwn()
    if (changed.value) return { linked: true }
    take(fresh)
    draft.value = copy(base.value)
    mentor.value = baseMentor.value
    // Stands above the wishes: together with them, so that nothing moves under a reader's hand.
    await askEligibility()
    return { linked: true }
  })

  const groups = computed(() =>
    catalogues.catalogues
      ? subjectsOf(catalogues.catalogues, draft.value, t('mine.heavyCases'), phase =>
          t(`workload.phases.${phase}`),
        )
      : [],
  )
  const names = computed(
    () => new Map(groups.value.flatMap(group => group.subjects.map(one => [one.id, one.name]))),
  )
  const budget = computed(() => own.value?.budget ?? 0)
  const learns = computed(() => Object.values(draft.value).some(one => one.value === 'learn'))
  const mentors = computed(() => [...(own.value?.mentors ?? [])].sort((a, b) => byName(a.name, b.name)))
  /** What was stated before; the newest is what holds. */
  const earlier = computed(() => own.value?.statements.slice(1) ?? [])
  const spent = computed(() => Object.values(draft.value).filter(one => one.value === 'rather_not').length)

  let asked = 0
  async function askEligibility() {
    const mine = ++asked
    try {
      const answer = await call('POST /mine/wishes/eligibility', {
        body: { preferences: preferencesOf(draft.value) },
      })
      if (mine === asked) eligibility.value = answer
    } catch {
      // The panel is an explanation; without a connection the form itself still works, and saving says what is wrong.
    }
  }
  /** Worked out anew when the choices have stood still for a moment. */
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  watch(
    draft,
    () => {
      clearTimeout(timer)
      if (loaded.data.value?.linked) timer = setTimeout(() => void askEligibility(), 400)
    },
    { deep: true },
  )

  function takeEarlier() {
    const found = earlier.value.find(one => String(one.id) === copyFrom.value)
    if (!found) return
    draft.value = preferenceDraftOf(
      found.preferences.map(one => ({
        ...one,
        validUntil: one.validUntil !== null && one.validUntil < session.today ? null : one.validUntil,
      })),
    )
    if (found.mentor === null || mentors.value.some(one => one.staffNumber === found.mentor))
      mentor.value = found.mentor ?? ''
    saved.value = false
    copied.value = moment(found.statedAt)
  }
  function fillUntil() {
    for (const one of Object.values(draft.value)) one.validUntil = validAll.value
    saved.value = false
  }
  function choose(id: string, wish: PreferenceDraft[string] | undefined) {
    saved.value = false
    copied.value = ''
    if (wish) draft.value[id] = wish
    else delete draft.value[id]
  }

  async function save() {
    const fine = form.check(
      spent.value > budget.value
        ? [
            {
              field: 'preferences',
              message: t('mine.tooMany', { max: budget.value, n: spent.value - budget.value }),
            },
          ]
        : [],
    )
    if (!fine) return
    const held = await form.submit(async () => {
      const worker = await call('PUT /workers/:staffNumber/preferences', {
        params: { staffNumber: staffNumber! },
        body: { preferences: preferencesOf(draft.value), mentor: mentor.value || null },
        version,
      })
      version = worker.version
      base.value = copy(draft.value)
      baseMentor.value = mentor.value
      both.value = []
      copied.value = ''
    })
    saved.value = held
    if (held) await fetchOwn().catch(() => null)
  }

  /** After a 412: what was chosen here stays, the rest takes the new state. */
  async function renew() {
    await form.submit(async () => {
      const fresh = await fetchOwn()
      const neutral = (wishes: PreferenceDraft) => {
        const all = { ...Object.fromEntries([...names.value.keys()].map(id => [id, null])), ...wishes }
        return all as Record<string, PreferenceDraft[string] | null>
      }
      const merged = rebase(neutral(draft.value), neutral(base.value), neutral(fresh.wishes))
      draft.value = Object.fromEntries(
        Object.entries(merged.draft).filter(
          (entry): entry is [string, PreferenceDraft[string]] => !!entry[1],
        ),
      )
      const theirs = mentor.value === baseMentor.value
      if (!theirs && fresh.mentor !== baseMentor.value && fresh.mentor !== mentor.value)
        merged.both.push(MENTOR)
      take(fresh)
      if (theirs) mentor.value = fresh.mentor
      both.value = merged.both
    })
  }

  function undo() {
    draft.value = copy(base.value)
    mentor.value = baseMentor.value
    copied.value = ''
    form.reset()
  }

  /** The server names the place in what was sent; people want the subject. */
  function labelOf(field: string): string | undefined {
    if (field === MENTOR) return t('own.wishes.mentor')
    const place = /^preferences\.(\d+)/.exec(field)?.[1]
    const wish = place === undefined ? undefined : preferencesOf(draft.value)[Number(place)]
    return wish && names.value.get(`${wish.kind} ${wish.code}`)
  }

  return {
    loaded,
    form,
    draft,
    groups,
    names,
    mentor,
    mentors,
    earlier,
    copyFrom,
    copied,
    validAll,
    saved,
    both,
    changed,
    budget,
    spent,
    learns,
    eligibility,
    choose,
    takeEarlier,
    fillUntil,
    save,
    renew,
    undo,
    labelOf,
  }
}
