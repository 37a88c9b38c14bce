import {
  type newTenantBody,
  type TenantView,
  type tenantChange,
  tenantListView,
  tenantView,
} from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'
import { walkPages } from '../walk-pages.ts'

export type NewTenant = z.input<typeof newTenantBody>
export type TenantChange = z.input<typeof tenantChange>

/** All tenants of the installation, never their data; needs the role tenants. */
export class Tenants {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  list(options: CallOptions = {}): AsyncGenerator<TenantView, void> {
    return walkPages(
      (cursor) => {
        const call = { method: 'GET', path: '/v1/accounts/tenants', query: { cursor } } as const
        return this.#transport.json({ ...call, ...options }, tenantListView)
      },
      ({ tenants }) => tenants,
    )
  }

  get(name: string, options: CallOptions = {}): Promise<TenantView> {
    return this.#transport.json({ method: 'GET', path: pathOf(name), ...options }, tenantView)
  }

  /** Makes a tenant with its first administrator. */
  create(tenant: NewTenant, options: CallOptions = {}): Promise<TenantView> {
    const call = { method: 'POST', path: '/v1/accounts/tenants', body: tenant } as const
    return this.#transport.json({ ...call, ...options }, tenantView)
  }

  /** Limits, closes or opens a tenant. Nobody of a closed one gets in; nothing of it is deleted. */
  change(name: string, change: TenantChange, options: CallOptions = {}): Promise<TenantView> {
    const call = { method: 'PATCH', path: pathOf(name), body: change } as const
    return this.#transport.json({ ...call, ...options }, tenantView)
  }
}

const pathOf = (name: string) => `/v1/accounts/tenants/${encodeURIComponent(name)}`
