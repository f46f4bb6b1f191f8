import type { Component } from 'vue'
import {
  type HistoryState,
  type LocationQueryRaw,
  type RouteComponent,
  type RouteLocationRaw,
  type RouteParamsRawGeneric,
  type RouteRecordInfo,
  useRoute,
  useRouter,
} from 'vue-router'
import type { Counts } from '../../server/contract/messages.ts'
import type { Action } from '../../server/contract/permissions.ts'
import type help from '../text/nl/help.json'
import type shell from '../text/nl/shell.json'
import { asLeft } from './query.ts'
import { useSession } from './session.ts'

export type PageName = keyof typeof shell.titles
/** Pages that stand in the menu. */
type PlaceName = keyof typeof shell.places
export type MenuGroup = keyof typeof shell.groups

export interface MenuItem {
  group: MenuGroup
  /** Within its group. */
  order: number
  icon: Component
  /** What waits there for me. */
  counts?: keyof Counts
  /** The count is what there is to do together, not a question to me: drawn quieter, and not added up on the phone. */
  stock?: true
  /** Who sees it there, when that is not everybody who may open the page. */
  may?: readonly Action[]
}

/** What is known of a page besides where it is and what shows it. */
interface PageFacts {
  /** Who may open the page; null: nobody needs to be signed in. */
  may: Action | null
  /** The page above it: that one's place in the menu lights up, and a form that is left leads there. */
  parent: PageName | null
  /** The text of the manual that is shown beside it: its key under `pages` in text/…/help.json. */
  help: keyof typeof help.pages
  /** The words of a link to the page above it, in the heading. */
  back?: string
  /** The bar of pages that it stands in, side by side with what belongs together. */
  tab?: { bar: 'round' | 'workload'; order: number }
  menu?: MenuItem
  /** Without the menu beside it, for who is not signed in. */
  alone?: true
}
type Page = PageFacts & { path: string; view: () => Promise<RouteComponent> }

/** Every page by its name. What stands in the menu has a name there, and the other way round. */
export type Pages = {
  [Name in PageName]: Page & (Name extends PlaceName ? { menu: MenuItem } : { menu?: undefined })
}

declare module 'vue-router' {
  interface RouteMeta extends PageFacts {
    name: PageName
  }
  interface TypesConfig {
    RouteNamedMap: {
      [Name in PageName]: RouteRecordInfo<
        Name,
        string,
        Record<string, string | number>,
        Record<string, string>
      >
    }
  }
}

/** A page whose name is not known beforehand. */
export const toPage = (
  name: PageName,
  rest: {
    params?: RouteParamsRawGeneric
    query?: LocationQueryRaw
    state?: HistoryState
    replace?: boolean
  } = {},
) => ({ name, ...rest }) as RouteLocationRaw

/** The pages of a bar that I may open, in order. */
export function useTabs(bar: 'round' | 'workload'): () => PageName[] {
  const router = useRouter()
  const session = useSession()
  const tabs = router
    .getRoutes()
    .map(route => route.meta)
    .filter(meta => meta.tab?.bar === bar)
    .sort((one, other) => one.tab!.order - other.tab!.order)
  return () => tabs.filter(({ may }) => may === null || session.may(may)).map(({ name }) => name)
}

/** The page above the one that is open, for who may open it. */
export function useParent(): () => RouteLocationRaw | null {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  return () => {
    const above = router.getRoutes().find(({ meta }) => meta.name === route.meta.parent)
    if (!above || (above.meta.may && !session.may(above.meta.may))) return null
    const params = Object.entries(route.params).filter(([name]) => above.path.includes(`:${name}`))
    return toPage(above.meta.name, { params: Object.fromEntries(params), ...asLeft(above.meta.name) })
  }
}
