import type { Client } from '@csr-foundry/client'
import { type Command, Option } from 'commander'
import { wholeNumberOf } from '../parse-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  'Limits a tenant, closes it or opens it again. Nobody of a closed tenant gets in, at once and everywhere; nothing of it is deleted.'

const parseLimit = wholeNumberOf(0, 1_000_000_000)

type Options = { queuedRequests?: number | 'none'; close?: true; open?: true; json?: true }

/** `csrctl tenant set NAME`: changes a tenant. */
export function addTenantSet(group: Command): void {
  serviceCommand(group, 'set', 'changes a tenant')
    .description(about)
    .argument('<name>', 'of the tenant')
    .option('--queued-requests <n>', 'how many it may have; none takes the limit away', (value) =>
      value === 'none' ? value : parseLimit(value),
    )
    .addOption(new Option('--close', 'closes it').conflicts('open'))
    .option('--open', 'opens it again')
    .action(withClient(set))
}

async function set(client: Client, name: string, options: Options, command: Command) {
  const { queuedRequests, close, open, json } = options
  if (queuedRequests === undefined && !close && !open) {
    command.error('error: nothing to change is given.')
  }
  const tenant = await client.tenants.change(name, {
    ...(queuedRequests !== undefined && { limits: limitsOf(queuedRequests) }),
    ...((close || open) && { closed: close === true }),
  })
  if (json) printJson(tenant)
}

const limitsOf = (queuedRequests: number | 'none') => ({
  queuedRequests: queuedRequests === 'none' ? null : queuedRequests,
})
