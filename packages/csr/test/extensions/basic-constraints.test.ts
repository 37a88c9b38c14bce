import { describe, expect, it } from 'vitest'
import { critical } from '../sign-csr.ts'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const oid = '2.5.29.19'

describe('basic constraints', () => {
  it.each([
    [{ ca: true, pathLength: 0 }, '30120603551d130101ff040830060101ff020100', true],
    [{ ca: true }, '300f0603551d130101ff040530030101ff', true],
    [{ ca: true, pathLength: 255 }, '30130603551d130101ff040930070101ff020200ff', true],
    [{ ca: true, critical: false }, '300c0603551d13040530030101ff', false],
    [{ ca: false }, '30090603551d1304023000', false],
    [{ ca: false, critical: true }, '300c0603551d130101ff04023000', true],
  ])('%j are %s', (basicConstraints, encoded, isCritical) => {
    expect(derOf({ basicConstraints })).toBe(encoded)
    expect(readBack({ basicConstraints })).toEqual({
      basicConstraints: { ...basicConstraints, critical: isCritical },
    })
  })

  it.each([
    [{}, '.ca', /^must be true or false$/],
    [{ ca: true, pathLength: -1 }, '.pathLength', /^is below 0; 0 to 255 is allowed$/],
    [{ ca: true, pathLength: 256 }, '.pathLength', /^is above 255; 0 to 255 is allowed$/],
    [{ ca: true, pathLength: 0.5 }, '.pathLength', /^must be a whole number$/],
    [{ ca: true, pathlen: 0 }, '', /^is not known here; ca, pathLength, critical are/],
    [[], '', /^must be an object/],
  ])('are refused: %j', (basicConstraints, path, message) => {
    expect(faultsOf({ basicConstraints })).toEqual([
      [`basicConstraints${path}`, expect.stringMatching(message)],
    ])
  })

  it.each([
    ['a cA that is FALSE', '3003010100', 'malformed_der', ['der_default_written']],
    ['a TRUE that is not FF', '3003010101', 'malformed_der', ['der_boolean']],
    [
      'a path length in an octet too many',
      '30070101ff02020000',
      'malformed_der',
      ['der_integer_not_minimal'],
    ],
    ['a path length below 0', '30060101ff0201ff', 'malformed_csr', ['extension_malformed']],
    [
      'something after the path length',
      '30090101ff020100020100',
      'malformed_csr',
      ['extension_malformed'],
    ],
    ['another type', '0101ff', 'malformed_csr', ['extension_malformed']],
  ])('with %s are refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value, critical)).toBe(`${code} /extensions/basicConstraints`)
    expect(findingsIn(oid, value, critical)).toEqual(
      findings.map((finding) => `${finding} /extensions/basicConstraints`),
    )
  })
})
