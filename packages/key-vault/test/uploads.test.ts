import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { CompactEncrypt, importJWK } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeyOwner, openVault, type Vault, writePublicKeyFile } from '../src/index.ts'
import { sealUpload } from '../src/seal-upload.ts'
import { uploadHeader } from '../src/upload-header.ts'
import { readPublicKeyFile, readShownPublicKey, type VaultPublicKey } from '../src/uploads.ts'
import { codeOf } from './code-of.ts'
import { keyPair, otherOwners } from './key-pair.ts'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

leakGuard()
let surroundings: Surroundings
let masterKeyFile: string
let vault: Vault
let publicKey: VaultPublicKey
let racers: VaultPublicKey[]
beforeAll(async () => {
  surroundings = await startSurroundings()
  masterKeyFile = join(surroundings.folder, 'keys', 'master.key')
  vault = await openVault(surroundings.redis, masterKeyFile)
  racers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const one = await openVault(surroundings.server.client(), masterKeyFile)
      return await one.publicKey()
    }),
  )
  publicKey = await vault.publicKey()
})
afterAll(() => surroundings.stop())

const seal = async (pkcs8: Buffer, owner: KeyOwner) =>
  Buffer.from(await sealUpload(publicKey, pkcs8, owner))

test('supervisors that start at the same moment end with one pair', async () => {
  expect(new Set([...racers, publicKey].map(({ kid }) => kid)).size).toBe(1)
  expect(await surroundings.redis.keys('vault:key:*')).toEqual([`vault:key:${publicKey.kid}`])
  expect(await surroundings.redis.hget('vault:masters', 'vaultKey')).toBe(publicKey.kid)
  expect(await readShownPublicKey(surroundings.redis)).toEqual(publicKey)
})

test('what is sealed to the public key opens, in another process as well', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await seal(pkcs8, owner)
  expect(await vault.open(sealed, owner)).toEqual(pkcs8)
  const another = await openVault(surroundings.redis, masterKeyFile)
  expect(await another.open(sealed, owner)).toEqual(pkcs8)
  expect(await another.publicKey()).toEqual(publicKey)
})

test.each(otherOwners)('an upload does not open under another %s', async (_, change) => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await seal(pkcs8, owner)
  expect(await codeOf(vault.open(sealed, change(owner)))).toBe('VaultError sealed_damaged')
  expect(await codeOf(vault.open(sealed, owner))).toBe('none')
})

/** A JWE that is right but for its header. */
async function withHeader(change: Record<string, unknown>, owner: KeyOwner): Promise<Buffer> {
  const { kid, ...jwk } = publicKey
  const header = JSON.parse(JSON.stringify({ ...uploadHeader(kid, owner), ...change }))
  const jwe = await new CompactEncrypt(Buffer.from('a key'))
    .setProtectedHeader(header)
    .encrypt(await importJWK(jwk, 'ECDH-ES'))
  return Buffer.from(jwe)
}

test.each([
  ['enc', 'A128GCM'],
  ['alg', 'ECDH-ES+A256KW'],
  ['typ', 'password'],
  ['typ', undefined],
  ['kid', undefined],
  ['kid', '../masters'],
  ['tenant', 'other'],
  ['tenant', undefined],
  ['key', '2'],
  ['key', undefined],
  ['spki', 'x'],
  ['spki', undefined],
  ['custody', 'exportable'],
  ['custody', undefined],
  ['more', 'field'],
  ['apu', 'AAAA'],
])('an upload whose header has %s %s does not open', async (name, value) => {
  const { owner } = keyPair()
  const sealed = await withHeader({ [name]: value }, owner)
  expect(await codeOf(vault.open(sealed, owner))).toBe('VaultError sealed_damaged')
  expect(await codeOf(vault.open(await withHeader({}, owner), owner))).toBe('none')
})

test('an upload that was changed or cut anywhere does not open', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await seal(pkcs8, owner)
  for (let i = 2; i < sealed.length; i += 7) {
    const damaged = Buffer.from(sealed)
    damaged[i] = damaged[i] === 65 ? 66 : 65
    // Where the change is in the id of the vault key, no such key is found.
    const refusal = /^VaultError (sealed_damaged|vault_key_unknown)$/
    expect(await codeOf(vault.open(damaged, owner)), `${i}`).toMatch(refusal)
    const cut = sealed.subarray(0, i)
    expect(await codeOf(vault.open(cut, owner)), `${i}`).toBe('VaultError sealed_damaged')
  }
})

