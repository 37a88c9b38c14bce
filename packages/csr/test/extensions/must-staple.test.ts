import { describe, expect, it } from 'vitest'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const oid = '1.3.6.1.5.5.7.1.24'
const raw = (hex: string) => ({
  oid,
  critical: false,
  value: Buffer.from(hex, 'hex').toString('base64'),
})

describe('must-staple', () => {
  it('is status_request alone, not critical', () => {
    expect(derOf({ mustStaple: true })).toBe('301106082b0601050507011804053003020105')
    expect(readBack({ mustStaple: true })).toEqual({ mustStaple: true })
  })

  it.each([false, 'true', 1])('is asked for by true, not by %j', (mustStaple) => {
    expect(faultsOf({ mustStaple })).toEqual([['mustStaple', 'must be true, or left out']])
  })

  it('beside other features is a raw extension', () => {
    const several = raw('3006020105020111')
    expect(readBack({ raw: [several] })).toEqual({ raw: [several] })
  })

  it.each([
    ['itself', '3003020105', /^is that of extensions.mustStaple; say it there$/],
    ['other features alone', '3003020111', /none that has status_request/],
    ['what is no list of features', '0500', /none that has status_request/],
  ])('does not come raw as %s', (_, value, message) => {
    expect(faultsOf({ raw: [raw(value)] })).toEqual([['raw.0.oid', expect.stringMatching(message)]])
  })

  it('is there once, raw or not', () => {
    expect(faultsOf({ mustStaple: true, raw: [raw('3006020105020111')] })).toEqual([
      ['raw.0.oid', 'is there already, as mustStaple; each extension is allowed once'],
    ])
  })

  it.each([
    ['another feature', '3003020111', 'malformed_csr', ['tls_feature']],
    ['a number in an octet too many', '300402020005', 'malformed_der', ['der_integer_not_minimal']],
    ['another type', '020105', 'malformed_csr', ['extension_malformed']],
  ])('with %s is refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value)).toBe(`${code} /extensions/mustStaple`)
    expect(findingsIn(oid, value)).toEqual(
      findings.map((finding) => `${finding} /extensions/mustStaple`),
    )
  })
})
