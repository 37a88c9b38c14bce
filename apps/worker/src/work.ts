/** The program of one worker process: takes lots of all lanes and shards until it is told to stop. */
import { openVault } from '@csr-foundry/key-vault'
import {
  type Lane,
  LotQueues,
  LotWorker,
  lanes,
  type QueueTelemetry,
  queueTelemetry,
} from '@csr-foundry/queue'
import {
  connected,
  connectRedis,
  giveBackLot,
  type ShardTag,
  shardTags,
} from '@csr-foundry/records'
import { createLogger, runProgram, startTracing, stopOnSignals } from '@csr-foundry/service'
import { standBack } from '@csr-foundry/service/stand-back'
import { readConfig } from './config.ts'
import { followMasterKey } from './follow-master-key.ts'
import { Heartbeat } from './metrics/heartbeat.ts'
import { measuredVault } from './metrics/measured-vault.ts'
import { RunningLots } from './metrics/running-lots.ts'
import { WorkFigures } from './metrics/work-figures.ts'
import { lotsAtOnce, Orders } from './orders.ts'
import { type OutcomeContext, runLot } from './outcome.ts'
import { Presence } from './presence.ts'

const connectWithin = 30_000

await runProgram(work)

async function work(): Promise<void> {
  const config = readConfig()
  const log = createLogger('worker', config.logLevel)
  const tracing = await startTracing(config.tracing, log)
  const telemetry = await queueTelemetry()
  // Key generation takes what the API and Redis leave: a caller's POST goes before it.
  standBack(config.niceness)

  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const redis = connectRedis(config.redisUrl, 'work', { onError })
  await connected(redis, connectWithin)
  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError, telemetry)
  const figures = new WorkFigures()
  const running = new RunningLots(figures)
  const opened = await openVault(redis, config.masterKeyFile)
  const masterKey = followMasterKey(opened, log)
  const vault = measuredVault(opened, figures)
  const { verifyEvery } = config
  const { keyMade } = figures
  const context: OutcomeContext = { redis, vault, queues, log, verifyEvery, keyMade }

  const orders = new Orders({ redis, log, ...lotsAtOnce(config.threads) })
  await orders.begin()
  const taking = { context, orders, running, onError, telemetry }
  const workers: LotWorker[] = []
  const presence = new Presence(redis, orders, onError)
  const heartbeat = new Heartbeat(figures, running, (beat) => presence.say(beat))
  // From here on, since a worker takes lots as soon as it is made: a signal that found no one would leave them for dead.
  stopOnSignals(
    log,
    async () => {
      const left = workers.map((worker) => worker.drain(config.drainMs))
      await Promise.all([presence.stop(), orders.stop(), masterKey.stop(), ...left])
      heartbeat.stop()
      await queues.close()
      redis.disconnect()
      await tracing.stop()
    },
    config.drainMs + 5_000,
  )
  for (const shard of shards) for (const lane of lanes) workers.push(takeLots(taking, shard, lane))
  orders.follow()
  await Promise.all(workers.map((worker) => worker.ready()))
  heartbeat.start()
  await presence.heard()
  process.send?.('ready')
  log.info({ threads: config.threads }, 'taking lots')
}

type Taking = {
  readonly context: OutcomeContext
  readonly orders: Orders
  readonly running: RunningLots
  readonly onError: (error: Error) => void
  readonly telemetry: QueueTelemetry | undefined
}

/** Takes lots of a lane of a shard, as many at once as operators want. */
function takeLots(
  { context, orders, running, onError, telemetry }: Taking,
  shard: ShardTag,
  lane: Lane,
): LotWorker {
  const worker = new LotWorker(context.redis, {
    shard,
    lane,
    concurrency: orders.concurrency[lane],
    process: (run) => running.run(lane, () => runLot(context, run)),
    giveBack: (run) => giveBackLot(context.redis, run, 'drain'),
    ...{ onError, telemetry },
  })
  orders.obeyedBy(lane, worker)
  return worker
}
