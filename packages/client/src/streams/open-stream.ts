import { headersOf, urlOf } from '../call.ts'
import { ClientError, refusal } from '../client-error.ts'
import { connectionError } from '../connection-error.ts'
import type { StreamedCall } from './streamed-call.ts'

/** For an answer to begin where the service has all of the call (ms). */
const answersWithin = 30_000

type Service = {
  readonly url: URL
  readonly authorization: string | undefined
  readonly fetch: typeof fetch
}

/** An answer whose body is still to be read; who does not read it to its end has to leave the loop over it. */
export type StreamedAnswer = {
  readonly status: number
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>
}

/**
 * One try of a call whose body or answer is a stream.
 *
 * @throws ClientError, also while the answer is read; or the reason of who aborted
 */
export async function openStream(
  service: Service,
  call: StreamedCall,
  abort: readonly AbortSignal[],
): Promise<StreamedAnswer> {
  const url = urlOf(service.url, call)
  const silence = new AbortController()
  // Of an upload nobody knows how long it takes.
  const timer = setTimeout(() => call.upload ?? silence.abort(), answersWithin)
  try {
    const response = await service.fetch(url, {
      ...requestOf(service.authorization, call),
      signal: AbortSignal.any([silence.signal, ...abort]),
    })
    if (!response.ok) throw await refusalOf(response)
    return { status: response.status, chunks: chunksOf(response, url.origin, abort) }
  } catch (error) {
    throw silence.signal.aborted ? silent(error, url.origin) : told(error, url.origin, abort)
  } finally {
    clearTimeout(timer)
  }
}

function requestOf(authorization: string | undefined, call: StreamedCall): RequestInit {
  const { method, body, upload } = call
  const request = { method, headers: headersOf(authorization, call), redirect: 'manual' } as const
  if (upload !== undefined) return { ...request, body: upload, duplex: 'half' }
  return body === undefined ? request : { ...request, body: JSON.stringify(body) }
}

const refusalOf = async (response: Response) =>
  refusal(response.status, response.headers, Buffer.from(await response.arrayBuffer()))

async function* chunksOf({ body }: Response, origin: string, abort: readonly AbortSignal[]) {
  try {
    if (body !== null) yield* body
  } catch (error) {
    throw told(error, origin, abort)
  }
}

const silent = (cause: unknown, origin: string) =>
  new ClientError('timeout', `${origin} did not answer in time.`, { again: 'if_idempotent', cause })

/** What is thrown in the place of what fetch threw. */
function told(error: unknown, origin: string, abort: readonly AbortSignal[]): unknown {
  const left = abort.find(({ aborted }) => aborted)
  if (left !== undefined) return left.reason
  return error instanceof ClientError ? error : connectionError(error, origin)
}
