import type { Executor } from '../../db/database.ts'
import type { numberEndpoints } from '../contract/numbers.ts'
import { append } from '../events/events.ts'
import { type Handlers, staleVersion } from '../http/call.ts'
import { numberFormsOf } from '../http/own-numbers.ts'
import { twinsOf } from './twins.ts'

export const numberHandlers: Pick<Handlers, keyof typeof numberEndpoints> = {
  'GET /organisation/numbers': ({ db, user }) => stateOf(db, user.organisationId),

  'GET /organisation/twins': ({ db, user }) => twinsOf(db, user.organisationId),

  async 'PUT /organisation/numbers'({ db: tx, user, body, expectedVersion, now }) {
    const id = user.organisationId
    const { version } = await tx
      .selectFrom('organisation')
      .select('version')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (version !== expectedVersion) throw staleVersion(version)
    await tx
      .updateTable('organisation')
      .set(eb => ({
        caseNumberForm: body.caseNumber,
        familyNumberForm: body.familyNumber,
        staffNumberForm: body.staffNumber,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', id)
      .execute()
    append(tx, {
      type: 'organisation.numbersSet',
      actor: user,
      organisationId: id,
      teamId: null,
      objectType: 'organisation',
      objectId: String(id),
      data: body,
      at: now,
    })
    return stateOf(tx, id)
  },
}

async function stateOf(db: Executor, organisationId: number) {
  const { version } = await db
    .selectFrom('organisation')
    .select('version')
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
  return { ...(await numberFormsOf(db, organisationId)), version }
}
