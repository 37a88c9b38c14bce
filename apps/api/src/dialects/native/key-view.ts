import { createHash } from 'node:crypto'
import type { KeyView } from '@csr-foundry/native-api'
import type { KeyRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'

/** A key as its owner sees it: all but what is sealed. */
export function keyView({ id, name, spki, created, ...facts }: KeyRecord): KeyView {
  const { algorithm, custody, origin, inUse } = facts
  return {
    id,
    ...(name !== undefined && { name }),
    algorithm,
    publicKey: publicKeyPem(spki),
    spkiSha256: createHash('sha256').update(spki).digest('hex'),
    custody,
    origin,
    inUse,
    created: new Date(created).toISOString(),
    links: { self: `/v1/keys/${id}` },
  }
}

export const keyNotFound = (id: string) =>
  new ServiceError('key_not_found', { detail: `The key ${id} was not found.` })

/** RFC 7468, section 13. */
function publicKeyPem(spki: Buffer): string {
  const lines = spki.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`
}
