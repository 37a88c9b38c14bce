import { mkdtemp, open, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { shardTag } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { lookInto, redisUrlOf } from '../e2e/look.ts'
import { type Service, startService } from '../e2e/start-service.ts'

/** Requests of a tenant by state, as its record has them. `queued` are also those that workers have in hand. */
export type Counts = { readonly queued: number; readonly ready: number }

export type BulkService = AsyncDisposable & {
  readonly service: Service
  /** A connection for looking behind it. */
  readonly redis: Redis
  /** Of temporary files; it goes with the service. */
  readonly folder: string
  /** What Redis has allocated, in bytes. */
  usedMemory(): Promise<number>
  /** Of tenants, at the same moment. */
  counts(tenants: readonly string[]): Promise<Counts[]>
}

/** Lots that the workers may have in hand, in rows: what a tenant has queued beyond it waits for its turn. */
export const mostInHand = availableParallelism() * 4 * 128

/**
 * The service as its users start it, a worker process for each core at their usual priority, on free ports and an empty folder;
 * its log goes into a file, since to read it would take the time that is measured.
 */
export async function startBulkService(
  environment: Readonly<Record<string, string>> = {},
): Promise<BulkService> {
  const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-bulk-'))
  const log = await open(join(folder, 'log'), 'w')
  const service = await startService({
    environment: { WORKER_PROCESSES: '', WORKER_NICENESS: '', ...environment },
    log: log.fd,
  })
  const redis = await lookInto(redisUrlOf(service))
  const read = (tenant: string) =>
    redis.hmget(`${shardTag(0)}:t:${tenant}:counts`, 'queued', 'ready')
  return {
    service,
    redis,
    folder,
    usedMemory: async () =>
      Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? Number.NaN),
    counts: async (tenants) =>
      (await Promise.all(tenants.map(read))).map(([queued, ready]) => ({
        queued: Number(queued ?? 0),
        ready: Number(ready ?? 0),
      })),
    [Symbol.asyncDispose]: async () => {
      redis.disconnect()
      await service[Symbol.asyncDispose]()
      await log.close()
      await rm(folder, { recursive: true })
    },
  }
}
