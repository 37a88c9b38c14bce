/**
 * Changes of a whole batch: asked for in one script, done block by block.
 *
 * Rules: what is asked for is written down, with who asked and how far it has come, before anything of it is done: whoever
 * dies meanwhile, the sweep goes on. Several may work on the same change at once; each row is changed once.
 */
import type { Redis } from 'ioredis'
import { type ActingPlace, actorText } from '../audit/actor.ts'
import { shardKeys } from '../keys.ts'
import { ticketsOf } from '../lots.ts'
import { earlierCall, type Once, onceValues } from '../once.ts'
import type { LotTicket, TenantPlace } from '../requests.ts'
import { runScript, textList } from '../scripts.ts'
import type { ShardTag } from '../shards.ts'

/**
 * `begun`; `again`: an earlier call with the same Idempotency-Key has begun it; `busy`: something else is being done to it, or it
 * is still taken in; `unknown`: there is no such batch.
 */
export type ChangeAsked = 'begun' | 'again' | 'busy' | 'unknown'

/**
 * Stops what is queued, and the intake where it is under way. {@link changeBlocks} does it.
 *
 * @throws {ServiceError} `idempotency_key_reused`
 */
export const cancelBatch = (
  redis: Redis,
  place: ActingPlace,
  id: string,
  once?: Once,
): Promise<ChangeAsked> => askFor(redis, place, id, { change: 'cancel', once })

/**
 * Queues what has failed again, under the same path ids. {@link changeBlocks} does it.
 *
 * @throws {ServiceError} `idempotency_key_reused`
 */
export const retryBatch = (
  redis: Redis,
  place: ActingPlace,
  id: string,
  once?: Once,
): Promise<ChangeAsked> => askFor(redis, place, id, { change: 'retry', once })

/**
 * Removes a batch with all of its requests and the keys that were made for them, but those in use elsewhere. It is not
 * found from now on; {@link changeBlocks} removes what is left of it. False where there is none.
 */
export const deleteBatch = async (redis: Redis, place: ActingPlace, id: string): Promise<boolean> =>
  (await askFor(redis, place, id, { change: 'remove' })) === 'begun'

type Change = {
  readonly change: 'cancel' | 'retry' | 'remove'
  readonly once?: Once | undefined
}

async function askFor(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  id: string,
  { change, once }: Change,
): Promise<ChangeAsked> {
  const values = [tenant, id, change, actorText(actor), ...onceValues(once)]
  const reply = textList(await runScript(redis, shard, 'change-batch', values))
  if (earlierCall(reply) !== undefined) return 'again'
  const [asked] = reply
  return asked === 'begun' || asked === 'busy' ? asked : 'unknown'
}

/** Does what was asked for, a few milliseconds of Redis at a time; gives the lots that are to be queued, as they are made. */
export async function* changeBlocks(
  redis: Redis,
  place: TenantPlace,
  id: string,
): AsyncGenerator<readonly LotTicket[], void> {
  for (;;) {
    const step = await changeBlock(redis, place, id)
    if (step.tickets.length > 0) yield step.tickets
    if (step.done) return
  }
}

type Step = { readonly done: boolean; readonly tickets: readonly LotTicket[] }

/** The next rows of a change. What makes room must work in a full Redis, what queues must not: they are two scripts. */
async function changeBlock(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<Step> {
  const [undone] = textList(await runScript(redis, shard, 'undo-block', [tenant, id]))
  if (undone !== 'other') return { done: undone === 'done', tickets: [] }
  const reply = textList(await runScript(redis, shard, 'queue-block', [tenant, id]))
  const [queued, ...lots] = reply
  return { done: queued === 'done', tickets: ticketsOf(shard, lots) }
}

/** Lots that are to be queued, and what kept changes from going on: of those the next round tries again. */
export type Changed = {
  readonly tickets: readonly LotTicket[]
  readonly errors: readonly unknown[]
}

/** Goes on with the changes of a shard that nobody may be working on any more, for so many blocks at most. */
export async function changeBatches(
  redis: Redis,
  shard: ShardTag,
  { blocks }: { readonly blocks: number },
): Promise<Changed> {
  const tickets: LotTicket[] = []
  const errors: unknown[] = []
  let left = blocks
  // In no order: one batch of a million rows keeps no other waiting for long.
  for (const name of await redis.srandmember(shardKeys(shard).changingBatches, blocks)) {
    const [tenant = '', id = ''] = name.split(' ')
    try {
      for (let done = false; !done && left > 0; left -= 1) {
        const step = await changeBlock(redis, { tenant, shard }, id)
        tickets.push(...step.tickets)
        done = step.done
      }
    } catch (error) {
      // A full Redis lets nothing be queued, while what is removed after it makes room.
      errors.push(error)
    }
  }
  return { tickets, errors }
}
