import type { Client } from '@csr-foundry/client'
import type { KeyView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { parseId } from '../parse-id.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts, momentText } from '../table.ts'

type Options = { publicKey?: true; json?: true }

/** `csrctl key get ID`: what the service tells of a key. */
export function addKeyGet(group: Command): void {
  serviceCommand(group, 'get', 'shows a key')
    .description('Shows what is known of a key, without its private half.')
    .argument('<id>', 'of the key', parseId)
    .option('--public-key', 'prints the public key alone, as PEM')
    .action(withClient(get))
}

async function get(client: Client, id: string, { publicKey, json }: Options): Promise<void> {
  const key = await client.keys.get(id)
  if (json) printJson(key)
  else process.stdout.write(publicKey ? key.publicKey : factsOf(key))
}

const factsOf = ({ id, name, algorithm, spkiSha256, custody, origin, inUse, created }: KeyView) =>
  facts({
    id,
    name,
    algorithm,
    'SPKI SHA-256': spkiSha256,
    custody,
    origin,
    used: inUse ? 'yes' : 'no',
    created: momentText(created),
  })
