import { describe, expect, it } from 'vitest'
import { proveCsr } from '../src/index.ts'
import { parsedSpec } from './make-csr.ts'
import {
  attributeOf,
  attributesOf,
  type CsrPieces,
  critical,
  extensionOf,
  nameOf,
  requesting,
  sanOf,
  signCsr,
  signingKey,
} from './sign-csr.ts'
import { hex, tlv } from './tlv.ts'

describe('a CSR that says the same in another way is refused', () => {
  const cn = attributeOf('2.5.4.3', tlv(0x13, Buffer.from('edge-1')))
  const plain = parsedSpec({ subject: { CN: 'edge-1' } })
  const password = '1.2.840.113549.1.9.7'
  const name = '1.2.840.113549.1.9.2'

  it.each<[string, object, CsrPieces, string]>([
    [
      'a CN as a UTF8String',
      {},
      { subject: nameOf(['2.5.4.3', tlv(0x0c, Buffer.from('edge-1'))]) },
      '/subject/0',
    ],
    [
      'a CN as a BMPString',
      { subject: { CN: 'a' } },
      { subject: nameOf(['2.5.4.3', hex('1e020061')]) },
      '/subject/0',
    ],
    [
      'the string type that was asked for not taken',
      { subject: [{ type: 'CN', value: 'edge-1', stringType: 'utf8' }] },
      {},
      '/subject/0',
    ],
    [
      'two RDNs as one',
      { subject: { CN: 'edge-1', O: 'x' } },
      { subject: tlv(0x30, tlv(0x31, attributeOf('2.5.4.10', hex('130178')), cn)) },
      '/subject/0',
    ],
    [
      'a challengePassword as a UTF8String',
      { attributes: { challengePassword: 'a' } },
      { attributes: attributesOf([password, hex('0c0161')]) },
      '/attributes/challengePassword',
    ],
    [
      'an unstructuredName as a PrintableString',
      { attributes: { unstructuredName: 'a' } },
      { attributes: attributesOf([name, hex('130161')]) },
      '/attributes/unstructuredName',
    ],
    [
      'an attribute that nobody asked for',
      {},
      { attributes: attributesOf(['1.2.3', hex('0500')]) },
      '/attributes',
    ],
    [
      'an attribute in place of another',
      { attributes: { unstructuredName: 'a' } },
      { attributes: attributesOf(['1.2.3', hex('0500')]) },
      '/attributes/unstructuredName',
    ],
    [
      'an extension that nobody asked for',
      {},
      { attributes: requesting(extensionOf('1.2.3', hex('0500'))) },
      '/extensions',
    ],
    [
      'a directory name as a UTF8String',
      { subjectAltNames: [{ type: 'dirName', value: { O: 'a' } }] },
      { attributes: requesting(sanOf(tlv(0xa4, nameOf(['2.5.4.10', hex('0c0161')])))) },
      '/subjectAltNames/0',
    ],
    [
      'names that are critical',
      { subjectAltNames: [{ type: 'dns', value: 'a' }] },
      { attributes: requesting(extensionOf('2.5.29.17', hex('3003820161'), critical)) },
      '/extensions',
    ],
    [
      'a name of another kind',
      { subjectAltNames: [{ type: 'otherName', oid: '1.2.3', value: 'a' }] },
      {
        attributes: requesting(sanOf(tlv(0xa0, hex('06022a03'), tlv(0xa0, hex('160161'))))),
      },
      '/subjectAltNames/0',
    ],
  ])('%s', (_, change, pieces, pointer) => {
    const asked = { ...plain, ...parsedSpec({ subject: { CN: 'edge-1' }, ...change }) }
    const made = signCsr(pieces)
    expect(() => proveCsr(made, { spec: asked, spki: signingKey.spki })).toThrow(
      expect.objectContaining({ code: 'spec_mismatch', pointer }),
    )
  })

  it('but not the plain one', () => {
    expect(() => proveCsr(signCsr(), { spec: plain, spki: signingKey.spki })).not.toThrow()
  })
})
