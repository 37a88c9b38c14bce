import { randomBytes, scryptSync } from 'node:crypto'
import { HeldCalls, LotQueues, Subscription } from '@csr-foundry/queue'
import {
  type ActingPlace,
  connected,
  connectRedis,
  createToken,
  createUser,
  ensureAdministrator,
  type Role,
  roles,
  shardTags,
  type TenantPlace,
} from '@csr-foundry/records'
import { createLogger, Secret } from '@csr-foundry/service'
import { startRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { createApp } from '../src/app.ts'
import { Authenticator } from '../src/authentication/authenticator.ts'
import { trustProxies } from '../src/authentication/client-address.ts'
import { ReadLimit } from '../src/authentication/read-limit.ts'
import { WriteLimit } from '../src/authentication/write-limit.ts'
import { IntakeThread } from '../src/intake/intake-thread.ts'
import type { Services } from '../src/services.ts'
import { startUploads, type TestUploads } from './start-uploads.ts'

export const password = 'correct horse battery'
export const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`

export type TestApi = AsyncDisposable & {
  readonly services: Services
  readonly redisUrl: string
  readonly redis: Redis
  /** The connection of its subscription. */
  readonly subscriber: Redis
  /** How many calls are held. */
  held(): number
  /** What was logged, as text. */
  logged(): string
  /** Calls as the administrator, unless the headers say otherwise; `peer` is the other end of the connection. */
  call(path: string, init?: RequestInit, peer?: string): Promise<Response>
  /** The `Authorization` header of a new token with these roles. */
  bearer(roles: readonly Role[], place?: TenantPlace): Promise<string>
  /** The `Authorization` header of a new user with these roles, whose password is that of the administrator. */
  user(name: string, roles: readonly Role[], place?: TenantPlace): Promise<string>
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

export type TestApiOptions = {
  readonly holdMs?: number
  /** 0: no limit. */
  readonly writesPerMinute?: number
  readonly tenantWritesPerMinute?: number
  readonly readsPerMinute?: number
  readonly trustedProxies?: readonly string[]
  /** The Redis of another, as a second process of the same installation has it; left out: one of its own. */
  readonly redisUrl?: string
}

/** The administrator's tenant, where a test acts by itself. */
export const defaultPlace: ActingPlace = {
  ...{ tenant: 'default', shard: '{s10}' },
  actor: { by: 'user:test', from: '192.0.2.1' },
}
const acting = (place: TenantPlace) => ({ ...defaultPlace, ...place })
const everything = { name: 'test', roles }
/**
 * The password's hash by a scrypt that costs nothing: what it cost is in it, and the real one takes 80 ms each time that a
 * password is set or compared.
 */
const cheapHash = (() => {
  const salt = randomBytes(16)
  const hash = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 })
  return `scrypt$16$1$1$${salt.toString('base64url')}$${hash.toString('base64url')}`
})()

/** What a first start writes into an empty Redis, by key: made once, for all test files of a process. */
let firstStart: Map<string, Buffer> | undefined

async function putAdministrator(redis: Redis): Promise<void> {
  for (const [key, value] of firstStart ?? []) await redis.restore(key, 0, value)
  if (firstStart !== undefined) return
  await ensureAdministrator(redis, 'admin', new Secret(password))
  const fields = await redis.hkeys('login:admin')
  const field = fields.find((name) => name.startsWith('account:')) ?? ''
  await redis.hset('login:admin', field, JSON.stringify({ password: cheapHash }))
  const keys = await redis.keys('*')
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  firstStart = new Map(keys.map((key, i) => [key, values[i] ?? Buffer.alloc(0)]))
}

let thread: IntakeThread | undefined
/** What reads batches: one for all test files of a process, started where the first of them takes one in. */
const intake: Services['intake'] = {
  read: async (source, take) => {
    thread ??= new IntakeThread()
    return await thread.read(source, take)
  },
}

/** The application on a real Redis of its own, without a network and without workers: requests stay queued. */
export async function startApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { holdMs = 0, trustedProxies = [], redisUrl } = options
  const { writesPerMinute = 0, tenantWritesPerMinute = 0 } = options
  const server = redisUrl === undefined ? await startRedis() : undefined
  const url = server?.url ?? redisUrl ?? ''
  const onError = () => {}
  const redis = connectRedis(url, 'request', { onError })
  const subscriber = connectRedis(url, 'subscribe', { onError })
  await Promise.all([connected(redis, 5_000), connected(subscriber, 5_000)])
  if (server) await putAdministrator(redis)
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
  // Only where a test uploads or exports a key: starting the thread takes a while.
  let started: Promise<TestUploads> | undefined
  const withUploads = () => (started ??= startUploads(redis, log))
  const uploads: Services['uploads'] = {
    take: async (place, upload) => await (await withUploads()).uploads.take(place, upload),
  }
  const vaultPin: Services['vaultPin'] = {
    key: async (requestId) => await (await withUploads()).pin.key(requestId),
  }
  const draining = () => false
  const services: Services = {
    ...{ redis, queues, shards, heldCalls, authenticator, uploads, vaultPin, intake },
    ...{ log, holdMs, openBatches: 20, draining },
    trustedProxies: trustProxies(trustedProxies),
    readLimit: new ReadLimit(options.readsPerMinute ?? 0),
    writeLimit: new WriteLimit(redis, {
      ofPrincipal: writesPerMinute,
      ofTenant: tenantWritesPerMinute,
    }),
  }
  const app = createApp(services)
  const call = async (path: string, init: RequestInit = {}, peer = '127.0.0.1') =>
    app.request(
      path,
      { ...init, headers: { authorization, ...init.headers } },
      { incoming: { socket: { remoteAddress: peer } } },
    )
  return {
    services,
    redisUrl: url,
    redis,
    subscriber,
    held: () => heldCalls.count,
    bearer: async (held, place = defaultPlace) => {
      const { token } = await createToken(
        redis,
        acting(place),
        { name: 'test', roles: held },
        everything,
      )
      return `Bearer ${token.reveal()}`
    },
    user: async (name, held, place = defaultPlace) => {
      const account = { name, password: cheapHash, roles: held }
      await createUser(redis, acting(place), account, everything)
      const login = place.tenant === 'default' ? name : `${name}@${place.tenant}`
      return `Basic ${btoa(`${login}:${password}`)}`
    },
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
      await (await started)?.[Symbol.asyncDispose]()
      await queues.close()
      redis.disconnect()
      subscriber.disconnect()
      await server?.stop()
    },
  }
}
