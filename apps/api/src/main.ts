/** The API process: config → connections → services → serve → drain. It has no master key and makes no keys. */
import { HeldCalls, LotQueues, Subscription } from '@csr-foundry/queue'
import {
  connected,
  connectRedis,
  ensureAdministrator,
  loginExists,
  requireUsableServer,
  shardTags,
} from '@csr-foundry/records'
import { createLogger, runProgram, SettingsError, stopOnSignals } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { createApp } from './app.ts'
import { Authenticator } from './authenticator.ts'
import { type Config, readConfig } from './config.ts'
import { serve } from './serve.ts'

const connectWithin = 30_000

await runProgram(() => main(readConfig()))

async function main(config: Config): Promise<void> {
  const log = createLogger('api', config.logLevel)
  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const redis = connectRedis(config.redisUrl, 'request', { onError })
  const subscriber = connectRedis(config.redisUrl, 'subscribe', { onError })
  await Promise.all([connected(redis, connectWithin), connected(subscriber, connectWithin)])
  const server = await requireUsableServer(redis, (warning, name) =>
    log.warn({ server: name }, warning),
  )
  await prepareAdministrator(redis, config)

  const shards = shardTags(config.shards)
  const queues = new LotQueues(redis, shards, onError)
  const subscription = new Subscription(subscriber)
  const heldCalls = new HeldCalls(redis, subscription, shards, config.maxWaitingCalls)
  const authenticator = new Authenticator(redis, subscription)
  await subscription.start()

  let draining = false
  const { holdMs } = config
  const services = {
    redis,
    queues,
    heldCalls,
    authenticator,
    log,
    holdMs,
    draining: () => draining,
  }
  const running = await serve(createApp(services), config)
  log.info({ server, address: running.url }, 'serving')
  process.send?.({ ready: running.url })

  stopOnSignals(
    log,
    async () => {
      draining = true
      heldCalls.drain()
      await running.close(config.drainMs)
      await queues.close()
      redis.disconnect()
      subscription.stop()
    },
    config.drainMs + 5_000,
  )
}

async function prepareAdministrator(redis: Redis, { administrator }: Config): Promise<void> {
  const { name, password } = administrator
  if (password) await ensureAdministrator(redis, name, password)
  else if (!(await loginExists(redis, name))) {
    throw new SettingsError([
      `ADMIN_PASSWORD: there is no account ${name} yet: set ADMIN_PASSWORD or ADMIN_PASSWORD_FILE for the first start`,
    ])
  }
}
