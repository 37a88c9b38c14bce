/**
 * The overview and the figures, read once for all who look at them in this process.
 *
 * Rules: Redis is asked every two seconds at the most, however many look, and not at all while nobody does. While it is away the last
 * overview stands, with what is amiss now.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { FiguresRange, FiguresView, OverviewView } from '@csr-foundry/native-api'
import { type Overview, OverviewSource, readOverview } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { Services } from '../services.ts'
import { readFiguresView } from './figures-view.ts'
import { overviewView } from './overview-view.ts'
import { type RedisHealth, RedisProbe } from './redis-probe.ts'
import { findTroubles } from './troubles.ts'

/** Between two events, in milliseconds. */
const every = 2_000
const countsFor = 1_000
const mostSeats = 100

type Look = { readonly at: number; readonly overview: Promise<Overview> }

export class OverviewFeed {
  readonly #source: OverviewSource
  readonly #probe: RedisProbe
  #look: Look | undefined
  #seatsTaken = 0
  #last: Overview | undefined

  constructor(redis: Redis, shards: Services['shards']) {
    this.#source = new OverviewSource(redis, shards)
    this.#probe = new RedisProbe(redis)
  }

  /** As it is now, or was a second ago. Throws as Redis does where it is away and nobody has looked before. */
  async current(): Promise<OverviewView> {
    const overview = await this.facts()
    const health = this.#probe.health()
    return overviewView(overview, health, findTroubles(overview, health))
  }

  /** The numbers behind it; `fresh`: or nothing, where Redis is away. */
  async facts({ fresh = false } = {}): Promise<Overview> {
    await this.#probe.start()
    const now = performance.now()
    if (!this.#look || now - this.#look.at >= countsFor) {
      this.#look = { at: now, overview: readOverview(this.#source) }
    }
    try {
      this.#last = await this.#look.overview
    } catch (error) {
      if (!this.#last || fresh) throw error
    }
    return this.#last
  }

  async health(): Promise<RedisHealth> {
    await this.#probe.start()
    return this.#probe.health()
  }

  async figures(range: FiguresRange): Promise<FiguresView> {
    return await readFiguresView(this.#source.figures, range)
  }

  /** A place for one who follows; undefined while too many do. */
  takeSeat(): { release(): void } | undefined {
    if (this.#seatsTaken >= mostSeats) return undefined
    this.#seatsTaken += 1
    let isTaken = true
    return {
      release: () => {
        if (isTaken) this.#seatsTaken -= 1
        isTaken = false
      },
    }
  }

  /** The overview every two seconds, until `signal` says that nobody looks any more. */
  async *follow(signal: AbortSignal): AsyncGenerator<OverviewView, void> {
    while (!signal.aborted) {
      yield await this.current()
      await delay(every, undefined, { signal, ref: false }).catch(() => {})
    }
  }
}

const feeds = new WeakMap<Redis, OverviewFeed>()

/** The one of this process. */
export function overviewFeed({ redis, shards }: Pick<Services, 'redis' | 'shards'>): OverviewFeed {
  const feed = feeds.get(redis) ?? new OverviewFeed(redis, shards)
  feeds.set(redis, feed)
  return feed
}
