import { describe, expect, it } from 'vitest'
import {
  buildCsr,
  CsrError,
  proveCsr,
  readCsr,
  type Spec,
  type SubjectAltName,
} from '../src/index.ts'
import { makeCsr, rdns, specOf } from './make-csr.ts'
import { hasOpenssl, noOpenssl, opensslText } from './openssl.ts'

describe('the structure of a CSR', () => {
  it('has empty attributes when no extension is asked for', async () => {
    const { der } = await makeCsr(specOf())
    expect(readCsr(der).toBeSigned.subarray(-2).toString('hex')).toBe('a000')
    expect(readCsr(der)).toMatchObject({ attributeTypes: [], requestedExtensions: [] })
  })

  it('has the SPKI of the key, byte for byte', async () => {
    const { der, key } = await makeCsr(specOf())
    expect(readCsr(der).spki.equals(key.spki)).toBe(true)
  })

  it('has the subject in the order of the spec', async () => {
    const subject = rdns(
      ['C', 'US'],
      ['ST', 'North Carolina'],
      ['L', 'Raleigh'],
      ['O', 'ACME International Ltd.'],
      ['OU', 'ABC Division'],
      ['CN', 'LXCA'],
    )
    const { der } = await makeCsr(specOf({ subject }))
    const read = readCsr(der).subject.flat()
    expect(read.map(({ type }) => type)).toEqual(['C', 'ST', 'L', 'O', 'OU', 'CN'])
    expect(read.every(({ stringType }) => stringType === 'printable')).toBe(true)
  })

  it('has a SAN that is critical exactly when the subject is empty', async () => {
    const subjectAltNames: SubjectAltName[] = [{ type: 'dns', value: 'edge-1.example.com' }]
    const named = await makeCsr(specOf({ subjectAltNames }))
    const empty = await makeCsr(specOf({ subject: [], subjectAltNames }))
    expect(readCsr(named.der).sanCritical).toBe(false)
    expect(named.der.includes(Buffer.from('0101ff', 'hex'))).toBe(false)
    expect(readCsr(empty.der).sanCritical).toBe(true)
    expect(empty.der.includes(Buffer.from('0603551d110101ff', 'hex'))).toBe(true)
  })

  it('keeps names that repeat, in their order', async () => {
    const subjectAltNames: SubjectAltName[] = [
      { type: 'dns', value: 'b' },
      { type: 'dns', value: 'a' },
      { type: 'dns', value: 'b' },
    ]
    const { der } = await makeCsr(specOf({ subjectAltNames }))
    expect(readCsr(der).subjectAltNames).toEqual(subjectAltNames)
  })

  it('sorts a multi-valued RDN by encoding, whatever its order in the spec', async () => {
    const cn = { type: 'CN', value: 'edge-1.example.com' } as const
    const uid = { type: 'UID', value: 'rack 12' } as const
    const ou = { type: 'OU', value: 'Ops' } as const
    const { der, key } = await makeCsr(specOf({ subject: [[cn, uid, ou]] }))
    const other = await makeCsr(specOf({ subject: [[ou, cn, uid]] }), key)
    expect(readCsr(der).subject[0]?.map(({ type }) => type)).toEqual(['OU', 'UID', 'CN'])
    expect(readCsr(der).subject).toEqual(readCsr(other.der).subject)
    expect(() =>
      proveCsr(der, { spec: specOf({ subject: [[cn, uid, ou]] }), ...key }),
    ).not.toThrow()
  })

  it('is not made of an SPKI of another algorithm', async () => {
    const { key } = await makeCsr(specOf())
    const spec = specOf({ key: { algorithm: 'rsa-2048', digest: 'sha256' } })
    const building = buildCsr(spec, key.spki, () => Buffer.alloc(256))
    await expect(building).rejects.toMatchObject({ code: 'spki_mismatch' })
    await expect(building).rejects.toBeInstanceOf(CsrError)
  })

  it('is not signed with a digest that its key does not have', async () => {
    const { key } = await makeCsr(specOf())
    const spec: Spec = { ...specOf(), key: { algorithm: 'ecdsa-p256', digest: 'sha384' } }
    let signed = false
    const building = buildCsr(spec, key.spki, () => {
      signed = true
      return Buffer.alloc(70)
    })
    await expect(building).rejects.toMatchObject({ code: 'unencodable' })
    expect(signed).toBe(false)
  })

  it('waits for a signature that is made elsewhere', async () => {
    const { key } = await makeCsr(specOf())
    const der = await buildCsr(specOf(), key.spki, async () => Buffer.from('3003020101', 'hex'))
    expect(readCsr(der).signature.toString('hex')).toBe('3003020101')
  })
})

describe('string types', () => {
  it.each([
    ["AZaz09 '()+,-./:=?", 'printable'],
    ['*.example.com', 'utf8'],
    ['a@b', 'utf8'],
    ['a_b', 'utf8'],
    ['R&D', 'utf8'],
    ['Zürich', 'utf8'],
    ['株式会社', 'utf8'],
    ['😀', 'utf8'],
    ['\ufeffmark', 'utf8'],
  ])('a common name %j is a %s string and comes back as it was', async (value, stringType) => {
    const { der } = await makeCsr(specOf({ subject: rdns(['CN', value]) }))
    expect(readCsr(der).subject).toEqual([[{ type: 'CN', value, stringType }]])
  })

  it('C, serialNumber and dnQualifier are PrintableString; emailAddress and DC are IA5String', async () => {
    const subject = rdns(
      ['C', 'CH'],
      ['serialNumber', '42'],
      ['dnQualifier', 'q'],
      ['emailAddress', 'ops@example.com'],
      ['DC', 'example'],
    )
    const { der } = await makeCsr(specOf({ subject }))
    expect(
      readCsr(der)
        .subject.flat()
        .map(({ stringType }) => stringType),
    ).toEqual(['printable', 'printable', 'printable', 'ia5', 'ia5'])
  })
})

