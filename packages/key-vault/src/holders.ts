/** Which processes have which master keys, by what each says of itself: a rotation takes no key away from one that lives. */
import { installationKeys, readSupervisors, readWorkers, redisTime } from '@csr-foundry/records'
import type { Redis } from 'ioredis'

/** A process that has not been heard of for this long (ms) has ended, or finds out by itself what became of its keys. */
const heardWithin = 60_000

type Stored = { readonly ids: readonly string[]; readonly at: number }

/** Notes which master keys a process has. */
export async function noteHolder(
  redis: Redis,
  process: string,
  ids: readonly string[],
): Promise<void> {
  const stored: Stored = { ids, at: await redisTime(redis) }
  await redis.hset(installationKeys.masterHolders, process, JSON.stringify(stored))
}

export async function forgetHolder(redis: Redis, process: string): Promise<void> {
  await redis.hdel(installationKeys.masterHolders, process)
}

/** The processes that live and do not have this master key, as far as anybody has said. */
export async function holdersWithout(redis: Redis, id: string): Promise<string[]> {
  const [holders, workers, supervisors] = await Promise.all([
    readHolders(redis),
    readWorkers(redis),
    readSupervisors(redis),
  ])
  // What says that it lives and nothing of master keys is of a release that does not follow a rotation.
  const living = new Set([
    ...holders.keys(),
    ...workers.filter(({ silentMs }) => silentMs < heardWithin).map((worker) => worker.id),
    ...supervisors.map((supervisor) => supervisor.id),
  ])
  return [...living].filter((process) => !holders.get(process)?.includes(id)).toSorted()
}

async function readHolders(redis: Redis): Promise<Map<string, readonly string[]>> {
  const [now, all] = await Promise.all([
    redisTime(redis),
    redis.hgetall(installationKeys.masterHolders),
  ])
  const holders = new Map<string, readonly string[]>()
  for (const [process, text] of Object.entries(all)) {
    const { ids, at } = JSON.parse(text) as Stored
    if (at >= now - heardWithin) holders.set(process, ids)
    else await forgetHolder(redis, process)
  }
  return holders
}
