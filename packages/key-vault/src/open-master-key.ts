import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import { createMasterKeyFile, readMasterKeyFile } from './master-key-file.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'

/**
 * Opens the master key of this installation, and makes it when this is the first start of all.
 *
 * A new key is made only while Redis knows of none: a lost file must be noticed before anything is sealed under a new
 * key, while a copy of it can still be found.
 *
 * @throws {VaultError} `master_key_lost`, `master_key_other`, `master_key_file`
 */
export async function openMasterKey(redis: Redis, path: string): Promise<MasterKeyProvider> {
  const found = await readMasterKeyFile(path)
  const known = await redis.hget(installationKeys.masters, 'current')
  if (!found && known !== null) {
    throw new VaultError(
      'master_key_lost',
      `Redis holds keys that are sealed under the master key ${known}, and ${path} is not there. Put the file back from its backup; a new one is not made.`,
    )
  }
  const provider = found ?? (await createMasterKeyFile(path))
  await redis.hsetnx(installationKeys.masters, 'current', provider.currentId)
  const current = await redis.hget(installationKeys.masters, 'current')
  if (current !== provider.currentId) {
    throw new VaultError(
      'master_key_other',
      `Redis holds keys that are sealed under the master key ${current}; ${path} holds ${provider.ids.join(' and ')}. Use the file that belongs to this data.`,
    )
  }
  return provider
}
