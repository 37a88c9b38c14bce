import { Argument, type Command } from 'commander'
import { deleteCommand } from '../delete-command.ts'

/** `csrctl token delete ID…`: ends tokens. */
export function addTokenDelete(group: Command): void {
  deleteCommand(group, {
    summary: 'deletes tokens',
    about: 'Deletes tokens. Within a second they count nowhere.',
    which: new Argument('<id...>', 'of the tokens, as the list shows them'),
    destroy: (client, id) => client.tokens.delete(id),
  })
}