describe.runIf(hasOpenssl)('as OpenSSL reads it', () => {
  it('every attribute type is the one of its name', async () => {
    const subject = rdns(
      ['C', 'DE'],
      ['ST', 'Bayern'],
      ['L', 'München'],
      ['postalCode', '80331'],
      ['street', 'Marienplatz 8'],
      ['DC', 'example'],
      ['O', 'ACME, "Inc" <+;>'],
      ['OU', 'R&D'],
      ['serialNumber', 'HRB 42'],
      ['dnQualifier', 'q'],
      ['title', 'Dr.'],
      ['GN', 'Ada'],
      ['SN', 'Lovelace'],
      ['initials', 'AL'],
      ['generationQualifier', 'II'],
      ['pseudonym', 'Countess'],
      ['UID', 'ada'],
      ['CN', 'Ada Lovelace 😀'],
      ['emailAddress', 'ada@example.com'],
    )
    const text = await opensslText((await makeCsr(specOf({ subject }))).der)
    expect(text).toContain(
      'Subject: emailAddress=IA5STRING:ada@example.com,CN=UTF8STRING:Ada Lovelace 😀,' +
        'UID=PRINTABLESTRING:ada,pseudonym=PRINTABLESTRING:Countess,' +
        'generationQualifier=PRINTABLESTRING:II,initials=PRINTABLESTRING:AL,' +
        'SN=PRINTABLESTRING:Lovelace,GN=PRINTABLESTRING:Ada,title=PRINTABLESTRING:Dr.,' +
        'dnQualifier=PRINTABLESTRING:q,serialNumber=PRINTABLESTRING:HRB 42,' +
        'OU=UTF8STRING:R&D,O=UTF8STRING:ACME\\, \\"Inc\\" \\<\\+\\;\\>,DC=IA5STRING:example,' +
        'street=PRINTABLESTRING:Marienplatz 8,postalCode=PRINTABLESTRING:80331,' +
        'L=UTF8STRING:München,ST=PRINTABLESTRING:Bayern,C=PRINTABLESTRING:DE\n',
    )
  })

  it('every kind of subject alternative name is there, in order', async () => {
    const subjectAltNames: SubjectAltName[] = [
      { type: 'dns', value: '*.Example.com' },
      { type: 'ip', value: '192.0.2.10' },
      { type: 'ip', value: '2001:db8::a' },
      { type: 'ip', value: '::ffff:192.0.2.1' },
      { type: 'email', value: 'ops@example.com' },
      { type: 'uri', value: 'spiffe://example.com/rack/12' },
      { type: 'rid', value: '1.3.6.1.4.1.99999.4294967296' },
      { type: 'dirName', value: rdns(['C', 'US'], ['O', 'ACME'], ['CN', 'x']) },
      { type: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', value: 'jörg@example.com' },
    ]
    const text = await opensslText((await makeCsr(specOf({ subjectAltNames }))).der)
    expect(text).toMatch(/X509v3 Subject Alternative Name: \n/)
    expect(text).toContain(
      'DNS:*.Example.com, IP Address:192.0.2.10, IP Address:2001:DB8:0:0:0:0:0:A, ' +
        'IP Address:0:0:0:0:0:FFFF:C000:201, email:ops@example.com, ' +
        'URI:spiffe://example.com/rack/12, Registered ID:1.3.6.1.4.1.99999.4294967296, ' +
        'DirName:/C=US/O=ACME/CN=x, othername: UPN::jörg@example.com\n',
    )
  })

  it('a multi-valued RDN is one, and its signature verifies', async () => {
    const { der } = await makeCsr(
      specOf({
        subject: [
          [
            { type: 'CN', value: 'edge-1.example.com' },
            { type: 'OU', value: 'Ops' },
          ],
        ],
      }),
    )
    expect(await opensslText(der)).toMatch(/Subject: CN=[^,]*edge-1.example.com\+OU=[^,]*Ops\n/)
  })

  it('an empty subject comes with a critical SAN', async () => {
    const { der } = await makeCsr(
      specOf({ subject: [], subjectAltNames: [{ type: 'dns', value: 'a.example.com' }] }),
    )
    expect(await opensslText(der)).toMatch(/Alternative Name: critical\n\s+DNS:a.example.com\n/)
  })

  it.each([
    ['rsa-2048', 'sha256', 'sha256WithRSAEncryption', '(2048 bit)'],
    ['rsa-2048', 'sha512', 'sha512WithRSAEncryption', '(2048 bit)'],
    ['rsa-3072', 'sha384', 'sha384WithRSAEncryption', '(3072 bit)'],
    ['ecdsa-p256', 'sha256', 'ecdsa-with-SHA256', 'NIST CURVE: P-256'],
  ] as const)('%s signs with %s', async (algorithm, digest, signature, key) => {
    const spec = specOf({ key: { algorithm, digest } })
    const made = await makeCsr(spec)
    const text = await opensslText(made.der)
    expect(text).toContain(`Signature Algorithm: ${signature}`)
    expect(text).toContain(key)
    expect(() => proveCsr(made.der, { spec, ...made.key })).not.toThrow()
  })
})

if (!hasOpenssl) it('as OpenSSL reads it', (context) => context.skip(noOpenssl))
