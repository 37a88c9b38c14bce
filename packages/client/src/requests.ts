import {
  type NewRequestBody,
  type RequestListQuery,
  type RequestListView,
  type RequestView,
  requestListView,
  requestView,
} from '@csr-foundry/native-api'
import type { CallOptions } from './call.ts'
import { ClientError } from './client-error.ts'
import { parsed, type Transport } from './transport.ts'
import { walkPages } from './walk-pages.ts'

/** What is asked for: the spec of docs/native-api.md. What is left out is the tenant's policy's, or not in the CSR. */
export type NewRequest = Partial<Omit<NewRequestBody, 'subject' | 'extensions'>> & {
  /** Attribute types and texts, RDNs in order, or a text such as `CN=edge-1,O=ACME`. */
  readonly subject?:
    | NewRequestBody['subject']
    | Readonly<Record<string, string | readonly string[]>>
    | string
  readonly extensions?: object
}

/** A request in a list: without its CSR and problem. */
export type RequestSummary = RequestListView['requests'][number]

/** `limit`: how many a page holds, 100 unless told; the iterator goes through all pages. */
export type ListOptions = CallOptions &
  Pick<RequestListQuery, 'state' | 'q'> & { readonly limit?: number }

/** `wait`: seconds that the service may hold the call until the request is settled, at most 55. */
export type WaitOptions = CallOptions & { readonly wait?: number }

const longestWait = 55
const settledStates = new Set<RequestView['state']>(['ready', 'failed', 'cancelled'])

/** Requests for CSRs. */
export class Requests {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Hands a request in. It sends an `Idempotency-Key`, the same in every try, and tries again after 429, 503 and a connection
   * that nobody took or that broke: however often the service hears it, one request is made.
   */
  create(request: NewRequest, { wait, ...options }: WaitOptions = {}): Promise<RequestView> {
    return this.#transport.json(
      { method: 'POST', path: '/v1/requests', body: request, wait, keyed: true, ...options },
      requestView,
    )
  }

  async get(id: string, { wait, ...options }: WaitOptions = {}): Promise<RequestView> {
    return this.#transport.json({ method: 'GET', path: pathOf(id), wait, ...options }, requestView)
  }

  /**
   * The CSR as PEM.
   *
   * @throws ClientError csr_not_there while there is none; `getPem` after `waitFor` does not
   */
  async getPem(id: string, { wait, ...options }: WaitOptions = {}): Promise<string> {
    const accept = 'application/x-pem-file'
    const call = { method: 'GET', path: pathOf(id), accept, wait, ...options } as const
    return (await this.#transport.send(call)).body.toString('utf8')
  }

  /** The CSR as DER; throws as `getPem` does. */
  async getDer(id: string, { wait, ...options }: WaitOptions = {}): Promise<Buffer> {
    const accept = 'application/pkcs10'
    const call = { method: 'GET', path: pathOf(id), accept, wait, ...options } as const
    return (await this.#transport.send(call)).body
  }

  /**
   * The request once it is settled: ready, failed or cancelled. `within`: seconds, 120 unless told.
   *
   * @throws ClientError not_settled when it was not by then; it stays queued
   */
  async waitFor(
    id: string,
    { within = 120, ...options }: CallOptions & { readonly within?: number } = {},
  ): Promise<RequestView> {
    const deadline = Date.now() + within * 1_000
    for (;;) {
      const left = Math.max(0, deadline - Date.now()) / 1_000
      const wait = Math.min(longestWait, Math.ceil(left))
      const call = { method: 'GET', path: pathOf(id), wait, ...options } as const
      const { status, body, retryAfter = 1 } = await this.#transport.send(call)
      const request = parsed(requestView, status, body)
      if (settledStates.has(request.state)) return request
      const rest = (deadline - Date.now()) / 1_000
      if (rest <= 0) throw notSettled(request, within)
      // Some pause there must be, whatever stands between and answers.
      await this.#transport.pause(Math.min(Math.max(retryAfter, 0.1), rest), options.signal)
    }
  }

  /** Newest first. `q`: an id, or how a ref or a common name begins; sought within the last 100,000 ids. */
  list({ state, q, limit, ...options }: ListOptions = {}): AsyncGenerator<RequestSummary, void> {
    return walkPages(
      (cursor) => {
        const query = { state, q, limit, cursor }
        const call = { method: 'GET', path: '/v1/requests', query, ...options } as const
        return this.#transport.json(call, requestListView)
      },
      ({ requests }) => requests,
    )
  }

  /** Removes a request with its CSR, and its own key unless another request uses that. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(id), ...options })
  }

  /** Queues a request that has failed once more, under the same id. */
  retry(id: string, options: CallOptions = {}): Promise<RequestView> {
    const path = `${pathOf(id)}/retry`
    return this.#transport.json({ method: 'POST', path, keyed: true, ...options }, requestView)
  }
}

const pathOf = (id: string) => `/v1/requests/${encodeURIComponent(id)}`

function notSettled({ id, state }: RequestView, within: number): ClientError {
  const message = `Request ${id} is still ${state} after ${within} s.`
  return new ClientError('not_settled', message)
}
