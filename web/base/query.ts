import { computed, shallowRef } from 'vue'
import { type LocationQuery, useRoute, useRouter } from 'vue-router'

/**
 * The address as it will be when the changes of this moment are through. Two at once must not undo each other, and what is
 * pressed next is meant for what was chosen just now.
 */
const coming = shallowRef<LocationQuery | null>(null)

/**
 * Filters, sorting and selection that live in the address, so that a link or the back button restores them.
 * `query.value.status` is the text in the address or its default; what equals the default is left out of the address.
 */
export function useQuery<Name extends string>(defaults: Record<Name, string>) {
  const route = useRoute()
  const router = useRouter()
  const names = Object.keys(defaults) as Name[]

  const query = computed(() => {
    const texts = {} as Record<Name, string>
    const address = coming.value ?? route.query
    for (const name of names) {
      const given = address[name]
      texts[name] = (Array.isArray(given) ? given[0] : given) ?? defaults[name]
    }
    return texts
  })

  /** Changes several at once, without a new step in the history unless `push` says so. */
  async function change(texts: Partial<Record<Name, string>>, push = false): Promise<void> {
    const next = { ...(coming.value ?? route.query) }
    for (const name of Object.keys(texts) as Name[]) {
      const text = texts[name]
      if (text === undefined || text === defaults[name]) delete next[name]
      else next[name] = text
    }
    coming.value = next
    try {
      await (push ? router.push({ query: next }) : router.replace({ query: next }))
    } finally {
      if (coming.value === next) coming.value = null
    }
  }

  const clear = (which: Name[] = names) =>
    change(Object.fromEntries(which.map(name => [name, defaults[name]])) as Partial<Record<Name, string>>)

  return { query, change, clear }
}

/** One text of the address, to read and to set. */
export function useQueryText(name: string, otherwise = '') {
  const { query, change } = useQuery({ [name]: otherwise })
  return computed({
    get: () => query.value[name] ?? otherwise,
    set: text => void change({ [name]: text }),
  })
}
