import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  checkSpki,
  exportPrivateKey,
  type KeyAlgorithm,
  keyAlgorithmNames,
  keyAlgorithms,
} from '../../src/index.ts'

describe.each(keyAlgorithmNames)('%s', (name) => {
  const algorithm: KeyAlgorithm = keyAlgorithms[name]

  it('makes a key whose SPKI, private key and signatures belong together', async () => {
    const key = await algorithm.generate()
    expect(checkSpki(algorithm, key.spki)).toBeUndefined()
    const pkcs8 = exportPrivateKey(key)
    const restored = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    pkcs8.fill(0)
    expect(createPublicKey(restored).export({ type: 'spki', format: 'der' })).toEqual(key.spki)
    for (const digest of algorithm.digests.keys()) {
      const signature = algorithm.sign(restored, digest, Buffer.from('data'))
      expect(algorithm.verify(key.publicKey, digest, Buffer.from('data'), signature)).toBe(true)
      expect(algorithm.verify(key.publicKey, digest, Buffer.from('date'), signature)).toBe(false)
    }
  })

  it('is in its row under its own name, with a digest that it signs with', () => {
    expect(algorithm.name).toBe(name)
    expect(algorithm.digests.has(algorithm.defaultDigest)).toBe(true)
  })
})

it('RSA keys are made off the event loop', async () => {
  const turn = new Promise<string>((resolve) => setImmediate(resolve, 'the loop turned'))
  const made = Promise.resolve(keyAlgorithms['rsa-3072'].generate()).then(() => 'the key was made')
  expect(await Promise.race([turn, made])).toBe('the loop turned')
  await made
})

it.each([
  ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
  [
    'explicit parameters',
    generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
  ],
  ['RSA with e = 3', generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })],
  ['RSA-1024', generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
])('an SPKI is none of the table: %s', (_, { publicKey }) => {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  for (const name of keyAlgorithmNames) {
    expect(checkSpki(keyAlgorithms[name], spki)).toBe(`is not the public key of an ${name} key`)
  }
})
