import { scryptSync } from 'node:crypto'
import { Secret } from '@csr-foundry/service'
import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../src/password.ts'

const hash = await hashPassword(new Secret('hunter2'))

test('a hash verifies its own password and no other', async () => {
  expect(await verifyPassword(new Secret('hunter2'), hash)).toBe(true)
  expect(await verifyPassword(new Secret('hunter3'), hash)).toBe(false)
})

test('the same password hashes differently each time, by the parameters that are written with it', async () => {
  expect(await hashPassword(new Secret('hunter2'))).not.toBe(hash)
  const [scheme, N, r, p, salt = '', derived] = hash.split('$')
  expect([scheme, N, r, p]).toEqual(['scrypt', '32768', '8', '1'])
  expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
  const options = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
  const expected = scryptSync('hunter2', Buffer.from(salt, 'base64url'), 32, options)
  expect(derived).toBe(expected.toString('base64url'))
})

test('a hash made at another cost still verifies', async () => {
  const salt = Buffer.alloc(16, 1)
  const derived = scryptSync('old', salt, 32, { N: 1024, r: 8, p: 1 })
  const stored = `scrypt$1024$8$1$${salt.toString('base64url')}$${derived.toString('base64url')}`
  expect(await verifyPassword(new Secret('old'), stored)).toBe(true)
  expect(await verifyPassword(new Secret('new'), stored)).toBe(false)
})

test('a password typed with composed or with combining characters is the same', async () => {
  const composed = await hashPassword(new Secret('Z\u00fcrich'))
  expect(await verifyPassword(new Secret('Zu\u0308rich'), composed)).toBe(true)
})

test('without a hash no password is right, after the same work', async () => {
  const timed = async (stored?: string) => {
    const started = process.cpuUsage()
    expect(await verifyPassword(new Secret('x'), stored)).toBe(false)
    const { user, system } = process.cpuUsage(started)
    return user + system
  }
  const [known, unknown] = [await timed(hash), await timed()]
  expect(unknown).toBeGreaterThan(known / 4)
})
