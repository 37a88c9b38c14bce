import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addTokenAdd } from './add-token.ts'
import { addTokenDelete } from './delete-token.ts'
import { addTokenList } from './list-tokens.ts'

/** `csrctl token …`: the tenant's tokens. */
export function addToken(program: Command): void {
  const group = commandGroup(program, 'token', "lists, makes and deletes the tenant's tokens")
  addTokenList(group)
  addTokenAdd(group)
  addTokenDelete(group)
}
