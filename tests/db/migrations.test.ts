import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Db, openDatabase } from '../../db/database.ts'
import { migrations } from '../../db/migrations/index.ts'
import { restore } from '../../server/commands/backup.ts'
import { verify } from '../../server/commands/verify.ts'
import { emptyTarget, forEachDatabase, freshDatabase } from '../support/databases.ts'

const DIRECTORY = new URL('../../db/migrations/', import.meta.url)

/** sha256 of each migration as it shipped, its first 16 digits. One that is new adds its line; no line ever changes. */
const SHIPPED: Record<string, string> = {
  '0001_first_round': '6a6f152e6b950949',
  '0002_sign_in_attempts': '0a824c13814e8f1e',
  '0003_what_if': 'acbc2c0377976a20',
  '0004_settling': '61cce0e9cefd2341',
  '0005_own_wishes': 'ef0cdf736f04cc36',
  '0006_history': '2de52e201f0ea708',
  '0007_choices': '284618cf9911a759',
  '0008_phases': '026b0a4f4cfa7d43',
  '0009_rulebook': '73299209c4aa8728',
  '0010_first_look': '01a9b64967a7861f',
  '0011_run_summary': 'bbbdd72c77862f1b',
  '0012_indexes': 'dbfc1726b98700d2',
  '0013_seats': 'a41a8b663f735c24',
  '0014_reallocation': '22fadec195319bef',
  '0015_standing': '4f990b4bf80f4e9d',
  '0016_judged_over_time': 'db5b49e5a78bfa04',
  '0017_own_numbers': '74d448ed370ec827',
  '0018_compared_names': '501df06e6b709155',
  '0019_pulse_counts': '7778606644a32fda',
  '0021_returned_runs': '384401055b88c6d7',
  '0022_approval_figure': '35468bd0690bace8',
  '0023_wishes_kept': 'b7db32423f683fdf',
  '0024_reason_uses': 'd75db4d7f9d48996',
  '0025_outside_approvals': 'a9f0787dd9d30cff',
  '0026_request_periods': 'a949d2a25bb29833',
  '0027_import_headings': '5b690c511a6a04ff',
  '0028_lapsed_questions': 'f252b0eb025b4f1c',
  '0029_known_devices': '9a208356aea480ea',
  '0030_corrected_numbers': 'a38f32242b848c00',
  '0031_own_agreement': '919a551ff82c5b6b',
  '0033_own_account': '42742da85e93ceb0',
  '0034_ended_teams': 'cabc0e4cdeafa3d5',
}

/** A filled database as it was before a migration came: a backup, named after the last migration that had run in it. */
const FILLED = [
  { file: 'schema-0014.backup', day: '2026-11-30' },
  { file: 'schema-0027.backup', day: '2026-11-30' },
]

test('a migration that shipped is never edited, and a new one comes after all others', () => {
  const files = readdirSync(DIRECTORY).filter(name => name !== 'index.ts')
  const found = Object.fromEntries(
    files.sort().map(name => {
      const text = readFileSync(new URL(name, DIRECTORY))
      return [name.replace('.ts', ''), createHash('sha256').update(text).digest('hex').slice(0, 16)]
    }),
  )
  expect(found).toEqual(SHIPPED)
  expect(Object.keys(migrations)).toEqual(Object.keys(SHIPPED))
})

/** Everything that a schema is made of, in words of the database itself. */
async function schemaOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
      || coalesce(column_default, '') || coalesce(generation_expression, '') as line
    from information_schema.columns where table_schema = current_schema()
    union all
    select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = current_schema()::regnamespace
    union all
    select 'index ' || indexdef from pg_indexes where schemaname = current_schema()
    union all
    select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all
    select 'function ' || pg_get_functiondef(p.oid) from pg_proc p
    where pronamespace = current_schema()::regnamespace and prokind = 'f'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select 'view ' || viewname || ' ' || definition from pg_views where schemaname = current_schema()
    order by 1`.execute(db)
  return rows.map(row => row.line)
}

forEachDatabase('a filled database of before', engine => {
  test.each(FILLED)(
    '$file migrates to the schema of a new one, and all that must hold still does',
    async ({ file, day }) => {
      const target = await emptyTarget(engine)
      try {
        await restore(new URL(`../fixtures/${file}`, import.meta.url).pathname, target.url)
        const open = await openDatabase(target.url)
        try {
          const { checks } = await verify(open, day)
          expect(checks.flatMap(check => check.faults)).toEqual([])
          const fresh = await freshDatabase(engine)
          expect(await schemaOf(open.db)).toEqual(await schemaOf(fresh.db))
          await fresh.close()
        } finally {
          await open.close()
        }
      } finally {
        await target.drop()
      }
    },
    120_000,
  )
})
