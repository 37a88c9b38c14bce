/** The supervisor: opens the master key, keeps the worker processes running, sweeps, and seals the audit. It makes no keys itself. */
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { openVault, writePublicKeyFile } from '@csr-foundry/key-vault'
import { LotQueues } from '@csr-foundry/queue'
import {
  connected,
  connectRedis,
  noteWorkerDeath,
  requireUsableServer,
  shardTags,
} from '@csr-foundry/records'
import {
  createLogger,
  type Logger,
  runProgram,
  SetupError,
  SupervisedProcess,
  stopOnSignals,
} from '@csr-foundry/service'
import { AuditSealer } from './audit/audit-sealer.ts'
import { type Config, readConfig } from './config.ts'
import { Expiry } from './expiry.ts'
import { followMasterKey } from './follow-master-key.ts'
import { startMetrics } from './metrics/start-metrics.ts'
import { WorkerFleet } from './metrics/worker-fleet.ts'
import { Sweep } from './sweep.ts'

const connectWithin = 30_000

await runProgram(() => supervise(readConfig()))

async function supervise(config: Config): Promise<void> {
  const log = createLogger('worker-supervisor', config.logLevel)
  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const redis = connectRedis(config.redisUrl, 'work', { onError })
  await connected(redis, connectWithin)
  await requireUsableServer(redis, (warning, server) => log.warn({ server }, warning))

  // Made here, once, so that the children find it whatever their number.
  const vault = await openVault(redis, config.masterKeyFile)
  const masterKey = followMasterKey(vault, log)
  await writePublicKeyFile(config.vaultPublicKeyFile, await vault.publicKey())
  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError)
  const sweep = new Sweep(redis, queues, shards, log)
  sweep.start()
  // Here, and not in the worker processes, whose lots it would hold up.
  const retentionDays = config.auditRetentionDays
  const sealer = new AuditSealer({ redis, vault, shards, log, retentionDays })
  sealer.start()
  const { retention } = config
  const expiry = retention && new Expiry({ redis, shards, log, retention })
  expiry?.start()
  const fleet = new WorkerFleet()
  const metrics = await startMetrics(config, { redis, shards, log, fleet })
  const ready = Promise.withResolvers<void>()
  const noteDeath = (pid: number) =>
    noteWorkerDeath(redis, `${hostname()}:${pid}`).catch((error: Error) => onError(error))
  const children = startChildren(config, log, { ready, fleet, noteDeath })
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop(config.drainMs + 6_000)))
    await metrics.stop()
    await sweep.stop()
    await expiry?.stop()
    await sealer.stop()
    await masterKey.stop()
    await queues.close()
    redis.disconnect()
  }
  stopOnSignals(log, stop, config.drainMs + 10_000)
  try {
    await ready.promise
    process.send?.('ready')
  } catch (error) {
    await stop()
    throw error
  }
}

type ChildNeeds = {
  readonly ready: PromiseWithResolvers<void>
  readonly fleet: WorkerFleet
  readonly noteDeath: (pid: number) => Promise<void>
}

/** Starts the worker processes; `ready` is resolved when all take lots, rejected when one cannot as things are set up. */
function startChildren(
  config: Config,
  log: Logger,
  { ready, fleet, noteDeath }: ChildNeeds,
): SupervisedProcess[] {
  const program = fileURLToPath(new URL('./work.ts', import.meta.url))
  const { METRICS_TOKEN: _, METRICS_TOKEN_FILE: __, ...rest } = config.environment
  const environment = {
    ...rest,
    UV_THREADPOOL_SIZE: String(config.threads),
    // It is the supervisor that serves them.
    METRICS_PORT: 'off',
  }
  const readyOnes = new Set<number>()
  return Array.from({ length: config.processes }, (_, index) => {
    const name = `worker-${index + 1}`
    fleet.expect(name)
    return new SupervisedProcess({ name, arguments: [program], environment }, log, {
      onDeath: (pid) => {
        fleet.died(name)
        void noteDeath(pid)
      },
      onMessage: (message) => {
        fleet.hear(name, message)
        if (message === 'ready') readyOnes.add(index)
        if (readyOnes.size === config.processes) ready.resolve()
      },
      onHopeless: () => ready.reject(new SetupError('A worker process cannot work; see above.')),
    })
  })
}
