import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Action } from '../../server/contract/permissions.ts'
import { mayDo } from '../../server/contract/roles.ts'
import { messageLinks } from '../../server/messages/sentences.ts'

/** Address and right of every page, as the router has them. */
const pages = [
  ...readFileSync(new URL('../../web/shell/router.ts', import.meta.url), 'utf8').matchAll(
    /path: '([^']+)',\n\s+name: '[^']+',[^{]*meta: \{ title: '[^']+', may: '([^']+)' \}/g,
  ),
].map(([, path, may]) => ({
  path: new RegExp(`^${path!.replace(/:\w+(\([^)]*\))?/g, '[^/]+')}$`),
  may: may as Action,
}))

test.each(messageLinks)('$kind links to a page that each who gets it may open', ({ link, to }) => {
  expect(pages.length).toBeGreaterThan(40)
  if (link === null) return
  const path = link.replace(/\?.*$/, '').replace(/\{\w+\}/g, '1')
  const page = pages.find(one => one.path.test(path))
  expect(page, path).toBeDefined()
  for (const role of to) expect(mayDo([role], page!.may), role).toBe(true)
})
