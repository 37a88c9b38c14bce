/**
 * Counts and durations as Prometheus takes them, kept as plain numbers: to count costs a look into a Map, so that it can be done in
 * the busiest places, and nothing is made of it before somebody asks.
 *
 * Rules: names end in their unit, or in `_total` where they count. A label has few values that are known beforehand: a route's
 * pattern, an algorithm, a code; never an id, a path or a name.
 */

export type MetricValue = {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** A metric at a moment, as prom-client writes it. */
export type MetricSnapshot = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly values: readonly MetricValue[]
  readonly aggregator: 'sum'
}

/** What a registry of prom-client asks for when somebody reads it. */
export type Metric = { readonly name: string; get(): Promise<MetricSnapshot> | MetricSnapshot }

type Facts<Label extends string> = {
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
}

/** Between the values of labels in a key: none of them has one. */
const between = ' '

/** Numbers by key, as they travel between processes. */
export type Tally = Readonly<Record<string, number | readonly number[]>>

/** A counter for each combination of labels. A key has their values in their order, with blanks in between. */
export class Counters<Label extends string> implements Metric {
  readonly #facts: Facts<Label>
  readonly #counts = new Map<string, number>()

  constructor(facts: Facts<Label>) {
    this.#facts = facts
  }

  get name(): string {
    return this.#facts.name
  }

  add(key: string, amount = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + amount)
  }

  tally(): Tally {
    return Object.fromEntries(this.#counts)
  }

  addTally(tally: Tally): void {
    for (const [key, count] of Object.entries(tally)) {
      if (typeof count === 'number') this.add(key, count)
    }
  }

  get(): MetricSnapshot {
    const { name, help } = this.#facts
    const values = [...this.#counts].map(([key, value]) => ({
      labels: labelsOf(this.#facts.labels, key),
      value,
    }))
    return { name, help, type: 'counter', values, aggregator: 'sum' }
  }
}

/** A histogram of seconds for each combination of labels. */
export class Histograms<Label extends string> implements Metric {
  readonly #facts: Facts<Label>
  readonly #bounds: readonly number[]
  /** Counts by bucket, what is beyond all bounds, and the sum. */
  readonly #series = new Map<string, number[]>()

  constructor(facts: Facts<Label> & { readonly bounds: readonly number[] }) {
    this.#facts = facts
    this.#bounds = facts.bounds
  }

  get name(): string {
    return this.#facts.name
  }

  observe(key: string, seconds: number): void {
    const series = this.#seriesOf(key)
    const found = this.#bounds.findIndex((bound) => seconds <= bound)
    const bucket = found === -1 ? this.#bounds.length : found
    series[bucket] = (series[bucket] ?? 0) + 1
    series[this.#bounds.length + 1] = (series[this.#bounds.length + 1] ?? 0) + seconds
  }

  tally(): Tally {
    return Object.fromEntries(this.#series)
  }

  addTally(tally: Tally): void {
    for (const [key, added] of Object.entries(tally)) {
      if (typeof added === 'number') continue
      const series = this.#seriesOf(key)
      for (const [at, value] of added.entries()) series[at] = (series[at] ?? 0) + value
    }
  }

  get(): MetricSnapshot {
    const { labels } = this.#facts
    const series = [...this.#series].map(([key, counts]) => ({
      labels: labelsOf(labels, key),
      counts: counts.slice(0, -1),
      sum: counts.at(-1) ?? 0,
    }))
    return histogramSnapshot(this.#facts, this.#bounds, series)
  }

  #seriesOf(key: string): number[] {
    const known = this.#series.get(key)
    if (known) return known
    const series = Array.from({ length: this.#bounds.length + 2 }, () => 0)
    this.#series.set(key, series)
    return series
  }
}

export type HistogramSeries = {
  readonly labels: Readonly<Record<string, string>>
  /** By bucket, the last for what is beyond all bounds. */
  readonly counts: readonly number[]
  /** In seconds. */
  readonly sum: number
}

/** A histogram whose counts are kept elsewhere; `bounds` in seconds. */
export function histogramSnapshot(
  { name, help }: Pick<MetricSnapshot, 'name' | 'help'>,
  bounds: readonly number[],
  series: readonly HistogramSeries[],
): MetricSnapshot {
  const values = series.flatMap(({ labels, counts, sum }): MetricValue[] => {
    let below = 0
    const buckets = [...bounds, '+Inf'].map((le, at) => {
      below += counts[at] ?? 0
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: below },
    ]
  })
  return { name, help, type: 'histogram', values, aggregator: 'sum' }
}

function labelsOf(names: readonly string[], key: string): Record<string, string> {
  const values = key.split(between)
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))
}
