import {
  type AttributeType,
  buildCsr,
  type KeyPair,
  keyAlgorithms,
  type Rdn,
  type Spec,
  specSchema,
} from '../src/index.ts'

/** A spec that `specSchema` accepts: P-256 and one common name, but for what is given. */
export function specOf(parts: Partial<Spec> = {}): Spec {
  return parsedSpec({
    subject: rdns(['CN', 'edge-1.example.com']),
    subjectAltNames: [],
    key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
    custody: 'internal',
    ...parts,
  })
}

/**
 * What `specSchema` makes of an input that asks for a new key. Names that repeat, which it refuses,
 * are kept: LXCA's dialect makes such specs.
 */
export function parsedSpec(input: object): Spec {
  const { subjectAltNames: given = [] } = input as { subjectAltNames?: unknown[] }
  const written = given.map((name) => JSON.stringify(name))
  const unique = [...new Set(written)]
  const names = unique.map((name) => JSON.parse(name))
  const { key, ...spec } = specSchema.parse({ ...input, subjectAltNames: names })
  if ('id' in key) throw new Error('The spec names a key that is there.')
  const subjectAltNames = written.flatMap(
    (name) => spec.subjectAltNames[unique.indexOf(name)] ?? [],
  )
  return { ...spec, subjectAltNames, key }
}

/** Single-valued RDNs. */
export function rdns(...attributes: [AttributeType, string][]): Rdn[] {
  return attributes.map(([type, value]) => [{ type, value }])
}

/** A CSR for the spec, with a new key of its algorithm unless one is given. */
export async function makeCsr(spec: Spec, given?: KeyPair): Promise<{ der: Buffer; key: KeyPair }> {
  const { algorithm, digest } = spec.key
  const key = given ?? (await keyAlgorithms[algorithm].generate())
  const der = await buildCsr(spec, key.spki, (toBeSigned) =>
    keyAlgorithms[algorithm].sign(key.privateKey, digest, toBeSigned),
  )
  return { der, key }
}
