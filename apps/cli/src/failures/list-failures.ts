import type { Client } from '@csr-foundry/client'
import type { OwnFailureGroup, OwnFailuresView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { countText } from '../batch/amounts.ts'
import { say } from '../output.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { table } from '../table.ts'

/** `csrctl failures list`: what has failed in the tenant, by code. */
export function addFailuresList(group: Command): void {
  serviceCommand(group, 'list', 'shows what has failed, by code', { isDefault: true })
    .description(
      'Shows what has failed in your tenant, by code, with the newest paths. Try them again with: csrctl failures retry CODE',
    )
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        const failures = await client.failures.get()
        if (json) printJson(failures)
        else print(failures)
      }),
    )
}

function print({ failed, looked, groups }: OwnFailuresView): void {
  process.stdout.write(table(['CODE', 'COUNT', 'NEWEST'], groups.map(rowOf)))
  if (looked < failed) {
    say(`Of ${countText(failed)} failed requests these are the newest ${countText(looked)}.`)
  }
}

const rowOf = ({ code, count, newest }: OwnFailureGroup) => [
  code,
  countText(count),
  `${newest.slice(0, 3).join(',')}${count > 3 ? ',…' : ''}`,
]
