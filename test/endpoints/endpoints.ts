/**
 * Every endpoint of every dialect: who may call it, a good call of it, and what it answers when it works. Tests of what must
 * hold for all of them go through this table; one of them holds it to the routes of the application.
 */
import type { Endpoint } from './endpoint.ts'
import { accounts } from './endpoints/accounts.ts'
import { audit } from './endpoints/audit.ts'
import { batches } from './endpoints/batches.ts'
import { failures } from './endpoints/failures.ts'
import { fastly } from './endpoints/fastly.ts'
import { keys } from './endpoints/keys.ts'
import { lxca } from './endpoints/lxca.ts'
import { open } from './endpoints/open.ts'
import { ops } from './endpoints/ops.ts'
import { policy } from './endpoints/policy.ts'
import { requests } from './endpoints/requests.ts'

export const endpoints: readonly Endpoint[] = [
  ...lxca,
  ...fastly,
  ...requests,
  ...failures,
  ...batches,
  ...keys,
  ...audit,
  ...policy,
  ...accounts,
  ...ops,
  ...open,
]
