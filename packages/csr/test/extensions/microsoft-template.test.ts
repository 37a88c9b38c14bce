import { describe, expect, it } from 'vitest'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

describe('a certificate template', () => {
  it.each([
    // SEQUENCE { OID 1.3.6.1.4.1.311.21.8.1, INTEGER 100, INTEGER 3 }
    [
      { oid: '1.3.6.1.4.1.311.21.8.1', majorVersion: 100, minorVersion: 3 },
      '3012060a2b060104018237150801020164020103',
    ],
    [{ oid: '1.2.3', majorVersion: 128 }, '300806022a0302020080'],
    [{ oid: '1.2.3' }, '300406022a03'],
    [
      { oid: '1.2.3', majorVersion: 4294967295, minorVersion: 0 },
      '300e06022a03020500ffffffff020100',
    ],
  ])('%j is %s, not critical', (microsoftTemplate, value) => {
    expect(derOf({ microsoftTemplate })).toMatch(
      new RegExp(`^30..06092b060104018237150704..${value}$`),
    )
    expect(readBack({ microsoftTemplate })).toEqual({ microsoftTemplate })
  })

  it.each([
    [{ oid: 'WebServer' }, '.oid', /^is not an object identifier/],
    [{ oid: '1.2.3', minorVersion: 1 }, '.minorVersion', /^is given without majorVersion/],
    [{ oid: '1.2.3', majorVersion: 2 ** 32 }, '.majorVersion', /^is above 4294967295/],
    [{ oid: '1.2.3', majorVersion: -1 }, '.majorVersion', /^is below 0/],
    [{ oid: '1.2.3', version: 1 }, '', /^is not known here/],
  ])('is refused: %j', (microsoftTemplate, path, message) => {
    expect(faultsOf({ microsoftTemplate })).toEqual([
      [`microsoftTemplate${path}`, expect.stringMatching(message)],
    ])
  })

  it.each([
    ['no identifier', '3003020101', 'malformed_csr', ['extension_malformed']],
    ['three numbers', '300d06022a03020101020101020101', 'malformed_csr', ['extension_malformed']],
    ['a version below 0', '300706022a030201ff', 'malformed_csr', ['extension_malformed']],
    [
      'a version above 4294967295',
      '300b06022a0302050100000000',
      'malformed_csr',
      ['extension_malformed'],
    ],
    [
      'a version in an octet too many',
      '300806022a0302020001',
      'malformed_der',
      ['der_integer_not_minimal'],
    ],
  ])('with %s is refused, and found', (_, value, code, findings) => {
    const oid = '1.3.6.1.4.1.311.21.7'
    expect(strictlyRead(oid, value)).toBe(`${code} /extensions/microsoftTemplate`)
    expect(findingsIn(oid, value)).toEqual(
      findings.map((finding) => `${finding} /extensions/microsoftTemplate`),
    )
  })
})

describe('the name of a template', () => {
  const oid = '1.3.6.1.4.1.311.20.2'

  it('is a BMPString, not critical', () => {
    expect(derOf({ microsoftTemplateName: 'Web' })).toBe(
      '301506092b060104018237140204081e06005700650062',
    )
    expect(readBack({ microsoftTemplateName: 'Wéb株' })).toEqual({ microsoftTemplateName: 'Wéb株' })
  })

  it.each([
    ['', /^is empty/],
    ['a\nb', /control character/],
    ['a'.repeat(65), /^is not 1 to 64 characters/],
    ['😀', /up to U\+FFFF/],
    ['\ud800', /unpaired surrogate/],
  ])('is refused: %j', (microsoftTemplateName, message) => {
    expect(faultsOf({ microsoftTemplateName })[0]).toEqual([
      'microsoftTemplateName',
      expect.stringMatching(message),
    ])
  })

  it.each([
    ['another string type', '0c03576562', 'malformed_csr', ['extension_malformed']],
    ['half a character', '1e0157', 'malformed_der', ['der_string']],
  ])('with %s is refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value)).toBe(`${code} /extensions/microsoftTemplateName`)
    expect(findingsIn(oid, value)).toEqual(
      findings.map((finding) => `${finding} /extensions/microsoftTemplateName`),
    )
  })
})
