import { Argument, type Command } from 'commander'
import { deleteCommand } from '../delete-command.ts'
import { parseIds } from '../parse-id.ts'

const about =
  'Deletes batches with all their requests, CSRs and keys, after cancelling what is queued. Nothing brings them back.'

/** `csrctl batch delete ID…`: deletes batches. */
export function addBatchDelete(group: Command): void {
  deleteCommand(group, {
    summary: 'deletes batches',
    about,
    which: new Argument('<id...>', 'of the batches').argParser(parseIds),
    destroy: (client, id) => client.batches.delete(id),
  })
}
