/**
 * Whether Redis takes what writes. A server can answer, and refuse every write: INFO tells of some reasons, each in words of
 * its own, so it is asked to write.
 */
import type { Redis } from 'ioredis'
import { installationKeys } from './keys.ts'

/** Its file, or its memory, cannot hold more; it is a replica; it lacks the replicas that it is to have. */
export type WriteRefusal = 'disk' | 'memory' | 'replica' | 'replicas'

const refusals: Readonly<Record<string, WriteRefusal>> = {
  MISCONF: 'disk',
  OOM: 'memory',
  READONLY: 'replica',
  NOREPLICAS: 'replicas',
}

/**
 * Why Redis refuses writes; undefined where it takes them.
 *
 * @throws what Redis or the connection to it says otherwise
 */
export async function readWriteRefusal(redis: Redis): Promise<WriteRefusal | undefined> {
  try {
    // A key that never is: Redis judges it as any write, and nothing comes of it, not even in the append-only file.
    await redis.set(installationKeys.nothing, '', 'XX')
    return undefined
  } catch (error) {
    const refusal = refusals[/^[A-Z]+\b/.exec((error as Error).message)?.[0] ?? '']
    if (refusal === undefined) throw error
    return refusal
  }
}
