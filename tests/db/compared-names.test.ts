import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../../db/migrations/0018_compared_names.ts'
import { comparable, tidy } from '../../server/contract/names.ts'
import { anOrganisation, aTeam, aWorker } from '../support/builders.ts'
import { forEachDatabase, freshDatabase } from '../support/databases.ts'

const SAME = [
  [
    'Team Noord',
    'team noord',
    'TEAM NOORD',
    ' Team  Noord ',
    'Team\u00a0Noord',
    'Team\u200b Noord',
    '\ufeffTeam Noord',
  ],
  ['k-17', 'K-17', 'Ｋ-17', 'k-\u00ad17'],
  ['Zoë', 'ZOË', 'Zoe\u0308'],
]

test('spellings that look the same are the same, others are not', () => {
  for (const [first, ...others] of SAME) {
    for (const other of others) expect(comparable(other), other).toBe(comparable(first!))
  }
  expect(comparable('Team Noord')).not.toBe(comparable('TeamNoord'))
  expect(tidy(' Team\u00a0\u200b Noord\n')).toBe('Team Noord')
})

forEachDatabase('numbers and names', engine => {
  test('the database compares as the application does', async () => {
    const open = await freshDatabase(engine)
    const characters = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({
        unit: fc.constantFrom(...'aAéÉßİΣςЖǅ ﬁ½\u00a0\u200b\u00ad\u3164\u2028\t\u1160e\u0301'),
        maxLength: 20,
      }),
    )
    const texts = fc
      .sample(characters, { numRuns: 4000, seed: 11 })
      .map(text => text.replaceAll('\0', ''))
      // What Unicode has given no meaning yet may get one in one of the two before the other.
      .filter(text => !/\p{Cn}|\p{Cs}/u.test(text))
    texts.push(...Array.from({ length: 0x3000 }, (_, point) => `a${String.fromCharCode(point + 1)}b`))
    const asked = texts.filter(text => !/\p{Cn}/u.test(text))
    const { rows } = await sql<{ compared: string }>`
      select comparable(t.given) as compared from unnest(${asked}::text[]) with ordinality t (given, place) order by place`.execute(
      open.db,
    )
    const differing = asked.filter((text, index) => comparable(text) !== rows[index]!.compared)
    expect(differing.map(text => [text, comparable(text)])).toEqual([])
    await open.close()
  })

  test('what was the same already is kept and marked; only what is new is refused', async () => {
    const open = await freshDatabase(engine)
    const { db } = open
    const organisationId = await anOrganisation(db)
    const teamId = await aTeam(db, { organisationId, name: 'Team Noord' })
    for (const table of ['worker', 'case_file', 'family', 'team']) {
      await sql`alter table ${sql.table(table)} drop column compared_as cascade, drop column twin cascade`.execute(
        db,
      )
    }
    await sql`drop function comparable, renamed_is_no_twin, twin_takes_place cascade`.execute(db)
    for (const staffNumber of ['kb-1', 'KB-1', 'Kb-1', 'kb-2']) {
      await aWorker(db, { organisationId, teamId, staffNumber })
    }
    await aTeam(db, { organisationId, name: 'TEAM  NOORD' })
    await up(db as Kysely<unknown>)
    const twins = () => db.selectFrom('worker').select(['staffNumber', 'twin']).orderBy('id').execute()
    expect(await twins()).toEqual([
      { staffNumber: 'kb-1', twin: false },
      { staffNumber: 'KB-1', twin: true },
      { staffNumber: 'Kb-1', twin: true },
      { staffNumber: 'kb-2', twin: false },
    ])
    expect(await db.selectFrom('team').select('name').where('twin', '=', true).execute()).toEqual([
      { name: 'TEAM  NOORD' },
    ])
    await expect(aWorker(db, { organisationId, teamId, staffNumber: 'kB-1' })).rejects.toThrow(
      'worker_staff_number_alike',
    )
    await expect(aWorker(db, { organisationId, teamId, staffNumber: 'KB-2' })).rejects.toThrow(
      'worker_staff_number_alike',
    )
    await expect(aTeam(db, { organisationId, name: 'team noord' })).rejects.toThrow('team_name_alike')

    const rename = (from: string, to: string) =>
      db.updateTable('worker').set({ staffNumber: to }).where('staffNumber', '=', from).execute()
    await expect(rename('Kb-1', 'KB-2')).rejects.toThrow('worker_staff_number_alike')
    await rename('kb-1', 'kb-9')
    expect((await twins()).filter(one => one.twin)).toEqual([{ staffNumber: 'Kb-1', twin: true }])
    await rename('Kb-1', 'kb-10')
    expect((await twins()).filter(one => one.twin)).toEqual([])
    await open.close()
  })
})
