import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addPolicyGet } from './get-policy.ts'
import { addPolicySet } from './set-policy.ts'

/** `csrctl policy …`: what stands where a call says nothing. */
export function addPolicy(program: Command): void {
  const group = commandGroup(program, 'policy', "shows and changes the tenant's policy")
  addPolicyGet(group)
  addPolicySet(group)
}
