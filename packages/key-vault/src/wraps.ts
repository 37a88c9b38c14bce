/** All that the master key wraps: where it lies in Redis, to what its wrapped form is bound, and how it is wrapped anew. */
import { installationKeys, type ShardTag } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'
import { readWrap, type Wrap } from './master-keys.ts'

export const dataKeyContext = (shard: ShardTag, id: string) => `csr-foundry data key ${shard} ${id}`
export const vaultKeyContext = (kid: string) => `csr-foundry vault key ${kid}`
export const auditKeyContext = (kid: string) => `csr-foundry audit key ${kid}`

/** Something that is kept wrapped: its key in Redis, and its context. */
type Kept = { readonly name: string; readonly context: string }

/** What became of one: it was wrapped so before, or is now, or names a master key that is not here. */
export type Rewrapped = 'before' | 'now' | 'unknown'

const pageSize = 1_000
/** Between two pages, so that a rotation takes no more than a part of Redis' time. */
const restMs = 4

/** All that is kept wrapped, page by page; what is stored while it is read may be missing. */
export async function* findWrapped(redis: Redis): AsyncGenerator<Kept[]> {
  let cursor = '0'
  do {
    const [next, names] = await redis.scan(cursor, 'MATCH', '*vault:*', 'COUNT', pageSize)
    cursor = next
    yield names.flatMap(keptAs)
    await new Promise((resolve) => setTimeout(resolve, restMs))
  } while (cursor !== '0')
}

function keptAs(name: string): Kept[] {
  const [, shard, kind, id = ''] =
    /^(?:(\{s\d+\}):)?vault:(datakey|key|audit):([\w-]+)$/.exec(name) ?? []
  if (kind === 'datakey' && shard) return [{ name, context: dataKeyContext(shard as ShardTag, id) }]
  if (name === installationKeys.vaultKey(id)) return [{ name, context: vaultKeyContext(id) }]
  if (name === installationKeys.auditKey(id)) return [{ name, context: auditKeyContext(id) }]
  return []
}

/**
 * Wraps one with another master key, in one step: whoever reads it finds the wrap before or the new one. The connection does
 * nothing else meanwhile.
 *
 * @throws {VaultError} `sealed_damaged` where it does not open; it stays as it is
 */
export async function rewrap(
  redis: Redis,
  provider: MasterKeyProvider,
  { name, context }: Kept,
  master: string,
): Promise<Rewrapped> {
  for (;;) {
    await redis.watch(name)
    const wrap = await readWrap(redis, name)
    if (!wrap || wrap.master === master || !provider.ids.includes(wrap.master)) {
      await redis.unwatch()
      return !wrap || wrap.master === master ? 'before' : 'unknown'
    }
    const wrapped = await wrapAnew(provider, wrap, context, master).catch(async (error) => {
      await redis.unwatch()
      throw error
    })
    const stored = await redis.multi().hset(name, { master, wrapped }).exec()
    if (stored !== null) return 'now'
  }
}

async function wrapAnew(
  provider: MasterKeyProvider,
  { master: before, wrapped: old }: Wrap,
  context: string,
  master: string,
): Promise<Buffer> {
  const key = await provider.unwrap(before, old, context)
  const wrapped = await provider.wrap(master, key, context)
  // The wrap before is gone with the next step: this one has to open.
  const opened = await provider.unwrap(master, wrapped, context)
  const isSame = opened.equals(key)
  key.fill(0)
  opened.fill(0)
  if (!isSame) throw new VaultError('sealed_damaged', 'A key that was wrapped anew does not open.')
  return wrapped
}
