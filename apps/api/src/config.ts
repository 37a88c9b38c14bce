import { join } from 'node:path'
import { maxShards } from '@csr-foundry/records'
import {
  logLevelSetting,
  metricsPlace,
  metricsPortSetting,
  otlpUrlSetting,
  parseSettings,
  passwordSetting,
  ratioSetting,
  SettingsError,
  samplerSetting,
  secretSetting,
  tokenSetting,
  tracingOf,
  trueOrFalse,
  userNameSetting,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'
import { type TrustedProxies, trustProxies } from './authentication/client-address.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

const usualMetricsPort = 9_464

const trustedProxiesSetting = z.string().transform((text, context): TrustedProxies => {
  const list = text.split(',').map((one) => one.trim())
  try {
    return trustProxies(list)
  } catch {
    const message = 'must be IP addresses or CIDRs, separated by commas, such as 10.0.0.0/8'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
})

const listed = (text: string) => text.split(',').map((part) => part.trim())

/** An origin as browsers write it: no path, no final slash, no default port. */
const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text

const originList = z
  .string()
  .refine(
    (text) => listed(text).every(isOrigin),
    'must be origins such as https://console.example.com, separated by commas',
  )
  .transform(listed)

const schema = {
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8080),
  REDIS_URL: z.string(),
  DATA_DIR: z.string().default('.data'),
  VAULT_PUBLIC_KEY_FILE: z.string().optional(),
  ADMIN_USERNAME: userNameSetting.default('admin'),
  ADMIN_PASSWORD: passwordSetting.optional(),
  ADMIN_TOKEN: tokenSetting.optional(),
  SHARDS: wholeNumber(1, maxShards).default(1),
  LOG_LEVEL: logLevelSetting.default('info'),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  ALLOW_PLAIN_HTTP: trueOrFalse.default(false),
  CORS_ORIGINS: originList.optional(),
  HOLD_SECONDS: wholeNumber(0, 55).default(25),
  MAX_WAITING_CALLS: wholeNumber(0, 1_000_000).default(5_000),
  OPEN_BATCHES: wholeNumber(1, 100_000).default(20),
  DRAIN_SECONDS: wholeNumber(1, 3_600).default(10),
  TRUSTED_PROXIES: trustedProxiesSetting.optional(),
  WRITES_PER_MINUTE: wholeNumber(0, 1_000_000).default(600),
  TENANT_WRITES_PER_MINUTE: wholeNumber(0, 10_000_000).default(6_000),
  READS_PER_MINUTE: wholeNumber(0, 100_000_000).default(60_000),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: metricsPortSetting.optional(),
  METRICS_TOKEN: tokenSetting.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrlSetting.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpUrlSetting.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: secretSetting.optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_TRACES_SAMPLER: samplerSetting.default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: ratioSetting.default(1),
}

/** The settings of the API process. See docs/settings.md. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(schema, environment, [
    'ADMIN_PASSWORD',
    'ADMIN_TOKEN',
    'METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ])
  return {
    host: settings.HOST,
    port: settings.PORT,
    redisUrl: settings.REDIS_URL,
    vaultPublicKeyFile: settings.VAULT_PUBLIC_KEY_FILE ?? join(settings.DATA_DIR, 'vault.pub'),
    administrator: {
      name: settings.ADMIN_USERNAME,
      password: settings.ADMIN_PASSWORD,
      token: settings.ADMIN_TOKEN,
    },
    shards: settings.SHARDS,
    logLevel: settings.LOG_LEVEL,
    tls: tlsFiles(settings),
    corsOrigins: settings.CORS_ORIGINS ?? [],
    holdMs: settings.HOLD_SECONDS * 1_000,
    maxWaitingCalls: settings.MAX_WAITING_CALLS,
    openBatches: settings.OPEN_BATCHES,
    drainMs: settings.DRAIN_SECONDS * 1_000,
    trustedProxies: settings.TRUSTED_PROXIES ?? trustProxies([]),
    mostWrites: {
      ofPrincipal: settings.WRITES_PER_MINUTE,
      ofTenant: settings.TENANT_WRITES_PER_MINUTE,
    },
    mostReads: settings.READS_PER_MINUTE,
    metrics: metricsPlace(settings, usualMetricsPort),
    tracing: tracingOf(settings, 'csr-foundry-api'),
  }
}

export type Config = ReturnType<typeof readConfig>

/** Passwords travel in every call, so plain HTTP stays on this machine unless it is asked for. */
function tlsFiles({
  TLS_CERT_FILE: certFile,
  TLS_KEY_FILE: keyFile,
  HOST: host,
  ALLOW_PLAIN_HTTP: allowPlainHttp,
}: {
  TLS_CERT_FILE?: string | undefined
  TLS_KEY_FILE?: string | undefined
  HOST: string
  ALLOW_PLAIN_HTTP: boolean
}): { certFile: string; keyFile: string } | undefined {
  if (certFile && keyFile) return { certFile, keyFile }
  if (certFile || keyFile) {
    throw new SettingsError(['TLS_CERT_FILE, TLS_KEY_FILE: set both for HTTPS, or neither'])
  }
  if (loopback.test(host) || allowPlainHttp) return undefined
  throw new SettingsError([
    `HOST: ${host} can be reached from other machines, which needs HTTPS: set TLS_CERT_FILE and TLS_KEY_FILE, or ALLOW_PLAIN_HTTP=true where something in front terminates it`,
  ])
}
