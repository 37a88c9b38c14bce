import { describe, expect, it } from 'vitest'
import { publicDnsFault } from '../../../src/lint/profiles/public-dns-name.ts'

describe('publicDnsFault', () => {
  it.each([
    'example.com',
    'www.example.co.uk',
    '*.Example.COM',
    'xn--bcher-kva.example.com',
    'a-b--c.example.com',
    `${'a'.repeat(56)}.onion`,
    `www.${'b2'.repeat(28)}.onion`,
    'city.kawasaki.jp',
    'my-site.github.io',
  ])('lets %s pass', (name) => {
    expect(publicDnsFault(name)).toBeUndefined()
  })

  it.each([
    ['internal', 'printer'],
    ['internal', 'localhost'],
    ['internal', 'printer.local'],
    ['internal', '*.corp.internal'],
    ['internal', 'a.test'],
    ['internal', 'a.example'],
    ['internal', 'a.localhost'],
    ['internal', 'a.invalid'],
    ['internal', 'a.lan'],
    ['internal', 'a.alt'],
    ['internal', 'nas.home.arpa'],
    ['internal', 'as112.arpa'],
    ['reverse_zone', '4.3.2.1.IN-ADDR.arpa'],
    ['reverse_zone', '*.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['public_suffix', 'com'],
    ['public_suffix', 'CO.uk'],
    ['onion', 'onion'],
    ['onion', 'abcdefghijklmnop.onion'],
    ['onion', `${'a'.repeat(55)}1.onion`],
    ['reserved_label', 'ab--cd.example.com'],
  ])('finds %s in %s', (kind, name) => {
    expect(publicDnsFault(name)?.kind).toBe(kind)
  })

  it.each(['', '*.com', 'a_b.example.com', '192.0.2.1', 'a..example.com', 'ü.example.com'])(
    'leaves "%s" to the rules of every dNSName',
    (name) => {
      expect(publicDnsFault(name)).toBeUndefined()
    },
  )
})
