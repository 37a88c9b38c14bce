/**
 * How a batch comes in: opened, taken block by block, ended.
 *
 * Rules: whoever takes a batch in holds its lease, renewed with each block; one who has lost it takes nothing more. Row r of the
 * input lies in block r / 256 and has the id base + r mod 256, a rejected row's id stays unused. Blocks come in their order, each
 * in one script; one that is there is never written again, so a call that is made again goes on where the one before ended.
 * The requests of an atomic batch are parked: nobody sees or makes them until all of it is in, without a reject.
 */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type ActingPlace, actorText, workerActor } from '../audit/actor.ts'
import type { Lane } from '../lane.ts'
import { ticketsOf } from '../lots.ts'
import type { Once } from '../once.ts'
import { type PackedRequest, packedFields } from '../packed-request.ts'
import { type LotTicket, queueFull } from '../requests.ts'
import { requireRoom } from '../room.ts'
import { runScript, textList } from '../scripts.ts'
import type { ShardTag } from '../shards.ts'
import type { BatchMode } from './batch-record.ts'

const leaseMs = 30_000
const mostOpen = 20
const mostQueued = 2_000_000
const brokenAtOnce = 50

export type NewBatch = {
  readonly mode: BatchMode
  /** Names whoever takes it in, and nobody else, ever: a random UUID. */
  readonly owner: string
  /** Where the call carried an Idempotency-Key; of it counts `call`: the content is held against the digests of the blocks. */
  readonly once?: Pick<Once, 'call'> | undefined
  /** How many batches of the tenant may be open: being taken in, or with queued requests. */
  readonly openLimit?: number
  readonly lease?: number
}

/**
 * `new`; `resumed`, which has `blocks` blocks of an earlier call; `busy`, another one takes it in now; `done`, it is all in or was
 * cancelled; `gone`, an earlier call's was deleted; `too_many` are open.
 */
export type Opened =
  | { readonly kind: 'new'; readonly id: string }
  | { readonly kind: 'resumed'; readonly id: string; readonly blocks: number }
  | { readonly kind: 'busy' | 'done' | 'gone'; readonly id: string }
  | { readonly kind: 'too_many' }

/** @throws {ServiceError} `idempotency_key_reused` (for another call, or with another mode), `storage_full` */
export async function openBatch(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { mode, owner, once, openLimit = mostOpen, lease = leaseMs }: NewBatch,
): Promise<Opened> {
  await requireRoom(redis)
  const values = [tenant, mode, owner, lease, openLimit, actorText(actor), once?.call ?? '']
  const [kind, id = '', blocks] = textList(await runScript(redis, shard, 'open-batch', values))
  if (kind === 'other_body') throw new ServiceError('idempotency_key_reused')
  if (kind === 'resumed') return { kind, id, blocks: Number(blocks) }
  if (kind === 'new' || kind === 'busy' || kind === 'done' || kind === 'gone') return { kind, id }
  return { kind: 'too_many' }
}

/** A row of a block that is to be made. `offset`: its place in the block, from 0. */
export type BlockRow = PackedRequest & { readonly offset: number }

/** A row that is not valid. `line` is its line of the input, and no other's. */
export type RejectedRow = {
  readonly line: number
  readonly ref?: string
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[]
}

export type NewBlock = {
  /** As it was opened with. */
  readonly owner: string
  /** From 0. */
  readonly number: number
  /** Over all rows up to and with this block, and all that decides what becomes of them. */
  readonly digest: string
  /** How many rows it has, rejected ones among them. */
  readonly size: number
  /** What one job each is to carry. */
  readonly lots: readonly { readonly lane: Lane; readonly rows: readonly BlockRow[] }[]
  readonly rejects: readonly RejectedRow[]
  readonly queuedLimit?: number
  readonly lease?: number
}

