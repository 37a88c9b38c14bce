/**
 * The two calls of Lenovo XClarity Administrator's API that a client needs for a CSR: POST hands a request in and answers
 * at once with its path, GET is held until the CSR is there, or answers 202 when that takes long, to be asked again.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { DemoError, reasonOf } from './demo-error.ts'

const resource = '/certificateSigningRequest'
const madeWithin = 120_000

/** A CSR as it was fetched; the times are the service's own figures, in milliseconds. */
export type FetchedCsr = {
  readonly pem: string
  readonly queued: number | undefined
  readonly working: number | undefined
}

export type Credentials = { readonly name: string; readonly password: string }

const createdSchema = z.object({ response: z.object({ path: z.string() }) })
const failureSchema = z.object({ messages: z.array(z.object({ text: z.string() })).min(1) })

export class LxcaClient {
  readonly #url: string
  readonly #authorization: string
  readonly #signal: AbortSignal

  /** No call outlives `signal`. */
  constructor(url: string, { name, password }: Credentials, signal: AbortSignal) {
    this.#url = url
    this.#authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
    this.#signal = signal
  }

  /** Hands a request in and gives its path. */
  async submit(request: object): Promise<string> {
    const response = await this.#call(resource, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    if (!response.ok) throw await refusal(response)
    return createdSchema.parse(await response.json()).response.path
  }

  /** Gives the CSR of a path as soon as it is made. */
  async fetchCsr(path: string): Promise<FetchedCsr> {
    const deadline = Date.now() + madeWithin
    let response = await this.#call(`${resource}?path=${path}`)
    while (response.status === 202) {
      if (Date.now() > deadline) {
        throw new DemoError(`it was not made within ${madeWithin / 1_000} s`)
      }
      await response.body?.cancel()
      await delay(retryAfter(response), undefined, { signal: this.#signal })
      response = await this.#call(`${resource}?path=${path}`)
    }
    if (!response.ok) throw await refusal(response)
    const timing = response.headers.get('server-timing') ?? ''
    return {
      pem: await response.text(),
      queued: durationOf('queue', timing),
      working: durationOf('work', timing),
    }
  }

  async #call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: this.#authorization }
    try {
      return await fetch(`${this.#url}${path}`, { ...init, headers, signal: this.#signal })
    } catch (cause) {
      this.#signal.throwIfAborted()
      throw new DemoError(`the service did not answer: ${reasonOf(cause)}`, { cause })
    }
  }
}

async function refusal(response: Response): Promise<DemoError> {
  const body = failureSchema.safeParse(await response.json().catch(() => undefined))
  const texts = body.data?.messages.map(({ text }) => text) ?? ['no reason given']
  return new DemoError(`the service answered ${response.status}: ${texts.join(' ')}`)
}

/** In milliseconds; a second where the answer says nothing usable. */
function retryAfter(response: Response): number {
  return (Number(response.headers.get('retry-after')) || 1) * 1_000
}

/** One figure of a Server-Timing header, `queue;dur=3, work;dur=61`. */
function durationOf(metric: string, header: string): number | undefined {
  const found = new RegExp(`(?:^|[\\s,])${metric};dur=(\\d+(?:\\.\\d+)?)`).exec(header)?.[1]
  return found === undefined ? undefined : Number(found)
}
