import { randomBytes } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shardsSetting } from '@csr-foundry/records'
import {
  administratorSettings,
  installationSettings,
  parseSettings,
  Secret,
  tlsSettings,
  wholeNumber,
} from '@csr-foundry/service'

/** The root of the project: apps/all-in-one/src is three folders below it. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** What the whole installation shares; each child parses what is its own. The descriptions are those of docs/settings.md. */
export const allInOneSettings = {
  ...installationSettings,
  REDIS_URL: installationSettings.REDIS_URL.optional(),
  REDIS_MAX_MEMORY_MB: wholeNumber(64, 16_777_216)
    .optional()
    .describe(
      "Memory that the Redis of `npm start` may fill, in MiB. Unset: a quarter of the machine's memory, or of the container's, and at least 256.",
    ),
  ...administratorSettings,
  ...tlsSettings,
  SHARDS: shardsSetting,
}

/** What `npm start` is to do. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const settings = parseSettings(allInOneSettings, environment)
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