/**
 * `taken`, its lots to be queued (none of an atomic batch); `there`, it was taken by an earlier call, with this digest; `lost`, the
 * batch is not, or no longer, taken in by this owner; `key_not_found`, a key that a row names is not there: nothing was taken.
 */
export type BlockTaken =
  | { readonly kind: 'taken'; readonly base: string; readonly tickets: readonly LotTicket[] }
  | { readonly kind: 'there'; readonly base: string; readonly digest: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'key_not_found'; readonly keyId: string }

/** @throws {ServiceError} `queue_full`, `storage_full`; then nothing is taken, and it can be tried again */
export async function takeBlock(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  batchId: string,
  block: NewBlock,
): Promise<BlockTaken> {
  await requireRoom(redis)
  const { owner, number, digest, size, queuedLimit = mostQueued, lease = leaseMs } = block
  const limits = [lease, queuedLimit]
  const head = [tenant, batchId, owner, number, digest, actorText(actor), ...limits, size]
  const reply = await runScript(redis, shard, 'take-block', [...head, ...contentOf(block)])
  const [kind, first = '', ...rest] = textList(reply)
  if (kind === 'queue_full') throw queueFull()
  if (kind === 'taken') return { kind, base: first, tickets: ticketsOf(shard, rest) }
  if (kind === 'there') return { kind, base: first, digest: rest[0] ?? '' }
  if (kind === 'key_not_found') return { kind, keyId: first }
  return { kind: 'lost' }
}

const contentOf = ({ lots, rejects }: NewBlock) => [
  lots.length,
  rejects.length,
  ...lots.flatMap(({ lane, rows }) => [lane, rows.length]),
  ...lots.flatMap(({ rows }) => rows.flatMap((row) => [row.offset, ...packedFields(row)])),
  ...rejects.flatMap((reject) => [reject.line, JSON.stringify(reject)]),
]

/** Renews the lease where no block does for a while: the client is slow. False where it is lost. */
export async function holdIntake(
  redis: Redis,
  { tenant, shard }: ActingPlace,
  batchId: string,
  owner: string,
  lease = leaseMs,
): Promise<boolean> {
  return (await runScript(redis, shard, 'hold-intake', [tenant, batchId, owner, lease])) === 1
}

/**
 * All rows are in. `taken`; `releasing`: all of an atomic batch is promised, and `changeBlocks` queues it (the sweep does where
 * nobody does); `refused`: a row of an atomic batch was rejected, so all of it is being removed; `lost`.
 */
export async function endIntake(
  redis: Redis,
  place: ActingPlace,
  batchId: string,
  owner: string,
): Promise<'taken' | 'releasing' | 'refused' | 'lost'> {
  const ended = await leaveIntake(redis, place, [batchId, owner, 'end'])
  return ended === 'taken' || ended === 'releasing' || ended === 'refused' ? ended : 'lost'
}

/**
 * No more rows come: the client is gone. A partial batch is broken from now on, and not only when its lease is over; an
 * atomic one is removed.
 */
export async function abandonIntake(
  redis: Redis,
  place: ActingPlace,
  batchId: string,
  owner: string,
): Promise<void> {
  await leaveIntake(redis, place, [batchId, owner, 'abandon'])
}

async function leaveIntake(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  [batchId, owner, how]: readonly [string, string, 'end' | 'abandon'],
): Promise<string> {
  const values = [tenant, batchId, owner, how, actorText(actor)]
  return String(await runScript(redis, shard, 'end-intake', values))
}

/** Ends the intakes whose lease is over, as {@link abandonIntake} does; gives which, at most 50. */
export async function breakIntakes(
  redis: Redis,
  shard: ShardTag,
): Promise<{ tenant: string; id: string }[]> {
  const values = [brokenAtOnce, actorText(workerActor)]
  return textList(await runScript(redis, shard, 'break-intakes', values)).map((name) => {
    const [tenant = '', id = ''] = name.split(' ')
    return { tenant, id }
  })
}
