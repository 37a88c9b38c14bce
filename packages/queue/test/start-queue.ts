import {
  type ActingPlace,
  completeLot,
  connected,
  connectRedis,
  createRequests,
  type LotRun,
  type LotTicket,
  type ShardTag,
  shardTag,
  startLot,
} from '@csr-foundry/records'
import { startRedis, type TestRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { LotQueues } from '../src/index.ts'

export type TestQueue = AsyncDisposable & {
  readonly server: TestRedis
  /** A connection of purpose `work`. */
  readonly redis: Redis
  readonly queues: LotQueues
  /** What connections and queues complained of. */
  readonly errors: Error[]
  stop(): Promise<void>
}

/** A Redis with the lanes of some shards. */
export async function startQueue(shards: readonly ShardTag[] = [shardTag(0)]): Promise<TestQueue> {
  const server = await startRedis()
  const errors: Error[] = []
  const onError = (error: Error) => errors.push(error)
  const redis = connectRedis(server.url, 'work', { onError })
  await connected(redis, 5_000)
  const queues = new LotQueues(redis, shards, onError)
  const stop = async () => {
    await queues.close()
    redis.disconnect()
    await server.stop()
  }
  return { server, redis, queues, errors, stop, [Symbol.asyncDispose]: stop }
}

let tenants = 0
export const newTenant = (shard: ShardTag = shardTag(0)): ActingPlace => ({
  tenant: `t${++tenants}`,
  shard,
  actor: { by: 'user:tester', from: '192.0.2.1' },
})

/** What must never be in the queue: it is in the spec and in the result of every request made here. */
export const marker = 'must-not-be-in-the-queue'

/** Requests of a tenant in one lot of the lane `fast`. */
export async function create(
  redis: Redis,
  place: ActingPlace,
  count = 1,
  priority = 0,
): Promise<{ ids: string[]; ticket: LotTicket }> {
  const specs = Array.from({ length: count }, () => ({
    ref: marker,
    subject: [[{ type: 'CN' as const, value: marker }]],
    subjectAltNames: [],
    key: { algorithm: 'ecdsa-p256' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  }))
  const requests = specs.map((spec) => ({ spec }))
  const lot = { requests, lane: 'fast', priority } as const
  const { firstId, ticket } = await createRequests(redis, place, lot)
  if (!ticket) throw new Error('They were created before.')
  return { ids: specs.map((_, i) => String(Number(firstId) + i)), ticket }
}

/** Takes a lot and ends it with made-up results; gives how many requests took theirs. */
export async function workOff(redis: Redis, run: LotRun): Promise<number> {
  const start = await startLot(redis, run)
  if (start.kind !== 'started') return 0
  const results = start.requests.map(({ id }) => ({
    id,
    state: 'ready' as const,
    csr: Buffer.from(`csr of ${id}`),
    algorithm: 'ecdsa-p256',
    spki: Buffer.from(`spki ${marker}`),
    sealed: Buffer.from(`sealed ${marker}`),
    custody: 'internal',
  }))
  return await completeLot(redis, run, start.tenant, results)
}

/** A run for work that no job has asked for. */
export const runOf = ({ shard, lot }: LotTicket, take = 'test'): LotRun => ({ shard, lot, take })
