import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addUserAdd } from './add-user.ts'
import { addUserPassword } from './change-password.ts'
import { addUserDelete } from './delete-user.ts'
import { addUserList } from './list-users.ts'
import { addUserSet } from './set-user.ts'

/** `csrctl user …`: the tenant's users. */
export function addUser(program: Command): void {
  const group = commandGroup(
    program,
    'user',
    "lists, makes, changes and deletes the tenant's users",
  )
  addUserList(group)
  addUserAdd(group)
  addUserSet(group)
  addUserDelete(group)
  addUserPassword(group)
}
