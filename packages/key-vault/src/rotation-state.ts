import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import { readMasterKeyFile } from './master-key-file.ts'
import { otherFile } from './master-keys.ts'
import { readMasters } from './masters.ts'

/** Where a rotation stands: `next` is in the file and wraps nothing yet; `wrapping`: it is the current one, and the one before may still be needed. */
export type RotationState = {
  readonly stage: 'settled' | 'prepared' | 'wrapping'
  readonly current: string
  readonly next?: string
}

/** @throws {VaultError} where the file or Redis is not one to rotate with */
export async function findState(place: {
  readonly redis: Redis
  readonly path: string
}): Promise<RotationState> {
  const { current, next, previous } = await readMasters(place.redis)
  if (current === undefined) {
    throw new VaultError(
      'rotation_other',
      'Redis knows of no master key yet: the first start of the service makes one. Look whether REDIS_URL is right.',
    )
  }
  const ids = await idsInFile(place.path, current)
  if (next !== undefined) {
    if (ids.includes(next)) return { stage: 'prepared', current, next }
    throw new VaultError(
      'rotation_other',
      `A rotation to the master key ${next} was begun on another host: run the command there, or copy its file to ${place.path}. Where that file is lost: --cancel.`,
    )
  }
  const [first] = ids
  if (previous !== undefined || (ids.length > 1 && first === current)) {
    return { stage: 'wrapping', current }
  }
  // Made and not announced: the run before ended in between.
  if (first !== undefined && first !== current) return { stage: 'prepared', current, next: first }
  return { stage: 'settled', current }
}

async function idsInFile(path: string, current: string): Promise<readonly string[]> {
  const file = await readMasterKeyFile(path)
  if (!file) {
    throw new VaultError(
      'master_key_lost',
      `${path} is not there: run this where the master key file is, with the settings of the workers.`,
    )
  }
  if (file.ids.includes(current)) return file.ids
  throw new VaultError('master_key_other', otherFile(path, file.ids, current))
}
