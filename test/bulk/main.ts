/**
 * The promises of bulk work, held on the service as its users start it, with csrctl, on this machine:
 *
 *     npm run test:bulk [-- --count 100000 --keys 1000 --seed 1]
 *
 * `--count` rows of P-256 are handed in and all of their CSRs checked; then `--keys` rows whose keys are handed out, each of which is
 * opened. 0 leaves one of them out. Needs Linux, Go and OpenSSL. A line for each promise; ends with 1 where one is not kept.
 */
import { startBulkService } from '../load/bulk-service.ts'
import { say } from '../load/promised.ts'
import { wholeNumbers } from '../load/whole-numbers.ts'
import { bulkCsrs } from './bulk-csrs.ts'
import { bulkKeys } from './bulk-keys.ts'

const { count, keys, seed } = wholeNumbers({
  count: 100_000,
  keys: 1_000,
  seed: Date.now() % 1_000_000,
})

await using bulk = await startBulkService()
say(`seed ${seed}`)
if (count > 0) await bulkCsrs(bulk, { count, seed })
if (keys > 0) await bulkKeys(bulk, { count: keys, seed })
