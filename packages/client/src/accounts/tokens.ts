import {
  type NewTokenView,
  type newTokenBody,
  newTokenView,
  type TokenView,
  tokenListView,
  tokenView,
} from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'
import { walkPages } from '../walk-pages.ts'

export type NewToken = z.input<typeof newTokenBody>

/** The tenant's tokens; needs the role admin. */
export class Tokens {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  list(options: CallOptions = {}): AsyncGenerator<TokenView, void> {
    return walkPages(
      (cursor) => {
        const call = { method: 'GET', path: '/v1/accounts/tokens', query: { cursor } } as const
        return this.#transport.json({ ...call, ...options }, tokenListView)
      },
      ({ tokens }) => tokens,
    )
  }

  get(id: string, options: CallOptions = {}): Promise<TokenView> {
    return this.#transport.json({ method: 'GET', path: pathOf(id), ...options }, tokenView)
  }

  /** Makes a token. The answer alone ever shows it. */
  create(token: NewToken, options: CallOptions = {}): Promise<NewTokenView> {
    const call = { method: 'POST', path: '/v1/accounts/tokens', body: token } as const
    return this.#transport.json({ ...call, ...options }, newTokenView)
  }

  /** Within a second it counts nowhere any more. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(id), ...options })
  }
}

const pathOf = (id: string) => `/v1/accounts/tokens/${encodeURIComponent(id)}`
