import type { ProblemDetails } from '../../server/contract/common.ts'
import type { EndpointName, Endpoints } from '../../server/contract/endpoints.ts'

/** What the server refused and why, in the reader's language. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: ProblemDetails

  constructor(problem: ProblemDetails) {
    super(problem.detail)
    this.name = 'ApiError'
    this.status = problem.status
    this.problem = problem
  }
}

/** The server could not be reached: nothing was decided, or the answer got lost; with the same key it is safe to repeat. */
export class Unreachable extends Error {
  constructor() {
    super('unreachable')
    this.name = 'Unreachable'
  }
}

let hearSignedOut = () => {}
/** Who wants to know that the server does not know this session any more, for instance because it ended. */
export function onSignedOut(hear: () => void): void {
  hearSignedOut = hear
}

type Defined<T> = { [Key in keyof T as T[Key] extends undefined ? never : Key]: T[Key] }
type Options<Name extends EndpointName> = Defined<Pick<Endpoints[Name], 'params' | 'query' | 'body'>> & {
  /** Of the row as shown on screen, for If-Match. */
  version?: number
  /** Made when a dialog opens, so that a double click or a repeat decides once. */
  key?: string
  signal?: AbortSignal
}

type OptionsArgument<Name extends EndpointName> = keyof Defined<
  Pick<Endpoints[Name], 'params' | 'body'>
> extends never
  ? [options?: Options<Name>]
  : [options: Options<Name>]

/**
 * Calls one endpoint of the contract: `await call('GET /cases', { query: { status: 'waiting' } })`.
 * Throws ApiError with the server's words, or Unreachable.
 */
export async function call<Name extends EndpointName>(
  name: Name,
  ...[options]: OptionsArgument<Name>
): Promise<Endpoints[Name]['reply']> {
  const [method, path] = name.split(' ') as [string, string]
  const { params, query, body, version, key, signal } = (options ?? {}) as {
    params?: Record<string, unknown>
    query?: Record<string, unknown>
    body?: unknown
    version?: number
    key?: string
    signal?: AbortSignal
  }
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': document.documentElement.lang,
  }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (version !== undefined) headers['if-match'] = `"v${version}"`
  if (key !== undefined) headers['idempotency-key'] = key
  const answer = await fetch(`/api${fillPath(path, params ?? {})}${queryText(query ?? {})}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    throw new Unreachable()
  })
  const type = answer.headers.get('content-type') ?? ''
  if (answer.ok)
    return (type.includes('json') ? await answer.json() : await answer.text()) as Endpoints[Name]['reply']
  if (answer.status === 401 && !path.endsWith('/session')) hearSignedOut()
  if (type.includes('json')) throw new ApiError((await answer.json()) as ProblemDetails)
  throw new Unreachable()
}

export const newKey = () => crypto.randomUUID()

function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

function queryText(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return pairs.length ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : ''
}
