/** What is done to tenants, for the endpoints and for the console alike. */
import type { newTenantBody } from '@csr-foundry/native-api'
import {
  type ActingPlace,
  changeTenant as changeOf,
  createTenant,
  defaultTenant,
  type Tenant,
  type TenantChange,
  tenantRoles,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import type { z } from 'zod'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'

/** Makes a tenant with its first administrator. @throws {ServiceError} `name_taken`, `login_throttled` */
export async function makeTenant(
  services: Services,
  c: Context<Env>,
  { name, administrator, limits }: z.output<typeof newTenantBody>,
): Promise<Tenant> {
  const { redis, shards } = services
  const password = await hashNewPassword(services, c, administrator.password)
  const first = { name: administrator.name, password, roles: tenantRoles }
  const tenant = { name, administrator: first, limits }
  return await createTenant(redis, c.get('place'), shards.length, tenant)
}

/**
 * Limits a tenant, closes it, opens it again.
 *
 * @throws {ServiceError} `account_not_found`; `attribute_invalid` for who would close the tenant `default`
 */
export async function changeTenant(
  { redis }: Services,
  place: ActingPlace,
  name: string,
  change: TenantChange,
): Promise<Tenant> {
  if (name === defaultTenant && change.closed) {
    const detail = 'cannot be true: nobody could open the tenant default again'
    throw new ServiceError('attribute_invalid', { faults: [{ pointer: '/closed', detail }] })
  }
  const changed = await changeOf(redis, place, name, change)
  if (!changed) throw accountNotFound('tenant', name)
  return changed
}
