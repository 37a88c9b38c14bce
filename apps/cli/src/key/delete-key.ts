import { Argument, type Command } from 'commander'
import { deleteCommand } from '../delete-command.ts'
import { parseIds } from '../parse-id.ts'

const about =
  'Destroys keys: nothing brings them back. A key that a request uses is refused; delete the request first.'

/** `csrctl key delete ID…`: destroys keys. */
export function addKeyDelete(group: Command): void {
  deleteCommand(group, {
    summary: 'destroys keys',
    about,
    which: new Argument('<id...>', 'of the keys').argParser(parseIds),
    destroy: (client, id) => client.keys.delete(id),
  })
}
