import { startRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { lookInto } from '../e2e/look.ts'
import { type Service, startService } from '../e2e/start-service.ts'

/** The one service that all endpoints are tried on; a start takes four seconds of a core. */
export let service: Service
export let redis: Redis
const stack = new AsyncDisposableStack()

export async function start(): Promise<void> {
  const server = stack.use(await startRedis())
  const environment = { REDIS_URL: server.url, LOG_LEVEL: 'warn' }
  service = stack.use(await startService({ environment }))
  redis = stack.use(await lookInto(server.url))
}

export const stop = () => stack.disposeAsync()
