/**
 * What Redis says of the master keys: which one wraps now, and what a rotation is about to make of that.
 *
 * Rules: `next` is in the file and wraps nothing yet; `previous` wraps nothing new and may still wrap what was there. Each
 * move is made only if things are as whoever makes it has seen them.
 */
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'

/** Ids of master keys. */
export type Masters = {
  readonly current?: string
  readonly next?: string
  readonly previous?: string
  /** When a rotation ended last, in milliseconds: whoever follows reads his file again. */
  readonly rotated?: string
}

export async function readMasters(redis: Redis): Promise<Masters> {
  const names = ['current', 'next', 'previous', 'rotated'] as const
  const values = await redis.hmget(installationKeys.masters, ...names)
  return Object.fromEntries(names.flatMap((name, i) => (values[i] ? [[name, values[i]]] : [])))
}

/** What `masters` becomes by a move; a field that is undefined is removed. */
type Move = Readonly<Record<string, string | undefined>>

/** Changes what Redis says, if it is as it was seen; false where it is not. The connection does nothing else meanwhile. */
export async function moveMasters(redis: Redis, seen: Masters, move: Move): Promise<boolean> {
  await redis.watch(installationKeys.masters)
  if (!isSame(await readMasters(redis), seen)) {
    await redis.unwatch()
    return false
  }
  const transaction = redis.multi()
  for (const [field, value] of Object.entries(move)) {
    if (value === undefined) transaction.hdel(installationKeys.masters, field)
    else transaction.hset(installationKeys.masters, field, value)
  }
  return (await transaction.exec()) !== null
}

const isSame = (one: Masters, other: Masters) =>
  one.current === other.current && one.next === other.next && one.previous === other.previous
