import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { termsOf } from '../weighing/terms.ts'
import { type Found, found, type Scope, teams } from './found-signal.ts'

/**
 * A first contact or a plan of a case that somebody has, and of which nobody said in time that it was made. Cases that wait
 * show theirs in the list of Instroom.
 */
export async function overdueTerms(db: Executor, scope: Scope): Promise<Found[]> {
  const { rows } = await sql<{
    caseNumber: string
    teamId: number
    receivedOn: string
    met: ('firstContact' | 'plan')[]
  }>`
    select c.case_number, c.team_id, c.received_on,
      array(select m.term from case_term_met m where m.case_id = c.id) as met
    from case_file c join case_standing(${scope.today}::date) s on s.case_id = c.id and s.status in ('allocated', 'later')
    where c.organisation_id = ${scope.organisationId} and c.team_id = any(${teams(scope)}) and s.asks_terms
    order by c.received_on, c.case_number`.execute(db)
  return rows.flatMap(({ caseNumber, teamId, receivedOn, met }) => {
    const termsMet = Object.fromEntries(met.map(term => [term, null]))
    const terms = termsOf({ receivedOn, asksTerms: true, termsMet }, scope.today)
    return (['firstContact', 'plan'] as const).flatMap(term => {
      if (terms[term]?.state !== 'overdue') return []
      const day = terms[term].dueOn
      const about = { kind: 'case' as const, id: caseNumber, name: caseNumber }
      const row = { subject: caseNumber, mark: term, teamId, day, about }
      return [found(scope, 'termOverdue', row, { caseNumber, day, term })]
    })
  })
}
