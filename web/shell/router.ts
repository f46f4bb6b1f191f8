import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { ROLES, roleOf } from '../../server/contract/roles.ts'
import { type PageName, toPage } from '../base/pages.ts'
import { arrived } from '../base/query.ts'
import { useSession } from '../base/session.ts'
import { i18n, loadTexts } from '../text/index.ts'
import { pages } from './pages.ts'

const names = Object.keys(pages) as PageName[]

/** Every object has a URL; filters and selection live in the query, so that a link or the back button restores them. */
export const router = createRouter({
  history: createWebHistory(),
  routes: names.map((name): RouteRecordRaw => {
    const { path, view, ...facts } = pages[name]
    return {
      path,
      name,
      component: view,
      // The path that was not found is nothing that its page takes.
      props: name !== 'notFound',
      // Not a redirect: that would be worked out before anybody knows who is signed in.
      ...(name === 'home' && { beforeEnter: () => toPage(homeOf(), { replace: true }) }),
      meta: { name, ...facts },
    }
  }),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Where each role starts. */
function homeOf(): PageName {
  const session = useSession()
  if (!session.user) return 'signIn'
  const { roles } = session.user
  return roleOf[ROLES.find(role => roles.includes(role)) ?? 'admin'].home
}

router.beforeEach(async to => {
  const session = useSession()
  if (!session.info) await session.load().catch(() => {})
  await loadTexts(i18n.global.locale.value).catch(() => {})
  if (!to.meta.may) return true
  if (!session.user) return { name: 'signIn', query: { naar: to.fullPath } }
  return session.may(to.meta.may) || { name: 'noRights' }
})

/** After a change of page the title is read out and the focus moves to the heading, as after a page load. */
router.afterEach((to, from) => {
  arrived(to)
  document.title = pageTitle(to)
  if (to.path !== from.path) void nextTick(() => document.querySelector<HTMLElement>('h1')?.focus())
})

const pageTitle = (to: RouteLocationNormalized) =>
  `${i18n.global.t(`shell.titles.${to.meta.name ?? 'home'}`)} · Instroom`
