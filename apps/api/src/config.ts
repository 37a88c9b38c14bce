import { maxShards } from '@csr-foundry/records'
import {
  logLevelSetting,
  parseSettings,
  passwordSetting,
  SettingsError,
  trueOrFalse,
  userNameSetting,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/** The settings of the API process. See docs/settings.md. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(
    {
      HOST: z.string().default('127.0.0.1'),
      PORT: wholeNumber(0, 65_535).default(8080),
      REDIS_URL: z.string(),
      ADMIN_USERNAME: userNameSetting.default('admin'),
      ADMIN_PASSWORD: passwordSetting.optional(),
      SHARDS: wholeNumber(1, maxShards).default(1),
      LOG_LEVEL: logLevelSetting.default('info'),
      TLS_CERT_FILE: z.string().optional(),
      TLS_KEY_FILE: z.string().optional(),
      ALLOW_PLAIN_HTTP: trueOrFalse.default(false),
      HOLD_SECONDS: wholeNumber(0, 55).default(25),
      MAX_WAITING_CALLS: wholeNumber(0, 1_000_000).default(5_000),
      DRAIN_SECONDS: wholeNumber(1, 3_600).default(10),
    },
    environment,
    ['ADMIN_PASSWORD'],
  )
  return {
    host: settings.HOST,
    port: settings.PORT,
    redisUrl: settings.REDIS_URL,
    administrator: { name: settings.ADMIN_USERNAME, password: settings.ADMIN_PASSWORD },
    shards: settings.SHARDS,
    logLevel: settings.LOG_LEVEL,
    tls: tlsFiles(
      settings.TLS_CERT_FILE,
      settings.TLS_KEY_FILE,
      settings.HOST,
      settings.ALLOW_PLAIN_HTTP,
    ),
    holdMs: settings.HOLD_SECONDS * 1_000,
    maxWaitingCalls: settings.MAX_WAITING_CALLS,
    drainMs: settings.DRAIN_SECONDS * 1_000,
  }
}

export type Config = ReturnType<typeof readConfig>

/** Passwords travel in every call, so plain HTTP stays on this machine unless it is asked for. */
function tlsFiles(
  certFile: string | undefined,
  keyFile: string | undefined,
  host: string,
  allowPlainHttp: boolean,
): { certFile: string; keyFile: string } | undefined {
  if (certFile && keyFile) return { certFile, keyFile }
  if (certFile || keyFile) {
    throw new SettingsError(['TLS_CERT_FILE, TLS_KEY_FILE: set both for HTTPS, or neither'])
  }
  if (loopback.test(host) || allowPlainHttp) return undefined
  throw new SettingsError([
    `HOST: ${host} can be reached from other machines, which needs HTTPS: set TLS_CERT_FILE and TLS_KEY_FILE, or ALLOW_PLAIN_HTTP=true where something in front terminates it`,
  ])
}
