import { computed, shallowReactive, shallowRef } from 'vue'
import {
  type HistoryState,
  type LocationQuery,
  type RouteLocationNormalized,
  useRoute,
  useRouter,
} from 'vue-router'

/**
 * What people type to look for may be a name, so it never stands in the address, which stays in logs and in the history of
 * the browser: it lives in the state of the entry of the history, and comes back with it like the rest.
 */
const TYPED: readonly string[] = ['zoek']
type Texts = Record<string, string>
interface Place {
  query: LocationQuery
  typed: Texts
}

/** What was typed at the place that is open. */
const typedHere = shallowRef<Texts>({})
/**
 * The address as it will be when the changes of this moment are through. Two at once must not undo each other, and what is
 * pressed next is meant for what was chosen just now.
 */
const coming = shallowRef<Place | null>(null)
/** How each list was left, by the name of its page, until somebody else signs in. */
const left = shallowReactive(new Map<string, Place>())

/** To be called on every arrival: what was typed belongs to the place, and a list is remembered as it is. */
export function arrived(to: RouteLocationNormalized): void {
  const { typed } = (window.history.state ?? {}) as { typed?: Texts }
  typedHere.value = typed ?? {}
  const isList = Object.keys(to.params).length === 0
  if (isList && typeof to.name === 'string') left.set(to.name, { query: to.query, typed: typedHere.value })
}

/** Filters, order and search of a list as they were left, for a link back to it. */
export function asLeft(name: string): { query?: LocationQuery; state?: HistoryState } {
  const place = left.get(name)
  return place ? { query: place.query, state: stateOf(place.typed) } : {}
}

export const forgetPlaces = () => left.clear()

const stateOf = (typed: Texts): HistoryState => ({ typed: { ...typed } })

/**
 * Filters, sorting and selection that live in the address, so that a link or the back button restores them.
 * `query.value.status` is the text in the address or its default; what equals the default is left out of the address.
 */
export function useQuery<Name extends string>(defaults: Record<Name, string>) {
  const route = useRoute()
  const router = useRouter()
  const names = Object.keys(defaults) as Name[]
  const here = (): Place => coming.value ?? { query: route.query, typed: typedHere.value }

  const query = computed(() => {
    const texts = {} as Record<Name, string>
    const { query: address, typed } = here()
    for (const name of names) {
      const given = typed[name] ?? address[name]
      texts[name] = (Array.isArray(given) ? given[0] : given) ?? defaults[name]
    }
    return texts
  })

  /** Changes several at once, without a new step in the history unless `push` says so. */
  async function change(texts: Partial<Record<Name, string>>, push = false): Promise<void> {
    const next: Place = { query: { ...here().query }, typed: { ...here().typed } }
    for (const name of Object.keys(texts) as Name[]) {
      const text = texts[name]
      const isDefault = text === undefined || text === defaults[name]
      delete next.query[name]
      delete next.typed[name]
      if (!isDefault && TYPED.includes(name)) next.typed[name] = text
      else if (!isDefault) next.query[name] = text
    }
    coming.value = next
    const to = { query: next.query, state: stateOf(next.typed), force: true }
    try {
      await (push ? router.push(to) : router.replace(to))
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
