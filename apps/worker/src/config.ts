import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { maxShards, type Retention } from '@csr-foundry/records'
import {
  logLevelSetting,
  metricsPlace,
  metricsPortSetting,
  parseSettings,
  tokenSetting,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'

const usualMetricsPort = 9_465

/** The settings of the worker supervisor and of its children. See docs/settings.md. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(
    {
      REDIS_URL: z.string(),
      DATA_DIR: z.string().default('.data'),
      MASTER_KEY_FILE: z.string().optional(),
      VAULT_PUBLIC_KEY_FILE: z.string().optional(),
      WORKER_PROCESSES: wholeNumber(1, 512).optional(),
      WORKER_NICENESS: wholeNumber(0, 19).default(10),
      SHARDS: wholeNumber(1, maxShards).default(1),
      VERIFY_EVERY: wholeNumber(1, 1_000_000).default(16),
      AUDIT_RETENTION_DAYS: wholeNumber(0, 36_500).default(0),
      RETENTION_DAYS: wholeNumber(1, 36_500).optional(),
      RETENTION_KEYS: z.enum(['keep', 'delete'], 'must be keep or delete').default('keep'),
      DRAIN_SECONDS: wholeNumber(1, 3_600).default(10),
      METRICS_HOST: z.string().default('127.0.0.1'),
      METRICS_PORT: metricsPortSetting.optional(),
      METRICS_TOKEN: tokenSetting.optional(),
      LOG_LEVEL: logLevelSetting.default('info'),
    },
    environment,
    ['METRICS_TOKEN'],
  )
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
    metrics: metricsPlace(settings, usualMetricsPort),
    logLevel: settings.LOG_LEVEL,
    environment,
  }
}

/** Undefined: for ever. */
const retentionOf = (days: number | undefined, keys: Retention['keys']): Retention | undefined =>
  days === undefined ? undefined : { days, keys }

export type Config = ReturnType<typeof readConfig>
