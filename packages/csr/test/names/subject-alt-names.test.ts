import { describe, expect, it } from 'vitest'
import {
  duplicateNames,
  hostNameAltName,
  parseSubjectAltName,
  type SubjectAltNameType,
} from '../../src/index.ts'
import { rdns } from '../make-csr.ts'

describe('the text of a name of each type', () => {
  it.each<[SubjectAltNameType, string, object]>([
    ['dns', 'münchen.de', { value: 'xn--mnchen-3ya.de' }],
    ['ip', '::FFFF:192.0.2.1', { value: '::FFFF:192.0.2.1' }],
    ['email', 'ops@example.com', { value: 'ops@example.com' }],
    ['uri', 'urn:x:y', { value: 'urn:x:y' }],
    ['rid', '1.2.3', { value: '1.2.3' }],
    ['dirName', 'CN=x,C=US', { value: rdns(['C', 'US'], ['CN', 'x']) }],
    ['otherName', '1.2.3;UTF8:x', { oid: '1.2.3', value: 'x' }],
  ])('%s %s', (type, text, name) => {
    expect(parseSubjectAltName(type, text)).toEqual({ ok: true, value: { type, ...name } })
  })

  it.each<SubjectAltNameType>(['dns', 'ip', 'email', 'uri', 'rid', 'dirName', 'otherName'])(
    '%s refuses what is none',
    (type) => {
      expect(parseSubjectAltName(type, '*?')).toEqual({ ok: false, message: expect.any(String) })
    },
  )
})

describe('the name that stands for a common name', () => {
  it.each([
    ['LXCA', { type: 'dns', value: 'LXCA' }],
    ['Edge-1.example.com', { type: 'dns', value: 'Edge-1.example.com' }],
    ['*.example.com', { type: 'dns', value: '*.example.com' }],
    ['münchen.de', { type: 'dns', value: 'xn--mnchen-3ya.de' }],
    ['192.0.2.10', { type: 'ip', value: '192.0.2.10' }],
    ['2001:db8::1', { type: 'ip', value: '2001:db8::1' }],
    ['Rack 12', undefined],
    ['10.0.0.256', undefined],
    ['a_b', undefined],
  ])('%s', (commonName, name) => {
    expect(hostNameAltName(commonName)).toEqual(name)
  })

  it('is none where the dialect needs more labels', () => {
    expect(hostNameAltName('LXCA', { minLabels: 2 })).toBeUndefined()
  })
})

it('duplicates are names with the same encoding', () => {
  const names = [
    { type: 'dns', value: 'a' },
    { type: 'ip', value: '2001:db8::1' },
    { type: 'dns', value: 'A' },
    { type: 'ip', value: '2001:DB8:0::1' },
    { type: 'dns', value: 'a' },
    { type: 'dns', value: 'a' },
    { type: 'email', value: 'a@b' },
  ] as const
  expect(duplicateNames(names)).toEqual([
    { index: 3, firstIndex: 1 },
    { index: 4, firstIndex: 0 },
    { index: 5, firstIndex: 0 },
  ])
})
