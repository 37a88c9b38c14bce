import { describe, expect, it } from 'vitest'
import { oidFromOctets, oidToOctets } from '../../src/der/oid.ts'
import { parseOid } from '../../src/index.ts'

describe('an object identifier', () => {
  it.each([
    ['0.0', '00'],
    ['1.39', '4f'],
    ['2.0', '50'],
    ['2.5.29.17', '551d11'],
    ['2.999.1', '883701'],
    ['1.2.840.113549.1.9.14', '2a864886f70d01090e'],
    ['1.3.4294967296', '2b9080808000'],
    ['2.25.340282366920938463463374607431768211455', `69${'83'}${'ff'.repeat(17)}7f`],
  ])('%s is %s, there and back', (text, octets) => {
    expect(parseOid(text)).toEqual({ ok: true, value: text })
    expect(oidToOctets(text).toString('hex')).toBe(octets)
    expect(oidFromOctets(Buffer.from(octets, 'hex'))).toBe(text)
  })

  it.each([
    '',
    '1',
    '1.',
    '.1',
    '1..2',
    '01.2',
    '1.02',
    '1.2x',
    '3.1',
    '1.40',
    '0.40',
    '1.-2',
    'a.b',
    ' 1.2',
    `1.2${'.1'.repeat(130)}`,
  ])('%j is none', (text) => {
    expect(parseOid(text)).toEqual({ ok: false, message: expect.any(String) })
    expect(() => oidToOctets(text)).toThrow(expect.objectContaining({ code: 'unencodable' }))
  })

  it.each(['', '80', '8001', '5580', '558001'])('octets %j are none', (octets) => {
    expect(() => oidFromOctets(Buffer.from(octets, 'hex'))).toThrow(
      expect.objectContaining({ code: 'malformed_der' }),
    )
  })

  it('has at most 256 characters, read as well as written', () => {
    const longest = `2.25.${'1'.repeat(251)}`
    expect(oidFromOctets(oidToOctets(longest))).toBe(longest)
    const octets = [Buffer.alloc(129, 0x01), Buffer.alloc(65, 0x7f), Buffer.alloc(60_000, 0xff)]
    for (const long of octets) {
      expect(() => oidFromOctets(long)).toThrow(expect.objectContaining({ code: 'malformed_der' }))
    }
  })
})
