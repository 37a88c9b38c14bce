import { describe, expect, it } from 'vitest'
import { readDer } from '../../src/der/der-reader.ts'
import { hex, tlv } from '../tlv.ts'

describe('readDer', () => {
  it('gives tag, content and children of every value', () => {
    const element = readDer(hex('3005 020100 0500'))
    expect(element.tag).toBe(0x30)
    expect(element.children.map(({ tag }) => tag)).toEqual([0x02, 0x05])
    expect(element.children[0]?.content).toEqual(hex('00'))
  })

  it('reads lengths of one, two and three octets', () => {
    for (const size of [0, 127, 128, 255, 256, 65535]) {
      expect(readDer(tlv(0x04, Buffer.alloc(size))).content).toHaveLength(size)
    }
  })

  it.each([
    ['an indefinite length', '3080 0500 0000'],
    ['a long length for 127 octets', `04817f${'00'.repeat(127)}`],
    ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
    ['a length beyond the end', '0405 00'],
    ['a length of five octets', '0485 0000000001 00'],
    ['a length that is cut', '0482 01'],
    ['a child longer than its parent', '3003 020200'],
    ['a tag without length', '30'],
    ['a long tag for a number below 31', '1f1e 00'],
    ['a long tag with a leading zero', '1f8040 00'],
    ['a long tag without an end', '1f818181818181 00'],
    ['trailing bytes', '0500 00'],
  ])('refuses %s', (_, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(expect.objectContaining({ code: 'malformed_der' }))
  })

  it('reads 16 levels and refuses 17', () => {
    const levels = (count: number): Buffer =>
      count === 0 ? Buffer.alloc(0) : tlv(0x30, levels(count - 1))
    expect(() => readDer(levels(16))).not.toThrow()
    expect(() => readDer(levels(17))).toThrow(expect.objectContaining({ code: 'malformed_der' }))
  })
})
