import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { ruleSentence } from '../../solver/rules/broken.ts'
import type { ChoiceApproval, WaitTask } from '../contract/choices.ts'
import type { Locale } from '../contract/common.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import type { RoundDetail } from '../contract/rounds.ts'
import type { StoredChoice } from '../draft/choice-row.ts'
import { seatKey, viewDraft } from '../draft/draft-view.ts'
import { elsewhereFor } from '../draft/drafts.ts'
import { approvalsIn } from '../draft/excess.ts'
import { namesOf } from '../draft/names.ts'
import { newestRun, type Round } from '../draft/rounds.ts'
import { runView } from '../draft/runs.ts'
import { seatsThatLapsed, sinceRun } from '../draft/since.ts'
import { changedInShort, changesBetween } from '../draft/stale.ts'
import { type RoundState, readState } from '../draft/state.ts'
import type { SignedIn } from '../http/call.ts'
import { profileName } from '../rulebook/profiles.ts'
import { codeNames } from '../rulebook/queries.ts'
import { caseRows } from '../weighing/case-rows.ts'
import { casesChanged } from './cases.ts'
import { discussionsOf } from './discussion.ts'

export interface Reader {
  user: SignedIn
  today: string
  locale: Locale
}

/** Everything the review page shows about a round, in the reader's language. */
export async function roundDetail(
  db: Executor,
  round: Round,
  { user, today, locale }: Reader,
): Promise<RoundDetail> {
  const state = await readState(db, round, today)
  const run = await newestRun(db, round.id)
  const rows = await caseRows(db, {
    organisationId: round.organisationId,
    caseIds: [...state.now.caseNumbers.keys()],
    on: today,
  })
  const rulebook = await db
    .selectFrom('rulebook')
    .select(['version', 'content'])
    .where('id', '=', round.rulebookId)
    .executeTakeFirstOrThrow()
  const nameOf = namesOf(state)
  const { policy } = state.shown
  const { proposal } = state
  const isOpen = round.status === 'open'
  const codes = await codeNames(db)
  const view = viewDraft(state.shown, state.seats, nameOf, locale, codes)
  const approvalOf = isOpen ? await approvalsIn(db, state) : () => null
  return {
    id: round.id,
    status: round.status,
    version: round.version,
    startOn: round.startOn,
    profile: round.profile,
    profileName: profileName(rulebook.content, round.profile, locale),
    seed: round.seed,
    rulebookVersion: rulebook.version,
    band: { low: policy.bandLow, high: policy.bandHigh, hardLimit: policy.hardLimit },
    teams: round.teams,
    createdAt: round.createdAt.toISOString(),
    createdBy: round.createdBy,
    settledAt: round.settledAt?.toISOString() ?? null,
    settledBy: round.settledBy,
    cases: [...rows.values()].filter(one => !state.unseen.has(one.caseNumber)),
    unseen: [...rows.values()].map(one => one.caseNumber).filter(caseNumber => state.unseen.has(caseNumber)),
    workers: state.workers.map(({ staffNumber, name }) => ({ staffNumber, name })),
    run: run && runView(run, locale),
    solution: proposal && solutionOf(proposal, state.unseen.size === 0),
    ...view,
    lines: withWhatNoLongerHolds(state, view.lines, locale, codes),
    elsewhere: elsewhereFor(state.drafts, user, round.startOn, nameOf),
    choices: state.choices
      .filter(one => !state.unseen.has(one.caseNumber))
      .map(one => choiceView(one, user, approvalOf(one))),
    discuss: await discussionsOf(db, round.id),
    casesChanged: await casesChanged(db, round),
    stale:
      proposal && isOpen
        ? changesBetween(proposal.problem, state.now.problem, id => nameOf(id).name).map(one => one[locale])
        : [],
    staleInShort:
      (proposal && isOpen && changedInShort(proposal.problem, state.now.problem)?.[locale]) || null,
    choicesSinceRun: sinceRun(state).choices,
  }
}

