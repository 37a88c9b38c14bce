import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addFailuresList } from './list-failures.ts'
import { addFailuresRetry } from './retry-failures.ts'

/** `csrctl failures …`: what has failed in the tenant. `csrctl failures` is `csrctl failures list`. */
export function addFailures(program: Command): void {
  const group = commandGroup(program, 'failures', 'shows what has failed, and tries it again')
  addFailuresList(group)
  addFailuresRetry(group)
}
