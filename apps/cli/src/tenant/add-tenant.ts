import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { readNewPassword, withPasswordFile } from '../new-password.ts'
import { wholeNumberOf } from '../parse-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  'Makes a tenant with its first user, who has all roles of a tenant and logs in as USER@NAME.'

type Options = { admin: string; queuedRequests?: number; passwordFile?: string; json?: true }

/** `csrctl tenant add NAME`: makes a tenant. */
export function addTenantAdd(group: Command): void {
  const command = serviceCommand(group, 'add', 'makes a tenant')
    .description(about)
    .argument('<name>', 'lower-case letters, digits and dashes')
    .requiredOption('--admin <user>', 'name of its first user')
    .option('--queued-requests <n>', 'how many it may have', wholeNumberOf(0, 1_000_000_000))
  withPasswordFile(command).action(withClient(add))
}

async function add(client: Client, name: string, options: Options): Promise<void> {
  const { admin, queuedRequests, passwordFile, json } = options
  const password = await readNewPassword(passwordFile, `${admin}@${name}`)
  const tenant = await client.tenants.create({
    name,
    administrator: { name: admin, password },
    ...(queuedRequests !== undefined && { limits: { queuedRequests } }),
  })
  if (json) printJson(tenant)
}
