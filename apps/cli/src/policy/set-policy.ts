import type { Client } from '@csr-foundry/client'
import { type PolicyView, policyView } from '@csr-foundry/native-api'
import { type Command, Option } from 'commander'
import { serviceCommand, withClient } from '../service-command.ts'
import { printPolicy } from './get-policy.ts'

const { defaultKey, defaultCustody, lxcaSpec } = policyView.shape

type Options = Partial<PolicyView> & { json?: true }

/** `csrctl policy set`: changes the policy. */
export function addPolicySet(group: Command): void {
  serviceCommand(group, 'set', 'changes the policy')
    .description('Changes what is given, leaves the rest as it is, and shows all of it.')
    .addOption(
      new Option('--default-key <algorithm>', 'where a request names no key').choices(
        defaultKey.options,
      ),
    )
    .addOption(
      new Option('--default-custody <custody>', 'where a request or an import names none').choices(
        defaultCustody.options,
      ),
    )
    .addOption(
      new Option('--lxca-spec <spec>', "of the keys made by LXCA's calls").choices(
        lxcaSpec.options,
      ),
    )
    .action(withClient(set))
}

async function set(
  client: Client,
  { json, ...given }: Options & { url?: string },
  command: Command,
) {
  const { url: _, ...change } = given
  if (Object.keys(change).length === 0) {
    command.error('error: nothing to change is given.')
  }
  printPolicy(await client.policy.set({ ...(await client.policy.get()), ...change }), json)
}
