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

/** Owners that differ from that of `keyPair()` in one thing alone. */
export const otherOwners: readonly (readonly [what: string, (owner: KeyOwner) => KeyOwner])[] = [
  ['tenant', (owner) => ({ ...owner, place: { ...owner.place, tenant: 'other' } })],
  ['key id', (owner) => ({ ...owner, keyId: '2' })],
  ['public key', (owner) => ({ ...owner, spki: keyPair().owner.spki })],
  ['custody', (owner) => ({ ...owner, custody: 'exportable' })],
]
