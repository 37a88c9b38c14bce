import type { Redis } from 'ioredis'
import { redisTime } from '../redis-time.ts'
import type { ShardTag } from '../shards.ts'
import { type MinuteFigures, readMinutes } from './minute.ts'

const minuteMs = 60_000
/** As long as Redis keeps them. */
const minutesKept = 25 * 60
/** What ends with its minute may be written a moment later by somebody who began in it. */
const settledAfterMs = 5_000

/**
 * Reads figures, minute by minute. Minutes that are over do not change any more, so they are read once and kept: a chart that is
 * open costs Redis the minute of now.
 */
export class FiguresReader {
  readonly #redis: Redis
  readonly #shards: readonly ShardTag[]
  readonly #over = new Map<number, MinuteFigures>()

  constructor(redis: Redis, shards: readonly ShardTag[]) {
    this.#redis = redis
    this.#shards = shards
  }

  /** The last `count` minutes, the one of now as the last; `now` is by the clock of Redis, in milliseconds. */
  async last(count: number): Promise<{ now: number; minutes: MinuteFigures[] }> {
    const now = await redisTime(this.#redis)
    const current = Math.floor(now / minuteMs)
    const wanted = Array.from({ length: count }, (_, at) => current - count + 1 + at)
    const unknown = wanted.filter((minute) => !this.#over.has(minute))
    const read = await readMinutes(this.#redis, this.#shards, unknown)
    const found = new Map(read.map((one) => [one.minute, one]))
    this.#keep(read, now)
    return {
      now,
      minutes: wanted.flatMap((minute) => found.get(minute) ?? this.#over.get(minute) ?? []),
    }
  }

  #keep(read: readonly MinuteFigures[], now: number): void {
    for (const one of read) {
      if ((one.minute + 1) * minuteMs + settledAfterMs < now) this.#over.set(one.minute, one)
    }
    const oldest = Math.floor(now / minuteMs) - minutesKept
    for (const minute of this.#over.keys()) if (minute < oldest) this.#over.delete(minute)
  }
}
