import { ADDRESSES } from '../../server/contract/addresses.ts'
import type { Pages } from '../base/pages.ts'
import { peoplePages } from './pages/people.ts'
import { recordPages } from './pages/records.ts'
import { workPages } from './pages/work.ts'

/**
 * Every page. Its name is its key under `titles` in text/…/shell.json, and one that has a name under `places` there
 * is in the menu. Addresses, rights, menu, tabs and links back all come from here.
 */
export const pages: Pages = {
  home: { path: '/', view: () => import('./NotFoundPage.vue'), may: null, parent: null, help: 'start' },
  signIn: {
    path: '/aanmelden',
    view: () => import('./SignInPage.vue'),
    may: null,
    parent: null,
    help: 'start',
    alone: true,
  },
  invitation: {
    path: ADDRESSES.invitation,
    view: () => import('./InvitationPage.vue'),
    may: null,
    parent: null,
    help: 'start',
    alone: true,
  },
  ...workPages,
  ...peoplePages,
  ...recordPages,
  noRights: {
    path: '/geen-rechten',
    view: () => import('./NoRightsPage.vue'),
    may: null,
    parent: null,
    help: 'start',
  },
  notFound: {
    path: '/:rest(.*)*',
    view: () => import('./NotFoundPage.vue'),
    may: null,
    parent: null,
    help: 'start',
  },
}
