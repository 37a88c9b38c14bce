import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addBatchCancel } from './cancel-batch.ts'
import { addBatchDelete } from './delete-batches.ts'
import { addBatchGet } from './get-batch.ts'
import { addBatchList } from './list-batches.ts'
import { addBatchRetry } from './retry-batch.ts'

/** `csrctl batch …`: what was handed in as a file. `csrctl batch 7` is `csrctl batch get 7`. */
export function addBatch(program: Command): void {
  const group = commandGroup(program, 'batch', 'shows, lists, cancels, retries and deletes batches')
  addBatchGet(group)
  addBatchList(group)
  addBatchCancel(group)
  addBatchRetry(group)
  addBatchDelete(group)
}
