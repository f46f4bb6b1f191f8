import { type Static, type TSchema, Type } from 'typebox'
import { Seat } from '../../solver/problem/problem.ts'
import * as accounts from './accounts.ts'
import * as cases from './cases.ts'
import { changeEndpoints } from './changes.ts'
import { CaseNumber, Day, Done, Id, Locale, Motive, Name, object, StaffNumber } from './common.ts'
import { decisionEndpoints } from './decisions.ts'
import type { Endpoint } from './endpoint.ts'
import { estimateEndpoints } from './estimates.ts'
import { meetingEndpoints } from './meetings.ts'
import { messageEndpoints } from './messages.ts'
import { numberEndpoints } from './numbers.ts'
import { ownEndpoints } from './own.ts'
import { phaseEndpoints } from './phases.ts'
import { reallocationEndpoints } from './reallocation.ts'
import * as records from './records.ts'
import { reportEndpoints } from './reports.ts'
import { requestEndpoints } from './requests.ts'
import * as rounds from './rounds.ts'
import { rulebookEndpoints } from './rulebook-versions.ts'
import * as scenarios from './scenarios.ts'
import { sharingEndpoints } from './sharing.ts'
import { signalEndpoints } from './signals.ts'
import * as workers from './workers.ts'

const caseParams = object({ caseNumber: CaseNumber })
const staffParams = object({ staffNumber: StaffNumber })
const idParams = object({ id: Id })
const roundCase = object({ id: Id, caseNumber: CaseNumber })
const seatQuery = object({ seat: Type.Optional(Seat) })

