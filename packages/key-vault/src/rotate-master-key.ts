/**
 * Rotates the master key. Every step can be the last one: the next run goes on from what the file and Redis say.
 *
 *     the file has the new key and the current one   Redis names nothing, or the new one as `next`; it wraps nothing yet
 *     every process has the new key                  it becomes `current`, the other one `previous`
 *     all wraps are made anew                        and the file has both keys
 *     `previous` is gone from Redis                  no process wraps with it any more, and all wraps are looked at again
 *     the wraps are on Redis' disk                   the previous key leaves the file
 *
 * Rules: a key is in the file, on the disk, before anything is wrapped with it, and leaves it after nothing is.
 */
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import { holdersWithout } from './holders.ts'
import { readMasterKeyFile } from './master-key-file.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'
import { otherFile } from './master-keys.ts'
import { moveMasters, readMasters } from './masters.ts'
import { onDisk } from './on-disk.ts'
import { addMasterKey, keepMasterKey } from './rewrite-master-key-file.ts'
import { withRotationLease } from './rotation-lease.ts'
import { findState, type RotationState } from './rotation-state.ts'
import { findWrapped, rewrap } from './wraps.ts'

export type RotationNews =
  | { readonly step: 'added' | 'announced' | 'held' | 'switched' | 'released' | 'removed' }
  | { readonly step: 'cancelled' }
  /** Processes that live and do not have the new key yet. */
  | { readonly step: 'waiting'; readonly for: readonly string[] }
  /** How many were wrapped anew, of how many that were looked at; `unknown` name a master key that is nowhere. */
  | ({ readonly step: 'wrapped' } & Wrapped)

type Wrapped = { readonly anew: number; readonly all: number; readonly unknown: number }

export type Rotation = {
  /** A connection that nothing else uses. */
  readonly redis: Redis
  readonly path: string
  /** Writes the entry of the audit, before what it tells of. `ids` are those of master keys. */
  readonly audit: (outcome: string, ids: readonly string[]) => Promise<void>
  /** Hears of each step when it is done. */
  readonly report: (news: RotationNews) => void
  /** How long processes may take until they have the new key, ms. */
  readonly waitMs?: number
  /** See {@link onDisk}. */
  readonly settleMs?: number
}

const usualWait = 90_000
const usualSettle = 3_000
const lookEvery = 500
const tellEvery = 1_000

/**
 * Begins a rotation, or goes on with the one that is under way.
 *
 * @param until `prepared`: to where the file has the new key and nothing is wrapped with it yet; the next call goes on
 * @throws {VaultError} `rotation_waits`, `rotation_other`, `master_key_other`, `master_key_file`, `master_key_lost`, `sealed_damaged`
 */
export const rotateMasterKey = (rotation: Rotation, until: 'prepared' | 'end'): Promise<void> =>
  withRotationLease(rotation.redis, async () => {
    const state = await findState(rotation)
    if (state.stage === 'wrapping') {
      if (until === 'end') return await complete(rotation, state.current)
      throw new VaultError(
        'rotation_other',
        'A rotation is under way and past its preparation: end it first, without --prepare.',
      )
    }
    const next = await prepare(rotation, state)
    if (until === 'prepared') return
    await awaitHolders(rotation, next)
    rotation.report({ step: 'held' })
    await rotation.audit('switched', [state.current, next])
    await move(
      rotation,
      { current: state.current, next },
      { current: next, previous: state.current },
    )
    rotation.report({ step: 'switched' })
    await complete(rotation, next)
  })

/** Takes a new key that wraps nothing yet back. */
export const cancelRotation = (rotation: Rotation): Promise<void> =>
  withRotationLease(rotation.redis, async () => {
    const { redis, path, audit, report } = rotation
    const { current, next, previous } = await readMasters(redis)
    const [first] = (await readMasterKeyFile(path))?.ids ?? []
    // The file may be without it: who has lost the new key cancels.
    const isPrepared = next !== undefined || first !== current
    if (current === undefined || previous !== undefined || !isPrepared) {
      throw new VaultError('rotation_other', 'No rotation is under way that can be cancelled.')
    }
    await audit('cancelled', next === undefined ? [] : [next])
    if (next !== undefined) await move(rotation, { current, next }, { next: undefined })
    await rewrapAll(rotation, current)
    await keepMasterKey(path, current)
    report({ step: 'cancelled' })
  })

