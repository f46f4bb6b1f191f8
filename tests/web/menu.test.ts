import { describe, expect, it } from 'vitest'
import type { Role } from '../../server/contract/common.ts'
import type { Action } from '../../server/contract/permissions.ts'
import { mayDo } from '../../server/contract/roles.ts'
import type { PageName } from '../../web/base/pages.ts'
import { menuFor, placeOf } from '../../web/shell/menu.ts'
import { pages } from '../../web/shell/pages.ts'

const menuOf = (role: Role) => menuFor((action: Action) => mayDo([role], action))
const names = (role: Role) =>
  menuOf(role).map(group => `${group.name}: ${group.places.map(place => place.name).join(' ')}`)

describe('the menu', () => {
  it('has for each role what they do every day first, in a fixed order', () => {
    expect(names('intake')).toEqual([
      'work: today intake cases rounds workload signals workers',
      'asked: messages requests approvals estimates support',
      'records: history import rulebook catalogues',
    ])
    expect(names('worker')).toEqual([
      'own: mine myProposals myLoad phases myAvailability myPreferences myHistory',
      'asked: messages estimates',
      'records: rulebook catalogues',
    ])
    expect(names('admin')).toEqual([
      'work: today',
      'asked: messages',
      'records: history import users settling rulebook catalogues',
    ])
  })

  it('lights up the place itself, or else the nearest one above a page that is in the menu of the reader', () => {
    expect(placeOf('tradeOff', menuOf('intake'))).toBe('rounds')
    expect(placeOf('editCase', menuOf('lead'))).toBe('intake')
    expect(placeOf('phases', menuOf('lead'))).toBe('workload')
    expect(placeOf('phases', menuOf('worker'))).toBe('phases')
    expect(placeOf('notFound', menuOf('worker'))).toBeNull()
  })
})

describe('every page', () => {
  it('has an address of its own', () => {
    const addresses = Object.values(pages).map(({ path }) => path)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it('has only pages above it, never itself', () => {
    for (const start of Object.keys(pages) as PageName[]) {
      const above: PageName[] = []
      for (let at: PageName | null = start; at; at = pages[at].parent) {
        expect(above).not.toContain(at)
        above.push(at)
      }
    }
  })

  it('has in its address everything that the address of the page above it asks for', () => {
    const asked = (name: PageName) => [...pages[name].path.matchAll(/:(\w+)/g)].map(([, key]) => key)
    const wrong = (Object.keys(pages) as PageName[]).filter(name => {
      const { parent } = pages[name]
      return parent && asked(parent).some(key => !asked(name).includes(key))
    })
    expect(wrong).toEqual([])
  })
})
