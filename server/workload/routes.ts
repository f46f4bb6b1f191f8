import { type Handlers, notFound } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { bandOf } from './band.ts'
import { workloadOn } from './rows.ts'
import { todayOf } from './today.ts'

type Names = 'GET /workers' | 'GET /today'

export const workloadHandlers: Pick<Handlers, Names> = {
  async 'GET /workers'({ db, query, user, today }) {
    const on = query.on ?? today
    const inScope = user.teamsFor('workload.read')
    if (query.team !== undefined && !inScope.includes(query.team)) {
      throw notFound({ nl: 'Dit team', en: 'This team' })
    }
    const teamIds = query.team === undefined ? inScope : [query.team]
    const rulebook = await rulebookOn(db, user.organisationId, on)
    return {
      on,
      band: bandOf(rulebook.content),
      rulebookVersion: rulebook.version,
      ...(await workloadOn(db, { organisationId: user.organisationId, teamIds, on })),
    }
  },

  'GET /today': todayOf,
}
