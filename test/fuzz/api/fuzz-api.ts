/**
 * Sends hostile calls to a running service and holds its answers to what it promises: bad input gets a clear 4xx in the shape
 * of the dialect that owns the path; a 503 says when to come back; nothing else is a 5xx.
 */
import { gunzipSync } from 'node:zlib'
import { errorKinds } from '@csr-foundry/service'
import fc from 'fast-check'
import type { Things } from '../../endpoints/endpoints.ts'
import { type HostileCall, hostileCall } from './calls.ts'
import { type Answer, send } from './send.ts'

export type ApiFault = { readonly what: string; readonly call: HostileCall }

export type ApiFuzzRun = {
  readonly url: string
  readonly things: Things
  readonly authorization: string
  readonly count: number
  readonly seed: number
}

const atOnce = 8

/** Gives the calls that were answered as no call may be, and how often each status was given. */
export async function fuzzApi(
  { url, things, authorization, count, seed }: ApiFuzzRun,
  progress: (done: number) => void = () => {},
): Promise<{ faults: ApiFault[]; statuses: Map<number, number> }> {
  const faults: ApiFault[] = []
  const statuses = new Map<number, number>()
  const calls = fc.sample(hostileCall(things, authorization), { numRuns: count, seed })
  let next = 0
  const sendAll = async () => {
    while (next < calls.length) {
      const call = calls[next] as HostileCall
      next += 1
      const { what, status } = await judged(new URL(url), call)
      if (what !== undefined) faults.push({ what, call })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      progress(next)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendAll))
  return { faults, statuses }
}

async function judged(url: URL, call: HostileCall): Promise<{ what?: string; status: number }> {
  try {
    const answer = await send(url, call)
    // Bytes that are no call may be answered by silence; a call may not.
    if (!answer) return call.raw ? { status: 0 } : { what: 'no answer', status: 0 }
    const what = faultOf(call, answer)
    return { status: answer.status, ...(what !== undefined && { what }) }
  } catch (error) {
    return { what: String(error), status: 0 }
  }
}

function faultOf(call: HostileCall, { status, headers, body }: Answer): string | undefined {
  if (status < 400) return undefined
  if (status >= 500 && status !== 503) return `status ${status}: ${body.subarray(0, 300)}`
  if (status === 503 && !headers.has('retry-after')) return '503 without Retry-After'
  if (call.method === 'HEAD') return body.length > 0 ? 'a body for HEAD' : undefined
  if (call.raw || !headers.has('x-request-id')) return shapeFault('problem', headers, body)
  return shapeFault(shapeOf(call.path, status), headers, body)
}

type Shape = 'problem' | 'fastly' | 'fastly-401' | 'lxca'

function shapeOf(path: string, status: number): Shape {
  if (/^\/tls([/?]|$)/.test(path)) return status === 401 ? 'fastly-401' : 'fastly'
  return /^\/(v1|docs|healthz|readyz|metrics|openapi\.json)([/?]|$)/.test(path) ? 'problem' : 'lxca'
}

const mediaTypes: Record<Shape, string> = {
  problem: 'application/problem+json',
  fastly: 'application/vnd.api+json',
  'fastly-401': 'application/json',
  lxca: 'application/json',
}

const isShaped: Record<Shape, (body: Record<string, unknown>) => boolean> = {
  problem: ({ code, detail }) => String(code) in errorKinds && typeof detail === 'string',
  fastly: ({ errors }) => Array.isArray(errors) && errors.length > 0,
  'fastly-401': ({ msg }) => msg === 'Provided credentials are missing or invalid',
  lxca: ({ result, messages }) => result === 'failure' && Array.isArray(messages),
}

function shapeFault(shape: Shape, headers: Answer['headers'], body: Buffer): string | undefined {
  const mediaType = headers.get('content-type')
  if (mediaType !== mediaTypes[shape]) return `${shape} has the media type ${mediaType}`
  try {
    const text = headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body
    const parsed: Record<string, unknown> = JSON.parse(text.toString())
    return isShaped[shape](parsed) ? undefined : `not the shape of ${shape}: ${body}`
  } catch {
    return `the body is not JSON: ${body.subarray(0, 200)}`
  }
}
