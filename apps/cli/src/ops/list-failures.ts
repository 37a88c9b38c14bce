import type { Client } from '@csr-foundry/client'
import type { FailureGroup, FailuresView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { countText } from '../batch/amounts.ts'
import { say } from '../output.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { table } from '../table.ts'

/** `csrctl ops failures`: what has failed in all tenants, by code. */
export function addOpsFailures(group: Command): void {
  serviceCommand(group, 'failures', 'shows what has failed, by code')
    .description(
      'Shows what has failed in all tenants, by code and tenant, with the newest paths. Try them again with: csrctl ops retry CODE',
    )
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        const failures = await client.ops.failures()
        if (json) printJson(failures)
        else print(failures)
      }),
    )
}

function print({ failed, looked, groups }: FailuresView): void {
  process.stdout.write(table(['CODE', 'TENANT', 'COUNT', 'NEWEST'], groups.flatMap(rowsOf)))
  if (looked < failed) {
    say(`Of ${countText(failed)} failed requests these are the newest ${countText(looked)}.`)
  }
}

const rowsOf = ({ code, tenants }: FailureGroup) =>
  tenants.map(({ tenant, count, newest }) => [
    code,
    tenant,
    countText(count),
    `${newest.slice(0, 3).join(',')}${count > 3 ? ',…' : ''}`,
  ])
