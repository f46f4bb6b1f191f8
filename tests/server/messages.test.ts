import { expect, test } from 'vitest'
import { mayDo } from '../../server/contract/roles.ts'
import { messageLinks } from '../../server/messages/sentences.ts'
import { pages } from '../../web/shell/pages.ts'

const all = Object.values(pages)
  .filter(({ path }) => !path.endsWith('*'))
  .map(({ path, may }) => ({ address: new RegExp(`^${path.replace(/:\w+(\([^)]*\))?/g, '[^/]+')}$`), may }))

test.each(messageLinks)('$kind links to a page that each who gets it may open', ({ link, to }) => {
  if (link === null) return
  const path = link.replace(/\?.*$/, '').replace(/\{\w+\}/g, '1')
  const page = all.find(one => one.address.test(path))
  expect(page, path).toBeDefined()
  for (const role of to) expect(page!.may && mayDo([role], page!.may), role).toBe(true)
})
