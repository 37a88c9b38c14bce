import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { codeParser, type FailureCode } from '../parse-code.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts } from '../table.ts'

/** `csrctl ops retry CODE`: queues what has failed with one code again. */
export function addOpsRetry(group: Command): void {
  serviceCommand(group, 'retry', 'queues what has failed with one code again')
    .description(
      'Queues the requests that have failed with one code again, of all tenants or of one. They keep their paths, and wait in turn with the work of batches.',
    )
    .argument('<code>', 'as csrctl ops failures shows it', codeParser('csrctl ops failures'))
    .option('--tenant <name>', 'of this tenant alone')
    .action(withClient(retry))
}

async function retry(client: Client, what: FailureCode, options: { tenant?: string; json?: true }) {
  const { tenant, json } = options
  let retried = 0
  const calls = client.ops.retryFailures({ code: what, ...(tenant !== undefined && { tenant }) })
  for await (const count of calls) retried += count
  if (json) printJson({ code: what, retried })
  else process.stdout.write(facts({ code: what, retried: String(retried) }))
}
