import { describe, expect, it } from 'vitest'
import { encodeAttributes } from '../../src/attributes/attributes.ts'
import { type Attributes, parseSpec, proveCsr, readCsr } from '../../src/index.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import { attributesOf, findingsOf, signCsr } from '../sign-csr.ts'
import { hex, tlv } from '../tlv.ts'

const challengePassword = '1.2.840.113549.1.9.7'
const unstructuredName = '1.2.840.113549.1.9.2'
const extensionRequest = '1.2.840.113549.1.9.14'

describe('an attribute', () => {
  it.each<[Attributes, string]>([
    [{ challengePassword: 'abc' }, '301206092a864886f70d010907310513036162 63'],
    // A character that PrintableString has not.
    [{ challengePassword: 'a*c' }, '301206092a864886f70d01090731050c03612a63'],
    [{ challengePassword: 'ü' }, '301106092a864886f70d01090731040c02c3bc'],
    [{ unstructuredName: 'a*c' }, '301206092a864886f70d010902310516 03612a63'],
    [{ unstructuredName: 'ü' }, '301106092a864886f70d01090231040c02c3bc'],
  ])('%j is %s', (attributes, encoded) => {
    expect(Buffer.concat(encodeAttributes(attributes))).toEqual(hex(encoded))
    const der = signCsr({ attributes: tlv(0xa0, ...encodeAttributes(attributes)) })
    expect(readCsr(der).attributes).toEqual(attributes)
    expect(findingsOf(der)).toEqual([])
  })

  it.each([
    ['', /^is empty; at least one visible character/],
    ['\n', /^is empty/],
    ['a\0', /control character/],
    ['\ud800', /unpaired surrogate/],
    ['a'.repeat(256), /^has 256 characters; at most 255 are allowed$/],
  ])('is refused as %j', (text, detail) => {
    const attributes = { challengePassword: text, unstructuredName: text }
    const faults = Object.keys(attributes).map((name) => ({
      pointer: `/attributes/${name}`,
      detail: expect.stringMatching(detail),
    }))
    expect(parseSpec({ subject: { CN: 'a' }, attributes })).toEqual({ ok: false, faults })
  })

  it('has 255 characters at most, not bytes', () => {
    const attributes = { challengePassword: '😀'.repeat(255) }
    expect(parseSpec({ subject: { CN: 'a' }, attributes })).toMatchObject({ ok: true })
  })
})

describe('the attributes of a CSR', () => {
  const asked = (attributes: Attributes, names = 1) =>
    parsedSpec({
      subject: { CN: 'a' },
      subjectAltNames: Array.from({ length: names }, (_, i) => ({
        type: 'dns',
        value: `edge-${i}.example.com`,
      })),
      attributes,
    })

  it('have the challengePassword before the extensionRequest, which SCEP servers need', async () => {
    const { der } = await makeCsr(asked({ challengePassword: 'correct horse' }))
    expect(readCsr(der).attributeTypes).toEqual([challengePassword, extensionRequest])
    expect(findingsOf(der)).not.toContain('challenge_password_order /attributes/challengePassword')
  })

  it('are sorted by their encodings, whatever that makes of it', async () => {
    const attributes = { challengePassword: 'x'.repeat(200), unstructuredName: 'y' }
    const spec = asked(attributes)
    const { der, key } = await makeCsr(spec)
    expect(readCsr(der).attributeTypes).toEqual([
      unstructuredName,
      extensionRequest,
      challengePassword,
    ])
    expect(() => proveCsr(der, { spec, spki: key.spki })).not.toThrow()
    expect(findingsOf(der)).toContain('challenge_password_order /attributes/challengePassword')
  })

  it('are sorted at every length of a password', async () => {
    const { key } = await makeCsr(asked({}))
    for (let length = 1; length <= 255; length += 2) {
      const spec = asked({ challengePassword: 'x'.repeat(length) }, 3)
      const { der } = await makeCsr(spec, key)
      expect(() => proveCsr(der, { spec, ...key, verifySignature: false })).not.toThrow()
    }
  })

  it('are there beside no extension', async () => {
    const { der } = await makeCsr(asked({ unstructuredName: 'router 7' }, 0))
    expect(readCsr(der)).toMatchObject({
      attributeTypes: [unstructuredName],
      attributes: { unstructuredName: 'router 7' },
      attributeStringTypes: { unstructuredName: 'ia5' },
    })
  })
})

describe('attributes in a CSR', () => {
  const printable = (text: string) => tlv(0x13, Buffer.from(text))
  it.each<[string, [string, ...Buffer[]][], string, string]>([
    [
      'an empty challengePassword',
      [[challengePassword, printable('')]],
      'challenge_password',
      '/attributes/challengePassword',
    ],
    [
      'an unstructuredName that is too long',
      [[unstructuredName, printable('x'.repeat(256))]],
      'unstructured_name',
      '/attributes/unstructuredName',
    ],
    [
      'a challengePassword that is an IA5String',
      [[challengePassword, tlv(0x16, Buffer.from('x'))]],
      'attribute_malformed',
      '/attributes/challengePassword',
    ],
    [
      'a challengePassword that is no text',
      [[challengePassword, hex('0500')]],
      'attribute_malformed',
      '/attributes/challengePassword',
    ],
    [
      'a challengePassword that its string type does not allow',
      [[challengePassword, printable('a@b')]],
      'der_string',
      '/attributes/challengePassword',
    ],
    [
      'two passwords in one attribute',
      [[challengePassword, printable('a'), printable('b')]],
      'attribute_values',
      '/attributes/0',
    ],
    ['no value', [[challengePassword]], 'attribute_malformed', '/attributes/0'],
    [
      'an attribute twice',
      [
        [challengePassword, printable('a')],
        [challengePassword, printable('b')],
      ],
      'attribute_repeated',
      '/attributes',
    ],
    [
      'another order than that of the encodings',
      [
        [challengePassword, printable('aa')],
        [unstructuredName, printable('a')],
      ],
      'der_set_order',
      '/attributes',
    ],
  ])('with %s are found, in words that hold no value', (_, attributes, code, pointer) => {
    const der = signCsr({ attributes: attributesOf(...attributes) })
    expect(findingsOf(der)).toEqual([`${code} ${pointer}`])
  })

  it("that are not known are nobody's fault", () => {
    const der = signCsr({ attributes: attributesOf(['1.2.3.4', hex('0500'), hex('0c0161')]) })
    expect(findingsOf(der)).toEqual([])
    expect(readCsr(der).attributeTypes).toEqual(['1.2.3.4'])
  })
})
