#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { isPostgres, type OpenDatabase, openDatabase } from '../db/database.ts'
import { migrate, refuseNewer } from '../db/migrate.ts'
import { backup, restore } from './commands/backup.ts'
import { exportCommand, importCommand } from './commands/import.ts'
import { checkCommand, explainCommand, solveCommand } from './commands/solve.ts'
import { compareCommand, frontCommand, whatIfCommand } from './commands/suppose.ts'
import { verifyCommand } from './commands/verify.ts'
import { readConfig, redacted } from './config/config.ts'
import { dayOf } from './contract/days.ts'
import { serve } from './serve.ts'

const HELP = `instroom <command>

  start                              serve on PORT (default 4310), on the database of DATABASE_URL
  demo                               serve the demo organisation; everybody picks a role, on this machine only
  migrate                            bring the schema to the newest version
  import workers|cases FILE          read a CSV file; --dry-run shows what would change; --organisation NAME makes
                                     the organisation in an empty database; --lang nl|en
  export workers|cases [FILE]        write the same table as CSV to a file or to the screen
  verify                             check history, seats, hours and proposals; --checkpoint FILE compares with an
                                     earlier state kept elsewhere, and renews it
  backup FILE                        write everything to a new file (holds password hashes: keep it safe)
  restore FILE --into TARGET         into a new directory or an empty postgres:// database
  solve PROBLEM.json                 propose for a problem; --out FILE, --seed N, --time-limit SECONDS
  check PROBLEM.json PROPOSAL.json   does the proposal keep to the rules
  explain PROBLEM.json PROPOSAL.json --case ID   why this worker; --not WORKER, --lang nl|en
                                     --alternatives: both prices of everybody
  what-if PROBLEM.json CHANGES.json  propose with something supposed; --out FILE, --problem FILE
  compare A.json B.json              two proposals: who changes, and the figures; with PROBLEM.json before each also why
  front PROBLEM.json                 fit against the highest load; --points N, --out FILE
  help                               this text

The database is that of --database (postgres://… or a directory), else of DATABASE_URL, else ./data/instroom.
A directory serves one process at a time: stop the server first, or use PostgreSQL.`

/** The value after `--name`, taken out of the arguments; undefined when it is not there. */
function option(args: string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`)
  if (at === -1) return undefined
  const value = args[at + 1]
  if (value === undefined || value.startsWith('--')) throw new Error(`--${name} needs a value.`)
  args.splice(at, 2)
  return value
}

async function run(command: string, args: string[]): Promise<number | 'serving'> {
  const built = new URL('.', import.meta.url)
  switch (command) {
    case 'start':
    case 'demo':
      refuseMore(args)
      await serve(readConfig(process.env, { demo: command === 'demo', built }))
      return 'serving'
    case 'migrate':
      return onDatabase(args, async (open, rest) => {
        refuseMore(rest)
        const done = await migrate(open)
        console.log(done.length === 0 ? 'The schema was at head already.' : `Migrated: ${done.join(', ')}.`)
        return 0
      })
    case 'import':
      return onDatabase(args, (open, rest) => importCommand(rest, open))
    case 'export':
      return onDatabase(args, (open, rest) => exportCommand(rest, open))
    case 'verify': {
      const checkpoint = option(args, 'checkpoint')
      return onDatabase(args, (open, rest) => {
        refuseMore(rest)
        return verifyCommand(open, dayOf(new Date()), checkpoint)
      })
    }
    case 'backup':
      return onDatabase(args, async (open, rest) => {
        const file = only(rest, 'the file to write')
        const { tables } = await backup(open, file, new Date())
        console.log(
          `${file}: ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${tables.length} tables.`,
        )
        return 0
      })
    case 'restore': {
      const target = option(args, 'into')
      if (target === undefined) throw new Error('Name the target: --into DIRECTORY or --into postgres://…')
      const { tables, createdAt } = await restore(only(args, 'the backup to restore'), target)
      const rows = tables.reduce((sum, table) => sum + table.rows, 0)
      console.log(
        `${redacted(target)} holds the ${rows} rows of ${createdAt}; counts and history are as they were.`,
      )
      return 0
    }
    case 'solve':
      return solveCommand(args)
    case 'check':
      return checkCommand(args)
    case 'explain':
      return explainCommand(args)
    case 'what-if':
      return whatIfCommand(args)
    case 'compare':
      return compareCommand(args)
    case 'front':
      return frontCommand(args)
    case 'help':
    case '--help':
    case '-h':
      console.log(HELP)
      return 0
    default:
      console.error(`There is no command "${command}".\n\n${HELP}`)
      return 2
  }
}

/** Opens the database of the arguments or the environment, at head, and closes it whatever happens. */
async function onDatabase(
  args: string[],
  work: (open: OpenDatabase, rest: string[]) => Promise<number>,
): Promise<number> {
  const given = option(args, 'database')
  const url =
    given ?? readConfig(process.env, { demo: false, built: new URL('.', import.meta.url) }).databaseUrl
  const creates = command === 'migrate' || command === 'import'
  if (!isPostgres(url) && !existsSync(url) && !creates) throw new Error(`There is no database in ${url}.`)
  const open = await openDatabase(url)
  try {
    if (command === 'import') await migrate(open)
    else await refuseNewer(open.db)
    return await work(open, args)
  } finally {
    await open.close()
  }
}

function only(args: readonly string[], what: string): string {
  const [value, ...more] = args
  if (value === undefined) throw new Error(`Name ${what}.`)
  refuseMore(more)
  return value
}

function refuseMore(args: readonly string[]): void {
  if (args.length > 0) throw new Error(`"${args.join(' ')}" is too much. See: instroom help`)
}

const [command = 'help', ...args] = process.argv.slice(2)
try {
  const result = await run(command, args)
  if (result !== 'serving') process.exitCode = result
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
