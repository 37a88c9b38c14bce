import { describe, expect, it } from 'vitest'
import { extendedKeyUsageNames } from '../../src/index.ts'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const oid = '2.5.29.37'

describe('an extended key usage', () => {
  it('of serverAuth and clientAuth is as every CA knows it, not critical', () => {
    const usages = ['serverAuth', 'clientAuth']
    expect(derOf({ extendedKeyUsage: usages })).toBe(
      '301d0603551d250416301406082b0601050507030106082b06010505070302',
    )
    expect(readBack({ extendedKeyUsage: usages })).toEqual({
      extendedKeyUsage: { usages, critical: false },
    })
  })

  it('keeps its order, and has names where there are any', () => {
    const usages = ['1.2.3', 'clientAuth', '1.3.6.1.5.5.7.3.1']
    expect(readBack({ extendedKeyUsage: { usages, critical: true } })).toEqual({
      extendedKeyUsage: { usages: ['1.2.3', 'clientAuth', 'serverAuth'], critical: true },
    })
  })

  it('knows every one of its names', () => {
    expect(readBack({ extendedKeyUsage: extendedKeyUsageNames })).toEqual({
      extendedKeyUsage: { usages: extendedKeyUsageNames, critical: false },
    })
  })

  it.each([
    [[], '', /^is empty; at least one purpose is needed/],
    [['webServer'], '.0', /^is not a purpose; serverAuth, .* or a dotted object identifier/],
    [['serverAuth', '1.3.6.1.5.5.7.3.1'], '', /^has a purpose twice/],
    ['serverAuth', '', /^must be an array of purposes, or an object/],
  ])('is refused: %j', (extendedKeyUsage, path, message) => {
    expect(faultsOf({ extendedKeyUsage })).toEqual([
      [`extendedKeyUsage${path}`, expect.stringMatching(message)],
    ])
  })

  it.each([
    ['no purpose', '3000', 'malformed_csr', ['extended_key_usage_empty']],
    ['something else than a purpose', '3003020105', 'malformed_csr', ['extension_malformed']],
    ['an identifier that is not minimal', '30030601 80', 'malformed_der', ['der_malformed']],
    ['another type', '3103060129', 'malformed_csr', ['extension_malformed']],
  ])('with %s is refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value)).toBe(`${code} /extensions/extendedKeyUsage`)
    expect(findingsIn(oid, value)).toEqual(
      findings.map((finding) => `${finding} /extensions/extendedKeyUsage`),
    )
  })
})
