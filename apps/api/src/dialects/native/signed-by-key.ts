import {
  type KeyReference,
  type ParsedSpec,
  type Spec,
  type SpecFault,
  withKey,
} from '@csr-foundry/csr'
import type { KeyRecord } from '@csr-foundry/records'

/** A spec with the key that signs it, which is there already. It has a custody, which the spec may repeat. */
export function signedByKey(
  spec: ParsedSpec & { key: KeyReference },
  { algorithm, custody }: Pick<KeyRecord, 'algorithm' | 'custody'>,
  { namesCustody }: { namesCustody: boolean },
): { ok: true; spec: Spec } | { ok: false; faults: SpecFault[] } {
  const whole = withKey({ ...spec, custody }, { algorithm })
  const faults = whole.ok ? [] : whole.faults
  if (namesCustody && spec.custody !== custody) {
    const detail = `is ${spec.custody}; the key ${spec.key.id} is ${custody}: leave it out`
    faults.push({ pointer: '/custody', detail })
  }
  return whole.ok && faults.length === 0 ? whole : { ok: false, faults }
}
