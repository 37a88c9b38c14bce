import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { maxShards, type Retention } from '@csr-foundry/records'
import {
  logLevelSetting,
  metricsPlace,
  metricsPortSetting,
  otlpUrlSetting,
  parseSettings,
  ratioSetting,
  samplerSetting,
  secretSetting,
  tokenSetting,
  tracingOf,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'
import { embeddedRedisUrl } from './embedded-redis-url.ts'

const usualMetricsPort = 9_465

const schema = {
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
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrlSetting.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpUrlSetting.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: secretSetting.optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_TRACES_SAMPLER: samplerSetting.default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: ratioSetting.default(1),
  LOG_LEVEL: logLevelSetting.default('info'),
}

/** The settings of the worker supervisor and of its children. See docs/settings.md. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(schema, environment, [
    'METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ])
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
    tracing: tracingOf(settings, 'csr-foundry-worker'),
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
