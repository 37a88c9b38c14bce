import { Redis } from 'ioredis'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'
import { sendInline } from './send-inline.ts'
import type { StartedServer } from './start-server.ts'

const patienceMs = 20_000

/** The owner's last words to a server that is about to end. */
export type BeforeShutdown = (redis: Redis) => Promise<void>

/**
 * Ends a server cleanly: the owner's hook, then SHUTDOWN, which writes and syncs the append-only
 * file, then the end of the process is awaited. A hook that fails does not keep the server up; its
 * error comes afterwards.
 *
 * @throws EmbeddedRedisError `stop_failed` when the server had to be killed
 */
export async function stopServer(
  server: StartedServer,
  beforeShutdown: BeforeShutdown | undefined,
): Promise<void> {
  if (server.child.hasExited()) return
  try {
    if (beforeShutdown !== undefined) await withClient(server, beforeShutdown)
  } finally {
    await shutDown(server)
  }
}

async function withClient({ address }: StartedServer, use: BeforeShutdown): Promise<void> {
  const client = new Redis({
    host: '127.0.0.1',
    port: address.port,
    password: address.password,
    lazyConnect: true,
    // A server that is gone stays gone: the hook must fail rather than wait.
    retryStrategy: () => null,
  })
  // Failures reach the hook through its commands.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await use(client)
  } finally {
    client.disconnect()
  }
}

async function shutDown({ address, child }: StartedServer): Promise<void> {
  const answer = await sendInline(address, 'SHUTDOWN')
  // A server that obeys ends the connection without a word. One that refuses, or is too busy to
  // listen, is asked once more by the signal.
  const obeys = typeof answer === 'object' && answer.reply === ''
  if (await child.endsWithin(obeys ? patienceMs : 0)) return
  if (await child.end(patienceMs)) return
  const refusal = typeof answer === 'object' ? ` It said: ${answer.reply.trim()}` : ''
  const message = `Redis did not end when asked and was killed: writes of the last second may be lost. Its log says why.${refusal}`
  throw new EmbeddedRedisError(message, { code: 'stop_failed' })
}
