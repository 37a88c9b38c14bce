import { describe, expect, it } from 'vitest'
import { parseSpec } from '../src/index.ts'

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
