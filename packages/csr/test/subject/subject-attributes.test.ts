import { describe, expect, it } from 'vitest'
import { type AttributeType, attributeTypeOfName, checkAttributeValue } from '../../src/index.ts'

describe('limits', () => {
  it.each<[AttributeType, number]>([
    ['CN', 64],
    ['O', 64],
    ['OU', 64],
    ['L', 128],
    ['ST', 128],
    ['street', 128],
    ['postalCode', 40],
    ['serialNumber', 64],
    ['dnQualifier', 64],
  ])('%s has at most %i characters', (type, max) => {
    expect(checkAttributeValue(type, 'a'.repeat(max))).toBeUndefined()
    expect(checkAttributeValue(type, 'a'.repeat(max + 1))).toBe(
      `has ${max + 1} characters; at most ${max} are allowed`,
    )
  })

  it('a dialect can be stricter: 63 pass, 64 do not', () => {
    expect(checkAttributeValue('CN', 'a'.repeat(63), 63)).toBeUndefined()
    expect(checkAttributeValue('CN', 'a'.repeat(64), 63)).toBe(
      'has 64 characters; at most 63 are allowed',
    )
  })

  it('a dialect cannot be laxer', () => {
    expect(checkAttributeValue('CN', 'a'.repeat(65), 100)).toMatch(/at most 64/)
  })

  it.each(['😀', 'é', '株'])(
    'count characters, not bytes and not UTF-16 units: %s',
    (character) => {
      expect(checkAttributeValue('CN', character.repeat(64))).toBeUndefined()
      expect(checkAttributeValue('CN', character.repeat(65))).toBe(
        'has 65 characters; at most 64 are allowed',
      )
    },
  )
})

describe('characters', () => {
  it.each([
    ['an empty value', '', /is empty/],
    ['only spaces', '  ', /is empty/],
    ['NUL', 'a\0b', /control character/],
    ['a newline', 'a\nb', /control character/],
    ['DEL', 'a\x7fb', /control character/],
    ['a C1 control', 'a\u0085b', /control character/],
    ['a line separator', 'a\u2028b', /control character/],
    ['half a pair', 'a\ud83db', /unpaired surrogate/],
    ['the other half', '\ude00', /unpaired surrogate/],
  ])('%s is refused', (_, value, message) => {
    expect(checkAttributeValue('O', value)).toMatch(message)
  })

  it('spaces at an end belong to the value', () => {
    expect(checkAttributeValue('O', ' ACME ')).toBeUndefined()
  })

  it.each<[AttributeType, string]>([
    ['serialNumber', 'a*b'],
    ['dnQualifier', 'é'],
    ['emailAddress', 'jörg@example.com'],
    ['DC', 'é'],
  ])('%s does not allow those of %j', (type, value) => {
    expect(checkAttributeValue(type, value)).toMatch(/^has .+ allowed$/)
  })
})

describe('countries', () => {
  it.each(['US', 'CH', 'XX', 'us', 'UK', 'EU', 'USA', 'U', 'ﬁ'])('%s', (code) => {
    const message = checkAttributeValue('C', code)
    if (['US', 'CH'].includes(code)) expect(message).toBeUndefined()
    else expect(message).toMatch(/upper case/)
  })

  it('says how to write one in lower case', () => {
    expect(checkAttributeValue('C', 'us')).toBe('is not upper case; write US')
  })
})

it('attribute types are found by short name, long name and OID', () => {
  expect(['cn', 'givenName', 'E', 'STREET', '2.5.4.10'].map(attributeTypeOfName)).toEqual([
    'CN',
    'GN',
    'emailAddress',
    'street',
    'O',
  ])
  expect(['constructor', '', '2.5.4.999'].map(attributeTypeOfName)).toEqual([
    undefined,
    undefined,
    '2.5.4.999',
  ])
})
