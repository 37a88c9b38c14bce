import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { codeParser, type FailureCode } from '../parse-code.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts } from '../table.ts'

/** `csrctl failures retry CODE`: queues what has failed in the tenant with one code again. */
export function addFailuresRetry(group: Command): void {
  serviceCommand(group, 'retry', 'queues what has failed with one code again')
    .description(
      'Queues the requests of your tenant that have failed with one code again. They keep their paths, and wait in turn with the work of batches.',
    )
    .argument('<code>', 'as csrctl failures shows it', codeParser('csrctl failures'))
    .action(
      withClient(async (client: Client, code: FailureCode, { json }: { json?: true }) => {
        let retried = 0
        for await (const count of client.failures.retry(code)) retried += count
        if (json) printJson({ code, retried })
        else process.stdout.write(facts({ code, retried: String(retried) }))
      }),
    )
}
