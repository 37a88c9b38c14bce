import type { Client } from '@csr-foundry/client'
import type { TenantView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

/** `csrctl tenant list`: all tenants. */
export function addTenantList(group: Command): void {
  serviceCommand(group, 'list', 'lists tenants')
    .description('Lists the tenants of the installation, and none of their data.')
    .action(withClient(list))
}

async function list(client: Client, { json }: { json?: true }): Promise<void> {
  const tenants = await take(client.tenants.list())
  if (json) printJson(tenants)
  else
    process.stdout.write(table(['NAME', 'QUEUED LIMIT', 'CLOSED', 'CREATED'], tenants.map(rowOf)))
}

const rowOf = ({ name, limits, closed, created }: TenantView) => [
  name,
  String(limits.queuedRequests ?? '-'),
  momentText(closed),
  momentText(created),
]
