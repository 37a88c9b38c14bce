import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shardTag } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault, type Vault } from '../src/index.ts'
import { codeOf } from './code-of.ts'
import { keyPair, otherOwners } from './key-pair.ts'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

leakGuard()
let surroundings: Surroundings
let masterKeyFile: string
let vault: Vault
beforeAll(async () => {
  surroundings = await startSurroundings()
  masterKeyFile = join(surroundings.folder, 'keys', 'master.key')
  vault = await openVault(surroundings.redis, masterKeyFile)
})
afterAll(() => surroundings.stop())

const headLength = 18
const overhead = headLength + 12 + 16

test('what is sealed opens again, of any length', async () => {
  const { owner, pkcs8 } = keyPair()
  for (const plaintext of [pkcs8, Buffer.alloc(0), randomBytes(5_000)]) {
    const before = Buffer.from(plaintext)
    const sealed = await vault.seal(plaintext, owner)
    expect(sealed).toHaveLength(plaintext.length + overhead)
    expect(plaintext).toEqual(before)
    expect(await vault.open(sealed, owner)).toEqual(before)
  }
})

test('the same key sealed twice looks different from its nonce on', async () => {
  const { owner, pkcs8 } = keyPair()
  const [one, other] = await Promise.all([vault.seal(pkcs8, owner), vault.seal(pkcs8, owner)])
  expect(one?.subarray(0, headLength)).toEqual(other?.subarray(0, headLength))
  const nonces = [one, other].map((sealed) => sealed?.toString('hex', headLength, headLength + 12))
  expect(new Set(nonces).size).toBe(2)
  expect(one?.subarray(headLength + 12)).not.toEqual(other?.subarray(headLength + 12))
})

test('a sealed key says its version, its algorithm and its data key', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  expect([sealed[0], sealed[1]]).toEqual([1, 1])
  const hex = sealed.toString('hex', 2, headLength)
  const [name] = await surroundings.redis.keys('{s10}:vault:datakey:*')
  expect(name?.replaceAll('-', '')).toBe(`{s10}:vault:datakey:${hex}`)
})

test.each(otherOwners)('a sealed key does not open under another %s', async (_, change) => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  expect(await codeOf(vault.open(sealed, change(owner)))).toBe('VaultError sealed_damaged')
  expect(await codeOf(vault.open(sealed, owner))).toBe('none')
})

test('parts of an owner cannot be shifted into each other', async () => {
  const { owner, pkcs8 } = keyPair('11')
  const sealed = await vault.seal(pkcs8, { ...owner, place: { ...owner.place, tenant: 'a' } })
  const shifted = { ...owner, keyId: '1', place: { ...owner.place, tenant: 'a1' } }
  expect(await codeOf(vault.open(sealed, shifted))).toBe('VaultError sealed_damaged')
})

test('a sealed key that is moved to another shard does not open', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  const moved = { ...owner, place: { ...owner.place, shard: shardTag(1) } }
  expect(await codeOf(vault.open(sealed, moved))).toBe('VaultError data_key_unknown')
})

test('a sealed key with any one bit changed, or cut, does not open', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  const codes = new Map<number, string>()
  for (let i = 0; i < sealed.length; i++) {
    const damaged = Buffer.from(sealed)
    damaged[i] = (damaged[i] ?? 0) ^ (1 << (i % 8))
    codes.set(i, await codeOf(vault.open(damaged, owner)))
  }
  const inDataKeyId = (i: number) => i >= 2 && i < headLength
  for (const [i, code] of codes) {
    const expected = inDataKeyId(i) ? 'data_key_unknown' : 'sealed_damaged'
    expect(code, `byte ${i}`).toBe(`VaultError ${expected}`)
  }
  for (const length of [0, 1, headLength, headLength + 27, sealed.length - 1]) {
    const cut = sealed.subarray(0, length)
    expect(await codeOf(vault.open(cut, owner)), `${length}`).toBe('VaultError sealed_damaged')
  }
})

test('another process with the same master key opens what this one sealed', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  const another = await openVault(surroundings.redis, masterKeyFile)
  expect(await another.open(sealed, owner)).toEqual(pkcs8)
  const back = await another.seal(pkcs8, owner)
  expect(back.subarray(2, headLength)).not.toEqual(sealed.subarray(2, headLength))
  expect(await vault.open(back, owner)).toEqual(pkcs8)
})

test('no message of an error shows a key', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await vault.seal(pkcs8, owner)
  const error = await vault.open(sealed, { ...owner, keyId: '9' }).catch((thrown: Error) => thrown)
  const text = `${error} ${JSON.stringify(error)}`
  expect(text).not.toContain(pkcs8.toString('base64').slice(0, 24))
  expect(text).not.toContain(readFileSync(masterKeyFile, 'utf8').trim())
})
