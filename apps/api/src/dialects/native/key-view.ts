import { createHash } from 'node:crypto'
import { toPublicKeyPem } from '@csr-foundry/csr'
import type { KeyView } from '@csr-foundry/native-api'
import type { KeyRecord } from '@csr-foundry/records'
import { momentOf } from '../../moment-of.ts'

/** A key as its owner sees it: all but what is sealed. */
export function keyView({ id, name, spki, created, ...facts }: KeyRecord): KeyView {
  const { algorithm, custody, origin, inUse } = facts
  return {
    id,
    ...(name !== undefined && { name }),
    algorithm,
    publicKey: toPublicKeyPem(spki),
    spkiSha256: createHash('sha256').update(spki).digest('hex'),
    custody,
    origin,
    inUse,
    created: momentOf(created),
    links: { self: `/v1/keys/${id}` },
  }
}
