import { randomUUID } from 'node:crypto'

/** What every call takes. `timeout`: seconds for all its tries, 30 unless told, besides what it waits for a CSR. */
export type CallOptions = { readonly signal?: AbortSignal; readonly timeout?: number }

export type Call = CallOptions & {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with a slash. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly accept?: string
  /** Seconds that the service may hold the call. */
  readonly wait?: number | undefined
  /** A POST whose Idempotency-Key the service keeps. */
  readonly keyed?: true
  /** What has to be told at once, or may not be sent a second time. */
  readonly once?: true
  /** A status that is an answer too. */
  readonly alsoFine?: number
  /** Besides those that every call has, or in their place. */
  readonly headers?: Readonly<Record<string, string>>
}

export function urlOf(base: URL, { path, query = {} }: Pick<Call, 'path' | 'query'>): URL {
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

export function headersOf(
  authorization: string | undefined,
  call: Omit<Call, 'timeout'>,
): Record<string, string> {
  return {
    Accept: call.accept ?? 'application/json',
    ...(authorization !== undefined && { Authorization: authorization }),
    ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
    ...(call.wait !== undefined && { Prefer: `wait=${Math.round(call.wait)}` }),
    // Names this call in all its tries.
    ...(call.method === 'POST' && { 'Idempotency-Key': randomUUID() }),
    ...call.headers,
  }
}
