import { generateKeyPairSync } from 'node:crypto'
import { shardTag } from '@csr-foundry/records'
import type { KeyOwner } from '../src/index.ts'

/** A P-256 key as PKCS#8 and the owner that it is sealed for. */
export function keyPair(keyId = '1'): { pkcs8: Buffer; owner: KeyOwner } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }),
    owner: {
      place: { tenant: 'default', shard: shardTag(0) },
      keyId,
      spki: publicKey.export({ format: 'der', type: 'spki' }),
      custody: 'internal',
    },
  }
}
