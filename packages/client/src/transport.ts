/**
 * How a call gets to the service and its answer back.
 *
 * Rules: a call ends with a parsed answer, a {@link ClientError}, or the reason of its caller's own abort. It is made again
 * after 429 and 503, after a connection that nobody took, and, where twice is as once, after a connection that broke. All its
 * tries share one deadline; a pause that would pass it is not begun.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { type Call, headersOf, urlOf } from './call.ts'
import { ClientError, jsonOf, refusal, retryAfterOf, unexpectedAnswer } from './client-error.ts'
import { connectionError } from './connection-error.ts'
import { Patience } from './patience.ts'
import { mayTryAgain, pauseBefore, type Retry, usualTries } from './retries.ts'
import { openStream, type StreamedAnswer } from './streams/open-stream.ts'
import type { StreamedCall } from './streams/streamed-call.ts'

export type Answer = {
  readonly status: number
  readonly body: Buffer
  /** Seconds. */
  readonly retryAfter: number | undefined
}

export type TransportOptions = {
  readonly url: URL
  readonly authorization: string | undefined
  readonly fetch: typeof fetch
  readonly signal: AbortSignal | undefined
  readonly tries: number | undefined
  readonly onRetry: ((retry: Retry) => void) | undefined
}

const usualTimeout = 30

export class Transport {
  readonly #options: TransportOptions

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /** The answer's JSON, as its schema has it; fields that the schema does not have are left out. */
  async json<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
    const { status, body } = await this.send(call)
    return parsed(schema, status, body)
  }

  /** Makes the call, as often as it takes. */
  async send(call: Call): Promise<Answer> {
    const seconds = (call.timeout ?? usualTimeout) + (call.wait ?? 0)
    const deadline = Date.now() + seconds * 1_000
    const attempt = new Attempt(this.#options, call, this.#abortOf(call.signal), deadline)
    const tries = call.once ? 1 : (this.#options.tries ?? usualTries)
    for (let count = 1; ; count += 1) {
      const answer = await attempt.make()
      if (!(answer instanceof ClientError)) return answer
      const pause = pauseBefore(count, answer.retryAfter)
      const late = Date.now() + pause * 1_000 > deadline
      if (late || count >= tries || !mayTryAgain(answer, call)) throw answer
      this.#options.onRetry?.({ error: answer, attempt: count, pause })
      await this.pause(pause, call.signal)
    }
  }

  /**
   * One try of a call whose body or answer is a stream; nothing ends that but its caller's abort.
   *
   * @throws ClientError
   */
  open(call: StreamedCall): Promise<StreamedAnswer> {
    return openStream(this.#options, call, this.#abortOf(call.signal))
  }

  /** For what is tried until it gets no further. */
  patience(signal?: AbortSignal): Patience {
    const { tries, onRetry } = this.#options
    return new Patience({ tries, onRetry, pause: (seconds) => this.pause(seconds, signal) })
  }

  /** Lets seconds go by, unless a caller aborts: then it throws that one's reason. */
  async pause(seconds: number, signal?: AbortSignal): Promise<void> {
    const abort = this.#abortOf(signal)
    // What it throws has lost the reason.
    await sleep(seconds * 1_000, undefined, { signal: AbortSignal.any(abort) }).catch(() => {})
    for (const each of abort) each.throwIfAborted()
  }

  #abortOf(signal: AbortSignal | undefined): AbortSignal[] {
    return [signal, this.#options.signal].filter((each) => each !== undefined)
  }
}

/** The tries of one call: each sends the same. */
class Attempt {
  readonly #options: TransportOptions
  readonly #call: Call
  readonly #abort: readonly AbortSignal[]
  readonly #deadline: number
  readonly #url: URL
  readonly #headers: Record<string, string>
  #broke = false

  constructor(options: TransportOptions, call: Call, abort: AbortSignal[], deadline: number) {
    this.#options = options
    this.#call = call
    this.#abort = abort
    this.#deadline = deadline
    this.#url = urlOf(options.url, call)
    this.#headers = headersOf(options.authorization, call)
  }

  /** An answer, or what may be tried again; throws what its caller's abort says. */
  async make(): Promise<Answer | ClientError> {
    for (const signal of this.#abort) signal.throwIfAborted()
    const left = Math.max(1, this.#deadline - Date.now())
    const timeout = AbortSignal.timeout(left)
    try {
      return this.#judge(await this.#exchange(AbortSignal.any([timeout, ...this.#abort])))
    } catch (error) {
      for (const signal of this.#abort) signal.throwIfAborted()
      this.#broke = true
      if (!timeout.aborted) return connectionError(error, this.#url.origin)
      const message = `${this.#url.origin} did not answer in time.`
      return new ClientError('timeout', message, { cause: error })
    }
  }

  async #exchange(signal: AbortSignal) {
    const { body, method } = this.#call
    const response = await this.#options.fetch(this.#url, {
      method,
      headers: this.#headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const { status, headers } = response
    return { status, headers, body: Buffer.from(await response.arrayBuffer()) }
  }

  #judge({ status, headers, body }: { status: number; headers: Headers; body: Buffer }) {
    const fine = (status >= 200 && status < 300) || status === this.#call.alsoFine
    // The try before it may have been what deleted it.
    const gone = status === 404 && this.#call.method === 'DELETE' && this.#broke
    if (fine || gone) return { status, body, retryAfter: retryAfterOf(headers) }
    return refusal(status, headers, body)
  }
}

export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  status: number,
  body: Buffer,
): z.output<Schema> {
  const result = schema.safeParse(jsonOf(body))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue === undefined ? '' : `/${issue.path.join('/')} ${issue.message}`
  throw unexpectedAnswer(status, place)
}