test('of the private half Redis holds the wrapped form alone, and another master key does not open it', async () => {
  const { redis, folder } = surroundings
  const record = await redis.hgetallBuffer(`vault:key:${publicKey.kid}`)
  expect(Object.keys(record).toSorted()).toEqual(['created', 'master', 'public', 'wrapped'])
  expect(() =>
    createPrivateKey({ key: record.wrapped ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' }),
  ).toThrow()
  expect(JSON.parse(String(record.public))).toEqual(publicKey)
  expect(Object.keys(publicKey).toSorted()).toEqual(['crv', 'kid', 'kty', 'x', 'y'])

  const { owner, pkcs8 } = keyPair()
  const sealed = await seal(pkcs8, owner)
  const otherFile = join(folder, 'other.key')
  const other = `${Buffer.alloc(32, 7).toString('base64')}\n`
  writeFileSync(otherFile, other, { mode: 0o600 })
  expect(await codeOf(openVault(redis, otherFile))).toBe('VaultError master_key_other')
  const current = String(record.master)
  await redis.hset(`vault:key:${publicKey.kid}`, 'master', '0123456789abcdef')
  const fresh = await openVault(redis, masterKeyFile)
  expect(await codeOf(fresh.open(sealed, owner))).toBe('VaultError master_key_other')
  await redis.hset(`vault:key:${publicKey.kid}`, 'master', current)
  expect(await codeOf(fresh.open(sealed, owner))).toBe('none')
})

test('the public key that is handed out is the private one’s own, whatever Redis shows', async () => {
  const { redis } = surroundings
  const { kid } = publicKey
  const shown = String(await redis.hget(`vault:key:${kid}`, 'public'))
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  })
  for (const text of [JSON.stringify({ ...foreign, kid }), 'no JSON', '{}']) {
    await redis.hset(`vault:key:${kid}`, 'public', text)
    expect(await readShownPublicKey(redis)).toBeUndefined()
    const fresh = await openVault(redis, masterKeyFile)
    expect(await fresh.publicKey()).toEqual(publicKey)
  }
  await redis.hset(`vault:key:${kid}`, 'public', shown)
  // A pair that was not wrapped by the master key is nobody's, also when Redis names it as the current one.
  await redis.hset('vault:masters', 'vaultKey', 'x'.repeat(43))
  const fresh = await openVault(redis, masterKeyFile)
  expect(await codeOf(fresh.publicKey())).toBe('VaultError vault_key_unknown')
  await redis.hset(`vault:key:${'x'.repeat(43)}`, {
    ...(await redis.hgetallBuffer(`vault:key:${kid}`)),
  })
  expect(await codeOf(fresh.publicKey())).toBe('VaultError sealed_damaged')
  await redis.del(`vault:key:${'x'.repeat(43)}`)
  await redis.hset('vault:masters', 'vaultKey', kid)
})

test('the file of the public key is replaced as a whole, is readable by all, and anything else in it is no key', async () => {
  const folder = join(surroundings.folder, 'public')
  const file = join(folder, 'vault.pub')
  const umask = process.umask(0o077)
  try {
    await Promise.all([1, 2, 3].map(() => writePublicKeyFile(file, publicKey)))
  } finally {
    process.umask(umask)
  }
  expect(readdirSync(folder)).toEqual(['vault.pub'])
  expect(statSync(file).mode & 0o777).toBe(0o644)
  expect(await readPublicKeyFile(file)).toEqual(publicKey)
  const { x, ...rest } = publicKey
  const swapped = { ...rest, x: `${x.slice(0, -4)}AAAA` }
  for (const text of ['', 'no key', 'null', '[]', JSON.stringify(rest), JSON.stringify(swapped)]) {
    writeFileSync(file, text)
    expect(await readPublicKeyFile(file), text).toBeUndefined()
  }
  rmSync(file)
  await expect(readPublicKeyFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
  const below = join(masterKeyFile, 'vault.pub')
  expect(await codeOf(writePublicKeyFile(below, publicKey))).toBe('VaultError vault_key_file')
})

test('no error of opening shows a key', async () => {
  const { owner, pkcs8 } = keyPair()
  const sealed = await seal(pkcs8, owner)
  const error = await vault.open(sealed, { ...owner, keyId: '9' }).catch((thrown: Error) => thrown)
  const text = `${error} ${JSON.stringify(error)}`
  expect(text).not.toContain(pkcs8.toString('base64').slice(0, 24))
  const key = await vault.open(sealed, owner)
  const spki = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  })
  expect(spki).toEqual(owner.spki)
})
