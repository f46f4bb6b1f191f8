import { Compile } from 'typebox/compile'
import { changeSentence } from '../../solver/explain/change-sentences.ts'
import { inputChanges } from '../../solver/explain/input-changes.ts'
import { movesBetween } from '../../solver/explain/resolve.ts'
import { fitOf, tradeOff } from '../../solver/explain/trade-off.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import { highestLoad } from '../../solver/explain/worth.ts'
import { Changes } from '../../solver/problem/changes.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { isPlaced } from '../../solver/search/proposal.ts'
import { solve } from '../../solver/solve.ts'
import {
  guarded,
  languageOf,
  number,
  one,
  read,
  readJson,
  readProblem,
  readProposal,
  refuse,
  type Terminal,
  terminal,
  UsageError,
  wholeNumber,
  writeWhole,
} from './problem-files.ts'

const changesSchema = Compile(Changes)
const id = (workerId: string) => workerId

/**
 * `instroom what-if problem.json changes.json [--out proposal.json] [--problem supposed.json]`: solves the problem with the
 * changes supposed. Exit code 0, or 2 for bad input.
 */
export function whatIfCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, {
      out: { type: 'string' },
      problem: { type: 'string' },
      'time-limit': { type: 'string' },
      lang: { type: 'string' },
    })
    const usage = 'instroom what-if problem.json changes.json [--out proposal.json] [--problem supposed.json]'
    const [file, changesFile] = one(positionals, usage, 2)
    const language = languageOf(values.lang)
    const problem = await readProblem(file!)
    const changes = await readJson(changesFile!)
    if (!changesSchema.Check(changes)) {
      const errors = [...changesSchema.Errors(changes)].slice(0, 20)
      refuse(
        changesFile!,
        errors.map(each => ({ path: each.instancePath || '/', message: each.message })),
      )
    }
    const supposed = applyChanges(problem, changes)
    if ('errors' in supposed) {
      const errors = supposed.errors.map(each => ({
        path: `/${each.index}${each.field ? `/${each.field}` : ''}`,
        message: each.message[language],
      }))
      refuse(changesFile!, errors)
    }
    for (const change of changes) to.err(changeSentence(change, id)[language])
    const seconds = number(values['time-limit'], '--time-limit', 0.001, 86400)
    const proposal = await solve(
      supposed.problem,
      seconds === undefined ? {} : { timeLimitMs: seconds * 1000 },
    )
    if (typeof values.problem === 'string') await writeWhole(values.problem, jsonOf(supposed.problem))
    if (typeof values.out === 'string') await writeWhole(values.out, jsonOf(proposal))
    else to.out(jsonOf(proposal).trimEnd())
    return 0
  })
}

/**
 * `instroom compare a.json b.json`, or with the problems that they answer: `instroom compare problem-a.json a.json
 * problem-b.json b.json`. Changed seats and figures, and with the problems what changed in the inputs.
 */
export function compareCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, { lang: { type: 'string' } })
    const usage =
      'instroom compare a.json b.json, or: instroom compare problem-a.json a.json problem-b.json b.json'
    if (positionals.length !== 2 && positionals.length !== 4) throw new UsageError(`Usage: ${usage}`)
    const language = languageOf(values.lang)
    const nl = language === 'nl'
    const whole = positionals.length === 4
    const first = await readProposal(positionals[whole ? 1 : 0]!)
    const second = await readProposal(positionals[whole ? 3 : 1]!)
    for (const [label, value] of figuresOf(first, nl)) {
      const other = new Map(figuresOf(second, nl)).get(label)
      to.out(`${label}: ${value} → ${other}`)
    }
    const moves = movesBetween(first, second)
    for (const { caseId, seat, from, to: next } of moves) {
      const where = seat === 'second' ? (nl ? ' (tweede plek)' : ' (second seat)') : ''
      to.out(`${caseId}${where}: ${from ?? '-'} → ${next ?? '-'}`)
    }
    if (moves.length === 0) to.out(nl ? 'Iedereen houdt dezelfde zaken.' : 'Everyone keeps the same cases.')
    if (!whole) return 0
    const [a, b] = [await readProblem(positionals[0]!), await readProblem(positionals[2]!)]
    for (const change of inputChanges(a, b, id)) to.out(change[language])
    return 0
  })
}

/** `instroom front problem.json [--points N] [--out front.json]`: the trade-off between fit and the highest load. */
export function frontCommand(args: readonly string[], to: Terminal = terminal): Promise<number> {
  return guarded(to, async () => {
    const { values, positionals } = read(args, {
      points: { type: 'string' },
      out: { type: 'string' },
      'time-limit': { type: 'string' },
      lang: { type: 'string' },
    })
    const usage = 'instroom front problem.json [--points 3-15] [--out front.json] [--time-limit SECONDS]'
    const problem = await readProblem(one(positionals, usage, 1)[0]!)
    const points = wholeNumber(values.points, '--points', 3, 15) ?? 12
    const seconds = number(values['time-limit'], '--time-limit', 0.001, 86400) ?? 60
    const nl = languageOf(values.lang) === 'nl'
    const front = await tradeOff(problem, { points, timeLimitMs: seconds * 1000 })
    for (const point of front.points) {
      const names = point.names.map(name => (nl ? dutch[name] : name)).join(', ')
      const proven = point.proven ? '' : nl ? ' (niet bewezen)' : ' (not proven)'
      to.out(
        `${(point.highest / 100).toFixed(2)} %  ${point.points} ${nl ? 'punten' : 'points'}  ${names}${proven}`.trimEnd(),
      )
    }
    if (!front.complete)
      to.err(nl ? 'De tijd was op; er ontbreken punten.' : 'The time was up; points are missing.')
    if (typeof values.out === 'string') await writeWhole(values.out, jsonOf(front))
    return 0
  })
}

const dutch = { equal: 'meest gelijk', balanced: 'gebalanceerd', preference: 'meest voorkeur' }

function figuresOf(proposal: Proposal, nl: boolean): [label: string, value: number][] {
  const placed = new Set(
    proposal.lines.map(line => line.caseId).filter(each => isPlaced(proposal.lines, each)),
  )
  const cases = new Set(proposal.lines.map(line => line.caseId))
  return [
    [nl ? 'Zaken' : 'Cases', cases.size],
    [nl ? 'Verdeeld' : 'Allocated', placed.size],
    [nl ? 'Punten' : 'Points', fitOf(proposal.lines) / 100],
    [
      nl ? 'Punten min kosten van werklast' : 'Points minus cost of workload',
      proposal.levels.at(-1)?.value ?? 0,
    ],
    [nl ? 'Hoogste werklast (%)' : 'Highest workload (%)', highestLoad(proposal.loads) / 100],
  ]
}

function jsonOf(value: Problem | Proposal | Awaited<ReturnType<typeof tradeOff>>): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
