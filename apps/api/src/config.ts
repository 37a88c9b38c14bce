import { join } from 'node:path'
import { shardsSetting } from '@csr-foundry/records'
import {
  administratorSettings,
  installationSettings,
  metricsPlace,
  metricsSettings,
  parseSettings,
  prioritySettings,
  SettingsError,
  textSetting,
  tlsSettings,
  tracingOf,
  tracingSettings,
  trueOrFalse,
  wholeNumber,
} from '@csr-foundry/service'
import { trustedProxiesSetting, trustProxies } from './authentication/client-address.ts'
import { originsSetting } from './http/cors.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/** What the API reads. The descriptions are those of docs/settings.md. */
export const apiSettings = {
  ...installationSettings,
  ...administratorSettings,
  HOST: textSetting('an address')
    .default('127.0.0.1')
    .describe(
      'Address to listen on. Any other than loopback needs `TLS_CERT_FILE` and `TLS_KEY_FILE`, or `ALLOW_PLAIN_HTTP=true`.',
    ),
  PORT: wholeNumber(0, 65_535)
    .default(8080)
    .describe(
      'Port to listen on; 0 takes a free one, and the line `csr-foundry ready on …` says which.',
    ),
  ...tlsSettings,
  ALLOW_PLAIN_HTTP: trueOrFalse
    .default(false)
    .describe(
      '`true` allows HTTP on a `HOST` that is not loopback. For a proxy that terminates TLS, on a network that nobody else can read: passwords travel in every call.',
    ),
  TRUSTED_PROXIES: trustedProxiesSetting
    .optional()
    .describe(
      'Your proxies, such as `10.0.0.0/8,::1`. From them alone `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto` are believed. Unset: from nobody. Behind a proxy set it, or all callers are one address to [what slows guesses](accounts.md#guessed-passwords).',
    ),
  CORS_ORIGINS: originsSetting
    .optional()
    .describe(
      "Origins whose pages may call from a browser, such as `https://console.example.com`. Unset: no page of another origin may. Pages have to bring credentials of their own; the browser's are not taken.",
    ),
  SHARDS: shardsSetting,
  HOLD_SECONDS: wholeNumber(0, 55)
    .default(25)
    .describe(
      "How long a GET of LXCA's API, and a GET or POST of Fastly's, waits for a CSR that is not made yet, unless its caller says `Prefer: wait=n`. The native API waits only where its caller says so.",
    ),
  MAX_WAITING_CALLS: wholeNumber(0, 1_000_000)
    .default(5_000)
    .describe(
      "How many calls one API process holds at once, a quarter of them for one tenant; further ones are answered without waiting: 202, by the native API's GET 200 with the state.",
    ),
  OPEN_BATCHES: wholeNumber(1, 100_000)
    .default(20)
    .describe(
      'How many batches a tenant may have open at once: being taken in, or with queued requests. One more is refused, 429 `batches_full`.',
    ),
  WRITES_PER_MINUTE: wholeNumber(0, 1_000_000)
    .default(600)
    .describe(
      "How many changes each user or token can ask for within a minute, all processes together; beyond it calls are 429. 0: no limit. Raise it before a loop that hands in a fleet one by one. A session of LXCA's counts as a change.",
    ),
  TENANT_WRITES_PER_MINUTE: wholeNumber(0, 10_000_000)
    .default(6_000)
    .describe('The same for all users and tokens of a tenant together. 0: no limit.'),
  READS_PER_MINUTE: wholeNumber(0, 100_000_000)
    .default(60_000)
    .describe(
      'How many reads each user or token can ask one API process for within a minute; beyond it calls are 429. 0: no limit. Each process counts by itself, in memory. A call that waits is one read.',
    ),
  ...prioritySettings,
  ...metricsSettings(9_464),
  ...tracingSettings('csr-foundry-api'),
}

/** How the API process is to work. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(apiSettings, environment)
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
    // Between the calls and the workers.
    intakeNiceness: Math.floor(settings.WORKER_NICENESS / 2),
    metrics: metricsPlace(settings),
    tracing: tracingOf(settings),
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
