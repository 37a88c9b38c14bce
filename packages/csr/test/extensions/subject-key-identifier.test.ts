import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingKey } from '../sign-csr.ts'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const oid = '2.5.29.14'

describe('a subject key identifier', () => {
  // The point of a P-256 key is the last 65 octets of its SPKI.
  const hash = createHash('sha1').update(signingKey.spki.subarray(-65)).digest('hex')

  it('is the SHA-1 hash of the public key, never critical', () => {
    expect(derOf({ subjectKeyIdentifier: true })).toBe(`301d0603551d0e04160414${hash}`)
    expect(readBack({ subjectKeyIdentifier: true })).toEqual({ subjectKeyIdentifier: hash })
  })

  it('may be given, in either case', () => {
    const subjectKeyIdentifier = '00AAbbCC00112233'
    expect(derOf({ subjectKeyIdentifier })).toBe('30110603551d0e040a040800aabbcc00112233')
    expect(readBack({ subjectKeyIdentifier })).toEqual({
      subjectKeyIdentifier: subjectKeyIdentifier.toLowerCase(),
    })
  })

  it.each(['', 'a', 'abc', 'xy', '0x00', 'aa bb', 'aa'.repeat(65)])('is none: %j', (text) => {
    expect(faultsOf({ subjectKeyIdentifier: text })).toHaveLength(1)
  })

  it.each([
    ['no octets', '0400', 'malformed_csr', ['extension_malformed']],
    ['another type', '0301 00', 'malformed_csr', ['extension_malformed']],
  ])('of %s is refused, and found', (_, value, code, findings) => {
    expect(strictlyRead(oid, value)).toBe(`${code} /extensions/subjectKeyIdentifier`)
    expect(findingsIn(oid, value)).toEqual(
      findings.map((finding) => `${finding} /extensions/subjectKeyIdentifier`),
    )
  })
})
