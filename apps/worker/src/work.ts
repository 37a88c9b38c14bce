/** The program of one worker process: takes lots of all lanes and shards until it is told to stop. */
import { setPriority } from 'node:os'
import { openVault } from '@csr-foundry/key-vault'
import { type Lane, LotQueues, LotWorker, lanes } from '@csr-foundry/queue'
import {
  connected,
  connectRedis,
  giveBackLot,
  type ShardTag,
  shardTags,
} from '@csr-foundry/records'
import { createLogger, runProgram, stopOnSignals } from '@csr-foundry/service'
import { readConfig } from './config.ts'
import { type OutcomeContext, runLot } from './outcome.ts'
import { Presence } from './presence.ts'

/** Lots of the fast lane are short and wait for Redis about as long as they compute. */
const fastConcurrency = 4
const connectWithin = 30_000

await runProgram(work)

async function work(): Promise<void> {
  const config = readConfig()
  const log = createLogger('worker', config.logLevel)
  // Key generation takes what the API and Redis leave: a caller's POST goes before it.
  setPriority(config.niceness)

  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const redis = connectRedis(config.redisUrl, 'work', { onError })
  await connected(redis, connectWithin)
  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError)
  const vault = await openVault(redis, config.masterKeyFile)
  const context: OutcomeContext = { redis, vault, queues, log, verifyEvery: config.verifyEvery }

  const concurrency: Record<Lane, number> = { fast: fastConcurrency, slow: config.threads }
  const takeLots = (shard: ShardTag, lane: Lane) =>
    new LotWorker(redis, {
      shard,
      lane,
      concurrency: concurrency[lane],
      process: (run) => runLot(context, run),
      giveBack: (run) => giveBackLot(redis, run, 'drain'),
      onError,
    })
  const workers: LotWorker[] = []
  const presence = new Presence(redis, onError)
  // From here on, since a worker takes lots as soon as it is made: a signal that found no one would leave them for dead.
  stopOnSignals(
    log,
    async () => {
      await Promise.all([presence.stop(), ...workers.map((worker) => worker.drain(config.drainMs))])
      await queues.close()
      redis.disconnect()
    },
    config.drainMs + 5_000,
  )
  for (const shard of shards) for (const lane of lanes) workers.push(takeLots(shard, lane))
  await Promise.all(workers.map((worker) => worker.ready()))
  await presence.start()
  process.send?.('ready')
  log.info({ threads: config.threads }, 'taking lots')
}
