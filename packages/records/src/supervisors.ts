/** What the supervisors say every few seconds: whether the master key is to be had. */
import type { Redis } from 'ioredis'
import { installationKeys } from './keys.ts'
import { redisTime } from './redis-time.ts'

/** One that has not been heard of for this long (ms) says nothing any more. */
const heardWithin = 60_000

/** `keyProvider`: `ok`, or the code of what is wrong with the master key. */
export type SupervisorReport = { readonly id: string; readonly keyProvider: string }

type Stored = SupervisorReport & { readonly at: number }

export async function noteSupervisor(redis: Redis, report: SupervisorReport): Promise<void> {
  const stored: Stored = { ...report, at: await redisTime(redis) }
  await redis.hset(installationKeys.supervisors, report.id, JSON.stringify(stored))
  const silent = (await readAll(redis)).filter(({ at }) => at < stored.at - heardWithin)
  for (const { id } of silent) await redis.hdel(installationKeys.supervisors, id)
}

export async function forgetSupervisor(redis: Redis, id: string): Promise<void> {
  await redis.hdel(installationKeys.supervisors, id)
}

/** Those that were heard of within a minute. */
export async function readSupervisors(redis: Redis): Promise<SupervisorReport[]> {
  const [now, all] = await Promise.all([redisTime(redis), readAll(redis)])
  return all.filter(({ at }) => at >= now - heardWithin)
}

async function readAll(redis: Redis): Promise<Stored[]> {
  return (await redis.hvals(installationKeys.supervisors)).map((text) => JSON.parse(text) as Stored)
}
