import { describe, expect, it } from 'vitest'
import { parseSpec, type SpecDefaults, specSchema, withKey } from '../src/index.ts'
import { rdns, specOf } from './make-csr.ts'

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
    expect(faultsOf(spec, { key: { algorithm: 'ed25519' } })).toEqual(['/extensions/keyUsage'])
  })
})

describe('what one field says of another', () => {
  const extensions = {
    keyUsage: ['keyCertSign', 'keyEncipherment'],
    basicConstraints: { ca: false, pathLength: 1 },
  }
  const across = [
    '/subject',
    '/extensions/keyUsage',
    '/extensions/keyUsage',
    '/extensions/basicConstraints/pathLength',
  ]

  it('is told all at once', () => {
    expect(faultsOf({ subject: {}, extensions })).toEqual(across)
  })

  it.each([
    ['ref', { ref: 5 }],
    ['custody', { custody: 'mine' }],
    ['attributes/challengePassword', { attributes: { challengePassword: '' } }],
    ['extra', { extra: 1 }],
    ['extensions/mustStaple', { extensions: { ...extensions, mustStaple: 1 } }],
    ['extensions/extra', { extensions: { ...extensions, extra: 1 } }],
  ])('is told also where %s has a fault', (place, change) => {
    const faults = faultsOf({ subject: {}, extensions, ...change })
    expect(faults.toSorted()).toEqual([...across, `/${place}`].toSorted())
  })

  it.each([
    [{ subject: 5, extensions }, ['/subject', ...across.slice(1)]],
    [{ subject: {}, key: {}, extensions }, ['/key/algorithm', ...across.toSpliced(1, 1)]],
    [
      { subject: {}, extensions: { ...extensions, keyUsage: 'x' } },
      ['/extensions/keyUsage', '/subject', '/extensions/basicConstraints/pathLength'],
    ],
    [
      { subject: {}, extensions: { ...extensions, basicConstraints: { ca: 1 } } },
      ['/extensions/basicConstraints/ca', '/subject', '/extensions/keyUsage'],
    ],
    [{ subject: {}, extensions: 'x' }, ['/extensions', '/subject']],
    [5, ['']],
  ])('is left out where it looks at a fault: %j', (input, faults) => {
    expect(faultsOf(input)).toEqual(faults)
  })

  it.each([
    [{ ca: true }, ['keyCertSign'], []],
    [{ ca: true, pathLength: 0 }, ['keyCertSign', 'cRLSign'], []],
    [{ ca: true, pathLength: 0 }, undefined, []],
    [undefined, ['keyCertSign'], ['/extensions/keyUsage']],
    [{ ca: false }, ['keyCertSign'], ['/extensions/keyUsage']],
    [
      { ca: true, pathLength: 0 },
      ['digitalSignature'],
      ['/extensions/basicConstraints/pathLength'],
    ],
    [{ ca: false, pathLength: 0 }, undefined, ['/extensions/basicConstraints/pathLength']],
  ])('basic constraints %j and key usage %j', (basicConstraints, keyUsage, faults) => {
    const given = {
      ...(basicConstraints === undefined ? {} : { basicConstraints }),
      ...(keyUsage === undefined ? {} : { keyUsage }),
    }
    expect(faultsOf({ subject: { CN: 'a' }, extensions: given })).toEqual(faults)
  })

  it('a name is enough without a subject, a subject without names', () => {
    expect(faultsOf({ subjectAltNames: [{ type: 'dns', value: 'a' }] })).toEqual([])
    expect(faultsOf({ subject: { CN: 'a' } })).toEqual([])
    expect(faultsOf({})).toEqual(['/subject'])
  })
})

