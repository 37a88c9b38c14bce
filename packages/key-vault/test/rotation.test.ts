import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noteWorker } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { type OpenedVault, openVault } from '../src/index.ts'
import { readMasterKeyFile } from '../src/master-key-file.ts'
import {
  cancelRotation,
  type Rotation,
  type RotationNews,
  rotateMasterKey,
} from '../src/rotate-master-key.ts'
import { codeOf } from './code-of.ts'
import { expectAllOpen, fill, sealOne } from './filled-vault.ts'
import type { Surroundings } from './start-surroundings.ts'
import { withEmptySurroundings } from './with-empty-surroundings.ts'

let surroundings: Surroundings
let path: string
withEmptySurroundings((started, ownFolder) => {
  surroundings = started
  path = join(ownFolder, 'master.key')
})

const masters = () => surroundings.redis.hgetall('vault:masters')
const idsIn = async (file = path) => (await readMasterKeyFile(file))?.ids ?? []
const open = (file = path) => openVault(surroundings.redis, file)

/** Another host, whose file is a copy. */
function copyToOtherHost(): string {
  const file = `${path}.other-host`
  writeFileSync(file, readFileSync(path), { mode: 0o600 })
  return file
}

/** The ids of the master keys that wrap anything. */
async function wrapping(): Promise<string[]> {
  const { redis } = surroundings
  const names = (await redis.keys('*vault:*')).filter((name) =>
    /vault:(datakey|key|audit):/.test(name),
  )
  return [...new Set(await Promise.all(names.map((name) => redis.hget(name, 'master'))))].map(
    String,
  )
}

function rotation(given: Partial<Rotation> = {}): Rotation & { readonly news: RotationNews[] } {
  const news: RotationNews[] = []
  return {
    redis: surroundings.redis,
    path,
    audit: async () => {},
    report: (told) => {
      news.push(told)
    },
    waitMs: 10_000,
    settleMs: 10,
    news,
    ...given,
  }
}

const rotate = (given: Partial<Rotation> = {}) => rotateMasterKey(rotation(given), 'end')

test('all is wrapped with a new key, and opens for those who were there and those who come', async () => {
  const filled = await fill(open)
  const before = await open()
  const [old = ''] = await idsIn()
  const mode = statSync(path).mode
  const told: string[] = []
  await rotate({ audit: async (outcome) => void told.push(outcome) })

  const [now = '', ...more] = await idsIn()
  expect(now).not.toBe(old)
  expect(more).toEqual([])
  expect(statSync(path).mode).toBe(mode)
  expect(existsSync(`${path}.new`)).toBe(false)
  expect(await wrapping()).toEqual([now])
  const { current, next, previous } = await masters()
  expect({ current, next, previous }).toEqual({ current: now })
  expect(told).toEqual(['prepared', 'switched', 'done'])
  // It had the old key alone, and reads the file when it meets the new one.
  await expectAllOpen(before, filled)
  await expectAllOpen(await open(), filled)
})

const steps = ['added', 'announced', 'held', 'switched', 'wrapped', 'released', 'removed'] as const

test.each(steps)(
  'killed after "%s", all opens meanwhile, and the next run ends it',
  async (last) => {
    const filled = await fill(open)
    const worker = await open()
    await worker.masterKey.follow('worker')
    const killed = rotate({
      report: ({ step }) => {
        if (step === last) throw new Error('killed')
      },
      // Whoever lives follows.
      ...whileFollowing(worker),
    })
    await expect(killed).rejects.toThrow('killed')

    await expectAllOpen(worker, filled)
    await expectAllOpen(await open(), filled)
    filled.keys.push(await sealOne(worker, '5'), await sealOne(await open(), '5'))
    if (last !== 'removed') await rotate({ ...whileFollowing(worker) })
    expect(await idsIn()).toHaveLength(1)
    expect(await wrapping()).toEqual(await idsIn())
    await expectAllOpen(worker, filled)
    await expectAllOpen(await open(), filled)
  },
)

/** Has a worker follow as often as the rotation looks who has the new key. */
function whileFollowing(worker: OpenedVault): Pick<Rotation, 'redis'> {
  const redis = surroundings.server.client()
  const { hgetall } = redis
  redis.hgetall = (async (name: string) => {
    await worker.masterKey.follow('worker')
    return await hgetall.call(redis, name)
  }) as typeof redis.hgetall
  return { redis }
}

test('a host without the new file holds the rotation up, is named, and nothing fails', async () => {
  const filled = await fill(open)
  const otherFile = copyToOtherHost()
  const other = await open(otherFile)
  expect(await other.masterKey.follow('other-host:7')).toEqual([])
  await expect(rotate({ waitMs: 300 })).rejects.toMatchObject({
    code: 'rotation_waits',
    message: expect.stringContaining('other-host:7'),
  })
  const [next = '', current = ''] = await idsIn()
  expect(await other.masterKey.follow('other-host:7')).toEqual([next])
  expect(await wrapping()).toEqual([current])
  await expectAllOpen(other, filled)
  await expectAllOpen(await open(otherFile), filled)

  writeFileSync(otherFile, readFileSync(path))
  expect(await other.masterKey.follow('other-host:7')).toEqual([])
  await rotate()
  expect(await wrapping()).toEqual([next])
  await expectAllOpen(other, filled)
})

test('a worker that says nothing of master keys holds it up as well', async () => {
  await fill(open)
  await noteWorker(surroundings.redis, {
    ...{ id: 'old-release:9', host: 'old-release', pid: 9, version: '0', lots: 0 },
    ...{ concurrency: { fast: 1, slow: 1 }, draining: false, oldestLotMs: 0, eventLoopDelayMs: 0 },
  })
  await expect(rotate({ waitMs: 300 })).rejects.toMatchObject({
    code: 'rotation_waits',
    message: expect.stringContaining('old-release:9'),
  })
})

