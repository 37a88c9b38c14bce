import { describe, expect, it } from 'vitest'
import { checkDnsName, parseDnsName, publicSuffixOf } from '../../src/index.ts'

const label63 = 'a'.repeat(63)
const name253 = [label63, label63, label63, 'a'.repeat(61)].join('.')

describe('a DNS name', () => {
  it.each([
    'a',
    'LXCA',
    'New-LXCA',
    'edge-1.Example.COM',
    '*.example.com',
    '1.example.com',
    '3com.com',
    'r3---sn-4g5e6.example.com',
    label63,
    name253,
    'xn--mnchen-3ya.de',
    'XN--MNCHEN-3YA.de',
  ])('is taken as it is: %s', (name) => {
    expect(parseDnsName(name)).toEqual({ ok: true, value: name })
    expect(checkDnsName(name)).toBeUndefined()
  })

  it.each([
    ['', /is empty/],
    ['example.com.', /ends with a dot/],
    ['.', /ends with a dot/],
    ['.example.com', /empty label/],
    ['a..b', /empty label/],
    ['a_b.example.com', /label "a_b"/],
    ['-a.example.com', /label "-a"/],
    ['a-.example.com', /label "a-"/],
    [`${label63}a`, /of 64 characters; at most 63/],
    [`a${name253}`, /has 254 characters/],
    ['*', /leading "\*\."/],
    ['a.*.com', /leading "\*\."/],
    ['*.*.com', /leading "\*\."/],
    ['f*.example.com', /leading "\*\."/],
    ['*.', /ends with a dot/],
    ['10.0.0.1', /number as its last label/],
    ['10.0.0.256', /number as its last label/],
    ['host.1', /number as its last label/],
    ['1234', /number as its last label/],
    ['a.0x7f', /number as its last label/],
    ['a b', /label "a b"/],
    ['a\0b', /label "a\\u\{0\}b"/],
    ['a%41.com', /label "a%41"/],
    ['http://a', /label/],
    ['xn--zzzzzz999.com', /does not decode/],
    ['xn--.com', /label "xn--"/],
    ['xn--abc-.com', /label "xn--abc-"/],
    ['xn--example-.com', /label/],
    ['2001:db8::1', /label/],
  ])('is refused: %s', (name, message) => {
    expect(parseDnsName(name)).toEqual({ ok: false, message: expect.stringMatching(message) })
  })

  it('needs as many labels as the dialect says, those after a star counted alone', () => {
    expect(checkDnsName('LXCA', { minLabels: 2 })).toMatch(/has 1 label; at least 2/)
    expect(checkDnsName('example.com', { minLabels: 2 })).toBeUndefined()
    expect(checkDnsName('*.com', { minLabels: 2 })).toMatch(/has 1 label after "\*\."/)
    expect(checkDnsName('*.example.com', { minLabels: 2 })).toBeUndefined()
    expect(checkDnsName('*.local')).toBeUndefined()
  })

  it('has no star where a dialect allows none', () => {
    expect(checkDnsName('*.example.com', { wildcard: false })).toMatch(/\*/)
  })
})

describe('an international name', () => {
  it.each([
    ['münchen.de', 'xn--mnchen-3ya.de'],
    ['MÜNCHEN.de', 'xn--mnchen-3ya.de'],
    ['faß.de', 'xn--fa-hia.de'],
    ['例え.jp', 'xn--r8jz45g.jp'],
    ['例え。jp', 'xn--r8jz45g.jp'],
    ['*.münchen.de', '*.xn--mnchen-3ya.de'],
    ['Edge-1.München.DE', 'Edge-1.xn--mnchen-3ya.DE'],
  ])('%s becomes %s', (text, name) => {
    expect(parseDnsName(text)).toEqual({ ok: true, value: name })
  })

  it.each([
    'é/x.com',
    'é?x.com',
    'é%41.com',
    'é@x.com',
    'é:80',
    'é x.com',
    'é\tx.com',
    'é_a.com',
    'é..com',
    'é.com.',
    '１.２.３.４',
    '１',
    'é.1',
    'a\u00ad.com',
    'é\u200b.com',
    'ex\u200dample.com',
    '1א.com',
    '-é.com*',
    'xn--é.com',
    `${'é'.repeat(63)}.com`,
    '\ud800.com',
  ])('%j is refused', (text) => {
    expect(parseDnsName(text)).toEqual({ ok: false, message: expect.any(String) })
  })

  it('is not a normalised dNSName itself', () => {
    expect(checkDnsName('münchen.de')).toMatch(/not ASCII/)
  })
})

describe('a label that maps to plain ASCII', () => {
  it.each([
    '\uff0a.example.com',
    '\ufe61.com',
    '\u2460.example.com',
    '\ufb01.example.com',
    'a.\uff43om',
  ])('is another name than the one that was written: %s', (name) => {
    expect(parseDnsName(name)).toMatchObject({
      ok: false,
      message: expect.stringContaining('no A-label form'),
    })
  })
})

describe('a wildcard', () => {
  it.each(['*.com', '*.co.uk', '*.CO.uk', '*.xn--p1ai', '*.рф'])(
    'does not speak for a whole registry: %s',
    (name) => {
      expect(parseDnsName(name)).toEqual({
        ok: false,
        message: expect.stringMatching(/^has a \* in front of the public suffix .* is needed$/),
      })
    },
  )

  it.each([
    ['*.example.co.uk', 'co.uk'],
    ['*.example.com', 'com'],
    ['*.github.io', 'io'],
    ['*.пример.рф', 'xn--p1ai'],
  ])('stands below one: %s below %s', (name, suffix) => {
    const parsed = parseDnsName(name)
    expect(parsed).toMatchObject({ ok: true })
    expect(publicSuffixOf(parsed.ok ? parsed.value : '')).toBe(suffix)
  })

  it.each(['*.lan', '*.local', '*.internal', '*.corp'])(
    'may stand before a name of a network of its own: %s',
    (name) => {
      expect(parseDnsName(name)).toEqual({ ok: true, value: name })
      expect(publicSuffixOf(name)).toBeUndefined()
    },
  )

  it('counts only there: a suffix itself is a host name', () => {
    expect(checkDnsName('co.uk')).toBeUndefined()
  })
})
