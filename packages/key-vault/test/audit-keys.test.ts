import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openVault } from '../src/index.ts'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

leakGuard()
let surroundings: Surroundings
beforeAll(async () => {
  surroundings = await startSurroundings()
})
afterAll(() => surroundings.stop())
beforeEach(async () => {
  await surroundings.redis.flushall()
})

const masterKeyFile = () => join(surroundings.folder, 'keys', 'master.key')
const openAudit = async () => (await openVault(surroundings.redis, masterKeyFile())).audit

test('what one process has made the MAC of, another knows, and of no other text', async () => {
  const [one, other] = [await openAudit(), await openAudit()]
  const made = await one.mac('a seal')
  expect(Buffer.from(made.mac, 'base64url')).toHaveLength(32)
  expect(await other.isOf(made, 'a seal')).toBe(true)
  expect(await other.isOf(made, 'a seal.')).toBe(false)
  expect(await one.isOf({ ...made, mac: '' }, 'a seal')).toBe(false)
  expect(await one.isOf({ ...made, mac: `${made.mac}AAAA` }, 'a seal')).toBe(false)
})

test('of processes that make the key at the same time all go on with the same', async () => {
  const audits = await Promise.all(Array.from({ length: 10 }, openAudit))
  const made = await Promise.all(audits.map((audit) => audit.mac('a seal')))
  expect(new Set(made.map(({ kid, mac }) => kid + mac)).size).toBe(1)
  expect(await surroundings.redis.keys('vault:audit:*')).toEqual([`vault:audit:${made[0]?.kid}`])
})

test('a key that is not here, or that others have put there, makes nobody’s MAC', async () => {
  const { redis } = surroundings
  const made = await (await openAudit()).mac('a seal')
  const name = `vault:audit:${made.kid}`
  const stored = await redis.hgetallBuffer(name)
  expect(await (await openAudit()).isOf({ ...made, kid: 'other' }, 'a seal')).toBe(false)

  // One that belongs to another id, or to another master key.
  await redis.hset('vault:audit:other', stored)
  expect(await (await openAudit()).isOf({ ...made, kid: 'other' }, 'a seal')).toBe(false)
  await redis.hset(name, 'master', 'other')
  const audit = await openAudit()
  expect(await audit.isOf(made, 'a seal')).toBe(false)
  await expect(audit.mac('a seal')).rejects.toMatchObject({ code: 'master_key_other' })

  // Put back, it is known again, by those who did not find it as well.
  await redis.hset(name, stored)
  expect(await audit.isOf(made, 'a seal')).toBe(true)
  await redis.del(name)
  await expect((await openAudit()).mac('a seal')).rejects.toMatchObject({
    code: 'audit_key_unknown',
  })
})

test('the key is in Redis wrapped only', async () => {
  const { redis } = surroundings
  const { kid } = await (await openAudit()).mac('a seal')
  const stored = await redis.hgetallBuffer(`vault:audit:${kid}`)
  expect(Object.keys(stored).toSorted()).toEqual(['created', 'master', 'wrapped'])
  expect(stored.wrapped).toHaveLength(12 + 32 + 16)
})
