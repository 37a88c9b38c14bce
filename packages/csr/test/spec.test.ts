import { describe, expect, it } from 'vitest'
import { parseSpec, specSchema } from '../src/index.ts'
import { fault, pointersOf } from './faults-of.ts'
import { rdns, specOf } from './make-csr.ts'

const unknownField = /^is not known here; ref, subject, .* are allowed$/

describe('specSchema', () => {
  it('gives a spec back as it is, through JSON as well', () => {
    const spec = specOf({
      ref: 'rack-12/slot-3',
      subjectAltNames: [
        { type: 'dns', value: 'A' },
        { type: 'dns', value: 'a' },
        { type: 'dirName', value: rdns(['C', 'US']) },
        { type: 'otherName', oid: '1.2.3', value: 'x' },
      ],
    })
    expect(specSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })

  it('reports all faults at once, each with its path', () => {
    const result = specSchema.safeParse({
      ref: '',
      subject: [
        [{ type: 'CN', value: 'a'.repeat(65) }],
        [],
        [
          { type: 'C', value: 'us' },
          { type: 'C', value: 'US' },
        ],
        [{ type: 'XY', value: 'x' }],
      ],
      subjectAltNames: [
        { type: 'dns', value: 'mün chen.de' },
        { type: 'ip', value: '10.0.0.256' },
        { type: 'email', value: 'x' },
        { type: 'uri', value: 'x' },
        { type: 'rid', value: 'x' },
        { type: 'dirName', value: [[{ type: 'O', value: '' }]] },
        { type: 'dirName', value: [] },
        { type: 'otherName', oid: 'x', value: '\0' },
        { type: 'x400Address', value: 'x' },
      ],
      key: { algorithm: 'ecdsa-p256', digest: 'sha384' },
      custody: 'mine',
      extra: 1,
    })
    expect(result.error?.issues.map(({ path }) => path.join('.')).toSorted()).toEqual([
      '',
      'custody',
      'key.digest',
      'ref',
      'subject.0.0.value',
      'subject.1',
      'subject.2',
      'subject.2.0.value',
      'subject.3.0.type',
      'subjectAltNames.0.value',
      'subjectAltNames.1.value',
      'subjectAltNames.2.value',
      'subjectAltNames.3.value',
      'subjectAltNames.4.value',
      'subjectAltNames.5.value.0.0.value',
      'subjectAltNames.6.value',
      'subjectAltNames.7.oid',
      'subjectAltNames.7.value',
      'subjectAltNames.8.type',
    ])
  })

  it.each([
    [
      'an attribute type twice in one RDN',
      { subject: [[...rdns(['CN', 'a'], ['CN', 'b']).flat()]] },
      'subject.0',
    ],
    ['neither subject nor names', { subject: [] }, 'subject'],
    ['an unknown field', { extension: {} }, ''],
    ['a ref of 256 characters', { ref: 'a'.repeat(256) }, 'ref'],
    ['no ref but an undefined one', { ref: undefined }, 'ref'],
    [
      'RSA with a digest that is unknown',
      { key: { algorithm: 'rsa-2048', digest: 'sha1' } },
      'key.digest',
    ],
    [
      'a key that is unknown',
      { key: { algorithm: 'rsa-1024', digest: 'sha256' } },
      'key.algorithm',
    ],
    [
      'a key by the name of a property',
      { key: { algorithm: 'constructor', digest: 'sha256' } },
      'key.algorithm',
    ],
  ])('refuses %s', (_, change, path) => {
    const result = specSchema.safeParse({ ...specOf(), ...change })
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  it('says which digests a key signs with', () => {
    const key = { algorithm: 'ecdsa-p256', digest: 'sha512' }
    expect(specSchema.safeParse({ ...specOf(), key }).error?.issues[0]?.message).toBe(
      'is sha512; with ecdsa-p256 the digest can be sha256',
    )
  })
})

describe('parseSpec', () => {
  it('names the place of every fault by an RFC 6901 pointer and says what is allowed', () => {
    expect(
      parseSpec({
        subject: { 'a/b~c': 'x', CN: ['edge-1', 'a\nb'] },
        subjectAltNames: [{ type: 'dns', value: 'a_b' }],
        'x~1/y': 1,
        y: 2,
      }),
    ).toEqual({
      ok: false,
      faults: [
        fault('/subject/a~1b~0c', /^is not an attribute type; .*commonName.* is needed$/),
        fault('/subject/CN/1', /control character; only printing characters/),
        fault('/subjectAltNames/0/value', /label "a_b" with the character/),
        { ...fault('/x~01~1y', unknownField), code: 'attribute_unknown' },
        { ...fault('/y', unknownField), code: 'attribute_unknown' },
      ],
    })
  })

  it('takes the defaults of a call where the spec says nothing', () => {
    const defaults = { key: { algorithm: 'ed25519' }, custody: 'exportable' } as const
    const given = { subject: { CN: 'a' } }
    expect(parseSpec(given, defaults)).toMatchObject({ ok: true, spec: defaults })
    const undefinedFields = { ...given, key: undefined, custody: undefined }
    expect(parseSpec(undefinedFields, defaults)).toMatchObject({ ok: true, spec: defaults })
    expect(parseSpec({ ...given, custody: 'internal' }, defaults)).toMatchObject({
      ok: true,
      spec: { custody: 'internal', key: defaults.key },
    })
    expect(parseSpec({ ...given, key: null }, defaults)).toMatchObject({ ok: false })
  })

  it('adds nothing that was not asked for', () => {
    expect(parseSpec({ subject: { CN: 'a' } })).toEqual({
      ok: true,
      spec: {
        subject: rdns(['CN', 'a']),
        subjectAltNames: [],
        key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
        custody: 'internal',
      },
    })
  })

  it('looks at a default key together with the rest', () => {
    const spec = { subject: { CN: 'a' }, extensions: { keyUsage: ['keyAgreement'] } }
    expect(parseSpec(spec, { key: { algorithm: 'ecdsa-p256' } }).ok).toBe(true)
    expect(pointersOf(spec, { key: { algorithm: 'ed25519' } })).toEqual(['/extensions/keyUsage'])
  })
})

describe('the normalised form', () => {
  it.each<[string, object]>([
    ['a subject as an object', { subject: { email: 'a@b', CN: ['x', 'y'], '2.5.4.999': 'z' } }],
    ['a subject as text', { subject: 'CN=x+OU=y,C=US' }],
    [
      'RDNs',
      {
        subject: [
          { type: '2.5.4.3', value: 'x', stringType: 'utf8' },
          [
            { type: 'organization', value: 'y' },
            { type: 'L', value: 'z' },
          ],
        ],
      },
    ],
    [
      'names',
      {
        subjectAltNames: [
          { type: 'dns', value: 'Bücher.Example' },
          { type: 'ip', value: '2001:DB8::A' },
          { type: 'email', value: 'a@b' },
          { type: 'uri', value: 'urn:x:y' },
          { type: 'rid', value: '1.2.3' },
          { type: 'upn', value: 'ä@b' },
          { type: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', value: 'a@b' },
          { type: 'otherName', oid: '1.2.3', value: 'x' },
          { type: 'otherName', oid: '1.2.3', der: 'BQA=' },
          { type: 'dirName', value: 'CN=x,C=US' },
          { type: 'dirName', value: { O: 'y' } },
        ],
      },
    ],
    ['a key reference', { subject: { CN: 'a' }, key: { id: '1', digest: 'sha512' } }],
    ['RSA', { subject: { CN: 'a' }, key: { algorithm: 'rsa-3072' }, custody: 'exportable' }],
    ['ML-DSA', { subject: { CN: 'a' }, key: { algorithm: 'ml-dsa-87' }, ref: 'r' }],
    ['nothing more', { subject: { CN: 'a' }, extensions: {}, attributes: {} }],
    [
      'extensions',
      {
        subject: { CN: 'a' },
        extensions: {
          keyUsage: ['cRLSign', 'keyCertSign'],
          extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.2.3'],
          basicConstraints: { ca: true, pathLength: 3 },
          subjectKeyIdentifier: 'ABCDEF',
          mustStaple: true,
          microsoftTemplate: { oid: '1.3.6.1.4.1.311.21.8.1', majorVersion: 100, minorVersion: 3 },
          microsoftTemplateName: 'WebServer',
          raw: [{ oid: '1.2.3.4', value: 'BQA=' }],
        },
        attributes: { challengePassword: 'x', unstructuredName: 'ü' },
      },
    ],
    [
      'extensions written out',
      {
        subject: { CN: 'a' },
        extensions: {
          keyUsage: { usages: ['digitalSignature'], critical: false },
          extendedKeyUsage: { usages: ['serverAuth'], critical: true },
          basicConstraints: { ca: false, critical: true },
          subjectKeyIdentifier: true,
        },
      },
    ],
  ])('is what it becomes when it is parsed again: %s', (_, input) => {
    const once = specSchema.parse(input)
    expect(specSchema.parse(once)).toEqual(once)
    expect(specSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once)
  })
})
