import { Argument, type Command } from 'commander'
import { deleteCommand } from './delete-command.ts'
import { parseIds } from './parse-id.ts'

const about =
  'Deletes requests with their CSRs, in any state. A key that was made for a request goes with it, unless another request uses the key. Nothing brings them back.'

/** `csrctl delete PATH…`: deletes requests. */
export function addDelete(program: Command): void {
  deleteCommand(program, {
    summary: 'deletes requests',
    about,
    which: new Argument('<path...>', 'path ids').argParser(parseIds),
    destroy: (client, path) => client.requests.delete(path),
  })
}
