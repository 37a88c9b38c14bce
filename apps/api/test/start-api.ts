import { HeldCalls, LotQueues, Subscription } from '@csr-foundry/queue'
import { connected, connectRedis, ensureAdministrator, shardTags } from '@csr-foundry/records'
import { createLogger, Secret } from '@csr-foundry/service'
import { startRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { createApp } from '../src/app.ts'
import { Authenticator } from '../src/authenticator.ts'

const password = 'correct horse battery'
export const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`

export type TestApi = AsyncDisposable & {
  readonly redis: Redis
  /** What was logged, as text. */
  logged(): string
  call(path: string, init?: RequestInit): Promise<Response>
  /** POSTs a body to LXCA's resource: status and answer. */
  create(body: unknown): Promise<{ status: number; answer: LxcaAnswer }>
}

export type LxcaAnswer = {
  readonly result: string
  readonly response?: Record<string, unknown>
  readonly messages: readonly {
    id: string
    text: string
    explanation: string
    recovery: { URL: string }
  }[]
}

/** The application on a real Redis of its own, without a network and without workers: requests stay queued. */
export async function startApi({ holdMs = 0 } = {}): Promise<TestApi> {
  const server = await startRedis()
  const onError = () => {}
  const redis = connectRedis(server.url, 'request', { onError })
  const subscriber = connectRedis(server.url, 'subscribe', { onError })
  await Promise.all([connected(redis, 5_000), connected(subscriber, 5_000)])
  await ensureAdministrator(redis, 'admin', new Secret(password))
  const shards = shardTags(1)
  const queues = new LotQueues(redis, shards, onError)
  const subscription = new Subscription(subscriber)
  const heldCalls = new HeldCalls(redis, subscription, shards, 100)
  const authenticator = new Authenticator(redis, subscription)
  await subscription.start()
  let logged = ''
  const log = createLogger('api', 'info', {
    write: (line) => {
      logged += line
    },
  })
  const draining = () => false
  const app = createApp({ redis, queues, heldCalls, authenticator, log, holdMs, draining })
  const call = async (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { authorization, ...init.headers } })
  return {
    redis,
    logged: () => logged,
    call,
    create: async (body) => {
      const headers = { 'content-type': 'application/json' }
      const response = await call('/certificateSigningRequest', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return { status: response.status, answer: (await response.json()) as LxcaAnswer }
    },
    [Symbol.asyncDispose]: async () => {
      heldCalls.drain()
      await queues.close()
      redis.disconnect()
      subscriber.disconnect()
      await server.stop()
    },
  }
}
