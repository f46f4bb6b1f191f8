import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
)
const files = ['db', 'solver', 'server']
  .flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map(file => join(root, room, file)),
  )
  .filter(file => file.endsWith('.ts'))

/** One word more of each kind: in the list of words, and what else is said of each beside it. */
const CHANGES: Record<string, [string, string][]> = {
  'solver/problem/problem.ts': [
    ['export const RuleCode = oneOf(', "export const RuleCode = oneOf('imaginary',"],
    ['export const CriterionCode = oneOf(', "export const CriterionCode = oneOf('imaginary',"],
    ['scarceSkill: ', 'imaginary: Type.Optional(Type.Number()), scarceSkill: '],
    ['export const Phase = oneOf(', "export const Phase = oneOf('imaginary',"],
  ],
  'solver/problem/urgencies.ts': [['export const URGENCIES = [', "export const URGENCIES = ['imaginary',"]],
  'server/contract/common.ts': [['export const Role = oneOf(', "export const Role = oneOf('imaginary',"]],
  // A new role takes a migration.
  'db/schema.ts': [['export type Role = ', "export type Role = 'imaginary' | "]],
}

/** Files in which the type checker then finds something missing. */
function demandedFiles(): string[] {
  const host = ts.createCompilerHost(options)
  const read = host.readFile
  host.readFile = file => {
    const text = read(file)
    const changes = CHANGES[relative(root, resolve(file))]
    if (!changes || text === undefined) return text
    return changes.reduce((now, [from, to]) => {
      if (!now.includes(from)) throw new Error(`${file} has no ${from}`)
      return now.replace(from, to)
    }, text)
  }
  host.getSourceFile = (file, languageVersion) => {
    const text = host.readFile(file)
    return text === undefined ? undefined : ts.createSourceFile(file, text, languageVersion)
  }
  const program = ts.createProgram(files, { ...options, noEmit: true }, host)
  const faults = ts.getPreEmitDiagnostics(program)
  return [...new Set(faults.map(fault => relative(root, fault.file?.fileName ?? '')))].sort()
}

test('who adds a rule, criterion, role, phase or urgency is told by the type checker what is missing: its entry, and where it has a name', () => {
  expect(demandedFiles()).toEqual([
    // What a role is called, and what it is for.
    'server/accounts/sessions.ts',
    'server/contract/phase-order.ts',
    'server/contract/roles.ts',
    'server/http/rights.ts',
    // Columns and words of the import.
    'server/imports/cases.ts',
    'server/reports/flow-sheet.ts',
    'server/reports/sheets.ts',
    // Hours by phase, as the database adds them up; weights by phase are numbers of the rulebook.
    'server/reports/trend.ts',
    'server/weighing/weight.ts',
    'server/wishes/kinds.ts',
    'server/workload/load.ts',
    // How an urgency, and a level that it makes, is said.
    'solver/explain/change-sentences.ts',
    'solver/explain/resolve.ts',
    'solver/problem/urgencies.ts',
    'solver/rules/criteria.ts',
    'solver/rules/rules.ts',
  ])
})
