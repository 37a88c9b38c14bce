import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spec } from '@csr-foundry/csr'
import { openVault } from '@csr-foundry/key-vault'
import { LotQueues } from '@csr-foundry/queue'
import {
  type ActingPlace,
  connected,
  connectRedis,
  createRequests,
  shardTag,
  shardTags,
} from '@csr-foundry/records'
import { createLogger } from '@csr-foundry/service'
import { startRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import type { OutcomeContext } from '../src/outcome.ts'

export const place: ActingPlace = {
  tenant: 'default',
  shard: shardTag(0),
  actor: { by: 'user:admin', from: '127.0.0.1' },
}

export const p256: Spec = {
  subject: [[{ type: 'CN', value: 'a.example.com' }]],
  subjectAltNames: [{ type: 'dns', value: 'a.example.com' }],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
}

/** A worker's run of a lot, as its job hands it on. */
export const runOf = (lot: string, take = 'take-1') => ({ shard: place.shard, lot, take })

/** Where Redis has a key. */
export const recordOf = (keyId: string) => `{s10}:t:default:key:${keyId}`

export type WorkerContext = AsyncDisposable & {
  readonly redis: Redis
  readonly url: string
  readonly context: OutcomeContext
  logged(): string
  /** Records requests in one lot, without a job; gives the lot and the ids. */
  record(...specs: Spec[]): Promise<{ lot: string; ids: string[] }>
}

/** What a worker process works with, on a real Redis and a vault of its own. */
export async function startWorkerContext(): Promise<WorkerContext> {
  const server = await startRedis()
  const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-worker-'))
  const redis = connectRedis(server.url, 'work', { onError: () => {} })
  await connected(redis, 5_000)
  const queues = new LotQueues(redis, shardTags(1), () => {})
  const vault = await openVault(redis, join(folder, 'keys/master.key'))
  let logged = ''
  const log = createLogger('worker', 'info', {
    write: (line) => {
      logged += line
    },
  })
  return {
    redis,
    url: server.url,
    context: { redis, queues, vault, log, verifyEvery: 16 },
    logged: () => logged,
    record: async (...specs) => {
      const { firstId, ticket } = await createRequests(redis, place, {
        requests: specs.map((spec) => ({ spec })),
        lane: 'fast',
        priority: 0,
      })
      return { lot: ticket?.lot ?? '', ids: specs.map((_, i) => String(Number(firstId) + i)) }
    },
    [Symbol.asyncDispose]: async () => {
      await queues.close()
      redis.disconnect()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}
