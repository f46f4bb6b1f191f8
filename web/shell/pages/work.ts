import { FolderSearch, Inbox, Milestone, Scale, ShieldCheck, Sun, Weight } from '@lucide/vue'
import { ADDRESSES } from '../../../server/contract/addresses.ts'
import type { Pages } from '../../base/pages.ts'

/** What is done every day: today, cases, rounds. */
export const workPages = {
  // Daily work.
  today: {
    path: '/vandaag',
    view: () => import('../TodayPage.vue'),
    may: 'session.own',
    parent: null,
    menu: { group: 'work', order: 1, icon: Sun, may: ['workload.read', 'user.manage'] },
  },
  // Cases.
  intake: {
    path: '/instroom',
    view: () => import('../../case/IntakePage.vue'),
    may: 'case.write',
    parent: null,
    menu: { group: 'work', order: 2, icon: Inbox, counts: 'intake', stock: true },
  },
  cases: {
    path: '/zaken',
    view: () => import('../../case/CasesPage.vue'),
    may: 'case.read',
    parent: null,
    menu: { group: 'work', order: 2.5, icon: FolderSearch, may: ['case.write'] },
  },
  newCase: {
    path: '/zaken/nieuw',
    view: () => import('../../case/CaseEditPage.vue'),
    may: 'case.write',
    parent: 'intake',
  },
  case: {
    path: ADDRESSES.case,
    view: () => import('../../case/CasePage.vue'),
    may: 'case.read',
    parent: 'intake',
  },
  editCase: {
    path: '/zaken/:caseNumber/wijzigen',
    view: () => import('../../case/CaseEditPage.vue'),
    may: 'case.write',
    parent: 'case',
  },
  allocateCase: {
    path: '/zaken/:caseNumber/toedelen',
    view: () => import('../../case/CaseAllocatePage.vue'),
    may: 'case.allocate',
    parent: 'case',
  },
  phases: {
    path: '/fasen',
    view: () => import('../../case/PhasesPage.vue'),
    may: 'phase.answer',
    parent: 'workload',
    tab: { bar: 'workload', order: 6 },
    menu: { group: 'own', order: 4, icon: Milestone, may: ['own.work'], counts: 'phases' },
  },
  estimates: {
    path: '/schattingen',
    view: () => import('../../estimate/EstimatesPage.vue'),
    may: 'estimate.take',
    parent: null,
    menu: { group: 'asked', order: 4, icon: Weight, counts: 'estimates' },
  },
  estimate: {
    path: '/schattingen/:id(\\d+)',
    view: () => import('../../estimate/EstimatePage.vue'),
    may: 'estimate.take',
    parent: 'estimates',
    back: 'shell.titles.estimates',
  },
  // Rounds.
  rounds: {
    path: '/rondes',
    view: () => import('../../round/RoundsPage.vue'),
    may: 'round.read',
    parent: null,
    menu: { group: 'work', order: 3, icon: Scale },
  },
  composeRound: {
    path: '/rondes/nieuw',
    view: () => import('../../round/ComposeRoundPage.vue'),
    may: 'round.compose',
    parent: 'rounds',
  },
  review: {
    path: ADDRESSES.review,
    view: () => import('../../round/ReviewPage.vue'),
    may: 'round.read',
    parent: 'rounds',
    tab: { bar: 'round', order: 1 },
  },
  answers: {
    path: ADDRESSES.answers,
    view: () => import('../../settle/AnswersPage.vue'),
    may: 'round.read',
    parent: 'review',
    tab: { bar: 'round', order: 2 },
  },
  meeting: {
    path: '/rondes/:id(\\d+)/overleg',
    view: () => import('../../meeting/MeetingPage.vue'),
    may: 'round.read',
    parent: 'review',
    tab: { bar: 'round', order: 3 },
  },
  minutes: {
    path: '/rondes/:id(\\d+)/verslag',
    view: () => import('../../meeting/MinutesPage.vue'),
    may: 'round.read',
    parent: 'review',
    tab: { bar: 'round', order: 4 },
  },
  settle: {
    path: '/rondes/:id(\\d+)/vaststellen',
    view: () => import('../../settle/SettlePage.vue'),
    may: 'round.settle',
    parent: 'review',
    tab: { bar: 'round', order: 5 },
  },
  settled: {
    path: '/rondes/:id(\\d+)/vastgesteld',
    view: () => import('../../settle/SettledPage.vue'),
    may: 'round.read',
    parent: 'review',
    tab: { bar: 'round', order: 6 },
  },
  roundRuns: {
    path: ADDRESSES.roundRuns,
    view: () => import('../../runs/RoundRunsPage.vue'),
    may: 'round.read',
    parent: 'review',
    back: 'review.runs.back',
  },
  tradeOff: {
    path: ADDRESSES.tradeOff,
    view: () => import('../../runs/TradeOffPage.vue'),
    may: 'round.read',
    parent: 'review',
    back: 'review.runs.back',
  },
  unplaced: {
    path: '/rondes/:id(\\d+)/niet-verdeeld',
    view: () => import('../../round/UnplacedPage.vue'),
    may: 'round.read',
    parent: 'review',
    back: 'review.runs.back',
  },
  approvals: {
    path: ADDRESSES.approvals,
    view: () => import('../../settle/ApprovalsPage.vue'),
    may: 'round.choose',
    parent: null,
    menu: {
      group: 'asked',
      order: 3,
      icon: ShieldCheck,
      counts: 'approvals',
      may: ['limit.exceed', 'round.settle'],
    },
  },
} satisfies Partial<Pages>
