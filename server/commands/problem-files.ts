import { readFile, rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { Language } from '../../solver/problem/sentences.ts'
import { type InputError, validateProblem, validateProposal } from '../../solver/problem/validate.ts'

/** Where a command writes: lines for people or scripts, and lines about what went wrong. */
export interface Terminal {
  out: (line: string) => void
  err: (line: string) => void
}

export const terminal: Terminal = { out: line => console.log(line), err: line => console.error(line) }

/** A mistake of the user: shown as it is, exit code 2. */
export class UsageError extends Error {}

export async function guarded(to: Terminal, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    to.err(error.message)
    return 2
  }
}

export function read(args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

export function one(positionals: readonly string[], usage: string, count: number): readonly string[] {
  if (positionals.length !== count) throw new UsageError(`Usage: ${usage}`)
  return positionals
}

export function number(text: unknown, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  // An empty text would count as 0.
  const value = String(text).trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new UsageError(`${name} ${text}: give a number from ${least} to ${most}.`)
  }
  return value
}

export function wholeNumber(text: unknown, name: string, least: number, most: number): number | undefined {
  const value = number(text, name, least, most)
  if (value === undefined || Number.isInteger(value)) return value
  throw new UsageError(`${name} ${text}: give a whole number from ${least} to ${most}.`)
}

export function languageOf(text: unknown): Language {
  if (text === undefined) return 'nl'
  if (text === 'nl' || text === 'en') return text
  throw new UsageError(`--lang ${text}: it is nl or en.`)
}

export async function readJson(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const why =
      code === 'ENOENT' ? 'the file does not exist' : code === 'EISDIR' ? 'it is a folder' : String(code)
    throw new UsageError(`Cannot read ${file}: ${why}.`)
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function refuse(file: string, errors: readonly InputError[]): never {
  const lines = errors.map(each => `  ${each.path}: ${each.message}`)
  throw new UsageError([`${file} cannot be used:`, ...lines].join('\n'))
}

export async function readProblem(file: string): Promise<Problem> {
  const judged = validateProblem(await readJson(file))
  return 'problem' in judged ? judged.problem : refuse(file, judged.errors)
}

export async function readProposal(file: string): Promise<Proposal> {
  const judged = validateProposal(await readJson(file))
  return 'proposal' in judged ? judged.proposal : refuse(file, judged.errors)
}

/** A reader never sees half a file. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`
  try {
    await writeFile(part, text)
    await rename(part, file)
  } catch (error) {
    throw new UsageError(`Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
