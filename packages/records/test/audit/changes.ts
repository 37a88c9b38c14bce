/** Every change that the audit tells of: how it is brought about, and what its entry says. */
import type { Change } from './changes/change.ts'
import { ofAccounts } from './changes/of-accounts.ts'
import { ofBatches } from './changes/of-batches.ts'
import { ofKeys } from './changes/of-keys.ts'
import { ofRequests } from './changes/of-requests.ts'
import { ofRetention } from './changes/of-retention.ts'
import { ofTenants } from './changes/of-tenants.ts'

export const changes: readonly Change[] = [
  ...ofRequests,
  ...ofBatches,
  ...ofRetention,
  ...ofKeys,
  ...ofAccounts,
  ...ofTenants,
]
