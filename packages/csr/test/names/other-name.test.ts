import { expect, it } from 'vitest'
import { parseOtherName } from '../../src/index.ts'

it('is a type and a text, which may have semicolons', () => {
  expect(parseOtherName('1.3.6.1.4.1.311.20.2.3;UTF8:a;b@exämple.com')).toEqual({
    ok: true,
    value: { oid: '1.3.6.1.4.1.311.20.2.3', value: 'a;b@exämple.com' },
  })
})

it.each([
  ['', /OID;UTF8:text/],
  ['1.2.3', /OID;UTF8:text/],
  ['1.2.3;x', /OID;UTF8:text/],
  ['1.2.3;IA5:x', /OID;UTF8:text/],
  ['UPN;UTF8:x', /a type that is not an object identifier/],
  ['1.2.3;UTF8:', /a value that is empty/],
  ['1.2.3;UTF8:a\nb', /a value that has a control character/],
])('%j is none', (text, message) => {
  expect(parseOtherName(text)).toEqual({ ok: false, message: expect.stringMatching(message) })
})
