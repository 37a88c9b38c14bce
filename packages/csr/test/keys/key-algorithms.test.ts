import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkSpki, keyAlgorithmOfSpki } from '../../src/keys/check-spki.ts'
import { exportPrivateKey } from '../../src/keys/export-private-key.ts'
import {
  digestNames,
  type GeneratedKey,
  type KeyAlgorithm,
  keyAlgorithmNames,
  keyAlgorithms,
} from '../../src/keys/key-algorithms.ts'

describe.each(keyAlgorithmNames)('%s', (name) => {
  const algorithm: KeyAlgorithm = keyAlgorithms[name]
  let generated: Promise<GeneratedKey> | undefined
  const generate = () => {
    generated ??= Promise.resolve(algorithm.generate())
    return generated
  }

  it('makes a key whose SPKI, private key and signatures belong together', async () => {
    const key = await generate()
    expect(checkSpki(algorithm, key.spki)).toBeUndefined()
    expect(keyAlgorithmOfSpki(key.spki)).toBe(name)
    const pkcs8 = exportPrivateKey(key)
    expect(key.pkcs8).toEqual(pkcs8)
    expect(key.publicKey.export({ type: 'spki', format: 'der' })).toEqual(key.spki)
    const restored = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    pkcs8.fill(0)
    expect(createPublicKey(restored).export({ type: 'spki', format: 'der' })).toEqual(key.spki)
    const { min, max } = algorithm.signatureLength
    for (const digest of algorithm.signatureAlgorithms.keys()) {
      const signature = algorithm.sign(restored, digest, Buffer.from('data'))
      expect(signature.length).toBeGreaterThanOrEqual(min)
      expect(signature.length).toBeLessThanOrEqual(max)
      expect(algorithm.verify(key.publicKey, digest, Buffer.from('data'), signature)).toBe(true)
      expect(algorithm.verify(key.publicKey, digest, Buffer.from('date'), signature)).toBe(false)
    }
  })

  it('never signs with a digest that is not in its row, nor with one of OpenSSL’s choice', async () => {
    const { privateKey, publicKey } = await generate()
    const data = Buffer.from('data')
    const others = [undefined, ...digestNames].filter((d) => !algorithm.signatureAlgorithms.has(d))
    expect(others.length).toBeGreaterThan(0)
    for (const digest of others) {
      expect(() => algorithm.sign(privateKey, digest, data)).toThrow(/does not sign with/)
      const signature = algorithm.sign(privateKey, algorithm.defaultDigest, data)
      expect(algorithm.verify(publicKey, digest, data, signature)).toBe(false)
    }
  })

  it('is in its row under its own name, with a digest that it signs with', () => {
    expect(algorithm.name).toBe(name)
    expect(algorithm.signatureAlgorithms.has(algorithm.defaultDigest)).toBe(true)
    expect(algorithm.typicalMs).toBeGreaterThan(0)
  })
})

it('signature algorithms are those of RFC 4055, 5758, 8410 and 9881, byte for byte', () => {
  const identifiers = Object.fromEntries(
    keyAlgorithmNames.map((name) => [
      name,
      [...keyAlgorithms[name].signatureAlgorithms].map(([digest, der]) => [
        digest,
        der.toString('hex'),
      ]),
    ]),
  )
  const rsa = [
    ['sha256', '300d06092a864886f70d01010b0500'],
    ['sha384', '300d06092a864886f70d01010c0500'],
    ['sha512', '300d06092a864886f70d01010d0500'],
  ]
  expect(identifiers).toEqual({
    'rsa-2048': rsa,
    'rsa-3072': rsa,
    'rsa-4096': rsa,
    'ecdsa-p256': [['sha256', '300a06082a8648ce3d040302']],
    'ecdsa-p384': [['sha384', '300a06082a8648ce3d040303']],
    'ecdsa-p521': [['sha512', '300a06082a8648ce3d040304']],
    ed25519: [[undefined, '300506032b6570']],
    'ml-dsa-44': [[undefined, '300b0609608648016503040311']],
    'ml-dsa-65': [[undefined, '300b0609608648016503040312']],
    'ml-dsa-87': [[undefined, '300b0609608648016503040313']],
  })
})

describe.each(['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const)('%s', (name) => {
  it('is exported as its seed alone, and its seed is the key’s', async () => {
    const key = await keyAlgorithms[name].generate()
    const pkcs8 = exportPrivateKey(key)
    const [identifier] = keyAlgorithms[name].signatureAlgorithms.values()
    const jwk = key.privateKey.export({ format: 'jwk' }) as { priv?: string }
    const seed = Buffer.from(jwk.priv ?? '', 'base64url')
    expect(seed.length).toBe(32)
    // SEQUENCE { 0, AlgorithmIdentifier, OCTET STRING { [0] IMPLICIT OCTET STRING (SIZE (32)) } }
    const expected = `3034020100${identifier?.toString('hex')}04228020${seed.toString('hex')}`
    expect(pkcs8.toString('hex')).toBe(expected)
  })

  it('is exported the same when it was read from its seed', async () => {
    const pkcs8 = exportPrivateKey(await keyAlgorithms[name].generate())
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    const publicKey = createPublicKey(privateKey)
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    expect(exportPrivateKey({ privateKey, spki })).toEqual(pkcs8)
  })
})

it('RSA keys are made off the event loop', async () => {
  const turn = new Promise<string>((resolve) => setImmediate(resolve, 'the loop turned'))
  const made = Promise.resolve(keyAlgorithms['rsa-2048'].generate()).then(() => 'the key was made')
  expect(await Promise.race([turn, made])).toBe('the loop turned')
  await made
})

it.each([
  ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
  [
    'explicit parameters',
    generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
  ],
  ['RSA with e = 3', generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })],
  ['RSA-1024', generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
  ['Ed448', generateKeyPairSync('ed448')],
])('an SPKI is none of the table: %s', (_, { publicKey, privateKey }) => {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  for (const name of keyAlgorithmNames) {
    expect(checkSpki(keyAlgorithms[name], spki)).toBe(`is not the public key of an ${name} key`)
  }
  expect(keyAlgorithmOfSpki(spki)).toBeUndefined()
  expect(() => exportPrivateKey({ privateKey, spki })).toThrow(/not written here/)
})
