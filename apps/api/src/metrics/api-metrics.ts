/** The text of an API process' metrics: its calls, its event loop, and the installation. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { readTotals } from '@csr-foundry/records'
import type { Metric, MetricsText } from '@csr-foundry/service'
import type { Registry } from 'prom-client'
import { overviewFeed } from '../overview/overview-feed.ts'
import type { Services } from '../services.ts'
import { callFigures } from './call-figures.ts'
import {
  type InstallationFacts,
  installationMetricNames,
  installationSnapshots,
} from './installation-metrics.ts'

/** Of the timer that measures, in milliseconds: what it measures begins with it. */
const resolution = 20

export type ReadMetrics = () => Promise<MetricsText>

const readers = new WeakMap<object, ReadMetrics>()

/** Gives the metrics of this process; prom-client is loaded when somebody asks for the first time. */
export function apiMetrics(services: Services): ReadMetrics {
  const known = readers.get(services.redis)
  if (known) return known
  let registry: Promise<Registry> | undefined
  const read = async () => {
    registry ??= apiRegistry(services)
    const { contentType } = await registry
    return { contentType, text: await (await registry).metrics() }
  }
  readers.set(services.redis, read)
  return read
}

async function apiRegistry(services: Services): Promise<Registry> {
  const { collectDefaultMetrics, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // It reads a metric by its name and `get` alone.
  const register = (metric: Metric) => registry.registerMetric(metric as never)
  const { requests, durations } = callFigures(services)
  for (const metric of [requests, durations]) register(metric)
  for (const metric of installationMetrics(services)) register(metric)
  const registers = [registry]
  new Gauge({
    ...{ name: 'csr_foundry_http_held_calls', registers },
    help: 'Calls that wait for a CSR.',
    collect() {
      this.set(services.heldCalls.count)
    },
  })
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  new Gauge({
    ...{ name: 'csr_foundry_event_loop_delay_seconds', registers },
    help: 'The longest delay of the event loop since it was asked for last.',
    collect() {
      this.set(Math.max(0, delay.max / 1e9 - resolution / 1_000))
      delay.reset()
    },
  })
  return registry
}

/** All of them are read together, once for each time that somebody asks. */
function installationMetrics(services: Services): Metric[] {
  let look: { at: number; facts: Promise<InstallationFacts> } | undefined
  const facts = () => {
    const now = performance.now()
    if (!look || now - look.at > sameLook) look = { at: now, facts: readFacts(services) }
    return look.facts
  }
  return installationMetricNames.map((name) => ({
    name,
    get: async () => {
      const all = installationSnapshots(await facts())
      const own = all.find((snapshot) => snapshot.name === name)
      if (!own) throw new RangeError(`There is no metric ${name}.`)
      return own
    },
  }))
}

const sameLook = 500

async function readFacts(services: Services): Promise<InstallationFacts> {
  const feed = overviewFeed(services)
  const { redis, shards } = services
  // What was known before Redis went away would look as if it were so now.
  const [overview, totals] = await Promise.all([
    feed.facts({ fresh: true }).catch(() => undefined),
    readTotals(redis, shards).catch(() => undefined),
  ])
  // After them: they have waited for Redis as long as anybody does.
  return { health: await feed.health(), overview, totals }
}
