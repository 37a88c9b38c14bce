/**
 * Sends hostile calls to a running service and holds its answers to what it promises: bad input gets a clear 4xx in the shape
 * of the dialect that owns the path; a 503 says when to come back; nothing else is a 5xx.
 */
import { gunzipSync } from 'node:zlib'
import { errorKinds } from '@csr-foundry/service'
import fc from 'fast-check'
import type { Things } from '../../endpoints/endpoint.ts'
import { type Header, type HostileCall, hostileCall } from './calls.ts'
import { type Answer, send } from './send.ts'

export type ApiFault = { readonly what: string; readonly call: HostileCall }

export type ApiFuzzRun = {
  readonly url: string
  readonly things: Things
  /** Headers of those who call. */
  readonly callers: readonly (readonly Header[])[]
  readonly count: number
  readonly seed: number
}

const atOnce = 8

/** Gives the calls that were answered as no call may be, and how often each answer was given: its status and its code. */
export async function fuzzApi(
  { url, things, callers, count, seed }: ApiFuzzRun,
  progress: (done: number) => void = () => {},
): Promise<{ faults: ApiFault[]; answers: Map<string, number> }> {
  const faults: ApiFault[] = []
  const answers = new Map<string, number>()
  const calls = fc.sample(hostileCall(things, callers), { numRuns: count, seed })
  let next = 0
  const sendAll = async () => {
    while (next < calls.length) {
      const call = calls[next] as HostileCall
      next += 1
      const { what, said } = await judged(new URL(url), call)
      if (what !== undefined) faults.push({ what, call })
      answers.set(said, (answers.get(said) ?? 0) + 1)
      progress(next)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendAll))
  return { faults, answers }
}

async function judged(url: URL, call: HostileCall): Promise<{ what?: string; said: string }> {
  try {
    const answer = await send(url, call)
    // Bytes that are no call may be answered by silence; a call may not.
    if (!answer) return { said: 'closed', ...(!call.raw && { what: 'no answer' }) }
    const what = faultOf(call, answer)
    return { said: wordsOf(answer), ...(what !== undefined && { what }) }
  } catch (error) {
    return { what: String(error), said: 'none' }
  }
}

/** The status, and for an error its code, as each dialect has it. */
function wordsOf({ status, body }: Answer): string {
  if (status < 400) return String(status)
  const code = /"(?:code|id)":"(\w{4,}|CSRF\d{4}.)"/.exec(body.toString('latin1'))?.[1]
  return code === undefined ? String(status) : `${status} ${code}`
}

function faultOf(call: HostileCall, { status, headers, body }: Answer): string | undefined {
  if (status < 400) return undefined
  if (status >= 500 && status !== 503) return `status ${status}: ${body.subarray(0, 300)}`
  if (status === 503 && !headers.has('retry-after')) return '503 without Retry-After'
  if (call.method === 'HEAD') return body.length > 0 ? 'a body for HEAD' : undefined
  // What Node refuses by itself has no path yet, and so no dialect.
  if (call.raw || ownRefusals.test(body.toString('latin1'))) {
    return shapeFault('problem', headers, body)
  }
  return shapeFault(shapeOf(call.path, status), headers, body)
}

const ownRefusals = /"code":"(request_malformed|request_timeout|headers_too_large)"/

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
