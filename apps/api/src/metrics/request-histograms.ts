/** How long requests waited and were worked on, by lane and algorithm, of all shards together. */
import { bucketBounds, type LaneTotals } from '@csr-foundry/records'
import { type HistogramSeries, histogramSnapshot, type MetricSnapshot } from '@csr-foundry/service'

const histograms = {
  csr_foundry_request_wait_duration_seconds: {
    help: 'How long requests that became ready had waited in their lane.',
    of: 'wait',
  },
  csr_foundry_request_work_duration_seconds: {
    help: 'How long requests that became ready were worked on: the share of each in its lot.',
    of: 'work',
  },
} as const

const boundsInSeconds = bucketBounds.map((ms) => ms / 1_000)

export const requestHistogramNames = Object.keys(histograms)

export const requestHistograms = (totals: readonly LaneTotals[]): MetricSnapshot[] =>
  Object.entries(histograms).map(([name, { help, of }]) =>
    histogramSnapshot({ name, help }, boundsInSeconds, seriesOf(totals, of)),
  )

function seriesOf(totals: readonly LaneTotals[], of: 'wait' | 'work'): HistogramSeries[] {
  const all = totals.flatMap(({ lane, algorithms }) =>
    algorithms.map((own) => ({ lane, algorithm: own.algorithm, total: own[of] })),
  )
  const alike = Map.groupBy(all, ({ lane, algorithm }) => `${lane} ${algorithm}`)
  return [...alike.values()].flatMap((shards) => {
    const [first] = shards
    if (!first) return []
    const { lane, algorithm, total } = first
    return {
      labels: { lane, algorithm },
      counts: total.buckets.map((_, at) =>
        shards.reduce((sum, own) => sum + (own.total.buckets[at] ?? 0), 0),
      ),
      sum: shards.reduce((sum, own) => sum + own.total.sum, 0) / 1_000,
    }
  })
}
