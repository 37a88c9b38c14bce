import type { Client, RequestSummary } from '@csr-foundry/client'
import { requestView } from '@csr-foundry/native-api'
import { type Command, Option } from 'commander'
import { addLimit, take } from './limit.ts'
import { printJson, serviceCommand, withClient } from './service-command.ts'
import { momentText, table } from './table.ts'

const about =
  'Lists requests, newest first. --query takes a path id, the start of a ref or the start of a common name; it looks at the last 100,000 ids.'

/** As many as a page can have. */
const longestPage = 200

type Options = { state?: RequestSummary['state']; query?: string; limit: number; json?: true }

/** `csrctl list`: the tenant's requests. */
export function addList(program: Command): void {
  const command = serviceCommand(program, 'list', 'lists requests')
    .description(about)
    .addOption(
      new Option('--state <state>', 'only requests in this state').choices(
        requestView.shape.state.options,
      ),
    )
    .option('--query <text>', 'a path id, or how a ref or a common name begins')
  addLimit(command).action(withClient(list))
}

async function list(client: Client, { state, query, limit, json }: Options): Promise<void> {
  const found = client.requests.list({
    limit: Math.min(limit + 1, longestPage),
    ...(state !== undefined && { state }),
    ...(query !== undefined && { q: query }),
  })
  const requests = await take(found, limit)
  if (json) printJson(requests)
  else process.stdout.write(table(head, requests.map(rowOf)))
}

const head = ['PATH', 'STATE', 'KEY', 'COMMON NAME', 'REF', 'CREATED']

const rowOf = ({ id, state, key, commonName = '', ref = '', times }: RequestSummary) => [
  id,
  state,
  key?.algorithm ?? '',
  commonName,
  ref,
  momentText(times.created),
]
