import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const PROBLEM = join(root, 'solver/problem/problem.ts')

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
)
const files = ['solver', 'server']
  .flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map(file => join(root, room, file)),
  )
  .filter(file => file.endsWith('.ts'))

/** The Problem with one word more: in a list, and what else it says of each. */
const CHANGES: [string, string][] = [
  ['export const RuleCode = oneOf(', "export const RuleCode = oneOf('imaginary',"],
  ['export const CriterionCode = oneOf(', "export const CriterionCode = oneOf('imaginary',"],
  ['scarceSkill: ', 'imaginary: Type.Optional(Type.Number()), scarceSkill: '],
]

/** Files in which the type checker then finds something missing. */
function demandedFiles(): string[] {
  const host = ts.createCompilerHost(options)
  const read = host.readFile
  host.readFile = file => {
    const text = read(file)
    if (resolve(file) !== PROBLEM || text === undefined) return text
    return CHANGES.reduce((now, [from, to]) => {
      if (!now.includes(from)) throw new Error(`${PROBLEM} has no ${from}`)
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

test('who adds a rule or a criterion is told by the type checker what is missing: its entry, and nothing else', () => {
  expect(demandedFiles()).toEqual(['solver/rules/criteria.ts', 'solver/rules/rules.ts'])
})
