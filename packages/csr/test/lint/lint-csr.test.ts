import { describe, expect, it } from 'vitest'
import { derFindings } from '../../src/der/der-findings.ts'
import { CsrError, type FindingCode, findingKinds, lintCsr, toPem } from '../../src/index.ts'
import { structureFindings } from '../../src/structure-findings.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import {
  attributeOf,
  attributesOf,
  extensionOf,
  findingsOf,
  nameOf,
  requesting,
  sanOf,
  signCsr,
} from '../sign-csr.ts'
import { hex, tlv } from '../tlv.ts'

const request = '1.2.840.113549.1.9.14'
const microsoftRequest = '1.3.6.1.4.1.311.2.1.14'
const extension = (oid: string, value: string) => extensionOf(oid, hex(value))
const names = (...general: string[]) => requesting(sanOf(...general.map(hex)))
const organization = (value: string) => nameOf(['2.5.4.10', hex(value)])
// No host name as a subject, so that the rules of common names have nothing to say.
const named = (...general: string[]) =>
  signCsr({ subject: organization('130161'), attributes: names(...general) })
const a = (oid: string) => attributeOf(oid, hex('130161'))

const faulty: [FindingCode, string, Buffer][] = [
  ['csr_structure', '/signature', signCsr({ signature: hex('0400') })],
  ['csr_version', '/version', signCsr({ version: hex('020101') })],
  ['csr_version', '/version', signCsr({ version: hex('0400') })],
  ['attributes_missing', '/attributes', signCsr({ attributes: Buffer.alloc(0) })],
  ['attributes_missing', '/attributes', signCsr({ attributes: tlv(0xa1) })],
  ['attribute_malformed', '/attributes/0', signCsr({ attributes: attributesOf(['1.2.3']) })],
  [
    'attribute_repeated',
    '/attributes',
    signCsr({ attributes: attributesOf(['1.2.3', hex('0500')], ['1.2.3', hex('0500')]) }),
  ],
  [
    'attribute_values',
    '/attributes/0',
    signCsr({
      attributes: attributesOf([
        request,
        tlv(0x30, extension('1.2.3', '0500')),
        tlv(0x30, extension('1.2.4', '0500')),
      ]),
    }),
  ],
  ['extension_request_empty', '/extensions', signCsr({ attributes: requesting() })],
  [
    'extension_request_microsoft',
    '/extensions',
    signCsr({
      attributes: attributesOf([microsoftRequest, tlv(0x30, extension('1.2.3', '0500'))]),
    }),
  ],
  ['extension_malformed', '/extensions', signCsr({ attributes: requesting(hex('3000')) })],
  [
    'extension_malformed',
    '/extensions',
    signCsr({ attributes: attributesOf([request, hex('0500')]) }),
  ],
  [
    'extension_repeated',
    '/extensions',
    signCsr({
      attributes: requesting(extension('1.2.3', '0500'), extension('1.2.3', '0500')),
    }),
  ],
  [
    'subject_malformed',
    '/subject/0',
    signCsr({ subject: tlv(0x30, tlv(0x31), tlv(0x31, a('2.5.4.10'))) }),
  ],
  [
    'subject_malformed',
    '/subject/0/0',
    signCsr({ subject: tlv(0x30, tlv(0x31, tlv(0x30), a('2.5.4.10'))) }),
  ],
  ['san_malformed', '/subjectAltNames/1', named('820161', '8900')],
  ['san_malformed', '/subjectAltNames/0', named('a000')],
  [
    'san_malformed',
    '/subjectAltNames',
    signCsr({ attributes: requesting(extension('2.5.29.17', '0500')) }),
  ],
  ['san_empty', '/subjectAltNames', named()],
  ['san_ip_address', '/subjectAltNames/0', named('87050102030405')],
  ['san_kind', '/subjectAltNames/0', named('a500')],
  ['san_kind', '/subjectAltNames/0', named('a300')],
  [
    'der_malformed',
    '/subjectAltNames',
    signCsr({ attributes: requesting(extension('2.5.29.17', '3005820161')) }),
  ],
  ['der_trailing_bytes', '', Buffer.concat([signCsr(), hex('0a')])],
  [
    'der_trailing_bytes',
    '/subjectAltNames',
    signCsr({
      subject: organization('130161'),
      attributes: requesting(extension('2.5.29.17', '300382016100')),
    }),
  ],
  ['der_length_not_minimal', '', signCsr({ subject: organization('13810161') })],
  ['der_indefinite_length', '', signCsr({ attributes: hex('a0800000') })],
  [
    'der_set_order',
    '/subject/0',
    signCsr({ subject: tlv(0x30, tlv(0x31, a('2.5.4.11'), a('2.5.4.10'))) }),
  ],
  [
    'der_default_written',
    '/extensions',
    signCsr({ attributes: requesting(extensionOf('1.2.3', hex('0500'), hex('010100'))) }),
  ],
  ['der_integer_not_minimal', '/version', signCsr({ version: hex('02020000') })],
  ['der_string', '/subject/0/0/value', signCsr({ subject: organization('1303614062') })],
  ['der_string', '/subject/0/0/value', signCsr({ subject: organization('0c03c32861') })],
]

/** Codes of tests of their own, and of those of single extensions. */
const ofOthers: FindingCode[] = [
  'csr_more_findings',
  'der_boolean',
  'der_bit_string',
  'key_usage_empty',
  'extended_key_usage_empty',
  'tls_feature',
]

/** What makes other things wrong as well: the signature, or the names that could not be read. */
const followed: FindingCode[] = ['csr_structure', 'subject_malformed']

