import type { Redis } from 'ioredis'

/** All that Redis holds, each key in its dumped form: two that are equal say that nothing was changed. */
export async function snapshot(redis: Redis): Promise<Record<string, string | undefined>> {
  const names = (await redis.keys('*')).sort()
  const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)))
  return Object.fromEntries(names.map((name, i) => [name, dumps[i]?.toString('base64')]))
}

/** All that Redis holds, as text: what is searched for secrets. */
export async function wholeText(redis: Redis): Promise<string> {
  const readers: Record<string, (name: string) => Promise<unknown>> = {
    string: (name) => redis.get(name),
    hash: (name) => redis.hgetall(name),
    set: (name) => redis.smembers(name),
    zset: (name) => redis.zrange(name, '0', '-1'),
    stream: (name) => redis.xrange(name, '-', '+'),
  }
  const names = await redis.keys('*')
  const values = names.map(async (name) => {
    const read = readers[await redis.type(name)]
    if (!read) throw new Error(`${name} is of a type that is not looked into.`)
    return [name, await read(name)]
  })
  return JSON.stringify(await Promise.all(values))
}
