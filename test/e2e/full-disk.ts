import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lookInto, redisUrlOf } from './look.ts'
import type { Service } from './start-service.ts'

/** Makes the disk of a service's own Redis as full as /dev/full: each write of its file ends with ENOSPC, until this is disposed of. */
export async function fillDisk(service: Service): Promise<AsyncDisposable> {
  const folder = join(service.dataDir, 'redis/appendonlydir')
  const files = await readdir(folder)
  const last = Math.max(...files.map((file) => Number(/\.(\d+)\.incr\.aof$/.exec(file)?.[1] ?? 0)))
  // What a rewrite goes on with has the next number.
  await symlink('/dev/full', join(folder, `appendonly.aof.${last + 1}.incr.aof`))
  await rewrite(service)
  // A file after that one.
  return { [Symbol.asyncDispose]: () => rewrite(service) }
}

async function rewrite(service: Service): Promise<void> {
  await using redis = await lookInto(redisUrlOf(service))
  await redis.bgrewriteaof()
  while ((await redis.info('persistence')).includes('aof_rewrite_in_progress:1')) await delay(50)
}
