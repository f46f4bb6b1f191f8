import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import type { Action } from '../../server/contract/permissions.ts'
import { ROLES, roleOf } from '../../server/contract/roles.ts'
import { useSession } from '../base/session.ts'
import { i18n, loadTexts } from '../text/index.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title in text/…/shell.json. */
    title: string
    /** Who may open the page; without it, nobody needs to be signed in. */
    may?: Action
  }
}

/** Every object has a URL; filters and selection live in the query, so that a link or the back button restores them. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/',
      name: 'home',
      // Not a redirect: that would be worked out before anybody knows who is signed in.
      beforeEnter: () => ({ name: homeOf(), replace: true }),
      component: () => import('./NotFoundPage.vue'),
      meta: { title: 'home' },
    },
    {
      path: '/aanmelden',
      name: 'signIn',
      component: () => import('./SignInPage.vue'),
      meta: { title: 'signIn' },
    },
    {
      path: '/uitnodiging/:token',
      name: 'invitation',
      component: () => import('./InvitationPage.vue'),
      props: true,
      meta: { title: 'invitation' },
    },

    {
      path: '/vandaag',
      name: 'today',
      component: () => import('./TodayPage.vue'),
      meta: { title: 'today', may: 'workload.read' },
    },
    {
      path: '/instroom',
      name: 'intake',
      component: () => import('../case/IntakePage.vue'),
      meta: { title: 'intake', may: 'case.write' },
    },
    {
      path: '/zaken/nieuw',
      name: 'newCase',
      component: () => import('../case/CaseEditPage.vue'),
      meta: { title: 'newCase', may: 'case.write' },
    },
    {
      path: '/zaken/:caseNumber',
      name: 'case',
      component: () => import('../case/CasePage.vue'),
      props: true,
      meta: { title: 'case', may: 'case.read' },
    },
    {
      path: '/zaken/:caseNumber/wijzigen',
      name: 'editCase',
      component: () => import('../case/CaseEditPage.vue'),
      props: true,
      meta: { title: 'editCase', may: 'case.write' },
    },
    {
      path: '/zaken/:caseNumber/toedelen',
      name: 'allocateCase',
      component: () => import('../case/CaseAllocatePage.vue'),
      props: true,
      meta: { title: 'allocateCase', may: 'case.allocate' },
    },

    {
      path: '/rondes',
      name: 'rounds',
      component: () => import('../round/RoundsPage.vue'),
      meta: { title: 'rounds', may: 'round.read' },
    },
    {
      path: '/rondes/nieuw',
      name: 'composeRound',
      component: () => import('../round/ComposeRoundPage.vue'),
      meta: { title: 'composeRound', may: 'round.compose' },
    },
    {
      path: '/rondes/:id(\\d+)',
      name: 'review',
      component: () => import('../round/ReviewPage.vue'),
      props: true,
      meta: { title: 'review', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/antwoorden',
      name: 'answers',
      component: () => import('../settle/AnswersPage.vue'),
      props: true,
      meta: { title: 'answers', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/overleg',
      name: 'meeting',
      component: () => import('../meeting/MeetingPage.vue'),
      props: true,
      meta: { title: 'meeting', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/verslag',
      name: 'minutes',
      component: () => import('../meeting/MinutesPage.vue'),
      props: true,
      meta: { title: 'minutes', may: 'round.read' },
    },
    {
      path: '/goedkeuringen',
      name: 'approvals',
      component: () => import('../settle/ApprovalsPage.vue'),
      meta: { title: 'approvals', may: 'round.choose' },
    },
    {
      path: '/berichten',
      name: 'messages',
      component: () => import('./MessagesPage.vue'),
      meta: { title: 'messages', may: 'session.own' },
    },
    {
      path: '/draagvlak',
      name: 'support',
      component: () => import('../workload/SupportPage.vue'),
      meta: { title: 'support', may: 'support.read' },
    },
    {
      path: '/draagvlak/besluiten',
      name: 'decisions',
      component: () => import('../workload/DecisionsPage.vue'),
      meta: { title: 'decisions', may: 'support.read' },
    },
    {
      path: '/draagvlak/vragen',
      name: 'pulse',
      component: () => import('../workload/PulsePage.vue'),
      meta: { title: 'pulse', may: 'pulse.answer' },
    },
    {
      path: '/mijn/voorstellen',
      name: 'myProposals',
      component: () => import('../own/MyProposalsPage.vue'),
      meta: { title: 'myProposals', may: 'answer.own' },
    },
    {
      path: '/beheer/vaststellen',
      name: 'settling',
      component: () => import('../admin/SettlingPage.vue'),
      meta: { title: 'settling', may: 'settling.read' },
    },
    {
      path: '/rondes/:id(\\d+)/berekeningen',
      name: 'roundRuns',
      component: () => import('../runs/RoundRunsPage.vue'),
      props: true,
      meta: { title: 'roundRuns', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/afweging',
      name: 'tradeOff',
      component: () => import('../runs/TradeOffPage.vue'),
      props: true,
      meta: { title: 'tradeOff', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/niet-verdeeld',
      name: 'unplaced',
      component: () => import('../round/UnplacedPage.vue'),
      props: true,
      meta: { title: 'unplaced', may: 'round.read' },
    },
    {
      path: '/rondes/:id(\\d+)/vaststellen',
      name: 'settle',
      component: () => import('../settle/SettlePage.vue'),
      props: true,
      meta: { title: 'settle', may: 'round.settle' },
    },
    {
      path: '/rondes/:id(\\d+)/vastgesteld',
      name: 'settled',
      component: () => import('../settle/SettledPage.vue'),
      props: true,
      meta: { title: 'settled', may: 'round.read' },
    },

    {
      path: '/werklast',
      name: 'workload',
      component: () => import('../workload/WorkloadPage.vue'),
      meta: { title: 'workload', may: 'workload.read' },
    },
    {
      path: '/werklast/verloop',
      name: 'workloadTrend',
      component: () => import('../workload/WorkloadTrendPage.vue'),
      meta: { title: 'workloadTrend', may: 'workload.read' },
    },
    {
      path: '/werklast/eerlijkheid',
      name: 'fairness',
      component: () => import('../workload/FairnessPage.vue'),
      meta: { title: 'fairness', may: 'fairness.read' },
    },
    {
      path: '/werklast/stroom',
      name: 'flow',
      component: () => import('../workload/FlowPage.vue'),
      meta: { title: 'flow', may: 'workload.read' },
    },
    {
      path: '/werklast/vraag',
      name: 'demand',
      component: () => import('../workload/DemandPage.vue'),
      meta: { title: 'demand', may: 'workload.read' },
    },
    {
      path: '/signalen',
      name: 'signals',
      component: () => import('../workload/SignalsPage.vue'),
      meta: { title: 'signals', may: 'signal.handle' },
    },
    {
      path: '/fasen',
      name: 'phases',
      component: () => import('../case/PhasesPage.vue'),
      meta: { title: 'phases', may: 'phase.answer' },
    },
    {
      path: '/herverdelen',
      name: 'reallocation',
      component: () => import('../reallocation/ReallocationPage.vue'),
      meta: { title: 'reallocation', may: 'case.allocate' },
    },
    {
      path: '/medewerkers',
      name: 'workers',
      component: () => import('../worker/WorkersPage.vue'),
      meta: { title: 'workers', may: 'workload.read' },
    },
    {
      path: '/medewerkers/nieuw',
      name: 'newWorker',
      component: () => import('../worker/WorkerEditPage.vue'),
      meta: { title: 'newWorker', may: 'worker.write' },
    },
    {
      path: '/medewerkers/:staffNumber',
      name: 'worker',
      component: () => import('../worker/WorkerPage.vue'),
      props: true,
      meta: { title: 'worker', may: 'worker.read' },
    },
    {
      path: '/medewerkers/:staffNumber/wijzigen',
      name: 'editWorker',
      component: () => import('../worker/WorkerEditPage.vue'),
      props: true,
      meta: { title: 'editWorker', may: 'worker.write' },
    },

    {
      path: '/mijn',
      name: 'mine',
      component: () => import('../own/MinePage.vue'),
      meta: { title: 'mine', may: 'preference.writeOwn' },
    },
    {
      path: '/mijn/voorkeuren',
      name: 'myPreferences',
      component: () => import('../own/MyPreferencesPage.vue'),
      meta: { title: 'myPreferences', may: 'preference.writeOwn' },
    },
    {
      path: '/mijn/werklast',
      name: 'myLoad',
      component: () => import('../own/MyLoadPage.vue'),
      meta: { title: 'myLoad', may: 'own.work' },
    },
    {
      path: '/mijn/beschikbaarheid',
      name: 'myAvailability',
      component: () => import('../own/MyAvailabilityPage.vue'),
      meta: { title: 'myAvailability', may: 'own.work' },
    },
    {
      path: '/mijn/historie',
      name: 'myHistory',
      component: () => import('../own/MyHistoryPage.vue'),
      meta: { title: 'myHistory', may: 'own.work' },
    },
    {
      path: '/schattingen',
      name: 'estimates',
      component: () => import('../estimate/EstimatesPage.vue'),
      meta: { title: 'estimates', may: 'estimate.take' },
    },
    {
      path: '/schattingen/:id(\\d+)',
      name: 'estimate',
      component: () => import('../estimate/EstimatePage.vue'),
      props: true,
      meta: { title: 'estimate', may: 'estimate.take' },
    },
    {
      path: '/aanvragen',
      name: 'requests',
      component: () => import('../own/RequestsPage.vue'),
      meta: { title: 'requests', may: 'request.read' },
    },

    {
      path: '/historie',
      name: 'history',
      component: () => import('../admin/HistoryPage.vue'),
      meta: { title: 'history', may: 'event.read' },
    },
    {
      path: '/importeren',
      name: 'import',
      component: () => import('../admin/ImportPage.vue'),
      meta: { title: 'import', may: 'session.own' },
    },
    {
      path: '/beheer/gebruikers',
      name: 'users',
      component: () => import('../admin/UsersPage.vue'),
      meta: { title: 'users', may: 'user.manage' },
    },
    {
      path: '/beheer/catalogi',
      name: 'catalogues',
      component: () => import('../admin/CataloguesPage.vue'),
      meta: { title: 'catalogues', may: 'catalogue.read' },
    },
    {
      path: '/beheer/regels',
      name: 'rulebook',
      component: () => import('../rulebook/RulebookPage.vue'),
      meta: { title: 'rulebook', may: 'catalogue.read' },
    },
    {
      path: '/beheer/regels/versies',
      name: 'rulebookVersions',
      component: () => import('../rulebook/RulebookVersionsPage.vue'),
      meta: { title: 'rulebookVersions', may: 'catalogue.read' },
    },
    {
      path: '/beheer/regels/versies/:version(\\d+)',
      name: 'rulebookVersion',
      component: () => import('../rulebook/RulebookPage.vue'),
      props: true,
      meta: { title: 'rulebookVersions', may: 'catalogue.read' },
    },
    {
      path: '/beheer/regels/concept',
      name: 'rulebookDraft',
      component: () => import('../rulebook/RulebookDraftPage.vue'),
      meta: { title: 'rulebookDraft', may: 'rulebook.write' },
    },
    {
      path: '/beheer/regels/effect',
      name: 'rulebookEffect',
      component: () => import('../rulebook/RulebookEffectPage.vue'),
      meta: { title: 'rulebookEffect', may: 'rulebook.preview' },
    },

    {
      path: '/geen-rechten',
      name: 'noRights',
      component: () => import('./NoRightsPage.vue'),
      meta: { title: 'noRights' },
    },
    {
      path: '/:rest(.*)*',
      name: 'notFound',
      component: () => import('./NotFoundPage.vue'),
      meta: { title: 'notFound' },
    },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Where each role starts. */
function homeOf(): string {
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
  document.title = pageTitle(to)
  if (to.path !== from.path) void nextTick(() => document.querySelector<HTMLElement>('h1')?.focus())
})

const pageTitle = (to: RouteLocationNormalized) =>
  `${i18n.global.t(`shell.titles.${to.meta.title ?? 'home'}`)} · Instroom`
