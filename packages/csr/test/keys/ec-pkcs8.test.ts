import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { keyAlgorithms } from '../../src/index.ts'
import { spkiInPkcs8 } from '../../src/keys/ec-pkcs8.ts'

const { spki } = keyAlgorithms['ecdsa-p256']

it('is the SPKI of the key, for hundreds of keys', () => {
  const spkiIn = spkiInPkcs8(spki, 256)
  for (let i = 0; i < 500; i++) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
    expect(spkiIn(pkcs8)).toEqual(publicKey.export({ type: 'spki', format: 'der' }))
  }
})

it('is not taken from a key that was written without its public half, or with another form of it', async () => {
  const { pkcs8 } = await keyAlgorithms['ecdsa-p256'].generate()
  const without = pkcs8.subarray(0, -70)
  const compressed = Buffer.from(pkcs8)
  compressed[compressed.length - 65] = 2
  for (const der of [without, compressed, Buffer.alloc(3)]) {
    expect(() => spkiInPkcs8(spki, 256)(der)).toThrow(
      'An EC key was written without its public key.',
    )
    expect(der.every((octet) => octet === 0)).toBe(true)
  }
})
