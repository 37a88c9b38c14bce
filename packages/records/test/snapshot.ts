import type { Redis } from 'ioredis'

/** All that Redis holds, each key in its dumped form: two that are equal say that nothing was changed. */
export async function snapshot(redis: Redis): Promise<Record<string, string | undefined>> {
  const names = (await redis.keys('*')).sort()
  const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)))
  return Object.fromEntries(names.map((name, i) => [name, dumps[i]?.toString('base64')]))
}
