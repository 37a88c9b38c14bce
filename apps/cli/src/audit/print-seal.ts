import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  'Prints the newest seal of the audit. Keep it where nobody of the service can change it: "csrctl audit verify --seal" holds the audit against it.'

/** `csrctl audit seal`: the newest seal, as JSON. */
export function addAuditSeal(group: Command): void {
  serviceCommand(group, 'seal', 'prints the newest seal')
    .description(about)
    .action(withClient(printSeal))
}

async function printSeal(client: Client): Promise<void> {
  printJson(await client.audit.seal())
}
