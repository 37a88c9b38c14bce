import { describe, expect, it } from 'vitest'
import { specSchema } from '../src/index.ts'
import { rdns, specOf } from './make-csr.ts'

describe('specSchema', () => {
  it('gives a spec back as it is, through JSON as well', () => {
    const spec = specOf({
      ref: 'rack-12/slot-3',
      subjectAltNames: [
        { type: 'dns', value: 'A' },
        { type: 'dns', value: 'A' },
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
