import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  administratorExists,
  connected,
  connectRedis,
  ensureAdministrator,
  recordAdministratorToken,
} from '@csr-foundry/records'
import type { Secret } from '@csr-foundry/service'
import type { Config } from './config.ts'

const connectWithin = 30_000

/**
 * Makes the administrator at the first start, and records his token at each. A password that was not given is made, and
 * shown once on a terminal; where nobody is looking it goes into a file of mode 0600, and only the file's path is said.
 */
export async function prepareAdministrator(
  redisUrl: string,
  { administrator }: Config,
  say: (line: string) => void,
  isTerminal: boolean,
): Promise<void> {
  const redis = connectRedis(redisUrl, 'request', { onError: () => {} })
  try {
    await connected(redis, connectWithin)
    const { name, token } = administrator
    if (!(await administratorExists(redis, name))) {
      const make = (password: Secret) => ensureAdministrator(redis, name, password)
      await makeAdministrator(administrator, make, say, isTerminal)
    }
    if (token) await recordAdministratorToken(redis, name, token)
  } finally {
    redis.disconnect()
  }
}

async function makeAdministrator(
  { name, password, newPassword, passwordFile }: Config['administrator'],
  make: (password: Secret) => Promise<unknown>,
  say: (line: string) => void,
  isTerminal: boolean,
): Promise<void> {
  if (password) {
    await make(password)
    return
  }
  const made = newPassword()
  // Handed over before it counts: a password that nobody was told would lock everybody out.
  if (isTerminal) say(`The password of ${name}, shown this once: ${made.reveal()}`)
  else await writePassword(passwordFile, made)
  await make(made)
  if (!isTerminal) say(`The password of ${name} is in ${passwordFile}`)
}

async function writePassword(path: string, password: Secret): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // A file that is there would keep its mode.
  await rm(path, { force: true })
  await writeFile(path, `${password.reveal()}\n`, { mode: 0o600, flag: 'wx' })
}
