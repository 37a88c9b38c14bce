import { type Command, Redis, type RedisOptions } from 'ioredis'
import { scriptDefinitions } from './scripts.ts'

/**
 * What a connection is for decides how it behaves while Redis is away.
 *
 * - `request`: an HTTP call waits for it, so it fails at once, or after 2 s without an answer, and what was under way is not sent again: a create that was
 *   sent twice would be two requests.
 * - `work`: a worker's results wait for it until Redis is back. Every script that uses it can be run twice.
 * - `subscribe`: reconnects for ever and subscribes again by itself.
 */
export type ConnectionPurpose = 'request' | 'work' | 'subscribe'

const reconnectAfter = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 500)

const behaviour: Record<ConnectionPurpose, Omit<RedisOptions, 'replyMapping'>> = {
  request: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
  },
  work: { maxRetriesPerRequest: null },
  subscribe: { maxRetriesPerRequest: null },
}

export type ConnectionNews = {
  /** Called for every connection error; a connection without a listener would end the process. */
  readonly onError: (error: Error) => void
}

/** Connects to Redis in the way that `purpose` needs, with the scripts of this package defined. */
export function connectRedis(url: string, purpose: ConnectionPurpose, news: ConnectionNews): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    retryStrategy: reconnectAfter,
    scripts: scriptDefinitions,
    connectionName: `csr-foundry-${purpose}`,
    ...behaviour[purpose],
  })
  redis.on('error', news.onError)
  if (purpose === 'request') {
    writeTogether(redis)
    failTogether(redis)
  }
  return redis
}

/** What is asked for in one turn of the event loop goes out in one write: a write costs more than a command. */
function writeTogether(redis: Redis): void {
  redis.on('connect', () => {
    const { stream } = redis
    const { write } = stream
    let isHeld = false
    const letGo = () => {
      isHeld = false
      stream.uncork()
    }
    stream.write = ((...parts: Parameters<typeof write>) => {
      if (!isHeld) {
        isHeld = true
        stream.cork()
        setImmediate(letGo)
      }
      return write.apply(stream, parts)
    }) as typeof write
  })
}

const looks = 20
const lookEvery = 100

/**
 * Fails what Redis has not answered within two seconds. ioredis' own `commandTimeout` does the same with a timer for each
 * command, which costs as much as to send it; here is one for all.
 */
function failTogether(redis: Redis): void {
  const { sendCommand } = redis
  /** What is under way, by how many looks ago it was sent; what has been answered is let go of at the next look. */
  const rounds: Command[][] = []
  let sent: Command[] = []
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    rounds.unshift(sent)
    sent = []
    for (const [age, round] of rounds.entries()) rounds[age] = round.filter(isOpen)
    const late = rounds.length > looks ? rounds.pop() : []
    for (const command of late ?? []) command.reject(new Error('Command timed out'))
    if (rounds.some((round) => round.length > 0)) return
    clearInterval(timer)
    timer = undefined
    rounds.length = 0
  }
  redis.sendCommand = (command, stream) => {
    sent.push(command)
    timer ??= setInterval(look, lookEvery).unref()
    return sendCommand.call(redis, command, stream)
  }
}

const isOpen = ({ isSettled }: Command) => !isSettled

/** Resolves when the connection is ready; rejects after `deadline` milliseconds. */
export async function connected(redis: Redis, deadline: number): Promise<void> {
  if (redis.status === 'ready') return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () =>
      reject(
        new Error(`Redis did not answer within ${deadline} ms. Check REDIS_URL and that it runs.`),
      ),
    deadline,
  )
  redis.once('ready', resolve)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    redis.off('ready', resolve)
  }
}
