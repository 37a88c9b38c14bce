/**
 * Whether tenants share the workers evenly, on the service as its users start it:
 *
 *     npm run bench:fair [-- --rows 100000 --batches 100 --seconds 300]
 *
 * First two tenants hand in the same number of P-256 rows, one as 1 batch and one as `--batches`; then one has a large batch, and
 * another hands in a small one every second, for so many seconds. 0 rows or 0 seconds leave one of them out. A line for each promise; ends
 * with 1 where one is not kept.
 */
import { startBulkService } from './bulk-service.ts'
import { fairShare } from './fair-share.ts'
import { fairTenants } from './fair-tenants.ts'
import { wholeNumbers } from './whole-numbers.ts'

const { rows, batches, seconds } = wholeNumbers({ rows: 100_000, batches: 100, seconds: 300 })

if (rows > 0) {
  await using bulk = await startBulkService()
  await fairTenants(bulk, { rows, batches })
}
if (seconds > 0) {
  await using bulk = await startBulkService()
  await fairShare(bulk, seconds)
}
