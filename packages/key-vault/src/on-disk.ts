import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'

const waitMs = 10_000

/**
 * Resolves when what this connection has written is in the append-only file on the disk, and in that of every replica: what is
 * done next is not undone by a crash or a fail-over of Redis.
 *
 * @param settleMs how long a server without WAITAOF (before Redis 7.2) is given, which writes its file once a second
 */
export async function onDisk(redis: Redis, settleMs: number): Promise<void> {
  const replicas = Number(field(await redis.info('replication'), 'connected_slaves'))
  if (await waitAof(redis, replicas)) return
  if (replicas > 0 && (await redis.wait(replicas, waitMs)) < replicas) throw notOnDisk()
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const persistence = await redis.info('persistence')
  // Without a file there is nothing that a crash could bring back.
  if (field(persistence, 'aof_enabled') !== '1') return
  const isWritten =
    field(persistence, 'aof_last_write_status') === 'ok' &&
    field(persistence, 'aof_pending_bio_fsync') === '0'
  if (!isWritten) throw notOnDisk()
}

/** False where the server does not know the command, or keeps no file. */
async function waitAof(redis: Redis, replicas: number): Promise<boolean> {
  try {
    const found = (await redis.call('WAITAOF', '1', String(replicas), String(waitMs))) as number[]
    const [local = 0, others = 0] = found
    if (local < 1 || others < replicas) throw notOnDisk()
    return true
  } catch (error) {
    if (error instanceof VaultError) throw error
    if (/unknown command|appendonly/i.test(String(error))) return false
    throw error
  }
}

const field = (info: string, name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1]

const notOnDisk = () =>
  new VaultError(
    'rotation_waits',
    'Redis does not get what was wrapped anew onto its disk, or onto that of a replica. The previous key stays in the file: look at Redis, then run the command again.',
  )
