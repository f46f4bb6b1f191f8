import type { Action } from '../../server/contract/permissions.ts'
import type { MenuGroup, MenuItem, PageName } from '../base/pages.ts'
import { pages } from './pages.ts'

/** What somebody does every day comes first, then what is about oneself, what others ask, and what is looked up or set. */
const GROUPS: readonly MenuGroup[] = ['work', 'own', 'asked', 'records']

export type Place = MenuItem & { name: PageName }
export interface ShownGroup {
  name: MenuGroup
  places: Place[]
}

/** The menu of who may do this: groups in order, and in each what they may open. */
export function menuFor(may: (action: Action) => boolean): ShownGroup[] {
  const places = (Object.keys(pages) as PageName[]).flatMap(name => {
    const page = pages[name]
    const shown = page.menu && (page.menu.may?.some(may) ?? (page.may === null || may(page.may)))
    return shown ? [{ ...page.menu!, name }] : []
  })
  return GROUPS.map(name => ({
    name,
    places: places.filter(({ group }) => group === name).sort((one, other) => one.order - other.order),
  })).filter(group => group.places.length > 0)
}

/** The place in this menu that lights up on a page: itself, or else the nearest above it. */
export function placeOf(name: PageName | undefined, menu: readonly ShownGroup[]): PageName | null {
  for (let at: PageName | null = name ?? null; at; at = pages[at].parent) {
    if (menu.some(group => group.places.some(place => place.name === at))) return at
  }
  return null
}