describe('lint finds', () => {
  it.each(faulty)('%s at %s', (code, pointer, der) => {
    expect(findingsOf(der)).toContain(`${code} ${pointer}`)
  })

  it('a TRUE that is not FF', () => {
    const attributes = requesting(extensionOf('2.5.29.15', hex('03020780'), hex('010101')))
    expect(findingsOf(signCsr({ attributes }))).toEqual(['der_boolean /extensions/keyUsage'])
  })

  it('a name that is not ASCII, once', () => {
    expect(findingsOf(named('8103e94062'))).toEqual(['der_string /subjectAltNames/0'])
  })

  it('no more than can be told at once, and says so', () => {
    const codes = findingsOf(named(...Array(300).fill('820161')))
    expect(codes).toHaveLength(201)
    expect(codes).toContain('csr_more_findings ')
  })

  it('all that the tables of encoding and structure have', () => {
    const shown = new Set([...faulty.map(([code]) => code), ...ofOthers])
    const codes = Object.keys({ ...derFindings, ...structureFindings })
    expect([...shown].toSorted()).toEqual(codes.toSorted())
  })

  it('only these, where one thing is wrong and the rest can be read', () => {
    const alone = faulty.filter(([code]) => !followed.includes(code))
    for (const [code, pointer, der] of alone)
      expect(findingsOf(der)).toEqual([`${code} ${pointer}`])
  })

  it('errors first, then warnings, with severity and source of the table', () => {
    const subject = nameOf(['2.5.4.10', hex('130220 61')], ['2.5.4.6', hex('13025858')])
    const { findings } = lintCsr(signCsr({ subject, version: hex('020101') }))
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['csr_version', 'error'],
      ['subject_value', 'error'],
      ['subject_spaces', 'warning'],
    ])
    for (const { code, severity, source, message } of findings) {
      expect({ severity, source }).toEqual({
        severity: findingKinds[code].severity,
        source: findingKinds[code].source,
      })
      expect(message).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('nothing in a good CSR, as PEM, as its bytes and as DER', async () => {
    const spec = parsedSpec({
      subject: { C: 'US', O: 'ACME', CN: 'edge-1.example.com' },
      subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }],
      extensions: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth'] },
      attributes: { challengePassword: 'correct horse' },
    })
    const { der } = await makeCsr(spec)
    const pem = toPem(der)
    for (const input of [der, pem, Buffer.from(pem)]) expect(findingsOf(input)).toEqual([])
    expect(findingsOf(signCsr())).toEqual([])
  })
})

describe('lint reads on', () => {
  it('and gives what could be read', () => {
    const der = signCsr({
      version: hex('020101'),
      subject: tlv(0x30, tlv(0x31), tlv(0x31, a('2.5.4.10'))),
      attributes: names('820161', '8900', '820162'),
    })
    const { content } = lintCsr(der)
    // What cannot be read keeps its place.
    expect(content.subject).toEqual([[], [{ type: 'O', value: 'a', stringType: 'printable' }]])
    expect(content.subjectAltNames).toEqual([
      { type: 'dns', value: 'a' },
      { type: 'other', der: 'iQA=' },
      { type: 'dns', value: 'b' },
    ])
  })

  it('through both kinds of extension request', () => {
    const der = signCsr({
      attributes: attributesOf(
        [microsoftRequest, tlv(0x30, extension('2.5.29.37', '300306012a'))],
        [request, tlv(0x30, sanOf(hex('820161')))],
      ),
    })
    expect(lintCsr(der).content).toMatchObject({
      subjectAltNames: [{ type: 'dns', value: 'a' }],
      requestedExtensions: [{ oid: '2.5.29.37' }, { oid: '2.5.29.17' }],
    })
  })

  it.each([
    ['no text', '', 'malformed_pem'],
    ['other text', 'hello', 'malformed_pem'],
    ['no octet', Buffer.alloc(0), 'malformed_pem'],
    ['another value of DER', hex('3003020100'), 'malformed_pem'],
    ['an empty SEQUENCE as PEM', toPem(hex('3000')), 'malformed_csr'],
    ['a NULL as PEM', toPem(hex('0500')), 'malformed_csr'],
    ['a SEQUENCE of something else', tlv(0x30, tlv(0x04, Buffer.alloc(200))), 'malformed_csr'],
    ['a CSR without its last octet', signCsr().subarray(0, -1), 'malformed_der'],
  ])('unless it is no CSR at all: %s', (_, input, code) => {
    expect(() => lintCsr(input)).toThrow(expect.objectContaining({ code }))
  })

  it('or says why not, whatever octet is changed', () => {
    const der = named('820161', '8704c0000201', 'a4023000')
    for (let i = 0; i < der.length; i++) {
      for (const value of [0x00, 0x80, 0xff, der.readUInt8(i) ^ 1]) {
        const changed = Buffer.from(der)
        changed.writeUInt8(value, i)
        expect(outcome(changed)).toMatch(/^(found|CsrError)$/)
      }
    }
  })

  it('soon, whatever the size of a part', () => {
    const long = Buffer.alloc(60_000, 0xff)
    const oids = [tlv(0x06, long, hex('01')), tlv(0x06, Buffer.alloc(60_000, 0x7f))]
    const start = performance.now()
    for (const oid of oids) {
      expect(
        findingsOf(signCsr({ attributes: requesting(tlv(0x30, oid, hex('04020500'))) })),
      ).toEqual(['der_malformed /extensions'])
      const rid = Buffer.concat([hex('88'), oid.subarray(1)])
      expect(findingsOf(signCsr({ attributes: requesting(sanOf(rid)) }))).toEqual([
        'der_malformed /subjectAltNames/0',
      ])
    }
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

function outcome(der: Buffer): string {
  try {
    lintCsr(der)
    return 'found'
  } catch (error) {
    return error instanceof CsrError ? 'CsrError' : String(error)
  }
}
