import { BookOpenText, ClipboardList, Handshake, History, Upload, UserCog } from '@lucide/vue'
import { ADDRESSES } from '../../../server/contract/addresses.ts'
import type { Pages } from '../../base/pages.ts'

/** What is looked up or set. */
export const recordPages = {
  history: {
    path: '/historie',
    view: () => import('../../admin/HistoryPage.vue'),
    may: 'event.read',
    parent: null,
    help: 'history',
    menu: { group: 'records', order: 1, icon: History },
  },
  import: {
    path: '/importeren',
    view: () => import('../../admin/ImportPage.vue'),
    may: 'session.own',
    parent: null,
    help: 'import',
    menu: { group: 'records', order: 2, icon: Upload, may: ['import.cases', 'import.workers'] },
  },
  users: {
    path: '/beheer/gebruikers',
    view: () => import('../../admin/UsersPage.vue'),
    may: 'user.manage',
    parent: null,
    help: 'users',
    menu: { group: 'records', order: 3, icon: UserCog },
  },
  inviteMany: {
    path: '/beheer/gebruikers/uitnodigen',
    view: () => import('../../admin/InviteManyPage.vue'),
    may: 'user.manage',
    parent: 'users',
    help: 'users',
    back: 'shell.titles.users',
  },
  settling: {
    path: '/beheer/vaststellen',
    view: () => import('../../admin/SettlingPage.vue'),
    may: 'settling.read',
    parent: null,
    help: 'settling',
    menu: { group: 'records', order: 4, icon: Handshake, may: ['settling.write'] },
  },
  rulebook: {
    path: '/beheer/regels',
    view: () => import('../../rulebook/RulebookPage.vue'),
    may: 'catalogue.read',
    parent: null,
    help: 'rulebook',
    menu: { group: 'records', order: 5, icon: BookOpenText },
  },
  rulebookVersions: {
    path: '/beheer/regels/versies',
    view: () => import('../../rulebook/RulebookVersionsPage.vue'),
    may: 'catalogue.read',
    parent: 'rulebook',
    help: 'rulebook',
  },
  rulebookVersion: {
    path: ADDRESSES.rulebookVersion,
    view: () => import('../../rulebook/RulebookPage.vue'),
    may: 'catalogue.read',
    parent: 'rulebookVersions',
    help: 'rulebook',
  },
  rulebookDraft: {
    path: '/beheer/regels/concept',
    view: () => import('../../rulebook/RulebookDraftPage.vue'),
    may: 'rulebook.write',
    parent: 'rulebook',
    help: 'rulebook',
  },
  rulebookEffect: {
    path: '/beheer/regels/effect',
    view: () => import('../../rulebook/RulebookEffectPage.vue'),
    may: 'rulebook.preview',
    parent: 'rulebook',
    help: 'rulebook',
  },
  catalogues: {
    path: '/beheer/catalogi',
    view: () => import('../../admin/CataloguesPage.vue'),
    may: 'catalogue.read',
    parent: null,
    help: 'catalogues',
    menu: { group: 'records', order: 6, icon: ClipboardList },
  },
} satisfies Partial<Pages>
