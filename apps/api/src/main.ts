/** The API process: config → connections → services → serve → drain. It has no master key and makes no keys. */
import { HeldCalls, LotQueues, queueTelemetry, Subscription } from '@csr-foundry/queue'
import {
  administratorExists,
  connected,
  connectRedis,
  ensureAdministrator,
  recordAdministratorToken,
  requireUsableServer,
  shardTags,
} from '@csr-foundry/records'
import {
  createLogger,
  type Logger,
  runProgram,
  SettingsError,
  serveMetrics,
  startTracing,
  stopOnSignals,
} from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { createApp } from './app.ts'
import { Authenticator } from './authentication/authenticator.ts'
import { ReadLimit } from './authentication/read-limit.ts'
import { WriteLimit } from './authentication/write-limit.ts'
import { type Config, readConfig } from './config.ts'
import { dialects } from './dialects/index.ts'
import { serve, usualLimits } from './http/serve.ts'
import { type Shortcut, takeShortcut } from './http/shortcut.ts'
import { IntakeThread } from './intake/intake-thread.ts'
import { apiMetrics } from './metrics/api-metrics.ts'
import { giveUpThreads } from './threads/give-up-threads.ts'
import { KeyUploads } from './uploads/key-uploads.ts'
import { UploadThread } from './uploads/upload-thread.ts'
import { VaultPin } from './uploads/vault-pin.ts'

const connectWithin = 30_000

await runProgram(() => main(readConfig()))

async function main(config: Config): Promise<void> {
  const threads = startThreads(config)
  const log = createLogger('api', config.logLevel)
  const tracing = await startTracing(config.tracing, log)
  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const { redis, subscriber } = await connectTwice(config, onError)
  const server = await requireUsableServer(redis, (warning, name) =>
    log.warn({ server: name }, warning),
  )
  await prepareAdministrator(redis, config)

  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError, await queueTelemetry())
  const subscription = new Subscription(subscriber)
  const heldCalls = new HeldCalls(redis, subscription, shards, config.maxWaitingCalls)
  const authenticator = new Authenticator(redis, subscription)
  await subscription.start()

  let draining = false
  const { holdMs, openBatches, trustedProxies } = config
  const pin = new VaultPin(redis, config.vaultPublicKeyFile, log)
  const services = {
    ...{ redis, queues, shards, heldCalls, authenticator, log },
    ...{ holdMs, openBatches, trustedProxies },
    writeLimit: new WriteLimit(redis, config.mostWrites),
    readLimit: new ReadLimit(config.mostReads),
    uploads: new KeyUploads(redis, threads.uploads, pin),
    vaultPin: pin,
    intake: threads.intake,
    draining: () => draining,
  }
  await Promise.all([threads.uploads.ready, threads.intake.ready])
  const metrics = await serveMetrics(config.metrics, log, apiMetrics(services))
  const shortcut = takeShortcut(services, shortcutsFor(config))
  const running = await serve(createApp(services, config), config, log, usualLimits, shortcut)
  log.info({ server, address: running.url }, 'serving')
  process.send?.({ ready: running.url })
  stopOnSignals(
    log,
    async () => {
      draining = true
      heldCalls.drain()
      await Promise.all([metrics.stop(), running.close(config.drainMs)])
      await queues.close()
      redis.disconnect()
      subscription.stop()
      await tracing.stop()
      threads.uploads.requireAlive()
      threads.intake.requireAlive()
    },
    config.drainMs + 5_000,
  )
  endWithout(threads, log)
}

type Threads = { readonly uploads: UploadThread; readonly intake: IntakeThread }

/** Before anything that a stranger could reach: from here on this process can start no thread. */
function startThreads({ intakeNiceness: niceness }: Config): Threads {
  const threads = { uploads: new UploadThread(), intake: new IntakeThread({ niceness }) }
  giveUpThreads()
  return threads
}

/** A connection to ask on, and one to hear news on. */
async function connectTwice({ redisUrl }: Config, onError: (error: Error) => void) {
  const redis = connectRedis(redisUrl, 'request', { onError })
  const subscriber = connectRedis(redisUrl, 'subscribe', { onError })
  await Promise.all([connected(redis, connectWithin), connected(subscriber, connectWithin)])
  return { redis, subscriber }
}

/** Answers that depend on a page's origin are the application's alone, and so are those that are traced. */
function shortcutsFor({ corsOrigins, tracing }: Config): Shortcut[] {
  return tracing || corsOrigins.length > 0
    ? []
    : dialects.flatMap(({ shortcuts = [] }) => shortcuts)
}

/** A thread cannot be replaced, so the process is: what is under way gets done, and its owner starts another. */
function endWithout({ uploads, intake }: Threads, log: Logger): void {
  const endAt = (loss: Promise<Error>, tell: (err: Error) => void) => {
    const end = (error: Error) => {
      tell(error)
      process.kill(process.pid, 'SIGTERM')
    }
    loss.then(end, end)
  }
  endAt(uploads.lost, (err) => log.fatal({ err }, 'the upload thread is lost; this process ends'))
  endAt(intake.lost, (err) => log.fatal({ err }, 'the intake thread is lost; this process ends'))
}

async function prepareAdministrator(redis: Redis, { administrator }: Config): Promise<void> {
  const { name, password, token } = administrator
  if (password) await ensureAdministrator(redis, name, password)
  else if (!(await administratorExists(redis, name))) {
    throw new SettingsError([
      `ADMIN_PASSWORD: there is no administrator yet: set ADMIN_PASSWORD or ADMIN_PASSWORD_FILE for the first start`,
    ])
  }
  if (token) await recordAdministratorToken(redis, name, token)
}
