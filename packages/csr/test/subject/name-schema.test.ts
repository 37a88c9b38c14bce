import { describe, expect, it } from 'vitest'
import { nameSchema } from '../../src/subject/name-schema.ts'
import { rdns } from '../make-csr.ts'

describe('a subject as an object', () => {
  it('is C, ST, L, postalCode, street, O, OU, CN, emailAddress, whatever its order', () => {
    const name = {
      emailAddress: 'ops@example.com',
      CN: 'edge-1.example.com',
      OU: ['Ops', 'Edge'],
      O: 'ACME',
      street: 'Main St 1',
      postalCode: '27601',
      L: 'Raleigh',
      ST: 'North Carolina',
      C: 'US',
    }
    expect(nameSchema.parse(name)).toEqual(
      rdns(
        ['C', 'US'],
        ['ST', 'North Carolina'],
        ['L', 'Raleigh'],
        ['postalCode', '27601'],
        ['street', 'Main St 1'],
        ['O', 'ACME'],
        ['OU', 'Ops'],
        ['OU', 'Edge'],
        ['CN', 'edge-1.example.com'],
        ['emailAddress', 'ops@example.com'],
      ),
    )
  })

  it('takes long names, object identifiers and any case of a name', () => {
    const name = {
      commonName: 'x',
      organizationalUnit: 'y',
      organizationName: 'z',
      stateOrProvince: 's',
      locality: 'l',
      country: 'US',
      streetAddress: 'm',
      '2.5.4.17': '1',
      EMAIL: 'a@b',
    }
    expect(nameSchema.parse(name)).toEqual(
      rdns(
        ['C', 'US'],
        ['ST', 's'],
        ['L', 'l'],
        ['postalCode', '1'],
        ['street', 'm'],
        ['O', 'z'],
        ['OU', 'y'],
        ['CN', 'x'],
        ['emailAddress', 'a@b'],
      ),
    )
  })

  it('has types that the table has not in front, in the order given', () => {
    const name = { CN: 'x', '2.5.4.999': 'b', '2.5.4.998': 'a' }
    expect(nameSchema.parse(name)).toEqual(
      rdns(['2.5.4.999', 'b'], ['2.5.4.998', 'a'], ['CN', 'x']),
    )
  })

  it.each<[object, string, RegExp]>([
    [{ XY: 'x' }, 'XY', /^is not an attribute type; .* commonName,.* or a dotted object/],
    [{ CN: 'x', commonName: 'y' }, 'commonName', /^is CN once more; give one array/],
    [{ CN: [] }, 'CN', /^is empty; at least one text is needed/],
    [{ OU: ['a', ''] }, 'OU.1', /^is empty; at least one visible character is needed$/],
    [{ OU: [['a']] }, 'OU.0', /^must be a string$/],
    [{ C: 'UK' }, 'C', /^is not a country code; .* such as US$/],
    [{ CN: 'a'.repeat(65) }, 'CN', /^has 65 characters; at most 64 are allowed$/],
    [{ DC: 'é' }, 'DC', /only ASCII is allowed$/],
  ])('refuses %j', (input, path, message) => {
    expect(faultsOf(input)).toEqual([[path, expect.stringMatching(message)]])
  })

  it('tells every fault at once', () => {
    const faults = faultsOf({ CN: ['', 5], C: 'us', XY: 1, O: null })
    expect(faults.map(([path]) => path)).toEqual(['CN.0', 'CN.1', 'C', 'XY', 'O'])
  })
})

describe('a subject as RDNs', () => {
  it('keeps its order and may have attributes again', () => {
    const name = rdns(['CN', 'x'], ['C', 'US'], ['CN', 'y'])
    expect(nameSchema.parse(name)).toEqual(name)
    expect(nameSchema.parse(name.flat())).toEqual(name)
  })

  it('is multi-valued where an array is nested', () => {
    const rdn = [
      { type: 'CN', value: 'x' },
      { type: 'uid', value: 'y' },
    ]
    expect(nameSchema.parse([{ type: 'country', value: 'US' }, rdn])).toEqual([
      [{ type: 'C', value: 'US' }],
      [
        { type: 'CN', value: 'x' },
        { type: 'UID', value: 'y' },
      ],
    ])
  })

  it.each<[string, string, string]>([
    ['CN', 'x', 'utf8'],
    ['CN', 'x', 'printable'],
    ['O', 'ä', 'utf8'],
    ['C', 'US', 'printable'],
    ['DC', 'x', 'ia5'],
    ['2.5.4.999', '@', 'ia5'],
  ])('may say the string type of %s %j: %s', (type, value, stringType) => {
    const name = [[{ type, value, stringType }]]
    expect(nameSchema.parse(name)).toEqual(name)
  })

  it.each<[string, string, string, string, RegExp]>([
    ['CN', 'a@b', 'printable', 'stringType', /^has the character "@"; letters/],
    [
      'CN',
      'x',
      'ia5',
      'stringType',
      /^is written as IA5String; PrintableString or UTF8String is needed$/,
    ],
    ['C', 'US', 'utf8', 'stringType', /^is written as UTF8String; PrintableString is needed$/],
    ['2.5.4.999', 'ä', 'ia5', 'stringType', /only ASCII is allowed$/],
    ['CN', 'x', 'bmp', 'stringType', /^must be one of printable, utf8, ia5$/],
    ['C', 'us', 'printable', 'value', /^is not upper case; write US$/],
    ['O', 'a'.repeat(65), 'utf8', 'value', /^has 65 characters; at most 64 are allowed$/],
  ])('refuses %s %j as %s', (type, value, stringType, field, message) => {
    expect(faultsOf([{ type, value, stringType }])).toEqual([
      [`0.${field}`, expect.stringMatching(message)],
    ])
  })

  it('tells the faults of all fields at once', () => {
    const faults = faultsOf([[{ type: 'CN', value: '', stringType: 'bmp', x: 1 }], []])
    expect(faults.map(([path]) => path).toSorted()).toEqual([
      '0.0',
      '0.0.stringType',
      '0.0.value',
      '1',
    ])
  })
})

it('a subject as text is RFC 4514', () => {
  expect(nameSchema.parse('CN=x,C=US')).toEqual(rdns(['C', 'US'], ['CN', 'x']))
  expect(faultsOf('CN')).toEqual([['', expect.stringContaining('type=value')]])
})

function faultsOf(input: unknown): [string, string][] {
  const issues = nameSchema.safeParse(input).error?.issues ?? []
  return issues.map(({ path, message }) => [path.join('.'), message])
}