export const endpoints = {
  'GET /session': {
    summary: 'Who am I, and what may I do',
    tag: 'accounts',
    reply: accounts.SessionInfo,
    may: 'anyone',
  },
  'POST /session': {
    summary: 'Sign in with a local account',
    tag: 'accounts',
    body: accounts.Credentials,
    reply: accounts.SessionInfo,
    may: 'anyone',
  },
  'DELETE /session': { summary: 'Sign out', tag: 'accounts', reply: Done, may: 'anyone' },
  'PUT /session/locale': {
    summary: 'Choose the language of the interface',
    tag: 'accounts',
    body: object({ locale: Locale }),
    reply: Done,
    may: 'session.own',
  },
  'GET /demo/accounts': {
    summary: 'The roles to pick from, on a demo server only',
    tag: 'accounts',
    reply: Type.Array(accounts.DemoAccount),
    may: 'anyone',
  },
  'POST /demo/session': {
    summary: 'Sign in as one of the demo accounts, on a demo server only',
    tag: 'accounts',
    body: object({ userId: Id }),
    reply: accounts.SessionInfo,
    may: 'anyone',
  },
  'GET /invitations/:token': {
    summary: 'Whom a one-time link is for',
    tag: 'accounts',
    params: object({ token: accounts.Token }),
    reply: accounts.Invitation,
    may: 'anyone',
  },
  'POST /invitations/:token': {
    summary: 'Set a password with a one-time link, and sign in',
    tag: 'accounts',
    params: object({ token: accounts.Token }),
    body: accounts.InvitationAnswer,
    reply: accounts.SessionInfo,
    may: 'anyone',
  },
  'GET /teams': {
    summary: 'The teams in scope',
    tag: 'accounts',
    reply: Type.Array(accounts.Team),
    may: 'session.own',
  },
  'POST /teams': {
    summary: 'Add a team',
    tag: 'accounts',
    body: object({ name: Name }),
    reply: accounts.Team,
    may: 'team.manage',
    once: true,
    status: 201,
  },
  'GET /users': {
    summary: 'Users with their roles and teams',
    tag: 'accounts',
    reply: Type.Array(accounts.User),
    may: 'user.manage',
  },
  'POST /users': {
    summary: 'Invite a user; the one-time link is in the answer',
    tag: 'accounts',
    body: accounts.UserInput,
    reply: accounts.InvitedUser,
    may: 'user.manage',
    status: 201,
  },
  'PUT /users/:id': {
    summary: 'Change the name, roles and teams of a user',
    tag: 'accounts',
    params: idParams,
    body: accounts.UserInput,
    reply: accounts.User,
    may: 'user.manage',
    ifMatch: true,
  },
  'POST /users/:id/invitation': {
    summary: 'A new one-time link, for a user who lost the password',
    tag: 'accounts',
    params: idParams,
    reply: accounts.InvitedUser,
    may: 'user.manage',
    status: 201,
  },
  'POST /users/:id/deactivation': {
    summary: 'Deactivate a user and end every session at once',
    tag: 'accounts',
    params: idParams,
    reply: accounts.User,
    may: 'user.manage',
    once: true,
    ifMatch: true,
  },

  'GET /today': {
    summary: 'What asks attention now',
    tag: 'records',
    reply: workers.Today,
    may: 'workload.read',
  },
  'GET /cases': {
    summary: 'Cases in scope',
    tag: 'cases',
    query: cases.CaseQuery,
    reply: cases.CaseList,
    may: 'case.read',
  },
  'POST /cases': {
    summary: 'Enter a case',
    tag: 'cases',
    body: cases.NewCase,
    reply: cases.CaseDetail,
    may: 'case.write',
    once: true,
    status: 201,
  },
  'GET /cases/:caseNumber': {
    summary: 'One case, with its weight and history; the opening is logged',
    tag: 'cases',
    params: caseParams,
    reply: cases.CaseDetail,
    may: 'case.read',
  },
  'PUT /cases/:caseNumber': {
    summary: 'Change a case',
    tag: 'cases',
    params: caseParams,
    body: cases.CaseInput,
    reply: cases.CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'PUT /cases/:caseNumber/number': {
    summary:
      'Correct a case number that was entered wrong; the old one is shown nowhere any more and is free again',
    tag: 'cases',
    params: caseParams,
    body: cases.NumberCorrection,
    reply: cases.CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'PUT /cases/:caseNumber/weight': {
    summary: 'Set the weight by hand with a reason, or return to the table',
    tag: 'cases',
    params: caseParams,
    body: cases.WeightOverride,
    reply: cases.CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'POST /cases/:caseNumber/exclusions': {
    summary: 'Exclude a worker with a hidden reason',
    tag: 'cases',
    params: caseParams,
    body: cases.Exclusion,
    reply: cases.CaseDetail,
    may: 'case.exclude',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /cases/:caseNumber/exclusions/:staffNumber/ending': {
    summary: 'End an exclusion before its last day; it stays on record',
    tag: 'cases',
    params: object({ caseNumber: CaseNumber, staffNumber: StaffNumber }),
    body: object({ reason: Motive }),
    reply: cases.CaseDetail,
    may: 'case.exclude',
    once: true,
    ifMatch: true,
  },
  'POST /cases/:caseNumber/closure': {
    summary: 'Close a case and free its seats',
    tag: 'cases',
    params: caseParams,
    body: cases.Closure,
    reply: cases.CaseDetail,
    may: 'case.write',
    once: true,
    ifMatch: true,
  },
  'GET /cases/:caseNumber/candidates': {
    summary: 'Who may and should get this one case, outside a round',
    tag: 'cases',
    params: caseParams,
    query: object({ startOn: Type.Optional(Day), seat: Type.Optional(Seat) }),
    reply: rounds.Explanation,
    may: 'case.allocate',
  },
  'POST /cases/:caseNumber/allocations': {
    summary: 'Allocate one urgent or tailored case outside a round',
    tag: 'cases',
    params: caseParams,
    body: cases.OutsideAllocation,
    reply: cases.CaseDetail,
    may: 'case.allocate',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /cases/:caseNumber/allocations/asking': {
    summary: 'Ask somebody with the right to allocate a case above the hard limit',
    tag: 'cases',
    params: caseParams,
    body: cases.OutsideAllocation,
    reply: object({ id: Id }),
    may: 'case.allocate',
    once: true,
    ifMatch: true,
    status: 201,
  },

  'GET /workers': {
    summary: 'Workers in scope with their load on a date',
    tag: 'workers',
    query: workers.WorkerQuery,
    reply: workers.Workload,
    may: 'workload.read',
  },
  'POST /workers': {
    summary: 'Enter a worker',
    tag: 'workers',
    body: workers.NewWorker,
    reply: workers.WorkerDetail,
    may: 'worker.write',
    once: true,
    status: 201,
  },
  'GET /workers/:staffNumber': {
    summary: 'One worker: norm, load, cases; workers see themselves',
    tag: 'workers',
    params: staffParams,
    query: object({ on: Type.Optional(Day) }),
    reply: workers.WorkerDetail,
    may: 'worker.read',
  },
  'PUT /workers/:staffNumber': {
    summary: 'Change a worker',
    tag: 'workers',
    params: staffParams,
    body: workers.WorkerInput,
    reply: workers.WorkerDetail,
    may: 'worker.write',
    ifMatch: true,
  },
  'PUT /workers/:staffNumber/preferences': {
    summary: 'State my own preferences',
    tag: 'workers',
    params: staffParams,
    body: workers.Preferences,
    reply: workers.WorkerDetail,
    may: 'preference.writeOwn',
    ifMatch: true,
  },

  'GET /rounds': {
    summary: 'Rounds in scope, newest first',
    tag: 'rounds',
    reply: Type.Array(rounds.RoundRow),
    may: 'round.read',
  },
  'POST /rounds/preflight': {
    summary: 'Check a round before it is made',
    tag: 'rounds',
    body: rounds.RoundInput,
    reply: rounds.Preflight,
    may: 'round.compose',
  },
  'POST /rounds': {
    summary: 'Make a round and start its first run',
    tag: 'rounds',
    body: rounds.RoundInput,
    reply: object({ id: Id }),
    may: 'round.compose',
    once: true,
    status: 201,
  },
  'GET /rounds/:id': {
    summary: 'A round with its newest proposal and the choices on top',
    tag: 'rounds',
    params: idParams,
    reply: rounds.RoundDetail,
    may: 'round.read',
  },
  'POST /rounds/:id/runs': {
    summary: 'Calculate again, around the choices',
    tag: 'rounds',
    params: idParams,
    body: object({ timeLimitSeconds: Type.Integer({ minimum: 1, maximum: 300 }) }),
    reply: rounds.RunState,
    may: 'round.compose',
    once: true,
    ifMatch: true,
    status: 202,
  },
  'POST /rounds/:id/runs/:runId/stop': {
    summary: 'Stop a run and use the best it has',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: rounds.RunState,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'POST /rounds/:id/runs/:runId/cancellation': {
    summary: 'End a run and throw away what it has',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: rounds.RunState,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'GET /rounds/:id/cases/:caseNumber/explanation': {
    summary: 'Why this worker, and who else',
    tag: 'rounds',
    params: roundCase,
    query: seatQuery,
    reply: rounds.Explanation,
    may: 'round.read',
  },
  'GET /rounds/:id/outlook': {
    summary: 'What the plan does to everybody in some weeks',
    tag: 'rounds',
    params: idParams,
    reply: rounds.RoundOutlook,
    may: 'round.read',
  },
  'GET /rounds/:id/matrix': {
    summary: 'Every seat of the round against every worker: points, and whether the rules allow it',
    tag: 'rounds',
    params: idParams,
    reply: rounds.RoundMatrix,
    may: 'round.read',
  },
  'GET /rounds/:id/cases/:caseNumber/why-not': {
    summary: 'Why not this other worker',
    tag: 'rounds',
    params: roundCase,
    query: object({ worker: StaffNumber, seat: Type.Optional(Seat) }),
    reply: rounds.WhyNot,
    may: 'round.read',
  },
  'GET /rounds/:id/cases/:caseNumber/alternatives': {
    summary: 'Everybody for one seat with two prices: this swap alone, and the rest solved again',
    tag: 'rounds',
    params: roundCase,
    query: seatQuery,
    reply: scenarios.Alternatives,
    may: 'round.read',
  },
  'GET /rounds/:id/cases/:caseNumber/ways': {
    summary: 'What would place a case that is not placed',
    tag: 'rounds',
    params: roundCase,
    reply: scenarios.Ways,
    may: 'round.read',
  },
  'GET /rounds/:id/runs': {
    summary: 'The runs of a round and what they come to, newest first',
    tag: 'rounds',
    params: idParams,
    reply: Type.Array(scenarios.RunRow),
    may: 'round.read',
  },
  'GET /rounds/:id/runs/:runId': {
    summary: 'One run: what was supposed, and what came out',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: scenarios.RunDetail,
    may: 'round.read',
  },
  'DELETE /rounds/:id/runs/:runId': {
    summary: 'Throw away a what-if or a trade-off',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: Done,
    may: 'round.choose',
  },
  'POST /rounds/:id/what-ifs': {
    summary: 'Calculate the round with something supposed; the round itself stays as it is',
    tag: 'rounds',
    params: idParams,
    body: scenarios.WhatIfInput,
    reply: scenarios.RunRow,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'POST /rounds/:id/fronts': {
    summary: 'Calculate the trade-off between fit and highest load',
    tag: 'rounds',
    params: idParams,
    body: scenarios.FrontInput,
    reply: scenarios.RunRow,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'GET /rounds/:id/comparison': {
    summary: 'Two to four runs side by side',
    tag: 'rounds',
    params: idParams,
    query: scenarios.ComparisonQuery,
    reply: scenarios.Comparison,
    may: 'round.read',
  },
  'POST /rounds/:id/take-over': {
    summary: 'Make choices so that the plan is as in another run, wholly or for some seats',
    tag: 'rounds',
    params: idParams,
    body: scenarios.TakeOver,
    reply: rounds.RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /rounds/:id/choices': {
    summary: 'Lock, choose another worker, exclude, or let wait: a draft',
    tag: 'rounds',
    params: idParams,
    body: rounds.ChoiceInput,
    reply: rounds.RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /rounds/:id/choices/together': {
    summary: 'Several choices as one change, judged together: all of them stand, or none',
    tag: 'rounds',
    params: idParams,
    body: rounds.ChoiceSet,
    reply: rounds.RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'GET /rounds/:id/swap': {
    summary: 'What it does when two cases change places',
    tag: 'rounds',
    params: idParams,
    query: rounds.SwapQuery,
    reply: rounds.SwapEffect,
    may: 'round.read',
  },
  'PUT /rounds/:id/cases': {
    summary:
      'Take waiting cases into an open round and let others go; the proposal is out of date after that',
    tag: 'rounds',
    params: idParams,
    body: rounds.RoundCasesInput,
    reply: rounds.RoundDetail,
    may: 'round.compose',
    ifMatch: true,
  },
  'PUT /rounds/:id/cases/:caseNumber/discussion': {
    summary: 'Take a case to the meeting, or no longer',
    tag: 'rounds',
    params: roundCase,
    body: object({ on: Type.Boolean() }),
    reply: Type.Array(rounds.Discussion),
    may: 'round.choose',
  },
  'DELETE /rounds/:id/choices/:choiceId': {
    summary: 'Undo a choice',
    tag: 'rounds',
    params: object({ id: Id, choiceId: Id }),
    reply: rounds.RoundDetail,
    may: 'round.choose',
    ifMatch: true,
  },
  'POST /rounds/:id/confirmation': {
    summary: 'Settle the round: choices become decisions and allocations',
    tag: 'rounds',
    params: idParams,
    body: rounds.Confirmation,
    reply: rounds.RoundResult,
    may: 'round.settle',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'GET /rounds/:id/result': {
    summary: 'What was decided in a settled round',
    tag: 'rounds',
    params: idParams,
    reply: rounds.RoundResult,
    may: 'round.read',
  },
  'POST /rounds/:id/cancellation': {
    summary: 'Cancel an open round; its cases wait again',
    tag: 'rounds',
    params: idParams,
    reply: Done,
    may: 'round.compose',
    once: true,
    ifMatch: true,
  },

  ...numberEndpoints,
  ...ownEndpoints,
  ...requestEndpoints,
  ...decisionEndpoints,
  ...estimateEndpoints,
  ...rulebookEndpoints,
  ...sharingEndpoints,
  ...meetingEndpoints,
  ...messageEndpoints,

  ...reallocationEndpoints,
  ...reportEndpoints,
  ...signalEndpoints,
  ...phaseEndpoints,
  ...changeEndpoints,

  'GET /events': {
    summary: 'What happened, newest first',
    tag: 'records',
    query: records.EventQuery,
    reply: records.EventList,
    may: 'event.read',
  },
  'POST /imports/workers': {
    summary: 'Import workers from CSV, dry run first',
    tag: 'records',
    body: records.ImportInput,
    reply: records.ImportReport,
    may: 'import.workers',
    once: true,
  },
  'POST /imports/cases': {
    summary: 'Import cases from CSV, dry run first',
    tag: 'records',
    body: records.ImportInput,
    reply: records.ImportReport,
    may: 'import.cases',
    once: true,
  },
  'GET /imports/workers/template': {
    summary: 'An empty list of workers to fill in, as CSV',
    tag: 'records',
    reply: Type.String(),
    may: 'import.workers',
    contentType: 'text/csv; charset=utf-8',
  },
  'GET /imports/cases/template': {
    summary: 'An empty list of cases to fill in, as CSV',
    tag: 'records',
    reply: Type.String(),
    may: 'import.cases',
    contentType: 'text/csv; charset=utf-8',
  },
  'GET /exports/workers': {
    summary: 'Workers as CSV that the import reads back',
    tag: 'records',
    reply: Type.String(),
    may: 'export.workers',
    contentType: 'text/csv; charset=utf-8',
  },
  'GET /exports/cases': {
    summary: 'Cases as CSV that the import reads back',
    tag: 'records',
    reply: Type.String(),
    may: 'export.cases',
    contentType: 'text/csv; charset=utf-8',
  },
} as const satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints

type Part<E, P extends string> = P extends keyof E
  ? E[P] extends TSchema
    ? Static<E[P]>
    : undefined
  : undefined

/** The types of every endpoint, worked out once: `Endpoints['GET /cases']['reply']`. */
export type Endpoints = {
  [Name in EndpointName]: {
    params: Part<(typeof endpoints)[Name], 'params'>
    query: Part<(typeof endpoints)[Name], 'query'>
    body: Part<(typeof endpoints)[Name], 'body'>
    reply: Part<(typeof endpoints)[Name], 'reply'>
  }
}
