import type { Client } from '@csr-foundry/client'
import type { KeyView } from '@csr-foundry/native-api'
import { type Command, Option } from 'commander'
import { addLimit, take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

type Options = { used?: true; unused?: true; limit: number; json?: true }

/** `csrctl key list`: imported keys and those of single requests. */
export function addKeyList(group: Command): void {
  const command = serviceCommand(group, 'list', 'lists keys')
    .description('Lists imported keys and those of single requests, newest first.')
    .addOption(new Option('--used', 'only keys that a request uses').conflicts('unused'))
    .option('--unused', 'only keys that no request uses')
  addLimit(command).action(withClient(list))
}

async function list(client: Client, { used, unused, limit, json }: Options): Promise<void> {
  const page = { limit: Math.min(limit + 1, 1_000) }
  const inUse = used ?? (unused && false)
  const found = client.keys.list(inUse === undefined ? page : { ...page, inUse })
  const keys = await take(found, limit)
  if (json) printJson(keys)
  else process.stdout.write(table(head, keys.map(rowOf)))
}

const head = ['ID', 'ALGORITHM', 'CUSTODY', 'ORIGIN', 'USED', 'NAME', 'CREATED']

const rowOf = ({ id, algorithm, custody, origin, inUse, name = '', created }: KeyView) => [
  id,
  algorithm,
  custody,
  origin,
  inUse ? 'yes' : 'no',
  name,
  momentText(created),
]
