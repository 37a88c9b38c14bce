import type { NewUser } from '@csr-foundry/client'
import { role } from '@csr-foundry/native-api'
import { type Command, InvalidArgumentError, Option } from 'commander'

export type Role = NewUser['roles'][number]

const roles = role.options
const names: readonly string[] = roles

/** `--roles read,submit`, needed or not. */
export function withRoles(command: Command, { needed }: { needed: boolean }): Command {
  const option = new Option('--roles <roles>', `with commas: ${roles.join(', ')}`)
  return command.addOption(option.argParser(parseRoles).makeOptionMandatory(needed))
}

function parseRoles(value: string): Role[] {
  const given = value.split(',').map((role) => role.trim())
  if (given.every(isRole)) return given
  throw new InvalidArgumentError(`The roles are: ${roles.join(', ')}.`)
}

const isRole = (name: string): name is Role => names.includes(name)
