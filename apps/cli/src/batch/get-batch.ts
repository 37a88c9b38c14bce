import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { parseId } from '../parse-id.ts'
import { serviceCommand, withClient } from '../service-command.ts'
import { addOutOptions, checkOutOptions } from './out-options.ts'
import type { ShowOptions } from './show-batch.ts'

const about = `Shows a batch; "csrctl batch 7" is "csrctl batch get 7".

--watch waits until it is settled. --results prints a line for each row, in the order of the file: path, state, ref, id of the key, and what is wrong; with --json each line is a JSON document with the CSR. --out waits until it is settled, and writes the files that "csrctl submit" writes.`

/** `csrctl batch ID`: what became of a file. */
export function addBatchGet(group: Command): void {
  const command = serviceCommand(group, 'get', 'shows a batch, or gets its results', {
    isDefault: true,
  })
    .description(about)
    .argument('<id>', 'of the batch', parseId)
    .option('--watch', 'waits until it is settled')
    .option('--results', 'prints a line for each row')
  addOutOptions(command).action(withClient(get))
}

async function get(client: Client, id: string, options: ShowOptions, command: Command) {
  checkOutOptions(options, command)
  if (options.results && options.out !== undefined) {
    command.error("error: '--results' prints and '--out' writes; give one of them.")
  }
  // Most of it is for submit, which has it too.
  const { showBatch } = await import('./show-batch.ts')
  await showBatch(client, id, options)
}
