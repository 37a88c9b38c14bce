import {
  buildCsr,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithms,
  type Spec,
  specSchema,
} from '@csr-foundry/csr'
import fc from 'fast-check'
import { specArbitrary } from './specs/spec-arbitrary.ts'

/** A CSR and the spec that it was made of; `input` is the spec as it was written. */
export type TestedCsr = { input: unknown; spec: Spec; spki: Buffer; der: Buffer }

/** RSA keys take long to make: of each kind a few sign all. Others are new in every CSR. */
const rsaKeys = 2

/** Makes CSRs of specs, keeping the keys that it used. */
export type CsrMaker = (input: unknown) => Promise<TestedCsr>

/** The specs of a seed: the same seed and count give the same ones. */
export async function specsOf(seed: number, count: number): Promise<unknown[]> {
  const specs: unknown[] = []
  const collect = fc.property(specArbitrary, (spec) => {
    specs.push(spec)
    return true
  })
  await fc.check(collect, { seed, numRuns: count })
  return specs
}

/** A maker with keys of its own. */
export function csrMaker(): CsrMaker {
  const kept = new Map<KeyAlgorithmName, KeyPair[]>()
  let made = 0
  const keyFor = async (algorithm: KeyAlgorithmName): Promise<KeyPair> => {
    const { generate, lane } = keyAlgorithms[algorithm]
    if (lane === 'fast') return generate()
    const keys = kept.get(algorithm) ?? []
    kept.set(algorithm, keys)
    if (keys.length < rsaKeys) keys.push(await generate())
    return keys[made++ % keys.length] ?? generate()
  }
  return async (input) => {
    const { key, ...rest } = specSchema.parse(input)
    if ('id' in key) throw new Error('The spec names a key that is there.')
    const spec: Spec = { ...rest, key }
    const pair = await keyFor(key.algorithm)
    const der = await buildCsr(spec, pair.spki, (bytes) =>
      keyAlgorithms[key.algorithm].sign(pair.privateKey, key.digest, bytes),
    )
    return { input, spec, spki: pair.spki, der }
  }
}
