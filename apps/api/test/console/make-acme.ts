import {
  createTenant,
  findTenant,
  hashPassword,
  type TenantPlace,
  tenantRoles,
} from '@csr-foundry/records'
import { Secret } from '@csr-foundry/service'
import { defaultPlace, password, type TestApi } from '../start-api.ts'

/** Another tenant, whose boss has every role of a tenant. */
export async function makeAcme({ redis }: TestApi): Promise<TenantPlace> {
  const stored = await hashPassword(new Secret(password))
  const administrator = { name: 'boss', password: stored, roles: tenantRoles }
  await createTenant(redis, defaultPlace, 1, { name: 'acme', administrator })
  const place = await findTenant(redis, 'acme')
  if (!place) throw new Error('acme was not made')
  return place
}
