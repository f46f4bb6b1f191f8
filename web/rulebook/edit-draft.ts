import { computed, provide, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RulebookContent } from '../../server/contract/rulebook.ts'
import { changesBetween } from '../../server/contract/rulebook-changes.ts'
import { numbersOutOfRange } from '../../server/contract/rulebook-limits.ts'
import type { RulebookDraft } from '../../server/contract/rulebook-versions.ts'
import { call } from '../base/api.ts'
import { type FieldError, useSubmit } from '../base/form.ts'
import { number } from '../base/format.ts'
import { useLoaded } from '../base/load.ts'
import { useSession } from '../base/session.ts'
import { RULEBOOK_EDITOR } from './editor-injection.ts'
import { copyOf, mergeRules, placeByName, type RulesDraft, setAt } from './rule-values.ts'

interface Typed {
  version: number
  base: RulebookContent
  draft: RulesDraft
}

/**
 * The next version of the rulebook while somebody writes it. What is kept on the server is the draft that all administrators
 * share; what is typed since stays in this browser until it is kept, so that a reload loses nothing. When somebody else kept
 * a newer draft, what was changed here is laid over it.
 */
export function useRulebookEdit() {
  const { t } = useI18n()
  const session = useSession()
  const form = useSubmit()
  const storage = `instroom-rules-${session.user?.id ?? 0}`

  const draft = ref<RulesDraft>({} as RulesDraft)
  /** The draft as the server has it, or the version in force when there is none. */
  const base = shallowRef<RulebookContent>({} as RulebookContent)
  const kept = shallowRef<RulebookDraft | null>(null)
  const restored = ref(false)
  const merged = ref(false)
  const both = ref<string[]>([])
  const saved = ref(false)
  let started = false

  const dirty = computed(() => JSON.stringify(draft.value) !== JSON.stringify(base.value))

  const loaded = useLoaded(
    async () => {
      const [server, inForce, versions] = await Promise.all([
        call('GET /rulebook/draft'),
        call('GET /rulebook'),
        call('GET /rulebooks'),
      ])
      // Standard profiles are written out, so that they can be changed.
      const full = { ...inForce.content, profiles: inForce.profiles }
      if (!started || !dirty.value) take(server, full)
      if (!started) restore(server)
      started = true
      return { inForce, full, versions, server }
    },
    event => event.objectType === 'rulebook',
  )

  function take(server: RulebookDraft, full: RulebookContent) {
    kept.value = server
    base.value = copyOf(server.content ?? full)
    draft.value = copyOf(base.value)
  }

  function restore(server: RulebookDraft) {
    try {
      const typed = JSON.parse(localStorage.getItem(storage) ?? 'null') as Typed | null
      if (!typed) return
      const result = mergeRules(typed.base, typed.draft, base.value)
      draft.value = result.merged
      restored.value = dirty.value
      merged.value = typed.version !== server.version && dirty.value
      both.value = merged.value ? result.both : []
    } catch {
      // Nothing that can be read: the draft of the server stands.
    }
  }

  function keepTyped() {
    try {
      if (!dirty.value) localStorage.removeItem(storage)
      else {
        const typed: Typed = { version: kept.value?.version ?? 0, base: base.value, draft: draft.value }
        localStorage.setItem(storage, JSON.stringify(typed))
      }
    } catch {
      // A browser that keeps nothing: what is typed is still on the page.
    }
  }

  const full = computed(() => loaded.data.value?.full ?? null)
  const changes = computed(() => (full.value ? changesBetween(full.value, draft.value) : []))
  const changedPlaces = computed(() => new Set(changes.value.map(one => one.field)))
  const outOfRange = computed(
    () =>
      new Map(
        numbersOutOfRange(draft.value).map(({ field, rule }) => [
          field,
          t(rule.whole ? 'rules.wrongWhole' : 'rules.wrong', {
            least: number(rule.least),
            most: number(rule.most),
            unit: t(`rules.units.${rule.unit}`),
          }),
        ]),
      ),
  )

  provide(RULEBOOK_EDITOR, {
    draft,
    faultOf: field => outOfRange.value.get(field) ?? form.messageOf(`content.${field}`),
    isChanged: field => changedPlaces.value.has(placeByName(draft.value, field)),
    set(field, value) {
      setAt(draft.value, field, value)
      form.errors.value = form.errors.value.filter(one => !one.field.startsWith(`content.${field}`))
      saved.value = false
      keepTyped()
    },
  })

  const wrongNumbers = (): FieldError[] =>
    [...outOfRange.value].map(([field, message]) => ({ field: `content.${field}`, message }))

  /** Keeps the draft on the server; true when that held. */
  async function save(): Promise<boolean> {
    if (!form.check(wrongNumbers())) return false
    return form.submit(async () => {
      const { inForce } = loaded.data.value!
      const server = await call('PUT /rulebook/draft', {
        body: { content: draft.value, basedOn: kept.value?.basedOn ?? inForce.version },
        version: kept.value?.version ?? 0,
      })
      take(server, draft.value)
      forget()
      saved.value = true
    })
  }

  function forget() {
    keepTyped()
    restored.value = false
    merged.value = false
    both.value = []
  }

  /** Somebody else kept or published something: what was changed here is laid over it. */
  async function renew() {
    form.reset()
    await loaded.reload()
    const now = loaded.data.value
    if (!now || loaded.error.value) return
    const theirs = now.server.content ?? now.full
    const result = mergeRules(base.value, draft.value, theirs)
    kept.value = now.server
    base.value = copyOf(theirs)
    draft.value = result.merged
    both.value = result.both
    merged.value = true
    keepTyped()
  }

  async function drop(): Promise<boolean> {
    if (!kept.value?.content) {
      draft.value = copyOf(base.value)
      forget()
      return true
    }
    return form.submit(async () => {
      const server = await call('DELETE /rulebook/draft', { version: kept.value!.version })
      take(server, full.value!)
      forget()
    })
  }

  /** Publishes what is on screen; gives the number of the new version, or null when it was refused. */
  async function publish(effectiveFrom: string, reason: string): Promise<number | null> {
    if (!form.check(wrongNumbers())) return null
    let version: number | null = null
    await form.submit(async key => {
      const book = await call('POST /rulebooks', {
        body: { content: draft.value, effectiveFrom, reason },
        version: kept.value?.version ?? 0,
        key,
      })
      version = book.version
      base.value = copyOf(draft.value)
      forget()
    })
    return version
  }

  return {
    form,
    draft,
    kept,
    dirty,
    loaded,
    changes,
    restored,
    merged,
    both,
    saved,
    save,
    renew,
    drop,
    publish,
  }
}
