import type { Client } from '@csr-foundry/client'
import { type Command, InvalidArgumentError } from 'commander'
import { say } from '../output.ts'
import { type Role, withRoles } from '../roles-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  'Makes a token for a program and prints it, this once. To keep it in a file that nobody else can read: (umask 077; csrctl token add ci --roles submit > token)'

const milliseconds = { h: 3_600_000, d: 86_400_000 }

type Options = { roles: Role[]; expires?: string; json?: true }

/** `csrctl token add NAME`: makes a token. */
export function addTokenAdd(group: Command): void {
  const command = serviceCommand(group, 'add', 'makes a token')
    .description(about)
    .argument('<name>', 'what the token is called in lists')
    .option(
      '--expires <when>',
      'in so many days or hours (90d, 12h), or at a moment (2030-01-31T12:00:00Z); never, unless given',
      parseExpiry,
    )
  withRoles(command, { needed: true }).action(withClient(add))
}

/** The token alone is on standard output, so that it can be piped. */
async function add(client: Client, name: string, { roles, expires, json }: Options) {
  const made = await client.tokens.create({
    name,
    roles,
    ...(expires !== undefined && { expires }),
  })
  if (json) printJson(made)
  else process.stdout.write(`${made.token}\n`)
  if (process.stdout.isTTY) say('Keep it now: it is not shown again.')
}

function parseExpiry(value: string): string {
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(value) ?? []
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?Z)?$/.test(value)
  const moment =
    count === undefined
      ? Date.parse(isMoment ? value : '')
      : Date.now() + Number(count) * milliseconds[unit as 'd' | 'h']
  if (!Number.isNaN(moment)) return new Date(moment).toISOString()
  throw new InvalidArgumentError('Give it as 90d, 12h, 2030-01-31 or 2030-01-31T12:00:00Z.')
}
