/**
 * The high-water mark of Redis' memory. Above it nothing new is taken in, so that what was promised can be completed and
 * what makes room still works: Redis itself refuses only when there is no room at all.
 */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'

const highWater = 0.8
/** How old an answer of Redis (ms) is when it is asked again, and how old one may be: what comes in meanwhile is little. */
const lookEvery = 1_000
const oldest = 5_000
const retryAfter = 30

type Look = { readonly at: number; readonly isFull: Promise<boolean>; hadRoom: boolean }

const looks = new WeakMap<Redis, Look>()

/** @throws {ServiceError} `storage_full` above the high-water mark */
export async function requireRoom(redis: Redis): Promise<void> {
  if (await isFull(redis)) throw new ServiceError('storage_full', { retryAfter })
}

/**
 * All who ask within a second share one look. Where there was room lately, who asks for the next look does not wait for it: it
 * would be a turn of Redis more for one POST in every second.
 */
async function isFull(redis: Redis): Promise<boolean> {
  const last = looks.get(redis)
  const now = performance.now()
  if (last && now - last.at < lookEvery) return await last.isFull
  const next = look(redis, now)
  if (last?.hadRoom && now - last.at < oldest) {
    // Whoever waits for the look hears what becomes of it.
    next.catch(() => {})
    return false
  }
  return await next
}

async function look(redis: Redis, at: number): Promise<boolean> {
  const mine: Look = { at, isFull: askMemory(redis), hadRoom: false }
  looks.set(redis, mine)
  try {
    const isFull = await mine.isFull
    mine.hadRoom = !isFull
    return isFull
  } catch (error) {
    // What failed says nothing of the memory.
    if (looks.get(redis) === mine) looks.delete(redis)
    throw error
  }
}

async function askMemory(redis: Redis): Promise<boolean> {
  const info = await redis.info('memory')
  const bytes = (field: string) =>
    Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN)
  const limit = bytes('maxmemory')
  // As Redis counts it: buffers of replicas and of the append-only file are not counted against the limit.
  const used = bytes('used_memory') - bytes('mem_not_counted_for_evict')
  return limit > 0 && used > highWater * limit
}
