/** What somebody may do. Which roles may is in roles.ts; the scope (which teams, which cases) is another question, answered by the row. */
export const ACTIONS = [
  'session.own',
  'catalogue.read',
  'case.read',
  'case.write',
  /** Set and see why a worker is excluded from a case. */
  'case.exclude',
  /** Allocate one case outside a round. */
  'case.allocate',
  /** Say how a case goes on: who has it, and for the own teams. */
  'phase.answer',
  /** Say that a case asks little work for a while. */
  'dormancy.decide',
  'worker.read',
  'worker.write',
  'preference.writeOwn',
  /** See and say what is one's own: availability, load, requests, history. */
  'own.work',
  'request.read',
  /** Answer requests for leave, reductions and corrections. */
  'request.decide',
  'estimate.take',
  'estimate.lead',
  'round.read',
  'round.compose',
  'round.choose',
  'round.settle',
  /** How a team settles its rounds. */
  'settling.read',
  'settling.write',
  /** Answer proposals for oneself, and swap. */
  'answer.own',
  'decision.withdraw',
  'pulse.answer',
  'support.read',
  'mail.manage',
  /** Accept load above the hard limit, each time as a decision of its own. */
  'limit.exceed',
  'workload.read',
  /** How work and wishes are shared among the people of the own teams. */
  'fairness.read',
  /** See what asks attention in the own teams, and say what is done about it: what is about cases. */
  'signal.handle',
  /** The same of what is about people: their load, leave and records. */
  'signal.people',
  'event.read',
  'rulebook.write',
  'catalogue.write',
  /** See the next rulebook as it is being written, and what it would do to the loads of the own teams. */
  'rulebook.preview',
  'user.manage',
  'team.manage',
  'import.workers',
  'import.cases',
  'export.workers',
  'export.cases',
] as const

export type Action = (typeof ACTIONS)[number]
