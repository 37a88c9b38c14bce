import type { Spec } from '@csr-foundry/csr'
import { type Problem, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { fieldMap, runScript, textList } from './scripts.ts'
import type { ShardTag } from './shards.ts'

/** A tenant and where its data lies. */
export type TenantPlace = { readonly tenant: string; readonly shard: ShardTag }

export type LotTicket = {
  readonly shard: ShardTag
  readonly lot: string
  readonly lane: string
  readonly priority: number
}

/** Milliseconds since the epoch, by the clock of Redis. */
type Times = { readonly created: number; readonly started?: number; readonly finished?: number }

type Common = { readonly id: string; readonly ref?: string; readonly times: Times }

/** A request as its readers see it. `queued` with `times.started` is running. */
export type RequestRecord =
  | (Common & { readonly state: 'queued'; readonly spec: Spec; readonly lane: string })
  | (Common & { readonly state: 'ready'; readonly csr: Buffer; readonly keyId: string })
  | (Common & { readonly state: 'failed'; readonly problem: Problem })
  | (Common & { readonly state: 'cancelled' })

/** A request to be recorded. */
export type NewRequest = {
  readonly spec: Spec
  /** The key that is there already and signs it; absent: one is generated. */
  readonly keyId?: string
  /** The generated key stays when its request is deleted, until it is deleted itself. */
  readonly keepKey?: boolean
}

export type NewRequests = {
  readonly requests: readonly NewRequest[]
  readonly lane: string
  /** BullMQ's: 0 goes before all others. */
  readonly priority: number
}

/** Writes requests and the lot that carries them. The ids are consecutive decimal strings from `firstId` on. */
export async function createRequests(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { requests, lane, priority }: NewRequests,
): Promise<{ firstId: string; ticket: LotTicket }> {
  const pairs = requests.flatMap(({ spec }) => [spec.ref ?? '', JSON.stringify(spec)])
  const reply = await runScript(redis, shard, 'create-requests', [tenant, lane, priority, ...pairs])
  const [lot, firstId] = textList(reply)
  if (!lot || !firstId) throw new ServiceError('internal')
  return { firstId, ticket: { shard, lot, lane, priority } }
}

/** The record of a request; undefined where there is none or it was deleted. */
export async function readRequest(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<RequestRecord | undefined> {
  return parseRequest(id, fieldMap(await runScript(redis, shard, 'read-request', [tenant, id])))
}

function parseRequest(id: string, fields: Map<string, Buffer>): RequestRecord | undefined {
  const text = (name: string) => fields.get(name)?.toString()
  const time = (name: string) => (fields.has(name) ? Number(text(name)) : undefined)
  const started = time('started') ?? time('running')
  const finished = time('finished')
  const ref = text('ref')
  const common: Common = {
    id,
    ...(ref !== undefined && { ref }),
    times: {
      created: time('created') ?? 0,
      ...(started !== undefined && { started }),
      ...(finished !== undefined && { finished }),
    },
  }
  const field = (name: string) => {
    const value = fields.get(name)
    if (!value) throw new Error(`The record of request ${id} has no ${name}.`)
    return value
  }
  const readers: Record<string, () => RequestRecord> = {
    queued: () => ({
      ...common,
      state: 'queued',
      // Written by us from a parsed spec: not parsed again.
      spec: JSON.parse(field('spec').toString()) as Spec,
      lane: field('lane').toString(),
    }),
    ready: () => ({ ...common, state: 'ready', csr: field('csr'), keyId: field('key').toString() }),
    failed: () => ({
      ...common,
      state: 'failed',
      problem: JSON.parse(field('problem').toString()) as Problem,
    }),
    cancelled: () => ({ ...common, state: 'cancelled' }),
  }
  return readers[text('state') ?? '']?.()
}

/** Removes a request and the key made for it; false where there is none. */
export async function deleteRequest(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<boolean> {
  return (await runScript(redis, shard, 'delete-request', [tenant, id])) === 1
}

/** Stops a request that is still queued; false where it is not. */
export async function cancelRequest(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<boolean> {
  return (await runScript(redis, shard, 'cancel-request', [tenant, id])) === 1
}

/** Queues a failed request again under the same id; undefined where it has not failed. */
export async function retryRequest(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
  priority: number,
): Promise<LotTicket | undefined> {
  const [lot, lane] = textList(
    await runScript(redis, shard, 'retry-request', [tenant, id, priority]),
  )
  return lot && lane ? { shard, lot, lane, priority } : undefined
}
