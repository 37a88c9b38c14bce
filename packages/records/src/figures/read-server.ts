import type { Redis } from 'ioredis'

/** What Redis says of itself. `usedMemory` as it is counted against `maxMemory` (bytes; 0: no limit). */
export type ServerState = {
  readonly usedMemory: number
  readonly maxMemory: number
  readonly aofEnabled: boolean
  readonly aofLastWriteOk: boolean
  readonly aofLastRewriteOk: boolean
  readonly aofRewriting: boolean
  readonly lastSaveOk: boolean
  readonly uptimeSeconds: number
}

export async function readServer(redis: Redis): Promise<ServerState> {
  const parts = await Promise.all(['memory', 'persistence', 'server'].map((one) => redis.info(one)))
  const info = parts.join('\n')
  const found = (field: string) => new RegExp(`^${field}:(\\S+)`, 'm').exec(info)?.[1]
  const number = (field: string) => Number(found(field) ?? 0)
  return {
    // Buffers of replicas and of the append-only file are not counted against the limit.
    usedMemory: Math.max(0, number('used_memory') - number('mem_not_counted_for_evict')),
    maxMemory: number('maxmemory'),
    aofEnabled: found('aof_enabled') === '1',
    aofLastWriteOk: found('aof_last_write_status') !== 'err',
    aofLastRewriteOk: found('aof_last_bgrewrite_status') !== 'err',
    aofRewriting: found('aof_rewrite_in_progress') === '1',
    lastSaveOk: found('rdb_last_bgsave_status') !== 'err',
    uptimeSeconds: number('uptime_in_seconds'),
  }
}
