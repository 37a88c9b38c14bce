import { describe, expect, it } from 'vitest'
import { checkKeyUsage, keyAlgorithmNames, keyUsageNames } from '../../src/index.ts'
import { critical } from '../sign-csr.ts'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const oid = '2.5.29.15'

describe('a key usage', () => {
  it.each<[string[], string]>([
    [['digitalSignature', 'keyEncipherment'], '030205a0'],
    [['digitalSignature'], '03020780'],
    [['keyCertSign', 'cRLSign'], '03020106'],
    [['nonRepudiation'], '03020640'],
    [['keyAgreement', 'encipherOnly'], '03020009'],
    [['keyAgreement', 'decipherOnly'], '0303070880'],
    [[...keyUsageNames], '030307ff80'],
  ])('of %j is %s, critical', (usages, bits) => {
    const inOctets = `04${(bits.length / 2).toString(16).padStart(2, '0')}${bits}`
    expect(derOf({ keyUsage: usages })).toMatch(new RegExp(`^30..0603551d0f0101ff${inOctets}$`))
    expect(readBack({ keyUsage: usages })).toEqual({ keyUsage: { usages, critical: true } })
  })

  it('has its usages in the order of the bits', () => {
    const asked = ['keyEncipherment', 'digitalSignature']
    expect(readBack({ keyUsage: asked })).toEqual(readBack({ keyUsage: asked.toReversed() }))
  })

  it('is not critical when that is asked for', () => {
    const keyUsage = { usages: ['digitalSignature'], critical: false }
    expect(derOf({ keyUsage })).toBe('300b0603551d0f040403020780')
    expect(readBack({ keyUsage })).toEqual({ keyUsage })
  })

  it.each([
    [[], 'keyUsage', /^is empty; at least one key usage is needed/],
    [['serverAuth'], 'keyUsage.0', /^must be one of digitalSignature, nonRepudiation/],
    [['cRLSign', 'cRLSign'], 'keyUsage', /^has a usage twice/],
    [{ usages: [] }, 'keyUsage.usages', /^is empty/],
    [{ usages: ['cRLSign'], x: 1 }, 'keyUsage', /^is not known here; usages, critical are/],
    ['cRLSign', 'keyUsage', /^must be an array of key usages, or an object/],
  ])('is refused: %j', (keyUsage, path, message) => {
    expect(faultsOf({ keyUsage })).toEqual([[path, expect.stringMatching(message)]])
  })
})

it('a key does what its kind can do', () => {
  const able = (usage: (typeof keyUsageNames)[number]) =>
    keyAlgorithmNames.filter((name) => checkKeyUsage(name, [usage]) === undefined)
  const of = (kind: RegExp) => keyAlgorithmNames.filter((name) => kind.test(name))
  for (const usage of ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'] as const) {
    expect(able(usage)).toEqual(keyAlgorithmNames)
  }
  expect(able('keyEncipherment')).toEqual(of(/^rsa/))
  expect(able('dataEncipherment')).toEqual(of(/^rsa/))
  expect(able('keyAgreement')).toEqual(of(/^ecdsa/))
  expect(able('encipherOnly')).toEqual(of(/^ecdsa/))
  expect(able('decipherOnly')).toEqual(of(/^ecdsa/))
})

describe('a key usage in a CSR', () => {
  it('is read', () => {
    const usages = ['digitalSignature', 'keyAgreement']
    expect(strictlyRead(oid, '03020388', critical)).toEqual({
      keyUsage: { usages, critical: true },
    })
    expect(findingsIn(oid, '03020388', critical)).toEqual([])
  })

  it.each([
    ['zeros at its end', '03020080', 'malformed_der', ['der_bit_string']],
    ['an octet too many', '0303008000', 'malformed_der', ['der_bit_string']],
    ['bits beyond its end', '03020781', 'malformed_der', ['der_bit_string']],
    ['no usage', '030100', 'malformed_csr', ['key_usage_empty']],
    ['a bit without a name', '0303068040', 'malformed_csr', ['extension_malformed']],
    ['more unused bits than there are', '030108', 'malformed_der', ['der_malformed']],
    ['no octets at all', '0300', 'malformed_der', ['der_malformed']],
    ['another type', '04020780', 'malformed_csr', ['extension_malformed']],
    ['an octet after it', '0302078000', 'malformed_der', ['der_trailing_bytes']],
    ['no DER', '03', 'malformed_der', ['der_malformed']],
  ])('with %s is refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value, critical)).toBe(`${code} /extensions/keyUsage`)
    expect(findingsIn(oid, value, critical)).toEqual(
      findings.map((finding) => `${finding} /extensions/keyUsage`),
    )
  })
})