describe('a value of another JSON type', () => {
  const subject = { CN: 'a' }
  const inExtensions = (field: string) => (value: unknown) => ({
    subject,
    extensions: { [field]: value },
  })
  const named = (type: string, field: string) => (value: unknown) => ({
    subjectAltNames: [{ type, ...(field === 'oid' ? { value: 'x' } : {}), [field]: value }],
  })
  const places: [string, (value: unknown) => unknown, string[]][] = [
    ['', (value) => value, []],
    ['/ref', (ref) => ({ subject, ref }), ['text']],
    ['/subject', (value) => ({ subject: value }), []],
    ['/subject/CN', (CN) => ({ subject: { CN } }), ['text']],
    ['/subject/CN/0', (CN) => ({ subject: { CN: [CN] } }), ['text']],
    ['/subject/0', (rdn) => ({ subject: [rdn] }), []],
    ['/subject/0/0', (attribute) => ({ subject: [[attribute]] }), []],
    ['/subject/0/type', (type) => ({ subject: [{ type, value: 'x' }] }), []],
    ['/subject/0/value', (value) => ({ subject: [{ type: 'O', value }] }), ['text']],
    [
      '/subject/0/stringType',
      (stringType) => ({ subject: [{ type: 'O', value: 'x', stringType }] }),
      [],
    ],
    ['/subjectAltNames', (subjectAltNames) => ({ subject, subjectAltNames }), ['array']],
    ['/subjectAltNames/0', (name) => ({ subjectAltNames: [name] }), []],
    ['/subjectAltNames/0/type', (type) => ({ subjectAltNames: [{ type, value: 'x' }] }), []],
    ['/subjectAltNames/0/value', named('dns', 'value'), ['text']],
    ...['ip', 'email', 'uri', 'rid', 'upn', 'dirName'].map((type): (typeof places)[number] => [
      '/subjectAltNames/0/value',
      named(type, 'value'),
      [],
    ]),
    ['/subjectAltNames/0/oid', named('otherName', 'oid'), []],
    [
      '/subjectAltNames/0/der',
      (der) => ({ subjectAltNames: [{ type: 'otherName', oid: '1.2.3', der }] }),
      [],
    ],
    ['/key', (key) => ({ subject, key }), []],
    ['/key/algorithm', (algorithm) => ({ subject, key: { algorithm } }), []],
    ['/key/digest', (digest) => ({ subject, key: { algorithm: 'rsa-2048', digest } }), []],
    ['/key/digest', (digest) => ({ subject, key: { id: '1', digest } }), []],
    ['/key/id', (id) => ({ subject, key: { id } }), []],
    ['/custody', (custody) => ({ subject, custody }), []],
    ['/extensions', (extensions) => ({ subject, extensions }), ['object']],
    ['/extensions/keyUsage', inExtensions('keyUsage'), []],
    ['/extensions/keyUsage/0', (value) => inExtensions('keyUsage')([value]), []],
    ['/extensions/keyUsage/usages', (usages) => inExtensions('keyUsage')({ usages }), []],
    [
      '/extensions/keyUsage/critical',
      (critical) => inExtensions('keyUsage')({ usages: ['digitalSignature'], critical }),
      ['truth'],
    ],
    ['/extensions/extendedKeyUsage', inExtensions('extendedKeyUsage'), []],
    ['/extensions/extendedKeyUsage/0', (value) => inExtensions('extendedKeyUsage')([value]), []],
    [
      '/extensions/extendedKeyUsage/usages',
      (usages) => inExtensions('extendedKeyUsage')({ usages }),
      [],
    ],
    ['/extensions/basicConstraints', inExtensions('basicConstraints'), []],
    [
      '/extensions/basicConstraints/ca',
      (ca) => inExtensions('basicConstraints')({ ca }),
      ['truth'],
    ],
    [
      '/extensions/basicConstraints/pathLength',
      (pathLength) => inExtensions('basicConstraints')({ ca: true, pathLength }),
      ['number'],
    ],
    ['/extensions/subjectKeyIdentifier', inExtensions('subjectKeyIdentifier'), ['truth']],
    ['/extensions/mustStaple', inExtensions('mustStaple'), ['truth']],
    ['/extensions/microsoftTemplate', inExtensions('microsoftTemplate'), []],
    ['/extensions/microsoftTemplate/oid', (oid) => inExtensions('microsoftTemplate')({ oid }), []],
    [
      '/extensions/microsoftTemplate/majorVersion',
      (majorVersion) => inExtensions('microsoftTemplate')({ oid: '1.2.3', majorVersion }),
      ['number'],
    ],
    ['/extensions/microsoftTemplateName', inExtensions('microsoftTemplateName'), ['text']],
    ['/extensions/raw', inExtensions('raw'), ['array']],
    ['/extensions/raw/0', (value) => inExtensions('raw')([value]), []],
    ['/extensions/raw/0/oid', (oid) => inExtensions('raw')([{ oid, value: 'BQA=' }]), []],
    [
      '/extensions/raw/0/critical',
      (critical) => inExtensions('raw')([{ oid: '1.2.3', value: 'BQA=', critical }]),
      ['truth'],
    ],
    ['/extensions/raw/0/value', (value) => inExtensions('raw')([{ oid: '1.2.3', value }]), []],
    ['/attributes', (attributes) => ({ subject, attributes }), ['object']],
    [
      '/attributes/challengePassword',
      (challengePassword) => ({ subject, attributes: { challengePassword } }),
      ['text'],
    ],
    [
      '/attributes/unstructuredName',
      (unstructuredName) => ({ subject, attributes: { unstructuredName } }),
      ['text'],
    ],
  ]
  const values = { null: null, number: 5, text: 'x', truth: true, array: [], object: {} }

  it.each(places)('is refused in our words at %s', (place, make, allowed) => {
    const results = Object.entries(values).map(([kind, value]) => ({
      kind,
      result: parseSpec(make(value)),
    }))
    const taken = results.filter(({ result }) => result.ok)
    expect(taken.map(({ kind }) => kind)).toEqual(allowed)
    const faults = results.flatMap(({ result }) => (result.ok ? [] : result.faults))
    const inPlace = faults.filter(({ pointer }) => pointer.startsWith(place))
    expect(inPlace.length).toBeGreaterThanOrEqual(results.length - taken.length)
    for (const { detail } of faults) {
      expect(detail).toMatch(/^(must be|is|has) /)
      expect(detail).not.toMatch(/invalid|expected|received|too (small|big)|unrecognized/i)
    }
  })
})

