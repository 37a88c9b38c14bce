/**
 * Hash tags of the shards, in the order in which shards are added.
 *
 * A Redis Cluster places a key by the CRC16 of its tag, and the tags `s0`, `s1`, … fall into one corner of the slots. These
 * sixteen are chosen so that for every N up to 16 the first N lie in N different Nths of the 16,384 slots, so any number
 * of shards is spread as evenly as it can be, and adding one moves none.
 */
const labels = [
  's10',
  's161',
  's17',
  's171',
  's62',
  's3',
  's63',
  's65',
  's40',
  's28',
  's363',
  's50',
  's42',
  's26',
  's25',
  's27',
] as const

export const maxShards = labels.length

/** The hash tag of a shard, braces included: the prefix of everything that lives in it. */
export type ShardTag = `{${string}}`

export function shardTag(shard: number): ShardTag {
  const label = labels[shard]
  if (label === undefined)
    throw new RangeError(`There are shards 0 to ${maxShards - 1}, not ${shard}.`)
  return `{${label}}`
}

/** The tags of the first `count` shards. */
export function shardTags(count: number): ShardTag[] {
  return Array.from({ length: count }, (_, shard) => shardTag(shard))
}
