/** What a supervisor serves at `/metrics`: its processes' figures added up, how each of them is, and the master key. */
import type { MetricsText } from '@csr-foundry/service'
import type { Registry } from 'prom-client'
import type { KeyProviderWatch } from './key-provider-watch.ts'
import type { MemberState, WorkerFleet } from './worker-fleet.ts'

export type SupervisorFacts = {
  readonly fleet: WorkerFleet
  readonly keyProvider: Pick<KeyProviderWatch, 'state'>
}

type Shown = readonly [suffix: string, help: string, value: (member: MemberState) => number]

const gauges: readonly Shown[] = [
  [
    'csr_foundry_worker_silence_seconds',
    'How long a worker process has said nothing to its supervisor.',
    ({ silentSeconds }) => silentSeconds,
  ],
  ['csr_foundry_worker_lots', 'Lots that a worker process works on.', ({ lots }) => lots],
  [
    'csr_foundry_worker_oldest_lot_seconds',
    'How long a worker process has worked on the oldest of its lots.',
    ({ oldestLotSeconds }) => oldestLotSeconds,
  ],
  [
    'csr_foundry_worker_event_loop_delay_seconds',
    'The longest delay of the event loop of a worker process within two seconds.',
    ({ eventLoopDelaySeconds }) => eventLoopDelaySeconds,
  ],
]

/** Gives the text of the metrics; prom-client is loaded when somebody asks for the first time. */
export function supervisorMetrics(facts: SupervisorFacts): () => Promise<MetricsText> {
  let registry: Promise<Registry> | undefined
  return async () => {
    registry ??= supervisorRegistry(facts)
    const { contentType } = await registry
    return { contentType, text: await (await registry).metrics() }
  }
}

async function supervisorRegistry({ fleet, keyProvider }: SupervisorFacts): Promise<Registry> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  for (const { name } of fleet.figures().metrics) {
    const get = () =>
      fleet
        .figures()
        .metrics.find((metric) => metric.name === name)
        ?.get()
    // It reads a metric by its name and `get` alone.
    registry.registerMetric({ name, get } as never)
  }
  for (const [name, help, value] of gauges) {
    new Gauge({
      ...{ name, help, registers, labelNames: ['worker'] as const },
      collect() {
        for (const member of fleet.members()) this.set({ worker: member.worker }, value(member))
      },
    })
  }
  new Counter({
    ...{ name: 'csr_foundry_worker_deaths_total', registers, labelNames: ['worker'] as const },
    help: 'Worker processes that died, by their place.',
    collect() {
      this.reset()
      for (const { worker, deaths } of fleet.members()) this.inc({ worker }, deaths)
    },
  })
  new Gauge({
    ...{ name: 'csr_foundry_key_provider_up', registers },
    help: 'Whether the master key is to be had.',
    collect() {
      this.set(keyProvider.state === 'ok' ? 1 : 0)
    },
  })
  return registry
}
