import { noteLoad, type ShardTag } from '@csr-foundry/records'
import { type Logger, serveMetrics } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { Config } from '../config.ts'
import { Rounds } from '../rounds.ts'
import { KeyProviderWatch } from './key-provider-watch.ts'
import { supervisorMetrics } from './supervisor-metrics.ts'
import type { WorkerFleet } from './worker-fleet.ts'

const loadEvery = 15_000

export type MetricsParts = {
  readonly redis: Redis
  readonly shards: readonly ShardTag[]
  readonly log: Logger
  readonly fleet: WorkerFleet
}

/**
 * All that a supervisor does so that somebody sees how it goes: `/metrics`, the look at the master key, and notes of how much waits.
 *
 * @throws {SetupError} where the port is taken
 */
export async function startMetrics(
  { masterKeyFile, metrics }: Pick<Config, 'masterKeyFile' | 'metrics'>,
  { redis, shards, log, fleet }: MetricsParts,
): Promise<{ stop(): Promise<void> }> {
  const keyProvider = new KeyProviderWatch({ redis, masterKeyFile, log })
  const server = await serveMetrics(metrics, log, supervisorMetrics({ fleet, keyProvider }))
  const load = new Rounds(
    () =>
      noteLoad(redis, shards).catch((error: unknown) =>
        log.warn({ err: error }, 'how much waits was not noted; the next round does'),
      ),
    loadEvery,
  )
  keyProvider.start()
  load.start()
  return {
    stop: async () => {
      await load.stop()
      await keyProvider.stop()
      await server.stop()
    },
  }
}
