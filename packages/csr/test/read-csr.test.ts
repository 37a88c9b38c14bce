import { describe, expect, it } from 'vitest'
import { CsrError, readCsr } from '../src/index.ts'
import { makeCsr, rdns, specOf } from './make-csr.ts'
import { hex, tlv } from './tlv.ts'

const spki = (await makeCsr(specOf())).key.spki
const algorithm = hex('300a06082a8648ce3d040302')
const signature = hex('030600 3003020101')
const subject = tlv(0x30)
const version = hex('020100')
const extensionRequest = hex('06092a864886f70d01090e')
const sanOid = hex('0603551d11')
const dnsA = tlv(0x30, hex('820161'))

function request(info: Buffer[], rest: Buffer[] = [algorithm, signature]): Buffer {
  return tlv(0x30, tlv(0x30, ...info), ...rest)
}

function withExtensions(...extensions: Buffer[]): Buffer {
  return withAttributes(tlv(0x30, extensionRequest, tlv(0x31, tlv(0x30, ...extensions))))
}

function withAttributes(...attributes: Buffer[]): Buffer {
  return request([version, subject, spki, tlv(0xa0, ...attributes)])
}

function san(...names: Buffer[]): Buffer {
  return tlv(0x30, sanOid, tlv(0x04, tlv(0x30, ...names)))
}

describe('readCsr reads', () => {
  it('what a CSR says, as views that are its bytes', async () => {
    const spec = specOf({
      subject: rdns(['C', 'US'], ['CN', 'Zürich']),
      subjectAltNames: [{ type: 'ip', value: '2001:DB8::0A' }],
    })
    const { der, key } = await makeCsr(spec)
    const content = readCsr(der)
    expect(content).toMatchObject({
      subject: [
        [{ type: 'C', value: 'US', stringType: 'printable' }],
        [{ type: 'CN', value: 'Zürich', stringType: 'utf8' }],
      ],
      subjectAltNames: [{ type: 'ip', value: '2001:db8::a' }],
      sanCritical: false,
      attributeTypes: ['1.2.840.113549.1.9.14'],
    })
    expect(content.requestedExtensions.map(({ oid }) => oid)).toEqual(['2.5.29.17'])
    expect(content.spki).toEqual(key.spki)
    expect(content.signatureAlgorithm).toEqual(algorithm)
    expect(der.includes(content.toBeSigned)).toBe(true)
  })

  it('a name in a string type of old, which the builder never writes', () => {
    const rdn = tlv(0x31, tlv(0x30, hex('0603550403'), hex('1e0200e9')))
    const der = request([version, tlv(0x30, rdn), spki, tlv(0xa0)])
    expect(readCsr(der).subject).toEqual([[{ type: 'CN', value: 'é', stringType: 'bmp' }]])
  })

  it('attribute types that it does not know, by their OID', () => {
    const rdn = tlv(0x31, tlv(0x30, hex('0603550464'), hex('130178')))
    const der = request([version, tlv(0x30, rdn), spki, tlv(0xa0)])
    expect(readCsr(der).subject).toEqual([
      [{ type: '2.5.4.100', value: 'x', stringType: 'printable' }],
    ])
  })

  it('the smallest request made by hand', () => {
    expect(readCsr(withAttributes()).attributeTypes).toEqual([])
    expect(readCsr(withExtensions(san(hex('820161')))).subjectAltNames).toEqual([
      { type: 'dns', value: 'a' },
    ])
  })
})

