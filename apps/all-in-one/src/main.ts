/**
 * `npm start`: the whole service on one machine, each part a process of its own.
 *
 * Standard output has what a person is to see: the administrator's password at the first start, and one line when all of
 * it answers. Everything else is a log line on standard error.
 */
import {
  createLogger,
  runProgram,
  SetupError,
  type SupervisedProcess,
  stopOnSignals,
} from '@csr-foundry/service'
import { startApi, startWorkers } from './children.ts'
import { type Config, readConfig } from './config.ts'
import { prepareAdministrator } from './first-start.ts'
import { keepRedis } from './redis-server.ts'

await runProgram(() => run(readConfig()))

async function run(config: Config): Promise<void> {
  const log = createLogger('all-in-one', config.logLevel)
  const redis = await keepRedis(config, log, (error) => {
    log.fatal({ err: error }, 'redis is lost')
    process.exit(1)
  })
  let api: SupervisedProcess | undefined
  let workers: SupervisedProcess | undefined
  await prepareAdministrator(redis.url, config, console.log, process.stdout.isTTY)

  const stop = async () => {
    // In the order of a request's way: no new ones come in, those that are in get done, and the records are last.
    await api?.stop(config.drainMs + 6_000)
    await workers?.stop(config.drainMs + 11_000)
    await redis.stop()
  }
  stopOnSignals(log, stop, 2 * config.drainMs + 40_000)

  const workersReady = Promise.withResolvers<void>()
  const apiReady = Promise.withResolvers<string>()
  const onHopeless = () => {
    const failed = new SetupError('A part of the service cannot work as it is set up; see above.')
    workersReady.reject(failed)
    apiReady.reject(failed)
  }
  // The workers first: they open the vault, and the API is not ready without it.
  workers = startWorkers(config, redis.url, log, { onReady: workersReady.resolve, onHopeless })
  api = startApi(config, redis.url, log, { onReady: apiReady.resolve, onHopeless })
  try {
    const [url] = await Promise.all([apiReady.promise, workersReady.promise])
    console.log(`csr-foundry ready on ${url}`)
  } catch (error) {
    await stop()
    throw error
  }
}
