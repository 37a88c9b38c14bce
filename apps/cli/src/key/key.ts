import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addKeyDelete } from './delete-key.ts'
import { addKeyExport } from './export-key.ts'
import { addKeyGet } from './get-key.ts'
import { addKeyImport } from './import-key.ts'
import { addKeyList } from './list-keys.ts'
import { addKeyOpen } from './open-key.ts'
import { addKeyRecipient } from './recipient-key.ts'

/** `csrctl key …`: the tenant's keys. */
export function addKey(program: Command): void {
  const group = commandGroup(program, 'key', 'lists, imports, exports, opens and destroys keys')
  addKeyList(group)
  addKeyGet(group)
  addKeyImport(group)
  addKeyDelete(group)
  addKeyRecipient(group)
  addKeyExport(group)
  addKeyOpen(group)
}
