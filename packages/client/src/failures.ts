import {
  type OwnFailuresView,
  ownFailuresView,
  type RetriedView,
  type RetryOwnFailures,
  retriedView,
} from '@csr-foundry/native-api'
import type { CallOptions } from './call.ts'
import type { Transport } from './transport.ts'
import { walkPages } from './walk-pages.ts'

/** What has failed in the tenant, by code. */
export class Failures {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** By code, of the newest failed requests. */
  get(options: CallOptions = {}): Promise<OwnFailuresView> {
    const call = { method: 'GET', path: '/v1/failures', ...options } as const
    return this.#transport.json(call, ownFailuresView)
  }

  /** Queues all of one code again, in as many calls as it takes: says after each how many that were. */
  async *retry(
    code: RetryOwnFailures['code'],
    options: CallOptions = {},
  ): AsyncGenerator<number, void> {
    yield* walkPages<RetriedView, number>(
      (cursor) => {
        const body = { code, ...(cursor !== undefined && { cursor }) }
        const call = { method: 'POST', path: '/v1/failures/retry', body, ...options } as const
        return this.#transport.json(call, retriedView)
      },
      ({ retried }) => [retried],
    )
  }
}
