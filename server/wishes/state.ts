import type { Static } from 'typebox'
import type { Tx } from '../../db/database.ts'
import { PHASES } from '../contract/phase-order.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { type Preferences, RATHER_NOT_BUDGET } from '../contract/workers.ts'
import type { Call } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { rulebookOn } from '../rulebook/queries.ts'

type Stated = Static<typeof Preferences>
type Reader = Pick<Call<'POST /workers'>, 'user' | 'locale' | 'today' | 'now'>

const UNKNOWN = { nl: 'Deze code staat niet in de lijst.', en: 'This code is not in the list.' }
const TWICE = { nl: 'Deze staat er al.', en: 'This one is already there.' }
/** A phase, a region and heavy cases are no skill that one learns. */
const LEARNABLE: readonly string[] = ['measure', 'method', 'factor']

/** How often "rather not" may be chosen under this rulebook. */
export function wishBudget(content: RulebookContent): number {
  return content.wishBudget ?? RATHER_NOT_BUDGET
}

/**
 * Replaces the wishes of a worker and keeps the statement, so that it can be taken over later. The caller holds the lock on
 * the worker, raises its version and appends the event. Throws a 422 that names every wish that cannot be.
 */
export async function stateWishes(
  tx: Tx,
  worker: { id: number; teamId: number },
  stated: Stated,
  reader: Reader,
): Promise<void> {
  const errors = new FieldErrors(reader.locale)
  await checkWishes(tx, stated.preferences, reader, errors)
  const mentorId = await mentorIdOf(tx, worker, stated.mentor, reader, errors)
  errors.refuse()
  await tx.deleteFrom('preference').where('workerId', '=', worker.id).execute()
  if (stated.preferences.length > 0) {
    await tx
      .insertInto('preference')
      .values(stated.preferences.map(one => ({ ...one, workerId: worker.id })))
      .execute()
  }
  await tx.updateTable('worker').set({ mentorId }).where('id', '=', worker.id).execute()
  await tx
    .insertInto('wishStatement')
    .values({
      workerId: worker.id,
      statedAt: reader.now,
      wishes: JSON.stringify(stated.preferences),
      mentorId,
    })
    .execute()
}

/** About the work only, each subject once, learning only what one can learn, "rather not" within the budget. */
async function checkWishes(
  tx: Tx,
  wishes: Stated['preferences'],
  reader: Reader,
  errors: FieldErrors,
): Promise<void> {
  const codesOf = async (table: 'measure' | 'caseFactor' | 'method' | 'municipality') =>
    new Set((await tx.selectFrom(table).select('code').execute()).map(one => one.code))
  const codes = {
    measure: await codesOf('measure'),
    phase: new Set<string>(PHASES),
    method: await codesOf('method'),
    factor: await codesOf('caseFactor'),
    region: await codesOf('municipality'),
    heavy: new Set(['heavy']),
  }
  const notWork = await entriesNotAboutWork(tx)
  wishes.forEach((one, index) => {
    const path = `preferences.${index}`
    if (!codes[one.kind].has(one.code)) errors.add(`${path}.code`, UNKNOWN, one.code)
    if (notWork.has(`${one.kind} ${one.code}`)) {
      errors.add(
        `${path}.code`,
        {
          nl: 'Een wens gaat over het werk. Dit zegt iets van cliënten; wat ze nodig hebben, is een competentie.',
          en: 'A wish is about the work. This says something about clients; what they need is a competence.',
        },
        one.code,
      )
    }
    if (wishes.findIndex(other => other.kind === one.kind && other.code === one.code) !== index) {
      errors.add(`${path}.code`, TWICE, one.code)
    }
    if (one.value === 'learn' && !LEARNABLE.includes(one.kind)) {
      errors.add(`${path}.value`, {
        nl: 'Leren kan alleen bij een maatregel, een werkwijze of een factor.',
        en: 'Learning is possible only for a measure, a method or a factor.',
      })
    }
  })
  const budget = wishBudget((await rulebookOn(tx, reader.user.organisationId, reader.today)).content)
  const ratherNot = wishes.filter(one => one.value === 'rather_not').length
  if (ratherNot > budget) {
    errors.add(
      'preferences',
      {
        nl: `Je kunt hoogstens ${budget} keer "liever niet" kiezen; dit zijn er ${ratherNot}.`,
        en: `You can choose "prefer not" at most ${budget} times; you chose it ${ratherNot} times.`,
      },
      ratherNot,
    )
  }
}

/** As 'kind code': what people have no wishes about. */
async function entriesNotAboutWork(tx: Tx): Promise<Set<string>> {
  const of = async (kind: 'factor' | 'method', table: 'caseFactor' | 'method') =>
    (await tx.selectFrom(table).where('aboutWork', '=', false).select('code').execute()).map(
      ({ code }) => `${kind} ${code}`,
    )
  return new Set([...(await of('factor', 'caseFactor')), ...(await of('method', 'method'))])
}

/** A mentor is somebody else: a registered colleague of the team. Left out, the mentor stays. */
async function mentorIdOf(
  tx: Tx,
  worker: { id: number; teamId: number },
  mentor: Stated['mentor'],
  { today }: Reader,
  errors: FieldErrors,
): Promise<number | null> {
  if (mentor === undefined) {
    const row = await tx
      .selectFrom('worker')
      .select('mentorId')
      .where('id', '=', worker.id)
      .executeTakeFirst()
    return row?.mentorId ?? null
  }
  if (mentor === null) return null
  const found = await mentorsOf(tx, worker, today).where('staffNumber', '=', mentor).executeTakeFirst()
  if (found) return found.id
  errors.add(
    'mentor',
    {
      nl: 'Kies een geregistreerde collega uit je eigen team.',
      en: 'Choose a registered colleague in your own team.',
    },
    mentor,
  )
  return null
}

/** Who can guide this worker: registered colleagues of the team in service. */
export function mentorsOf(db: Pick<Tx, 'selectFrom'>, worker: { id: number; teamId: number }, today: string) {
  return db
    .selectFrom('worker')
    .where('teamId', '=', worker.teamId)
    .where('id', '!=', worker.id)
    .where('registration', '=', 'registered')
    .where('employedFrom', '<=', today)
    .where(eb => eb.or([eb('employedUntil', 'is', null), eb('employedUntil', '>=', today)]))
    .where(eb => eb.or([eb('registrationUntil', 'is', null), eb('registrationUntil', '>=', today)]))
    .select(['id', 'staffNumber', 'name'])
    .orderBy('name')
}
