import type { BatchRecord, TenantPlace } from '@csr-foundry/records'
import { LRUCache } from 'lru-cache'

type Sample = { readonly at: number; readonly done: number }

export type Pace = { readonly rate?: number; readonly secondsLeft?: number }

const mostBatches = 1_000
/** How far back "lately" goes, and how far apart two looks are that say something; milliseconds. */
const lately = 30_000
const leastApart = 1_000

/**
 * How fast batches get done: by what this process has seen of each when it was asked for it, lately; at the first look, by all of
 * its time.
 */
export class BatchPace {
  readonly #samples = new LRUCache<string, readonly Sample[]>({ max: mostBatches })

  /** Notes a batch as it is now, and tells how fast it goes. Nothing is told of one that does not move. */
  of({ tenant }: Pick<TenantPlace, 'tenant'>, batch: BatchRecord, now = Date.now()): Pace {
    const { ready, failed, queued } = batch.counts
    const done = ready + failed
    if (queued === 0) return {}
    const first = this.#note(`${tenant} ${batch.id}`, { at: now, done })
    const since = now - first.at >= leastApart ? first : { at: batch.times.created, done: 0 }
    const seconds = (now - since.at) / 1_000
    const rate = (done - since.done) / seconds
    if (!(seconds > 0 && rate > 0)) return {}
    return {
      rate: Math.round(rate * 10) / 10,
      secondsLeft: Math.ceil(queued / rate),
    }
  }

  /** Gives the oldest look that still counts. */
  #note(name: string, sample: Sample): Sample {
    const known = this.#samples.get(name) ?? []
    // A retry takes back what was done.
    const isBack = (known.at(-1)?.done ?? 0) > sample.done
    const kept = isBack ? [] : known.filter(({ at }) => sample.at - at <= lately)
    const last = kept.at(-1)
    const isNew = last === undefined || sample.at - last.at >= leastApart
    this.#samples.set(name, isNew ? [...kept, sample] : kept)
    return kept[0] ?? sample
  }
}
