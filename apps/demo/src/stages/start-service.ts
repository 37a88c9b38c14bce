import { stopwatch } from '../format-duration.ts'
import type { Screen } from '../screen.ts'
import type { ServiceProcess } from '../service-process.ts'

/** When a start that takes so long (ms) is worth a word: the first one on a machine may have to fetch a Redis server. */
const longAfter = 8_000

/** Awaits that all of the service answers; gives its URL. */
export async function startService(
  screen: Screen,
  service: ServiceProcess,
  usesGivenRedis: boolean,
  signal: AbortSignal,
): Promise<string> {
  const redis = usesGivenRedis ? 'the Redis that REDIS_URL names' : 'a Redis of its own'
  screen.stage(
    'Starting the service',
    `${redis}, the API and the workers, with a throw-away data folder`,
  )
  if (usesGivenRedis) {
    screen.note(
      'Use a Redis you can throw away: its master key goes with the demo, unless MASTER_KEY_FILE is set.',
    )
  }
  const elapsed = stopwatch()
  const patience = setTimeout(() => {
    screen.note('still starting: a first start may have to fetch a Redis server')
  }, longAfter)
  try {
    const url = await Promise.race([service.ready, interruption(signal)])
    screen.done(`ready on ${url} after ${elapsed()}`)
    return url
  } finally {
    clearTimeout(patience)
  }
}

/** Rejects when the signal is aborted, and never resolves. */
function interruption(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const interrupt = () => reject(signal.reason)
  if (signal.aborted) interrupt()
  else signal.addEventListener('abort', interrupt, { once: true })
  // It may come when nobody waits for it any more.
  promise.catch(() => {})
  return promise
}
