import { randomBytes } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { maxShards } from '@csr-foundry/records'
import {
  logLevelSetting,
  parseSettings,
  passwordSetting,
  Secret,
  tokenSetting,
  userNameSetting,
  wholeNumber,
} from '@csr-foundry/service'
import { z } from 'zod'

/** The root of the project: apps/all-in-one/src is three folders below it. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The settings that the whole installation shares; each child parses those of its own. See docs/settings.md. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(
    {
      REDIS_URL: z.string().optional(),
      DATA_DIR: z.string().default('.data'),
      VAULT_PUBLIC_KEY_FILE: z.string().optional(),
      ADMIN_USERNAME: userNameSetting.default('admin'),
      ADMIN_PASSWORD: passwordSetting.optional(),
      ADMIN_TOKEN: tokenSetting.optional(),
      REDIS_MAX_MEMORY_MB: wholeNumber(64, 16_777_216).optional(),
      SHARDS: wholeNumber(1, maxShards).default(1),
      TLS_CERT_FILE: z.string().optional(),
      TLS_KEY_FILE: z.string().optional(),
      DRAIN_SECONDS: wholeNumber(1, 3_600).default(10),
      LOG_LEVEL: logLevelSetting.default('info'),
    },
    environment,
    ['ADMIN_PASSWORD', 'ADMIN_TOKEN'],
  )
  const dataDir = resolve(settings.DATA_DIR)
  return {
    root,
    dataDir,
    vaultPublicKeyFile: resolve(settings.VAULT_PUBLIC_KEY_FILE ?? join(dataDir, 'vault.pub')),
    redisUrl: settings.REDIS_URL,
    redisMaxMemory: settings.REDIS_MAX_MEMORY_MB && settings.REDIS_MAX_MEMORY_MB * 1024 * 1024,
    administrator: {
      name: settings.ADMIN_USERNAME,
      password: settings.ADMIN_PASSWORD,
      token: settings.ADMIN_TOKEN,
      newPassword: () => new Secret(randomBytes(18).toString('base64url')),
      passwordFile: join(dataDir, 'admin-password'),
    },
    shards: settings.SHARDS,
    tlsFiles: [settings.TLS_CERT_FILE, settings.TLS_KEY_FILE].filter((file) => file !== undefined),
    drainMs: settings.DRAIN_SECONDS * 1_000,
    logLevel: settings.LOG_LEVEL,
    environment,
  }
}

export type Config = ReturnType<typeof readConfig>
