/**
 * `npm start`: the whole service on one machine, each part a process of its own.
 *
 * Standard output has what a person is to see: the administrator's password at the first start, and one line when all of
 * it answers. Everything else is a log line on standard error.
 */
import { createLogger, SettingsError, stopOnSignals } from '@csr-foundry/service'
import { startApi, startWorkers } from './children.ts'
import { type Config, readConfig } from './config.ts'
import { prepareAdministrator } from './first-start.ts'
import { keepRedis } from './redis-server.ts'

try {
  await run(readConfig())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof SettingsError ? 2 : 1)
}

async function run(config: Config): Promise<void> {
  const log = createLogger('all-in-one', config.logLevel)
  const redis = await keepRedis(config, log, (error) => {
    log.fatal({ err: error }, 'redis is lost')
    process.exit(1)
  })
  await prepareAdministrator(redis.url, config, console.log, process.stdout.isTTY)

  const workersReady = Promise.withResolvers<void>()
  const apiReady = Promise.withResolvers<string>()
  const workers = startWorkers(config, redis.url, log, workersReady.resolve)
  // The workers first: they open the vault, and the API is not ready without it.
  const api = startApi(config, redis.url, log, apiReady.resolve)

  const whole = config.drainMs + 20_000
  stopOnSignals(
    log,
    async () => {
      // In the order of a request's way: no new ones come in, those that are in get done, and the records are last.
      await api.stop(config.drainMs + 6_000)
      await workers.stop(config.drainMs + 11_000)
      await redis.stop()
    },
    whole * 2,
  )
  await workersReady.promise
  console.log(`csr-foundry ready on ${await apiReady.promise}`)
}