async function prepare({ redis, path, audit, report }: Rotation, state: RotationState) {
  let { next } = state
  if (next === undefined) {
    await audit('prepared', [state.current])
    next = await addMasterKey(path)
    report({ step: 'added' })
  }
  // From here on each process that follows reads its file.
  await redis.hset(installationKeys.masters, 'next', next)
  report({ step: 'announced' })
  return next
}

/** Has all wrapped with the current key, then lets go of the one before. */
async function complete(rotation: Rotation, current: string): Promise<void> {
  const { redis, path, audit, report, settleMs = usualSettle } = rotation
  await rewrapAll(rotation, current)
  await awaitHolders(rotation, current)
  const { previous } = await readMasters(redis)
  if (previous !== undefined) await move(rotation, { current, previous }, { previous: undefined })
  report({ step: 'released' })
  // Who stores a wrap after this look sees that its key counts no more, and wraps again.
  do await onDisk(redis, settleMs)
  while ((await rewrapAll(rotation, current)).anew > 0)
  await audit('done', [current])
  await keepMasterKey(path, current)
  await redis.hset(installationKeys.masters, 'rotated', Date.now())
  report({ step: 'removed' })
}

async function rewrapAll({ redis, path, report }: Rotation, current: string): Promise<Wrapped> {
  const provider = await readProvider(path, current)
  const count = { now: 0, before: 0, unknown: 0 }
  const told = () => ({
    anew: count.now,
    all: count.now + count.before + count.unknown,
    unknown: count.unknown,
  })
  const damaged: string[] = []
  let toldAt = Date.now()
  for await (const page of findWrapped(redis)) {
    for (const kept of page) {
      const became = await rewrap(redis, provider, kept, current).catch(whereDamaged)
      if (became === 'damaged') damaged.push(kept.name)
      else count[became] += 1
    }
    if (Date.now() - toldAt >= tellEvery) {
      report({ step: 'wrapped', ...told() })
      toldAt = Date.now()
    }
  }
  report({ step: 'wrapped', ...told() })
  if (damaged.length === 0) return told()
  throw new VaultError(
    'sealed_damaged',
    `These do not open and stay as they are: ${damaged.join(', ')}. The previous key stays in the file. Put them back from a backup, or delete them where nothing needs them, then run the command again.`,
  )
}

function whereDamaged(error: unknown): 'damaged' {
  if (error instanceof VaultError && error.code === 'sealed_damaged') return 'damaged'
  throw error
}

async function readProvider(path: string, current: string): Promise<MasterKeyProvider> {
  const provider = await readMasterKeyFile(path)
  if (provider?.ids.includes(current)) return provider
  throw new VaultError('master_key_other', otherFile(path, provider?.ids ?? [], current))
}

async function awaitHolders(rotation: Rotation, id: string): Promise<void> {
  const { redis, report, waitMs = usualWait } = rotation
  const end = Date.now() + waitMs
  for (let told = ''; ; await new Promise((resolve) => setTimeout(resolve, lookEvery))) {
    const without = await holdersWithout(redis, id)
    if (without.length === 0) return
    if (Date.now() > end) {
      throw new VaultError(
        'rotation_waits',
        `These processes do not have the master key ${id}: ${without.join(', ')}. Copy ${rotation.path} to their hosts, in place of the file there, or stop them; then run the command again. Nothing fails meanwhile.`,
      )
    }
    if (told !== without.join()) report({ step: 'waiting', for: without })
    told = without.join()
  }
}

async function move(
  { redis }: Rotation,
  seen: { current: string; next?: string; previous?: string },
  to: { current?: string; next?: undefined; previous?: string | undefined },
): Promise<void> {
  if (await moveMasters(redis, seen, { ...('next' in seen && { next: undefined }), ...to })) return
  throw new VaultError(
    'rotation_other',
    'Another rotation went on meanwhile. Run the command again.',
  )
}
