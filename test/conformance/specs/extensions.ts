import { extendedKeyUsageNames, type KeyAlgorithmName } from '@csr-foundry/csr'
import fc from 'fast-check'
import { kept, once } from './built-once.ts'
import { oid, text } from './texts.ts'

/** Extensions that a key of the algorithm can have. */
export const extensions = kept((algorithm: KeyAlgorithmName) => {
  return fc
    .record(
      {
        keyUsage: keyUsage(algorithm),
        extendedKeyUsage: extendedKeyUsage(),
        subjectKeyIdentifier: fc.oneof(
          fc.constant(true),
          fc.constantFrom('00', '0123456789abcdef0123456789abcdef01234567', 'ff'.repeat(32)),
        ),
        mustStaple: fc.constant(true),
        basicConstraints: fc.constantFrom({ ca: false }, { ca: false, critical: true }),
        microsoftTemplate: fc.record(
          { oid: oid(), majorVersion: fc.integer({ min: 0, max: 0xffffffff }) },
          { requiredKeys: ['oid'] },
        ),
        microsoftTemplateName: text(32).filter((name) => /^[\0-\uffff]*$/u.test(name)),
        raw: fc.uniqueArray(
          fc.record(
            {
              oid: oid(),
              critical: fc.boolean(),
              value: fc.constantFrom('BQA=', 'AgEF', 'MAMCAQU=', 'DAVow6lsbA=='),
            },
            { requiredKeys: ['oid', 'value'] },
          ),
          { minLength: 1, maxLength: 3, selector: (one) => one.oid },
        ),
      },
      { requiredKeys: [] },
    )
    .chain((one) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(one) },
        { weight: 1, arbitrary: authority(one) },
      ),
    )
})

/** A CA's own extensions go together (RFC 5280 section 4.2.1.9). */
function authority(others: object) {
  return fc.constantFrom(0, 1, 255, undefined).map((pathLength) => ({
    ...others,
    keyUsage: ['keyCertSign', 'cRLSign'],
    basicConstraints: { ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
  }))
}

function keyUsage(algorithm: KeyAlgorithmName) {
  const signing = ['digitalSignature', 'nonRepudiation', 'cRLSign']
  const also = algorithm.startsWith('rsa')
    ? ['keyEncipherment', 'dataEncipherment']
    : algorithm.startsWith('ecdsa')
      ? ['keyAgreement']
      : []
  const usages = fc.uniqueArray(fc.constantFrom(...signing, ...also), {
    minLength: 1,
    maxLength: 5,
  })
  const withOnly = algorithm.startsWith('ecdsa')
    ? fc.constantFrom(['keyAgreement', 'encipherOnly'], ['keyAgreement', 'decipherOnly'])
    : usages
  return fc.oneof(usages, withOnly, fc.record({ usages, critical: fc.boolean() }))
}

const extendedKeyUsage = once(() => {
  const usages = fc.uniqueArray(fc.oneof(fc.constantFrom(...extendedKeyUsageNames), oid()), {
    minLength: 1,
    maxLength: 5,
  })
  return fc.oneof(usages, fc.record({ usages, critical: fc.boolean() }))
})
