import type { Redis } from 'ioredis'

/** Who does a piece of work of which one at a time is enough, and for how long unless he renews it. */
type Lease = { readonly owner: string; readonly leaseMs: number }

/** Takes, or keeps, a lease; false while another has it. Two may think they have it: what they do must bear that. */
export async function takeLease(
  redis: Redis,
  key: string,
  { owner, leaseMs }: Lease,
): Promise<boolean> {
  if ((await redis.set(key, owner, 'PX', leaseMs, 'NX')) === 'OK') return true
  if ((await redis.get(key)) !== owner) return false
  await redis.pexpire(key, leaseMs)
  return true
}