test('a worker that was silent until the end seals nothing more with the key that is gone', async () => {
  const filled = await fill(open)
  const otherFile = copyToOtherHost()
  const silent = await open(otherFile)
  const outcomes: string[] = []
  await rotate({
    audit: async (outcome) => {
      if (outcome === 'done') outcomes.push(await codeOf(sealOne(silent, '6')))
    },
  })
  expect(outcomes).toEqual(['VaultError master_key_other'])
  writeFileSync(otherFile, readFileSync(path))
  filled.keys.push(await sealOne(silent, '6'))
  await expectAllOpen(silent, filled)
  await expectAllOpen(await open(), filled)
})

test('between switch and release a silent worker still seals, and what it sealed opens in the end', async () => {
  await fill(open)
  const silent = await open(copyToOtherHost())
  const stopped = rotate({
    report: ({ step }) => {
      if (step === 'switched') throw new Error('killed')
    },
  })
  await expect(stopped).rejects.toThrow('killed')
  const { sealed, owner, pkcs8 } = await sealOne(silent, '6')
  expect(await wrapping()).toEqual([(await idsIn())[1]])
  await rotate()
  expect(await wrapping()).toEqual(await idsIn())
  expect(await (await open()).open(sealed, owner)).toEqual(pkcs8)
})

test('a key that is wrapped while the master key moves is wrapped again', async () => {
  const { redis } = surroundings
  await fill(open)
  const client = surroundings.server.client()
  const { hset } = client
  let moved = false
  client.hset = (async (...given: Parameters<typeof hset>) => {
    // It is wrapped, and comes to Redis when all others have been wrapped anew.
    if (!moved) {
      moved = true
      await rotate()
    }
    return await hset.apply(client, given)
  }) as typeof client.hset
  const slow = await openVault(client, path)
  const { sealed, owner, pkcs8 } = await sealOne(slow, '8')
  expect(moved).toBe(true)
  expect(await wrapping()).toEqual(await idsIn())
  expect(await (await openVault(redis, path)).open(sealed, owner)).toEqual(pkcs8)
})

test('prepared, all goes on with the key before; it can be taken back', async () => {
  const filled = await fill(open)
  const [old = ''] = await idsIn()
  await rotateMasterKey(rotation(), 'prepared')
  expect(await idsIn()).toEqual([expect.any(String), old])
  filled.keys.push(await sealOne(await open(), '9'))
  expect(await wrapping()).toEqual([old])
  await rotateMasterKey(rotation(), 'prepared')
  expect(await idsIn()).toHaveLength(2)

  await cancelRotation(rotation())
  expect(await idsIn()).toEqual([old])
  expect(await masters()).not.toHaveProperty('next')
  await expectAllOpen(await open(), filled)
  expect(await codeOf(cancelRotation(rotation()))).toBe('VaultError rotation_other')
})

test('of two commands at once one rotates, and the other waits for its turn', async () => {
  const filled = await fill(open)
  const all = await Promise.all(
    [1, 2].map(() => codeOf(rotate({ redis: surroundings.server.client() }))),
  )
  expect(all).toEqual(['none', 'none'])
  expect(await idsIn()).toHaveLength(1)
  await expectAllOpen(await open(), filled)
})

test('a wrap that does not open is named, and the key that it may need stays in the file', async () => {
  const { redis } = surroundings
  const filled = await fill(open)
  const [name = ''] = await redis.keys('*vault:datakey:*')
  const whole = await redis.hgetBuffer(name, 'wrapped')
  await redis.hset(name, 'wrapped', Buffer.alloc(60, 1))
  await expect(rotate()).rejects.toMatchObject({
    code: 'sealed_damaged',
    message: expect.stringContaining(name),
  })
  expect(await idsIn()).toHaveLength(2)
  await redis.hset(name, 'wrapped', whole ?? '')
  await rotate()
  expect(await idsIn()).toHaveLength(1)
  await expectAllOpen(await open(), filled)
})

test.each([
  [
    'Redis knows of no master key',
    async () => surroundings.redis.del('vault:masters'),
    'VaultError rotation_other',
  ],
  [
    'a rotation was begun elsewhere',
    async () => surroundings.redis.hset('vault:masters', 'next', 'a'.repeat(16)),
    'VaultError rotation_other',
  ],
  [
    'the file is another installation’s',
    async () => writeFileSync(path, `${Buffer.alloc(32, 5).toString('base64')}\n`),
    'VaultError master_key_other',
  ],
])('where %s nothing is changed', async (_, spoil, code) => {
  await fill(open)
  await spoil()
  const before = readFileSync(path)
  const known = await masters()
  expect(await codeOf(rotate())).toBe(code)
  expect(readFileSync(path)).toEqual(before)
  expect(await masters()).toEqual(known)
})

test('a file that is lost meanwhile takes nothing from a worker that runs', async () => {
  const filled = await fill(open)
  const worker = await open()
  await rotateMasterKey(rotation(), 'prepared')
  await worker.masterKey.follow('worker')
  const kept = readFileSync(path)
  writeFileSync(path, 'lost')
  await surroundings.redis.hset('vault:masters', 'rotated', '1')
  expect(await worker.masterKey.follow('worker')).toEqual([])
  await expectAllOpen(worker, filled)
  const { sealed, owner, pkcs8 } = await sealOne(worker, '9')
  expect(await worker.open(sealed, owner)).toEqual(pkcs8)
  writeFileSync(path, kept)
})
