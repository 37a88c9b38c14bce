import {
  type KeyExportView,
  type KeyView,
  keyExportView,
  keyListView,
  keyView,
  type newKeyBody,
} from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from './call.ts'
import type { Transport } from './transport.ts'
import { walkPages } from './walk-pages.ts'

/** A private key as PEM to be kept: PKCS#8, also encrypted (`password` opens it), PKCS#1 or SEC 1. */
export type NewKey = z.input<typeof newKeyBody>

/** Who reads an exported key: the owner of a public JWK (RSA, P-256 or X25519), or who knows the password. */
export type ExportTo =
  | { readonly recipient: Readonly<Record<string, unknown>> }
  | { readonly password: string }

/** `limit`: how many a page holds, 100 unless told. */
export type KeyListOptions = CallOptions & { readonly inUse?: boolean; readonly limit?: number }

/** Key pairs. A private key that goes in comes out only encrypted for its reader. */
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
      { method: 'POST', path: '/v1/keys', body: key, keyed: true, ...options },
      keyView,
    )
  }

  /**
   * A private key, encrypted for its reader: `jwe` for a recipient, `pem` (PKCS#8) under a password.
   *
   * @throws ClientError key_not_exportable
   */
  export(id: string, to: ExportTo, options: CallOptions = {}): Promise<KeyExportView> {
    return this.#transport.json(
      { method: 'POST', path: `${pathOf(id)}/export`, body: to, wait: 55, ...options },
      keyExportView,
    )
  }

  /** Destroys a key: nothing brings it back. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(id), ...options })
  }
}

const pathOf = (id: string) => `/v1/keys/${encodeURIComponent(id)}`
