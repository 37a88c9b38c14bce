/** The supervisor: opens the master key, keeps the worker processes running, and sweeps. It makes no keys itself. */
import { fileURLToPath } from 'node:url'
import { openVault } from '@csr-foundry/key-vault'
import { LotQueues } from '@csr-foundry/queue'
import { connected, connectRedis, requireUsableServer, shardTags } from '@csr-foundry/records'
import { createLogger, runProgram, SupervisedProcess, stopOnSignals } from '@csr-foundry/service'
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
  await openVault(redis, config.masterKeyFile)
  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError)
  const sweep = new Sweep(redis, queues, shards, log)
  sweep.start()
  const children = startChildren(config, log)

  stopOnSignals(
    log,
    async () => {
      await Promise.all(children.map((child) => child.stop(config.drainMs + 6_000)))
      await sweep.stop()
      await queues.close()
      redis.disconnect()
    },
    config.drainMs + 10_000,
  )
}

function startChildren(config: Config, log: ReturnType<typeof createLogger>): SupervisedProcess[] {
  const program = fileURLToPath(new URL('./work.ts', import.meta.url))
  const ready = new Set<number>()
  return Array.from({ length: config.processes }, (_, index) => {
    const environment = { ...config.environment, UV_THREADPOOL_SIZE: String(config.threads) }
    const name = `worker-${index + 1}`
    return new SupervisedProcess({ name, arguments: [program], environment }, log, {
      onMessage: (message) => {
        if (message !== 'ready') return
        ready.add(index)
        if (ready.size === config.processes) process.send?.('ready')
      },
    })
  })
}
