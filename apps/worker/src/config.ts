import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Retention, shardsSetting } from '@csr-foundry/records'
import {
  fileSetting,
  installationSettings,
  metricsPlace,
  metricsSettings,
  parseSettings,
  prioritySettings,
  tracingOf,
  tracingSettings,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'
import { embeddedRedisUrl } from './embedded-redis-url.ts'

/** What the worker supervisor and its children read. The descriptions are those of docs/settings.md. */
export const workerSettings = {
  ...installationSettings,
  MASTER_KEY_FILE: fileSetting
    .optional()
    .describe('File of the master key. Unset: `keys/master.key` in `DATA_DIR`.'),
  WORKER_PROCESSES: wholeNumber(1, 512)
    .optional()
    .describe('Worker processes of one supervisor. Unset: one for each core.'),
  ...prioritySettings,
  SHARDS: shardsSetting,
  VERIFY_EVERY: wholeNumber(1, 1_000_000)
    .default(16)
    .describe(
      'In a lot of several EC or Ed25519 keys, the first, the last and one in this many CSRs at random are read back, compared with what was asked for, and verified; 1 does all. With RSA, ML-DSA and imported keys, and single requests, it is always done, and the public key is compared in every CSR.',
    ),
  AUDIT_RETENTION_DAYS: wholeNumber(0, 36_500)
    .default(0)
    .describe(
      "After so many days entries of the audit are let go of, up to a [seal](operations.md#the-audit) of that age. 0 keeps them for ever: an entry takes about 150 bytes of Redis' memory, and its share of a seal 50 to 650.",
    ),
  RETENTION_DAYS: wholeNumber(1, 36_500)
    .optional()
    .describe(
      'After so many days requests that are ready, failed or cancelled are removed, and batches as a whole: [what goes and what stays](operations.md#what-is-removed-by-itself). The same for all supervisors. Unset: they stay for ever.',
    ),
  RETENTION_KEYS: z
    .enum(['keep', 'delete'], 'must be keep or delete')
    .default('keep')
    .describe(
      "What `RETENTION_DAYS` does with a key that was made for what it removes, and that nobody has exported: `keep` leaves it, listed as unused; `delete` destroys it. Keys that are in use, imported, or made by Fastly's API stay in either case.",
    ),
  ...metricsSettings(9_465),
  ...tracingSettings('csr-foundry-worker'),
}

/** How the worker supervisor and its children are to work. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(workerSettings, environment)
  const cores = availableParallelism()
  const processes = settings.WORKER_PROCESSES ?? cores
  return {
    redisUrl: settings.REDIS_URL,
    masterKeyFile: settings.MASTER_KEY_FILE ?? join(settings.DATA_DIR, 'keys', 'master.key'),
    vaultPublicKeyFile: settings.VAULT_PUBLIC_KEY_FILE ?? join(settings.DATA_DIR, 'vault.pub'),
    processes,
    niceness: settings.WORKER_NICENESS,
    /** RSA keys are generated on the thread pool: as many threads as cores, over all processes. */
    threads: Math.max(1, Math.floor(cores / processes)),
    shards: settings.SHARDS,
    verifyEvery: settings.VERIFY_EVERY,
    auditRetentionDays: settings.AUDIT_RETENTION_DAYS,
    retention: retentionOf(settings.RETENTION_DAYS, settings.RETENTION_KEYS),
    drainMs: settings.DRAIN_SECONDS * 1_000,
    metrics: metricsPlace(settings),
    tracing: tracingOf(settings),
    logLevel: settings.LOG_LEVEL,
    environment,
  }
}

/** The same for a command that is run beside the service: where `REDIS_URL` is unset, its Redis is that of `npm start`. */
export function readCommandConfig(environment: NodeJS.ProcessEnv = process.env) {
  const { REDIS_URL, DATA_DIR } = environment
  return readConfig({
    ...environment,
    REDIS_URL: REDIS_URL || embeddedRedisUrl(DATA_DIR || '.data'),
  })
}

/** Undefined: for ever. */
const retentionOf = (days: number | undefined, keys: Retention['keys']): Retention | undefined =>
  days === undefined ? undefined : { days, keys }

export type Config = ReturnType<typeof readConfig>
