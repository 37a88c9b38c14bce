import { type KeyView, keyListView, keyView, type newKeyBody } from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions, Transport } from './transport.ts'
import { walkPages } from './walk-pages.ts'

/** A private key as PEM to be kept: PKCS#8, also encrypted (`password` opens it), PKCS#1 or SEC 1. */
export type NewKey = z.input<typeof newKeyBody>

/** `limit`: how many a page holds, 100 unless told. */
export type KeyListOptions = CallOptions & { readonly inUse?: boolean; readonly limit?: number }

/** Key pairs. A private key goes in and never comes out here. */
export class Keys {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Imported keys and those of single requests, newest first. */
  list({ inUse, limit, ...options }: KeyListOptions = {}): AsyncGenerator<KeyView, void> {
    return walkPages(
      (cursor) => {
        const query = { inUse, limit, cursor }
        const call = { method: 'GET', path: '/v1/keys', query, ...options } as const
        return this.#transport.json(call, keyListView)
      },
      ({ keys }) => keys,
    )
  }

  async get(id: string, options: CallOptions = {}): Promise<KeyView> {
    return this.#transport.json({ method: 'GET', path: pathOf(id), ...options }, keyView)
  }

  /** @throws ClientError attribute_invalid, whose faults say what is wrong with the key; private_key_known */
  import(key: NewKey, options: CallOptions = {}): Promise<KeyView> {
    return this.#transport.json(
      { method: 'POST', path: '/v1/keys', body: key, ...options },
      keyView,
    )
  }

  /** Destroys a key: nothing brings it back. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(id), ...options })
  }
}

const pathOf = (id: string) => `/v1/keys/${encodeURIComponent(id)}`
