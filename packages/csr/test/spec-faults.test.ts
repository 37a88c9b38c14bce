import { describe, expect, it } from 'vitest'
import { faultsOf, pointersOf } from './faults-of.ts'

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
    expect(pointersOf({ subject: {}, extensions })).toEqual(across)
  })

  it.each([
    ['ref', { ref: 5 }],
    ['custody', { custody: 'mine' }],
    ['attributes/challengePassword', { attributes: { challengePassword: '' } }],
    ['extra', { extra: 1 }],
    ['extensions/mustStaple', { extensions: { ...extensions, mustStaple: 1 } }],
    ['extensions/extra', { extensions: { ...extensions, extra: 1 } }],
  ])('is told also where %s has a fault', (place, change) => {
    const faults = pointersOf({ subject: {}, extensions, ...change })
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
    expect(pointersOf(input)).toEqual(faults)
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
    expect(pointersOf({ subject: { CN: 'a' }, extensions: given })).toEqual(faults)
  })

  it('a name is enough without a subject, a subject without names', () => {
    expect(pointersOf({ subjectAltNames: [{ type: 'dns', value: 'a' }] })).toEqual([])
    expect(pointersOf({ subject: { CN: 'a' } })).toEqual([])
    expect(pointersOf({})).toEqual(['/subject'])
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
    expect(pointersOf(JSON.parse(json))).toEqual(faults)
    expect(Object.keys(Object.prototype)).toEqual([])
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
    expect(faultsOf({ subjectAltNames }).map(({ pointer }) => pointer)).toEqual([
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
    const faults = faultsOf({ subject: { CN: 'a' }, extensions })
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer])
  })

  it('a user principal name that is no text is refused', () => {
    const name = { type: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', der: 'BQA=' }
    expect(faultsOf({ subjectAltNames: [name] })).toMatchObject([
      { pointer: '/subjectAltNames/0/der' },
    ])
  })
})
