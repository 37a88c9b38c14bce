import type { KeyAlgorithmName, Spec } from '@csr-foundry/csr'

const longestCommonName = 255

/** A request to be recorded. */
export type NewRequest = {
  readonly spec: Spec
  /** The key that is there already and signs it; absent: one is generated. */
  readonly keyId?: string
  /** The generated key stays when its request is deleted, until it is deleted itself. */
  readonly keepKey?: boolean
}

/**
 * A request as the scripts take it: texts, empty for what there is not. It is a fifth of what it was made of, which need not be
 * kept while a block fills.
 */
export type PackedRequest = {
  readonly ref: string
  /** JSON. */
  readonly spec: string
  readonly keyId: string
  readonly keep: string
  readonly algorithm: KeyAlgorithmName
  readonly commonName: string
}

export const packRequest = ({ spec, keyId = '', keepKey = false }: NewRequest): PackedRequest => ({
  ref: spec.ref ?? '',
  spec: JSON.stringify(spec),
  keyId,
  keep: keepKey ? 'keep' : '',
  algorithm: spec.key.algorithm,
  commonName: commonNameOf(spec),
})

/** In the order of the scripts. */
export const packedFields = (packed: PackedRequest): string[] => [
  packed.ref,
  packed.spec,
  packed.keyId,
  packed.keep,
  packed.algorithm,
  packed.commonName,
]

/** What a search finds it by: the first of several, and nothing where it is longer than a search can ask for. */
function commonNameOf({ subject }: Spec): string {
  const name = subject.flat().find(({ type }) => type === 'CN')?.value ?? ''
  return name.length > longestCommonName ? '' : name
}
