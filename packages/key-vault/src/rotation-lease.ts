import { randomUUID } from 'node:crypto'
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'

const leaseMs = 15_000
const tryEvery = 500

/** Runs `work` while no other rotation runs; waits for the lease of one that died. */
export async function withRotationLease(redis: Redis, work: () => Promise<void>): Promise<void> {
  const owner = randomUUID()
  const end = Date.now() + leaseMs + 5_000
  while (!(await take(redis, owner))) {
    if (Date.now() > end) {
      throw new VaultError('rotation_other', 'Another rotation of the master key is running.')
    }
    await new Promise((resolve) => setTimeout(resolve, tryEvery))
  }
  // One that lost it by a long stall goes on: each of its steps looks whether things are as it thinks.
  const renewal = setInterval(() => {
    redis.pexpire(installationKeys.rotationLease, leaseMs).catch(() => {})
  }, leaseMs / 3)
  try {
    await work()
  } finally {
    clearInterval(renewal)
    await letGo(redis, owner)
  }
}

const take = async (redis: Redis, owner: string) =>
  (await redis.set(installationKeys.rotationLease, owner, 'PX', leaseMs, 'NX')) === 'OK'

async function letGo(redis: Redis, owner: string): Promise<void> {
  if ((await redis.get(installationKeys.rotationLease)) === owner) {
    await redis.del(installationKeys.rotationLease)
  }
}
