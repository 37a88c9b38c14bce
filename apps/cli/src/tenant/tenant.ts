import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addTenantAdd } from './add-tenant.ts'
import { addTenantList } from './list-tenants.ts'
import { addTenantSet } from './set-tenant.ts'

/** `csrctl tenant …`: all tenants, never their data. */
export function addTenant(program: Command): void {
  const group = commandGroup(program, 'tenant', 'lists, makes, limits and closes tenants')
  addTenantList(group)
  addTenantAdd(group)
  addTenantSet(group)
}
