import type { TSchema } from 'typebox'
import type { Endpoint } from '../../server/contract/endpoint.ts'

/** What a request may name: things of one team, or things that nobody has. */
export interface Names {
  caseNumber: string
  staffNumber: string
  familyNumber: string
  teamId: number
  userId: number
  roundId: number
  runId: number
  choiceId: number
  requestId: number
  estimateId: number
  /** A line that was shared with a worker. */
  lineId: number
  /** A question above the limit outside a round. */
  questionId: number
}

type Json = Record<string, unknown>
/** Parts of a schema that a sample looks at; typebox types them per kind. */
type Looked = TSchema & {
  const?: unknown
  anyOf?: Looked[]
  type?: string
  properties?: Record<string, Looked>
  items?: Looked
  minItems?: number
  minimum?: number
  pattern?: string
  maxLength?: number
}

const OTHER_NAMES: Record<string, keyof Names> = {
  worker: 'staffNumber',
  mentor: 'staffNumber',
  formerWorkers: 'staffNumber',
  staffNumbers: 'staffNumber',
  caseNumbers: 'caseNumber',
  case: 'caseNumber',
  other: 'caseNumber',
  team: 'teamId',
  teamIds: 'teamId',
  userIds: 'userId',
  toUser: 'userId',
  proposalId: 'runId',
  runIds: 'runId',
}

/** A value that fits the schema, with these names where a field asks for a name. */
export function sample(schema: TSchema, names: Names, field = ''): unknown {
  const looked = schema as Looked
  if (looked.const !== undefined) return looked.const
  if (looked.anyOf) {
    return sample(looked.anyOf.find(one => one.type !== 'null') ?? looked.anyOf[0]!, names, field)
  }
  if (looked.type === 'object') {
    return Object.fromEntries(
      Object.entries(looked.properties ?? {}).map(([name, one]) => [name, sample(one, names, name)]),
    )
  }
  if (looked.type === 'array') {
    const one = sample(looked.items!, names, field)
    const more = Array.from({ length: Math.max(0, (looked.minItems ?? 1) - 1) }, (_, index) =>
      typeof one === 'number' ? one + index + 1 : one,
    )
    return [one, ...more]
  }
  const known = field in names ? (field as keyof Names) : OTHER_NAMES[field]
  const value = known && names[known]
  if (looked.type === 'string') {
    if (typeof value === 'string') return value
    if (looked.pattern?.includes('\\d{4}-')) return '2026-12-01'
    return 'Gewone tekst van vandaag'.slice(0, looked.maxLength ?? 100)
  }
  if (looked.type === 'boolean') return true
  if (typeof value === 'number') return value
  return looked.minimum ?? 1
}

const OF_PATH: [RegExp, keyof Names][] = [
  [/^\/mine\/proposals\//, 'lineId'],
  [/^\/approvals\/outside\//, 'questionId'],
  [/^\/(rounds|pulses)\//, 'roundId'],
  [/^\/teams\//, 'teamId'],
  [/^\/users\//, 'userId'],
  [/^\/requests\/|^\/mine\/requests\//, 'requestId'],
  [/^\/estimates\//, 'estimateId'],
]

/** A request to an endpoint that names these wherever it can. */
export function requestTo(
  name: string,
  endpoint: Endpoint,
  names: Names,
): { method: string; path: string; body: unknown } {
  const [method = '', url = ''] = name.split(' ')
  const path = url.replace(/:(\w+)/g, (_, param: string) => {
    if (param === 'id') return String(names[OF_PATH.find(([of]) => of.test(url))?.[1] ?? 'choiceId'])
    if (param in names) return String(names[param as keyof Names])
    if (param === 'fromOn') return '2026-12-01'
    if (param === 'list') return 'factors'
    return '1'
  })
  const query = endpoint.query ? (sample(endpoint.query, names) as Json) : {}
  const asked = new URLSearchParams(Object.entries(query).map(([key, one]) => [key, String(one)]))
  const body = endpoint.body && sample(endpoint.body, names)
  if (url.startsWith('/imports/')) {
    const text = url.endsWith('cases')
      ? `zaaknummer;gezinsnummer;team;ontvangen_op;kinderen\n${names.caseNumber};${names.familyNumber};Team Nergens;2026-11-20;2`
      : `personeelsnummer;contracturen\n${names.staffNumber};32`
    return { method, path, body: { text, dryRun: true } }
  }
  return { method, path: asked.size > 0 ? `${path}?${asked}` : path, body }
}
