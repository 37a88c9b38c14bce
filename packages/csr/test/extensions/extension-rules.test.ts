import { describe, expect, it } from 'vitest'
import {
  type ExtensionFindingCode,
  extensionFindings,
} from '../../src/extensions/extension-findings.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import { critical, extensionOf, findingsOf, requesting, signCsr, signingKey } from '../sign-csr.ts'
import { hex } from '../tlv.ts'

const extension = (oid: string, value: string, isCritical = false) =>
  extensionOf(oid, hex(value), isCritical ? critical : undefined)
const keyUsage = (value: string) => extension('2.5.29.15', value, true)
const caConstraints = extension('2.5.29.19', '30030101ff', true)

const faulty: [ExtensionFindingCode, string, ...Buffer[]][] = [
  [
    'extension_criticality',
    '/extensions/subjectKeyIdentifier',
    extension('2.5.29.14', '04080011223344556677', true),
  ],
  [
    'extension_criticality_unusual',
    '/extensions/basicConstraints',
    extension('2.5.29.19', '30030101ff'),
  ],
  [
    'extension_criticality_unusual',
    '/extensions/mustStaple',
    extension('1.3.6.1.5.5.7.1.24', '3003020105', true),
  ],
  [
    'extension_criticality_unusual',
    '/extensions/microsoftTemplateName',
    extension('1.3.6.1.4.1.311.20.2', '1e020041', true),
  ],
  [
    'extension_unknown_critical',
    '/extensions/raw/1',
    extension('1.2.3', '0500'),
    extension('1.2.4', '0500', true),
  ],
  [
    'extension_not_of_subject',
    '/extensions/raw/0',
    keyUsage('03020780'),
    extension('2.5.29.31', '3000'),
  ],
  ['extension_not_of_subject', '/extensions/raw/0', extension('1.3.6.1.5.5.7.1.1', '3000')],
  ['extension_obsolete', '/extensions/raw/0', extension('2.5.29.7', '3003820161')],
  // keyEncipherment with an EC key
  ['key_usage_key_type', '/extensions/keyUsage', keyUsage('03020520')],
  ['key_usage_cert_sign', '/extensions/keyUsage', keyUsage('03020204')],
  ['key_usage_only', '/extensions/keyUsage', keyUsage('03020001')],
  // keyAgreement with both
  ['key_usage_only', '/extensions/keyUsage', keyUsage('0303070980')],
  [
    'extended_key_usage_duplicate',
    '/extensions/extendedKeyUsage',
    extension('2.5.29.37', '301406082b0601050507030106082b06010505070301'),
  ],
  [
    'extended_key_usage_any',
    '/extensions/extendedKeyUsage',
    extension('2.5.29.37', '30060604551d2500'),
  ],
  [
    'basic_constraints_path_length',
    '/extensions/basicConstraints',
    extension('2.5.29.19', '3003020100'),
  ],
  [
    'basic_constraints_path_length',
    '/extensions/basicConstraints',
    keyUsage('03020780'),
    extension('2.5.29.19', '30060101ff020100', true),
  ],
  [
    'subject_key_identifier_length',
    '/extensions/subjectKeyIdentifier',
    extension('2.5.29.14', '040400112233'),
  ],
]

describe('extensions', () => {
  it.each(faulty)('%s at %s', (code, pointer, ...extensions) => {
    expect(findingsOf(signCsr({ attributes: requesting(...extensions) }))).toEqual([
      `${code} ${pointer}`,
    ])
  })

  it('have an example above of everything that can be wrong', () => {
    const shown = new Set(faulty.map(([code]) => code))
    expect([...shown].toSorted()).toEqual(Object.keys(extensionFindings).toSorted())
  })

  it('an authority key identifier that is critical is wrong twice', () => {
    const attributes = requesting(extension('2.5.29.35', '3000', true))
    expect(findingsOf(signCsr({ attributes }))).toEqual([
      'extension_criticality /extensions/raw/0',
      'extension_not_of_subject /extensions/raw/0',
    ])
  })

  it.each([
    ['a CA', [keyUsage('03020106'), caConstraints]],
    ['name constraints that are critical', [extension('2.5.29.30', '3000', true)]],
    ['an unknown extension that is not critical', [extension('1.2.3', '0500')]],
    ['purposes that are critical', [extension('2.5.29.37', '300306012a', true)]],
  ])('nothing is said of %s', (_, extensions) => {
    expect(findingsOf(signCsr({ attributes: requesting(...extensions) }))).toEqual([])
  })

  it('nothing is said of what the builder makes', async () => {
    const extensions = {
      keyUsage: ['digitalSignature', 'keyAgreement'],
      extendedKeyUsage: ['serverAuth', 'clientAuth', '1.2.3'],
      basicConstraints: { ca: false },
      subjectKeyIdentifier: true,
      mustStaple: true,
      microsoftTemplate: { oid: '1.2.3', majorVersion: 100, minorVersion: 1 },
      microsoftTemplateName: 'WebServer',
      raw: [{ oid: '1.2.3', value: 'BQA=' }],
    }
    const { der } = await makeCsr(parsedSpec({ subject: { CN: 'a' }, extensions }), signingKey)
    expect(findingsOf(der)).toEqual([])
  })
})
