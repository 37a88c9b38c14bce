import type { Client } from '@csr-foundry/client'
import type { PolicyView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts } from '../table.ts'

/** `csrctl policy get`: shows the policy. */
export function addPolicyGet(group: Command): void {
  serviceCommand(group, 'get', 'shows the policy')
    .description('Shows what stands where a call says nothing.')
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        printPolicy(await client.policy.get(), json)
      }),
    )
}

export function printPolicy(policy: PolicyView, json: true | undefined): void {
  if (json) printJson(policy)
  else process.stdout.write(factsOf(policy))
}

const factsOf = ({ defaultKey, defaultCustody, lxcaSpec }: PolicyView) =>
  facts({ 'default key': defaultKey, 'default custody': defaultCustody, 'LXCA spec': lxcaSpec })
