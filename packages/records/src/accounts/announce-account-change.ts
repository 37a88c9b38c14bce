import type { Redis } from 'ioredis'
import { accountsChannel } from '../keys.ts'

/**
 * Tells every process that what it may have cached of accounts and tenants no longer counts; for what no change of the list tells, which
 * does so itself.
 */
export async function announceAccountChange(redis: Redis, name: string): Promise<void> {
  await redis.publish(accountsChannel, name)
}
