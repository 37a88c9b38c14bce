/**
 * The settings that several programs read. Each program takes those of its own; what is said of them is the same for all.
 *
 * A description is what docs/settings.md says: Markdown, with links from that page. `npm run docs:settings` writes it there.
 */
import {
  fileSetting,
  logLevelSetting,
  passwordSetting,
  textSetting,
  tokenSetting,
  userNameSetting,
  wholeNumber,
} from './setting-kinds.ts'

/** What all programs read. */
export const installationSettings = {
  REDIS_URL: textSetting('`redis://[user:password@]host[:port]`, or `rediss://` for TLS').describe(
    'Where Redis is. api and worker need it. all-in-one starts a Redis of its own where it is unset.',
  ),
  DATA_DIR: textSetting('a folder')
    .default('.data')
    .describe(
      "Folder for Redis' files, the master key, the vault's public key and the administrator's password. One installation at a time can use it.",
    ),
  VAULT_PUBLIC_KEY_FILE: fileSetting
    .optional()
    .describe(
      "File of the vault's public key. The worker supervisor writes it at each start; the API seals uploaded keys to the key in it and to no other, and must not be able to write it. Unset: `vault.pub` in `DATA_DIR`.",
    ),
  DRAIN_SECONDS: wholeNumber(1, 3_600)
    .default(10)
    .describe(
      'When stopping: how long calls may take to be answered, and then lots to be done. What is not done is given back to the queue.',
    ),
  LOG_LEVEL: logLevelSetting
    .default('info')
    .describe('What the log has: events of this level and of those named before it.'),
}

/** How those stand back who do not answer calls. */
export const prioritySettings = {
  WORKER_NICENESS: wholeNumber(0, 19)
    .default(19)
    .describe(
      "The priority (nice) of worker processes: they take what the API and Redis leave. On Linux the API's thread that reads batches has half of it. 0 where other programs share the machine and would leave them nothing.",
    ),
}

/** What records the administrator. */
export const administratorSettings = {
  ADMIN_USERNAME: userNameSetting
    .default('admin')
    .describe('Name of the administrator. Counts while the administrator is made.'),
  ADMIN_PASSWORD: passwordSetting
    .optional()
    .describe(
      'Password for that account. Counts only while the installation has no user with the role `admin`, as at its first start, or after [his password was removed](operations.md#the-administrators-password-is-lost); later it is ignored. api needs it until then; all-in-one makes one where it is unset.',
    ),
  ADMIN_TOKEN: tokenSetting
    .optional()
    .describe(
      'An [API token](accounts.md#tokens) for that account. Recorded at each start, in place of the one before; listed as the token `ADMIN_TOKEN`. To end it, unset this and delete that token.',
    ),
}

/** What HTTPS needs. */
export const tlsSettings = {
  TLS_CERT_FILE: fileSetting
    .optional()
    .describe(
      'Certificate chain in PEM. With it and `TLS_KEY_FILE` the API speaks HTTPS, from TLS 1.2 on. Replaced files are taken up [within seconds](operations.md#tls).',
    ),
  TLS_KEY_FILE: fileSetting.optional().describe('Its private key in PEM.'),
}
