import { type KeyAlgorithmName, keyAlgorithmNames, keyAlgorithms } from '@csr-foundry/csr'
import fc from 'fast-check'
import { altNames } from './alt-names.ts'
import { kept, once } from './built-once.ts'
import { subject } from './distinguished-names.ts'
import { extensions } from './extensions.ts'
import { text } from './texts.ts'

const key = kept((algorithm: KeyAlgorithmName) => {
  const digests = [...keyAlgorithms[algorithm].signatureAlgorithms.keys()].filter(
    (one) => one !== undefined,
  )
  if (digests.length === 0) return fc.constant({ algorithm })
  return fc.record(
    { algorithm: fc.constant(algorithm), digest: fc.constantFrom(...digests) },
    { requiredKeys: ['algorithm'] },
  )
})

const attributes = once(() => {
  return fc.record(
    { challengePassword: text(40), unstructuredName: text(40) },
    { requiredKeys: [] },
  )
})

function saysWhoItIs({
  subject,
  subjectAltNames,
}: {
  subject?: unknown
  subjectAltNames?: unknown[]
}): boolean {
  const named = Array.isArray(subject) ? subject.length > 0 : true
  return named || (subjectAltNames ?? []).length > 0
}

/**
 * Every spec that the package takes, as a client writes it: all writings of subjects and names,
 * all algorithms, extensions and attributes. Values lean towards what readers stumble over.
 */
export const specArbitrary: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  ...keyAlgorithmNames.map((algorithm) =>
    fc
      .record(
        {
          subject: subject(),
          subjectAltNames: altNames(),
          key: key(algorithm),
          extensions: extensions(algorithm),
          attributes: attributes(),
        },
        { requiredKeys: ['key', 'subject'] },
      )
      .filter(saysWhoItIs),
  ),
)
