import { Argument, type Command } from 'commander'
import { deleteCommand } from '../delete-command.ts'

/** `csrctl user delete NAME…`: deletes users. */
export function addUserDelete(group: Command): void {
  deleteCommand(group, {
    summary: 'deletes users',
    about: 'Deletes users. Within a second they get in nowhere; what they made stays.',
    which: new Argument('<name...>', 'of the users'),
    destroy: (client, name) => client.users.delete(name),
  })
}
