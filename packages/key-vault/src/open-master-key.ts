import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import { createMasterKeyFile, readMasterKeyFile } from './master-key-file.ts'
import { claimMaster, MasterKeys, otherFile } from './master-keys.ts'
import { readMasters } from './masters.ts'

/**
 * Opens the master key of this installation, and makes it when this is the first start of all.
 *
 * A new key is made only while Redis knows of none: a lost file must be noticed before anything is sealed under a new
 * key, while a copy of it can still be found.
 *
 * @throws {VaultError} `master_key_lost`, `master_key_other`, `master_key_file`
 */
export async function openMasterKey(redis: Redis, path: string): Promise<MasterKeys> {
  const found = await readMasterKeyFile(path)
  const known = (await readMasters(redis)).current
  if (!found && known !== undefined) {
    throw new VaultError(
      'master_key_lost',
      `Redis holds keys that are sealed under the master key ${known}, and ${path} is not there. Put the file back from its backup; a new one is not made.`,
    )
  }
  const provider = found ?? (await createMasterKeyFile(path))
  const current = await claimMaster(redis, provider)
  if (!provider.ids.includes(current)) {
    throw new VaultError('master_key_other', otherFile(path, provider.ids, current))
  }
  return new MasterKeys(redis, path, provider)
}
