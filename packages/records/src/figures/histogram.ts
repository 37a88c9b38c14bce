/**
 * How long requests waited and were worked on, as counts in fixed buckets: they add up over minutes, lanes and shards, and
 * percentiles are read from them.
 */

/** Upper bounds in milliseconds; one more bucket has what took longer. The scripts are given the same. */
export const bucketBounds: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 300_000, 1_800_000],
]

/** Counts by bucket, the last for what is beyond all bounds. */
export type Histogram = readonly number[]

export const emptyHistogram: Histogram = Array.from({ length: bucketBounds.length + 1 }, () => 0)

export const addHistograms = (one: Histogram, other: Histogram): Histogram =>
  one.map((count, bucket) => count + (other[bucket] ?? 0))

export const countOf = (histogram: Histogram): number =>
  histogram.reduce((sum, count) => sum + count, 0)

/**
 * Milliseconds below which a share (0 to 1) of what was counted is, as if it were spread evenly within a bucket; undefined
 * where nothing was. What is beyond all bounds counts as the last one.
 */
export function percentile(histogram: Histogram, share: number): number | undefined {
  const total = countOf(histogram)
  if (total === 0) return undefined
  const rank = share * total
  let below = 0
  for (const [bucket, bound] of bucketBounds.entries()) {
    const count = histogram[bucket] ?? 0
    if (count > 0 && below + count >= rank) {
      const from = bucketBounds[bucket - 1] ?? 0
      return from + ((bound - from) * (rank - below)) / count
    }
    below += count
  }
  return bucketBounds.at(-1)
}

export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number }

/** Undefined where nothing was counted. */
export function percentilesOf(histogram: Histogram): Percentiles | undefined {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(histogram, share))
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined
  return { p50, p95, p99 }
}

export const luaBuckets = `
local bucket_bounds = { ${bucketBounds.join(', ')} }
`