describe('readCsr refuses', () => {
  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'malformed_der'],
    ['bytes after the end', Buffer.concat([withAttributes(), hex('00')]), 'malformed_der'],
    ['a cut request', withAttributes().subarray(0, -1), 'malformed_der'],
    ['version 1', request([hex('020101'), subject, spki, tlv(0xa0)]), 'malformed_csr'],
    [
      'a version of two octets',
      request([hex('02020000'), subject, spki, tlv(0xa0)]),
      'malformed_der',
    ],
    ['no attributes', request([version, subject, spki]), 'malformed_csr'],
    ['attributes as [1]', request([version, subject, spki, tlv(0xa1)]), 'malformed_csr'],
    [
      'one part too many',
      request([version, subject, spki, tlv(0xa0)], [algorithm, signature, version]),
      'malformed_csr',
    ],
    ['no signature', request([version, subject, spki, tlv(0xa0)], [algorithm]), 'malformed_csr'],
    [
      'a signature with unused bits',
      request([version, subject, spki, tlv(0xa0)], [algorithm, hex('030201ff')]),
      'malformed_der',
    ],
    ['a subject that is a set', request([version, tlv(0x31), spki, tlv(0xa0)]), 'malformed_csr'],
    ['an empty RDN', request([version, tlv(0x30, tlv(0x31)), spki, tlv(0xa0)]), 'malformed_csr'],
    [
      'a name in broken UTF-8',
      request([
        version,
        tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), hex('0c02c328')))),
        spki,
        tlv(0xa0),
      ]),
      'malformed_der',
    ],
    [
      'an @ in a PrintableString',
      request([
        version,
        tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), hex('130140')))),
        spki,
        tlv(0xa0),
      ]),
      'malformed_der',
    ],
    [
      'an attribute without value',
      withAttributes(tlv(0x30, extensionRequest, tlv(0x31))),
      'malformed_csr',
    ],
    [
      'two extension requests',
      withAttributes(
        ...Array(2).fill(tlv(0x30, extensionRequest, tlv(0x31, tlv(0x30, san(hex('820161')))))),
      ),
      'malformed_csr',
    ],
    ['an extension request without extension', withExtensions(), 'malformed_csr'],
    ['an extension twice', withExtensions(san(hex('820161')), san(hex('820162'))), 'malformed_csr'],
    [
      'critical written as FALSE',
      withExtensions(tlv(0x30, sanOid, hex('010100'), tlv(0x04, dnsA))),
      'malformed_der',
    ],
    [
      'critical as 01',
      withExtensions(tlv(0x30, sanOid, hex('010101'), tlv(0x04, dnsA))),
      'malformed_der',
    ],
    ['a SAN without names', withExtensions(san()), 'malformed_csr'],
    [
      'bytes after the names',
      withExtensions(tlv(0x30, sanOid, tlv(0x04, dnsA, hex('0500')))),
      'malformed_der',
    ],
    ['an address of 5 octets', withExtensions(san(tlv(0x87, hex('0102030405')))), 'malformed_csr'],
    ['a DNS name that is not ASCII', withExtensions(san(hex('8201e9'))), 'malformed_der'],
    ['an ediPartyName', withExtensions(san(tlv(0xa5))), 'unsupported'],
  ])('%s', (_, der, code) => {
    expect(() => readCsr(der)).toThrow(expect.objectContaining({ code }))
  })

  it('sets that are not sorted', () => {
    const cn = tlv(0x30, hex('0603550403'), hex('130178'))
    const ou = tlv(0x30, hex('060355040b'), hex('130178'))
    const sorted = request([version, tlv(0x30, tlv(0x31, cn, ou)), spki, tlv(0xa0)])
    const unsorted = request([version, tlv(0x30, tlv(0x31, ou, cn)), spki, tlv(0xa0)])
    expect(readCsr(sorted).subject[0]).toHaveLength(2)
    expect(() => readCsr(unsorted)).toThrow(expect.objectContaining({ code: 'malformed_der' }))
  })

  it('whatever single byte is changed, with a CsrError or not at all', async () => {
    const { der } = await makeCsr(specOf({ subjectAltNames: [{ type: 'dns', value: 'a' }] }))
    for (let i = 0; i < der.length; i++) {
      for (const value of [0x00, 0x80, 0xff, der.readUInt8(i) ^ 1]) {
        const changed = Buffer.from(der)
        changed.writeUInt8(value, i)
        expect(outcome(changed)).toMatch(/^(read|CsrError)$/)
      }
    }
  })
})

function outcome(der: Buffer): string {
  try {
    readCsr(der)
    return 'read'
  } catch (error) {
    return error instanceof CsrError ? 'CsrError' : String(error)
  }
}