/** A proposed seat that the tables of today do not allow any more says why. */
function withWhatNoLongerHolds(
  state: RoundState,
  lines: RoundDetail['lines'],
  locale: Locale,
  codes: CodeNames,
): RoundDetail['lines'] {
  const lapsed = seatsThatLapsed(state)
  return lines.map(line => {
    const broken = lapsed.get(seatKey(line.caseNumber, line.seat))
    if (!broken) return line
    return {
      ...line,
      messages: broken.map(one => ({ rule: one.rule, message: ruleSentence(one, codes)[locale] })),
    }
  })
}

/** Totals and prices could tell the suggestions that are still hidden, so they wait until everything is seen. */
function solutionOf(
  { id, result }: NonNullable<RoundState['proposal']>,
  allSeen: boolean,
): RoundDetail['solution'] {
  const { format: _format, lines: _lines, loads: _loads, levels, evenLoads, certificate, ...rest } = result
  if (!allSeen) return { proposalId: id, ...rest, levels: [] }
  return {
    proposalId: id,
    ...rest,
    levels,
    ...(evenLoads && { evenLoads }),
    ...(certificate && { certificate }),
  }
}

/** Why somebody is kept away from a case is for who may exclude there, and for who wrote it; the round is read by more people. */
function choiceView(
  choice: StoredChoice,
  user: SignedIn,
  approval: ChoiceApproval | null,
): RoundDetail['choices'][number] {
  const saysWhy =
    choice.kind !== 'exclude' || choice.byId === user.id || user.mayIn('case.exclude', choice.teamId)
  return {
    id: choice.id,
    caseNumber: choice.caseNumber,
    seat: choice.seat,
    kind: choice.kind,
    worker:
      choice.staffNumber === null
        ? null
        : { staffNumber: choice.staffNumber, name: choice.workerName ?? choice.staffNumber },
    reasonCode: saysWhy ? choice.reasonCode : null,
    reasonText: saysWhy ? choice.reasonText : null,
    unregisteredReason: choice.unregisteredReason,
    setAside: [...choice.setAside],
    acceptsExcess: choice.acceptsExcess,
    approval,
    lasts: choice.lasts,
    untilOn: choice.untilOn,
    reviewOn: choice.reviewOn,
    tasks: choice.tasks as WaitTask[],
    by: choice.by,
    at: choice.at.toISOString(),
  }
}

interface RoundListRow {
  id: number
  status: 'open' | 'settled' | 'cancelled'
  startOn: string
  teams: string[]
  cases: number
  placed: number | null
  deviations: number
  createdAt: Date
  createdBy: string | null
  settledAt: Date | null
  settledBy: string | null
}

/** Rounds of this person's teams, newest first; `placed` counts whole cases, of a settled round as decided. */
export async function roundList(db: Executor, user: SignedIn): Promise<Endpoints['GET /rounds']['reply']> {
  const { rows } = await sql<RoundListRow>`
    select r.id, r.status, r.start_on, r.created_at, c.name as created_by, r.settled_at, s.name as settled_by,
      (select array_agg(t.name order by t.name) from round_team rt join team t on t.id = rt.team_id
        where rt.round_id = r.id) as teams,
      (select count(*)::int from round_case rc where rc.round_id = r.id) as cases,
      case when r.status = 'settled' then
        (select count(distinct d.case_id)::int from decision d where d.round_id = r.id and d.worker_id is not null)
      when r.status = 'open' and p.id is not null then
        (select count(*)::int from (select 1 from proposal_line l where l.proposal_id = p.id
          group by l.case_id having bool_and(l.worker_id is not null)) whole)
      end as placed,
      case when r.status = 'settled' then
        (select count(*)::int from decision d where d.round_id = r.id and d.kind = 'deviation'
          and d.withdrawn_at is null)
      else
        (select count(*)::int from choice h where h.round_id = r.id and h.kind = 'override' and h.withdrawn_at is null)
      end as deviations
    from round r
    left join user_account c on c.id = r.created_by
    left join user_account s on s.id = r.settled_by
    left join lateral (select id from proposal where round_id = r.id order by id desc limit 1) p on true
    where r.organisation_id = ${user.organisationId} and exists (
      select 1 from round_team rt where rt.round_id = r.id and rt.team_id = any(${[...user.teamsFor('round.read')]}::int[]))
    order by r.id desc
    limit 200`.execute(db)
  return rows.map(row => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  }))
}
