/** The supervisor: opens the master key, keeps the worker processes running, sweeps, and seals the audit. It makes no keys itself. */
import { fileURLToPath } from 'node:url'
import { openVault, writePublicKeyFile } from '@csr-foundry/key-vault'
import { LotQueues } from '@csr-foundry/queue'
import { connected, connectRedis, requireUsableServer, shardTags } from '@csr-foundry/records'
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
  await writePublicKeyFile(config.vaultPublicKeyFile, await vault.publicKey())
  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError)
  const sweep = new Sweep(redis, queues, shards, log)
  sweep.start()
  // Here, and not in the worker processes, whose lots it would hold up.
  const retentionDays = config.auditRetentionDays
  const sealer = new AuditSealer({ redis, vault, shards, log, retentionDays })
  sealer.start()
  const ready = Promise.withResolvers<void>()
  const children = startChildren(config, log, ready)
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop(config.drainMs + 6_000)))
    await sweep.stop()
    await sealer.stop()
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

/** Starts the worker processes; `ready` is resolved when all take lots, rejected when one cannot as things are set up. */
function startChildren(
  config: Config,
  log: Logger,
  ready: PromiseWithResolvers<void>,
): SupervisedProcess[] {
  const program = fileURLToPath(new URL('./work.ts', import.meta.url))
  const environment = { ...config.environment, UV_THREADPOOL_SIZE: String(config.threads) }
  const readyOnes = new Set<number>()
  return Array.from({ length: config.processes }, (_, index) => {
    const name = `worker-${index + 1}`
    return new SupervisedProcess({ name, arguments: [program], environment }, log, {
      onMessage: (message) => {
        if (message === 'ready') readyOnes.add(index)
        if (readyOnes.size === config.processes) ready.resolve()
      },
      onHopeless: () => ready.reject(new SetupError('A worker process cannot work; see above.')),
    })
  })
}