describe('names that objects have of their own', () => {
  it.each([
    ['{"__proto__":{"subject":{"CN":"a"}}}', ['/__proto__', '/subject']],
    ['{"subject":{"__proto__":"a"}}', ['/subject/__proto__']],
    [
      '{"subject":{"CN":"a","__proto__":["a"],"constructor":"a"}}',
      ['/subject/__proto__', '/subject/constructor'],
    ],
    ['{"subject":[{"type":"__proto__","value":"a"}]}', ['/subject/0/type']],
    ['{"subject":[{"type":"CN","value":"a","__proto__":1}]}', ['/subject/0/__proto__']],
    [
      '{"subjectAltNames":[{"type":"toString","value":"a"},{"type":"dns","value":"a","__proto__":1}]}',
      ['/subjectAltNames/0/type', '/subjectAltNames/1/__proto__'],
    ],
    ['{"subject":{"CN":"a"},"key":{"algorithm":"__proto__"}}', ['/key/algorithm']],
    [
      '{"subject":{"CN":"a"},"key":{"__proto__":{"algorithm":"rsa-2048"}}}',
      ['/key/algorithm', '/key/__proto__'],
    ],
    ['{"subject":{"CN":"a"},"key":{"id":"1","__proto__":1}}', ['/key/__proto__']],
    [
      '{"subject":{"CN":"a"},"extensions":{"__proto__":1,"hasOwnProperty":1}}',
      ['/extensions/__proto__', '/extensions/hasOwnProperty'],
    ],
    [
      '{"subject":{"CN":"a"},"extensions":{"extendedKeyUsage":["constructor"],"keyUsage":["__proto__"]}}',
      ['/extensions/keyUsage/0', '/extensions/extendedKeyUsage/0'],
    ],
    [
      '{"subject":{"CN":"a"},"attributes":{"__proto__":1,"constructor":1}}',
      ['/attributes/__proto__', '/attributes/constructor'],
    ],
  ])('are fields like any that is unknown: %s', (json, faults) => {
    expect(faultsOf(JSON.parse(json))).toEqual(faults)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('a key that is there already', () => {
  it.each(['1', '42', '9999999999999999'])('is named by its id %s', (id) => {
    expect(parseSpec({ subject: { CN: 'a' }, key: { id } })).toMatchObject({
      ok: true,
      spec: { key: { id } },
    })
  })

  it.each(['', '0', '042', '1a', ' 1', '-1', '1.5', '12345678901234567'])('has no id %j', (id) => {
    expect(faultsOf({ subject: { CN: 'a' }, key: { id } })).toEqual(['/key/id'])
  })

  it('has no algorithm beside it', () => {
    expect(faultsOf({ subject: { CN: 'a' }, key: { id: '1', algorithm: 'rsa-2048' } })).toEqual([
      '/key/algorithm',
    ])
  })

  it('is looked at once its algorithm is known', () => {
    const spec = specSchema.parse({
      subject: { CN: 'a' },
      key: { id: '42' },
      extensions: { keyUsage: ['keyEncipherment'] },
    })
    expect(withKey(spec, { algorithm: 'rsa-2048' })).toEqual({
      ok: true,
      spec: { ...spec, key: { algorithm: 'rsa-2048', digest: 'sha256' } },
    })
    expect(withKey(spec, { algorithm: 'ecdsa-p256' })).toEqual({
      ok: false,
      faults: [fault('/extensions/keyUsage', /cannot do/)],
    })
  })

  it('signs with the digest that was asked for beside its id', () => {
    const spec = specSchema.parse({ subject: { CN: 'a' }, key: { id: '42', digest: 'sha384' } })
    expect(withKey(spec, { algorithm: 'rsa-2048' })).toMatchObject({
      ok: true,
      spec: { key: { algorithm: 'rsa-2048', digest: 'sha384' } },
    })
    expect(withKey(spec, { algorithm: 'ecdsa-p256' })).toEqual({
      ok: false,
      faults: [fault('/key/digest', /^is sha384; with ecdsa-p256 the digest can be sha256$/)],
    })
    expect(withKey(spec, { algorithm: 'ml-dsa-44' })).toEqual({
      ok: false,
      faults: [fault('/key/digest', /takes no digest: leave it out$/)],
    })
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

function faultsOf(input: unknown, defaults?: SpecDefaults): string[] {
  const result = parseSpec(input, defaults)
  return result.ok ? [] : result.faults.map(({ pointer }) => pointer)
}

const unknownField = /^is not known here; ref, subject, .* are allowed$/

function fault(pointer: string, detail: RegExp) {
  return { pointer, detail: expect.stringMatching(detail) }
}

describe('what would be too much', () => {
  const many = (count: number, value: unknown) => Array(count).fill(value)

  it.each<[string, object, string, string]>([
    [
      'names',
      { subjectAltNames: many(1001, 0) },
      '/subjectAltNames',
      'has 1001 names; at most 1000',
    ],
    ['RDNs', { subject: many(30_000, 0) }, '/subject', 'has 30000 RDNs; at most 1000'],
    ['attributes of an RDN', { subject: [many(101, 0)] }, '/subject/0', 'has 101 attributes'],
    ['texts of a field', { subject: { OU: many(101, 'a') } }, '/subject/OU', 'has 101 texts'],
    [
      'key usages',
      { subject: { CN: 'a' }, extensions: { keyUsage: many(32_000, 0) } },
      '/extensions/keyUsage',
      'has 32000 key usages',
    ],
    [
      'raw extensions',
      { subject: { CN: 'a' }, extensions: { raw: many(101, 0) } },
      '/extensions/raw',
      'has 101 extensions',
    ],
    [
      'A-labels',
      {
        subjectAltNames: Array.from({ length: 999 }, (_, i) => ({
          type: 'dns',
          value: `${'ü.'.repeat(30)}${i}ü`,
        })),
      },
      '/subjectAltNames',
      'characters together',
    ],
  ])('%s: is one fault', (_, input, pointer, detail) => {
    const faults = faultsOfInput(input).filter((fault) => fault.pointer === pointer)
    expect(faults).toEqual([{ pointer, detail: expect.stringContaining(detail) }])
  })

  it('faults are told up to a hundred, and how many more there are', () => {
    const faults = faultsOfInput({ subject: many(500, []) })
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toEqual({ pointer: '', detail: expect.stringContaining('more faults') })
  })
})

describe('names that repeat', () => {
  it('are refused where they are encoded alike, each with the place of the first', () => {
    const subjectAltNames = [
      { type: 'ip', value: '::1' },
      { type: 'dns', value: 'bücher.example' },
      { type: 'ip', value: '0:0::1' },
      { type: 'dns', value: 'xn--bcher-kva.example' },
      { type: 'dns', value: 'Bücher.example' },
    ]
    expect(faultsOfInput({ subjectAltNames }).map(({ pointer }) => pointer)).toEqual([
      '/subjectAltNames/2',
      '/subjectAltNames/3',
      '/subjectAltNames/4',
    ])
  })
})

describe('what lint would call an error', () => {
  it.each<[string, object, string]>([
    ['encipherOnly alone', { keyUsage: ['encipherOnly'] }, '/extensions/keyUsage'],
    [
      'encipherOnly and decipherOnly',
      { keyUsage: ['keyAgreement', 'encipherOnly', 'decipherOnly'] },
      '/extensions/keyUsage',
    ],
    [
      'a critical authorityKeyIdentifier',
      { raw: [{ oid: '2.5.29.35', critical: true, value: 'MAA=' }] },
      '/extensions/raw/0/oid',
    ],
  ])('%s is refused', (_, extensions, pointer) => {
    const faults = faultsOfInput({ subject: { CN: 'a' }, extensions })
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer])
  })

  it('a user principal name that is no text is refused', () => {
    const name = { type: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', der: 'BQA=' }
    expect(faultsOfInput({ subjectAltNames: [name] })).toMatchObject([
      { pointer: '/subjectAltNames/0/der' },
    ])
  })
})

it('the digest that was asked for beside the id of a key stays', () => {
  const parsed = parseSpec({ subject: { CN: 'a' }, key: { id: '42', digest: 'sha512' } })
  const spec = parsed.ok ? parsed.spec : undefined
  const result = spec && withKey(spec, { algorithm: 'rsa-2048', digest: 'sha256' })
  expect(result).toMatchObject({ spec: { key: { algorithm: 'rsa-2048', digest: 'sha512' } } })
})

function faultsOfInput(input: object) {
  const result = parseSpec(input)
  return result.ok ? [] : result.faults
}
